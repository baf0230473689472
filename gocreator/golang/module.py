"""What `go.mod` says, as far as a verification needs it before Go reads it."""

import re
from dataclasses import dataclass
from pathlib import Path

_MODULE = re.compile(r'^\s*module\s+"?([^\s"]+)"?\s*(?://.*)?$', re.MULTILINE)
_GO = re.compile(r"^\s*go\s+(\d+(?:\.\d+)*(?:(?:rc|beta)\d+)?)\s*(?://.*)?$", re.MULTILINE)
_VERSION = re.compile(r"(?:go)?(\d+)\.(\d+)(?:\.(\d+))?(?:(beta|rc)(\d+))?")


@dataclass(frozen=True)
class Module:
    """The module's path, the Go version that it wants, and the line that says so."""

    path: str = ""
    go: str = ""
    go_line: int = 0


def read_module(root: Path) -> Module | None:
    """Read `go.mod`; `None` where there is none."""
    try:
        text = (root / "go.mod").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    path, version = _MODULE.search(text), _GO.search(text)
    line = text.count("\n", 0, version.start(1)) + 1 if version else 0
    return Module(path[1] if path else "", version[1] if version else "", line)


def is_newer(wanted: str, available: str) -> bool:
    """Tell whether a Go version is newer than another; what cannot be compared is not."""
    first, second = _VERSION.match(wanted), _VERSION.match(available)
    return first is not None and second is not None and _rank(first) > _rank(second)


def _rank(version: re.Match[str]) -> tuple[int, int, int, int, int]:
    """Order versions: a language version (1.24) precedes its candidates, those its releases (1.24.0)."""
    major, minor, patch, candidate, number = version.groups()
    stage = {None: 3 if patch is not None else 0, "beta": 1, "rc": 2}[candidate]
    return int(major), int(minor), int(patch or 0), stage, int(number or 0)
