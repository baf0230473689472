"""WRITING into the tree of the user, safely."""
