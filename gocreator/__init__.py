"""make for LLM-written Go: a typed specification compiled into an incremental build of a Go project."""

__version__ = "0.1.0"
