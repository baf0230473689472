"""Go text as gofmt lays it out: literals, comments, aligned columns.

The columns of a line are separated with a broken bar until `align` pads them.
"""

import re
import textwrap
from itertools import groupby

BAR = "¦"
"""Separates columns in templates; text from a specification never holds it when it gets here."""

WIDTH = 100
"""The width of comments, a tab counted as four."""

_LONGEST_WORD = 200
_SMALL_KEY = 40
"""From go/printer, exprList: longer keys of a literal are aligned only with keys of like length."""


def goquote(text: str) -> str:
    """Return a Go string literal of the text, in double quotes."""
    return f'"{"".join(_escaped(character) for character in text)}"'


def goraw(text: str) -> str:
    """Return a Go string literal for an expression: between backquotes where that reads better and can be."""
    plain = text.isprintable() and "`" not in text and BAR not in text
    return f"`{text}`" if plain and ("\\" in text or '"' in text) else goquote(text)


def clean(text: str) -> str:
    """Return text as one line that is harmless wherever it is shown: no controls, no odd spaces, no column bars."""
    if not text.isprintable():
        text = "".join(character if character.isprintable() else " " for character in text)
    return " ".join(text.replace(BAR, "|").split())


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
    sections = [padded(section) for section in _sections(block)]
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


def padded(rows: list[list[str]]) -> list[str]:
    """Pad each cell that another follows to the width of its column, which ends where a row lacks the cell.

    A column that is empty takes no room.
    """
    columns = [_widths(rows, column) for column in range(max(map(len, rows), default=0))]

    def pad(index: int, column: int, cell: str) -> str:
        width = columns[column][index]
        return cell.ljust(width + 1) if width else cell

    return [
        "".join(cell if column == len(row) - 1 else pad(index, column, cell) for column, cell in enumerate(row))
        for index, row in enumerate(rows)
    ]


def _widths(rows: list[list[str]], column: int) -> list[int]:
    """Return for each row how wide a column is there: as its widest cell in neighbouring rows that have it."""
    found: list[int] = []
    for holds, group in groupby(rows, key=lambda row: column < len(row) - 1):
        run = list(group)
        width = max(len(row[column]) for row in run) if holds else 0
        found += [width] * len(run)
    return found
