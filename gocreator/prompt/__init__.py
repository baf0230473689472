"""How we ask, and what we take for an answer. Pure: text in, text out."""
