"""HOW we ask: pure, text in and text out."""
