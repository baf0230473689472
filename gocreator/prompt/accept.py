"""Whether a file that a model wrote is taken: what it may import, say and declare, beside keeping its contract.

The contract itself, and the syntax, are judged as for templates. Files of one package are written apart, so the names
that each takes are kept from the others.
"""

import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from posixpath import dirname

from gocreator.gosource.api import Kind
from gocreator.gosource.exported import exported_api
from gocreator.gosource.importing import imports_of
from gocreator.plan.target import Plan, Target
from gocreator.prompt.secrets import find_secrets
from gocreator.values import Part, RelPath

DENIED = {
    "C": "cgo is not allowed",
    "unsafe": "it is not safe",
    "plugin": "it loads code",
    "os/exec": "it runs programs",
    "syscall": "it depends on the system",
}
"""What no file may import, and why."""
_DIRECTIVE = re.compile(r"^//\s?(go:(?!debug)\w+|\+build\b|export\b|line\b).*$", re.MULTILINE)
_INIT = re.compile(r"^func init\(", re.MULTILINE)
_UNFINISHED = re.compile(
    r"panic\(\s*[\"`][^\"`]*(implement|todo|unfinished)|//\s*(TODO|FIXME|XXX)\b|not (yet )?implemented"
    r"|errors\.ErrUnsupported",
    re.IGNORECASE,
)
_LEAST = 0.5
"""A file is at least so large, compared with its contract."""


@dataclass
class Acceptance:
    """Judges the files of one plan; serves all threads."""

    plan: Plan
    _taken: dict[tuple[str, str], dict[str, RelPath]] = field(default_factory=dict)
    """By directory and package: the names that accepted files declare."""
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def refusals(self, target: Target, content: bytes) -> list[str]:
        """Return why a file is not taken, in words for whoever wrote it; its names are its own if there is nothing."""
        text = content.decode(errors="replace")
        found = [
            *self._imports(content),
            *_said(text),
            *_unfinished(target, text),
            *_secret(text),
            *_small(target, text),
        ]
        return found or self._names(target, content)

    def _imports(self, content: bytes) -> Iterator[str]:
        fcs = self.plan.fcs
        own = (fcs.module, *(dependency.name for dependency in fcs.dependencies))
        for it in imports_of(content):
            if it.path in DENIED:
                yield f'line {it.line}: import "{it.path}" is not allowed: {DENIED[it.path]}'
            elif it.name == ".":
                yield f'line {it.line}: import "{it.path}" with a dot hides where names come from'
            elif "." in it.path.partition("/")[0] and not any(f"{it.path}/".startswith(f"{name}/") for name in own):
                yield f'line {it.line}: import "{it.path}" is no module that the project names'

    def _names(self, target: Target, content: bytes) -> list[str]:
        contract, api = exported_api(target.contract(Part.FULL)), exported_api(content)
        extra = [
            f"line {it.line}: {it.name} is exported, and the contract does not have it"
            for it in api.declarations
            if it.kind is not Kind.METHOD and it.name not in contract.names
        ]
        place = dirname(target.path), api.package
        with self._lock:
            taken = self._taken.setdefault(place, self._promised(*place))
            clashing = [
                f"the name {name} is taken by {taken[name]}, a file of the same package: name it after this file's type"
                for name in api.names
                if taken.get(name, target.path) != target.path
            ]
            if not extra and not clashing:
                taken |= dict.fromkeys(api.names, target.path)
        return [*extra, *clashing]

    def _promised(self, folder: str, package: str) -> dict[str, RelPath]:
        """Return the names that the contracts of a package have."""
        found: dict[str, RelPath] = {}
        for path, target in self.plan.targets.items():
            if dirname(path) == folder and path.endswith(".go") and target.clause == package:
                found |= dict.fromkeys(exported_api(target.contract(Part.FULL)).names, path)
        return found


def _said(text: str) -> Iterator[str]:
    for it in _DIRECTIVE.finditer(text):
        yield f"line {_line(text, it)}: the directive `{it[0].strip()[:40]}` is not allowed"
    for it in _INIT.finditer(text):
        yield f"line {_line(text, it)}: a function `init` is not allowed: do it where it is needed"


def _unfinished(target: Target, text: str) -> Iterator[str]:
    if _UNFINISHED.search(target.contract(Part.FULL)):
        return
    for it in _UNFINISHED.finditer(text):
        yield f"line {_line(text, it)}: `{it[0].strip()[:40]}` is unfinished: write the code"


def _secret(text: str) -> Iterator[str]:
    for it in find_secrets(text):
        yield f"line {it.line}: this looks like a secret ({it.rule}), which no file may hold"


def _small(target: Target, text: str) -> Iterator[str]:
    contract = target.contract(Part.FULL)
    if len(text) < _LEAST * len(contract):
        yield f"the file is far shorter than its contract ({len(text)} characters of {len(contract)}): write it in full"


def _line(text: str, found: re.Match[str]) -> int:
    return text.count("\n", 0, found.start()) + 1
