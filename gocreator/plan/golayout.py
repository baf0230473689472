"""What templates need to lay out Go as gofmt does: aligned columns, sorted imports, comments.

A template separates the columns of a line with a broken bar: `Name¦string` in a struct, `Name:¦value,` in a
literal. `gofile` aligns them, finds the imports and writes the package clause. `FILTERS` are given
to every template.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from itertools import takewhile
from typing import Any, Protocol

from pydantic_core import to_json

from gocreator.gosource.layout import BAR, WIDTH, align, clean, comment, comment_item, goquote, goraw
from gocreator.gosource.standard import PATHS

__all__ = [
    "BAR",
    "WIDTH",
    "align",
    "clean",
    "comment",
    "comment_item",
    "gofile",
    "goquote",
    "goraw",
    "markdown",
    "mentioned",
]

STANDARD = {
    path.rpartition("/")[2]: path
    for path in """
    bufio bytes cmp context crypto/rand database/sql encoding encoding/base64 encoding/hex encoding/json errors flag
    fmt io log/slog maps math math/big mime net net/http net/http/httptest net/mail net/netip net/url os os/exec
    os/signal reflect regexp runtime runtime/debug slices strconv strings sync sync/atomic syscall testing
    testing/iotest time unicode unicode/utf8
    """.split()
}
"""The packages of the standard library that templates may mention, by name."""

_TOKEN = re.compile(
    r"//[^\n]*|/\*.*?\*/|\"(?:\\.|[^\"\\\n])*\"|`[^`]*`|'(?:\\.|[^'\\\n])*'|(?:(?<![\w.)])|(?<=\.\.\.))([a-z]\w*)\.(?=[A-Z])",
    re.DOTALL,
)


class Importable(Protocol):
    """A package of the project itself."""

    @property
    def name(self) -> str:
        """Return its package clause."""

    @property
    def import_path(self) -> str:
        """Return what an import declaration says."""


def gofile(body: str, package: str, imports: Iterable[Importable] = ()) -> str:
    """Return a Go file of its declarations; `imports` are the project's own packages that it may mention."""
    body = align(re.sub(r"[ \t]+(?=\n|\Z)", "", body)).strip("\n")
    body = re.sub(r"\n{3,}", "\n\n", body)
    body = re.sub(r"\{\n\n+", "{\n", body)
    body = re.sub(r"\n\n+(?=\t*[)}])", "\n", body)
    found = _import_block(mentioned(body), {own.name: own.import_path for own in imports})
    doc, body = _package_doc(body)
    return "\n\n".join(part for part in (f"{doc}package {package}", found, body) if part) + "\n"


def mentioned(code: str) -> list[str]:
    """Return the names before a dot and an exported name, outside strings and comments, sorted."""
    return sorted({name for name in _TOKEN.findall(code) if name})


def _import_block(names: Iterable[str], own: Mapping[str, str]) -> str:
    paths = {own.get(name) or STANDARD[name] for name in names if name in own or name in STANDARD}
    standard = sorted(path for path in paths if path in PATHS)
    local = sorted(paths - set(standard))
    if len(local) + len(standard) == 1:
        return f"import {goquote((local + standard)[0])}"
    groups = ["\n".join(f"\t{goquote(path)}" for path in group) for group in (standard, local) if group]
    return "import (\n" + "\n\n".join(groups) + "\n)" if groups else ""


def _package_doc(body: str) -> tuple[str, str]:
    """Take a leading `// Package ...` or `// Command ...` comment off the declarations."""
    if not body.startswith(("// Package ", "// Command ")):
        return "", body
    lines = list(takewhile(lambda line: line.startswith("//"), body.split("\n")))
    return "\n".join(lines) + "\n", body.split("\n", len(lines))[-1].strip("\n") if body.count("\n") >= len(
        lines
    ) else ""


def markdown(text: str) -> str:
    """Return text as one line of Markdown that shows as it is, in a table too."""
    return re.sub(r"([\\`*_{}\[\]<>#|~&!])", r"\\\1", clean(text))


def indented_json(value: Any) -> str:
    """Return a value as JSON for people, keys in their order."""
    return to_json(value, indent=2).decode()


FILTERS: Mapping[str, Callable[..., Any]] = {
    "align": align,
    "clean": clean,
    "comment": comment,
    "comment_item": comment_item,
    "gofile": gofile,
    "goquote": goquote,
    "goraw": goraw,
    "indented_json": indented_json,
    "markdown": markdown,
}
