"""Whether a file that a model wrote is taken: what it may import, say and declare, beside keeping its contract.

The contract itself, and the syntax, are judged as for templates. Files of one package are written apart, so the names
that each takes are kept from the others. A file whose rule has no prompt may also do what its template does: main
programs handle signals, tests export functions. Of what is no Go, only that it is text without secrets.
"""

import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from posixpath import dirname

from gocreator.gosource.api import Api, Kind
from gocreator.gosource.code import bare
from gocreator.gosource.exported import exported_api
from gocreator.gosource.importing import imports_of
from gocreator.plan.target import Plan, Target
from gocreator.prompt.names import Declared, Kept, PackageNames, package_names, unlike
from gocreator.prompt.secrets import Secrets
from gocreator.values import Part, RelPath

DENIED = {
    "C": "cgo is not allowed",
    "unsafe": "it is not safe",
    "plugin": "it loads code",
    "os/exec": "it runs programs",
    "syscall": "it depends on the system",
}
"""What no file may import, and why."""
_DIRECTIVE = re.compile(r"^(?://go:\w|// ?\+build\b|//export |//line ).*$|/\*line .*$", re.MULTILINE)
"""What a compiler obeys; the same words in prose stand after a space."""
_INIT = re.compile(r"^func init\(", re.MULTILINE)
_UNFINISHED = re.compile(
    r"panic\(\s*[\"`][^\"`]*(?i:implement|todo|unfinished)|//\s*(?:TODO|FIXME|XXX)\b"
    r"|(?i:not (?:yet )?implemented|not enforced yet)"
)
_UNSUPPORTED = re.compile(r"\berrors\.ErrUnsupported\b")
_LEAST = 0.5
"""A file is at least so large, compared with its contract."""


def _nothing(_folder: str) -> dict[RelPath, bytes]:
    return {}


@dataclass
class Acceptance:
    """Judges the files of one plan; serves all threads."""

    plan: Plan
    kept: Kept = _nothing
    secrets: Secrets = field(default_factory=Secrets)
    _packages: dict[tuple[str, str], PackageNames] = field(default_factory=dict)
    """By directory and package clause."""
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def refusals(self, target: Target, content: bytes) -> list[str]:
        """Return why a file is not taken, in words for whoever wrote it; its names are its own if there is nothing."""
        text = content.decode(errors="replace")
        if not target.path.endswith(".go"):
            return [*_broken(content), *self._secret(text)]
        code = bare(content)
        found = [
            *self._imports(target, content),
            *_said(target, text, code),
            *_unfinished(target, text, code),
            *self._secret(text),
            *_small(target, text),
        ]
        return found or self._names(target, content)

    def _imports(self, target: Target, content: bytes) -> Iterator[str]:
        fcs = self.plan.fcs
        own = (fcs.module, *(dependency.name for dependency in fcs.dependencies))
        usual = {it.path for it in imports_of(target.content)} if target.general else set()
        for it in imports_of(content):
            if it.path in usual:
                continue
            if it.path in DENIED:
                yield f'line {it.line}: import "{it.path}" is not allowed: {DENIED[it.path]}'
            elif it.name == ".":
                yield f'line {it.line}: import "{it.path}" with a dot hides where names come from'
            elif "." in it.path.partition("/")[0] and not any(f"{it.path}/".startswith(f"{name}/") for name in own):
                yield f'line {it.line}: import "{it.path}" is no module that the project names'
            elif f"{it.path}/".startswith(f"{fcs.module}/") and it.path not in self._places:
                yield f'line {it.line}: import "{it.path}" is no package of the project'
            elif it.path.startswith("internal/"):
                yield f'line {it.line}: import "{it.path}" is for Go itself alone'

    @cached_property
    def _places(self) -> frozenset[str]:
        module = self.plan.fcs.module
        return frozenset(f"{module}/{dirname(path)}" for path in self.plan.targets if path.endswith(".go"))

    def _secret(self, text: str) -> Iterator[str]:
        for it in self.secrets.find(text):
            yield f"line {it.line}: this looks like a secret ({it.rule}), which no file may hold{it.allowing}"

    def _names(self, target: Target, content: bytes) -> list[str]:
        contract, api = exported_api(target.contract(Part.FULL)), exported_api(content)
        own = Declared.of(api, imports_of(content))
        found = [*_foreign(target, api), *_exported(target, api, contract)]
        with self._lock:
            package = self._package(dirname(target.path), api.package)
            found += package.refusals(target.path, own, frozenset(contract.names))
            if not found and not target.general and package.is_shared(target.path):
                found += unlike(target, api.names, contract)
            if not found:
                package.files[target.path] = own
        return found

    def _package(self, folder: str, clause: str) -> PackageNames:
        place = folder, clause
        if place not in self._packages:
            self._packages[place] = package_names(self.plan, folder, clause, self.kept)
        return self._packages[place]


def _broken(content: bytes) -> Iterator[str]:
    """Say that a file is no text; of Go, gofmt says it."""
    try:
        content.decode()
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        yield f"line {line}: it is no UTF-8"


def _foreign(target: Target, api: Api) -> Iterator[str]:
    """Say that a file which has no contract to say so belongs to another package."""
    if target.general and api.package != target.clause:
        yield f"the package clause is `package {api.package}`, not `package {target.clause}`"


def _exported(target: Target, api: Api, contract: Api) -> Iterator[str]:
    """Say which names a file exports that its contract does not have, if it has one, or if all of its kind do."""
    if target.general and not target.contract(Part.FULL):
        return
    for it in api.declarations:
        if it.kind is not Kind.METHOD and it.name not in contract.names:
            yield f"line {it.line}: {it.name} is exported, and the contract does not have it"


def _usual(target: Target) -> str:
    """Return what a file may say: its contract, and what the template writes where the rule has no prompt."""
    return target.contract(Part.FULL) + (target.content.decode() if target.general else "")


def _said(target: Target, text: str, code: str) -> Iterator[str]:
    promised = set(_usual(target).splitlines())
    for it in _DIRECTIVE.finditer(text):
        if it[0] not in promised:
            yield f"line {_line(text, it)}: the directive `{it[0].strip()[:40]}` is not allowed"
    for it in _INIT.finditer(code):
        yield f"line {_line(code, it)}: a function `init` is not allowed: do it where it is needed"


def _unfinished(target: Target, text: str, code: str) -> Iterator[str]:
    usual = _usual(target)
    for pattern, source in ((_UNFINISHED, text), (_UNSUPPORTED, code)):
        if pattern.search(usual):
            continue
        for it in pattern.finditer(source):
            yield f"line {_line(source, it)}: `{it[0].strip()[:40]}` is unfinished: write the code"


def _small(target: Target, text: str) -> Iterator[str]:
    contract = target.contract(Part.FULL)
    if len(text) < _LEAST * len(contract):
        yield f"the file is far shorter than its contract ({len(text)} characters of {len(contract)}): write it in full"


def _line(text: str, found: re.Match[str]) -> int:
    return text.count("\n", 0, found.start()) + 1
