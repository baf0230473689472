"""Options, declared once; each value knows where it came from."""
