"""Rules and values of attributes as Go writes them."""
