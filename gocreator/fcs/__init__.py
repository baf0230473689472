"""WHAT the user wants: the specification, read, checked and cut into elements."""
