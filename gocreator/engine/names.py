"""Names of the tasks that are no targets; a colon at the front, because no path begins so."""

CLEAN = ":clean"
"""Removes what left the plan."""

VERIFY = ":verify"
"""Lets the Go toolchain judge the tree."""
