"""The command line: one file per command, each returning an exit code."""
