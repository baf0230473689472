"""make for LLM-written Go: a typed specification compiled into an incremental build of a Go project."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gocreator import errors, events
    from gocreator.api import (
        Fcs,
        Finding,
        Plan,
        RunReport,
        Status,
        Target,
        build,
        check,
        doit_tasks,
        load_fcs,
        make_plan,
    )

__version__ = "0.1.0"
__all__ = [
    "Fcs",
    "Finding",
    "Plan",
    "RunReport",
    "Status",
    "Target",
    "__version__",
    "build",
    "check",
    "doit_tasks",
    "errors",
    "events",
    "load_fcs",
    "make_plan",
]


def __getattr__(name: str) -> Any:
    """Import the programming interface when it is first used: the command line starts without it."""
    if name not in __all__:
        raise AttributeError(f"module 'gocreator' has no attribute {name!r}")
    import importlib  # noqa: PLC0415

    if name in ("errors", "events"):
        return importlib.import_module(f"gocreator.{name}")
    return getattr(importlib.import_module("gocreator.api"), name)
