"""Reading and writing Go source: declarations, signatures, layout. Pure, and without any Go."""
