"""What templates need to lay out Go as gofmt does: aligned columns, sorted imports, comments.

A template separates the columns of a line with a broken bar: `Name¦string` in a struct, `Name:¦value,` in a
literal. `gofile` aligns them, finds the imports and writes the package clause. `FILTERS` are given
to every template.
"""

import json
import re
import textwrap
from collections.abc import Callable, Iterable, Mapping
from itertools import takewhile
from typing import Any, Protocol

BAR = "¦"
"""Separates columns in templates; text from a specification never holds it when it gets here."""

WIDTH = 100
"""The width of comments, a tab counted as four."""

_LONGEST_WORD = 200
_SMALL_KEY = 40
"""From go/printer, exprList: longer keys of a literal are aligned only with keys of like length."""

STANDARD = {
    path.rpartition("/")[2]: path
    for path in """
    bufio bytes cmp context crypto/rand database/sql encoding encoding/hex encoding/json errors flag fmt io log/slog
    maps math math/big mime net net/http net/http/httptest net/mail net/url os os/exec os/signal reflect regexp
    runtime runtime/debug slices strconv strings sync sync/atomic syscall testing testing/iotest time unicode
    unicode/utf8
    """.split()
}
"""The packages of the standard library that templates may mention, by name."""

_TOKEN = re.compile(
    r"//[^\n]*|/\*.*?\*/|\"(?:\\.|[^\"\\\n])*\"|`[^`]*`|'(?:\\.|[^'\\\n])*'|(?<![\w.)])([a-z]\w*)\.(?=[A-Z])",
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


def goquote(text: str) -> str:
    """Return a Go string literal of the text, in double quotes."""
    return f'"{"".join(_escaped(character) for character in text)}"'


def goraw(text: str) -> str:
    """Return a Go string literal for an expression: between backquotes where that reads better and can be."""
    plain = text.isprintable() and "`" not in text and BAR not in text
    return f"`{text}`" if plain and ("\\" in text or '"' in text) else goquote(text)


def clean(text: str) -> str:
    """Return text as one line that is harmless wherever it is shown: no controls, no odd spaces, no column bars."""
    words = "".join(character if character.isprintable() else " " for character in text).replace(BAR, "|").split()
    return " ".join(words)


def comment(text: str, indent: int = 0) -> str:
    """Return paragraphs, separated by empty lines, as a wrapped `//` comment; lines after the first are indented."""
    paragraphs = [_wrapped(paragraph, indent) for paragraph in text.split("\n\n") if clean(paragraph)]
    lines = [line for paragraph in paragraphs for line in ("", *paragraph)][1:]
    return ("\n" + "\t" * indent).join(f"// {line}".rstrip() for line in lines)


def comment_item(text: str) -> str:
    """Return an item of a list in a comment, which begins with `  - `."""
    first, *rest = _wrapped(text, 1)
    return "\n".join([f"//   {first}", *(f"//     {line}" for line in rest)])


def align(text: str) -> str:
    """Pad the columns of neighbouring lines to equal width, as gofmt does."""
    result: list[str] = []
    block: list[list[str]] = []
    for line in text.split("\n"):
        if BAR in line:
            block.append(line.split(BAR))
        else:
            result += [*_flushed(block), line]
            block = []
    return "\n".join(result + _flushed(block))


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


def _escaped(character: str) -> str:
    short = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}.get(character)
    if short is not None:
        return short
    if character.isprintable() and character != BAR:
        return character
    code = ord(character)
    if 0xD800 <= code <= 0xDFFF:
        return "\\ufffd"
    return f"\\x{code:02x}" if code < 0x80 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _wrapped(paragraph: str, indent: int) -> list[str]:
    """Wrap a paragraph so that no line of it means anything to a tool."""
    text = clean(paragraph).replace("DO NOT EDIT", "do not edit").replace("+build", "+ build")
    text = text.replace("]:", "] :") if text.startswith("[") else text  # gofmt moves definitions of links
    text = re.sub("`{2,}", "“", text).replace("''", "”")  # gofmt does so in doc comments
    text = re.sub(rf"(\S{{{_LONGEST_WORD}}})(?=\S)", r"\1 ", text)
    return textwrap.wrap(text, WIDTH - 3 - 4 * indent, break_long_words=False, break_on_hyphens=False)


def _flushed(block: list[list[str]]) -> list[str]:
    sections = [_padded(section) for section in _sections(block)]
    return [line for section in sections for line in ("", *section)][1:]


def _sections(block: list[list[str]]) -> list[list[list[str]]]:
    """Part a literal beside very long keys, where versions of gofmt disagree about the alignment."""
    sections: list[list[list[str]]] = []
    longest = 0
    for row in block:
        size = len(row[0].strip()) - 1 if row[0].endswith(":") else 0
        if not sections or max(size, longest) > _SMALL_KEY:
            sections.append([])
        sections[-1].append(row)
        longest = size
    return sections


def _padded(rows: list[list[str]]) -> list[str]:
    """Pad each cell that another follows to the width of its column, which ends where a row lacks the cell."""
    return [
        "".join(
            cell if column == len(row) - 1 else cell.ljust(_width(rows, index, column) + 1)
            for column, cell in enumerate(row)
        )
        for index, row in enumerate(rows)
    ]


def _width(rows: list[list[str]], index: int, column: int) -> int:
    def holds(row: list[str]) -> bool:
        return column < len(row) - 1

    before = takewhile(holds, reversed(rows[:index]))
    after = takewhile(holds, rows[index:])
    return max(len(row[column]) for row in (*before, *after))


def _import_block(names: Iterable[str], own: Mapping[str, str]) -> str:
    local = sorted(own[name] for name in names if name in own)
    standard = sorted(STANDARD[name] for name in names if name not in own and name in STANDARD)
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
    return json.dumps(value, indent=2, ensure_ascii=False)


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
