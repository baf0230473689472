"""What reading gives: plain values, their places, and one way to refuse a document."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Self

from gocreator.errors import DocumentError, Location, Problem

MAX_BYTES = 5_000_000
MAX_DEPTH = 64

NO_CHARACTER = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What YAML calls non-printable; a JSON escape must not bring it in either."""


class Written(float):
    """A float that remembers how it was written, because `version: 1.10` does not mean 1.1."""

    def __new__(cls, text: str) -> Self:
        """Read the text as a float and keep it."""
        self = super().__new__(cls, text)
        self.text = text
        return self

    text: str

    def __getnewargs__(self) -> tuple[str]:  # type: ignore[override]
        """Copy by text."""
        return (self.text,)


@dataclass(slots=True, eq=False)
class Mark:
    """The place of a value, and those of what it holds. Not frozen: there is one for each value of a document."""

    line: int
    column: int
    children: dict[str | int, "Mark"] = field(default_factory=dict)
    keys: dict[str, tuple[int, int]] = field(default_factory=dict)
    body: tuple[int, int] | None = None
    """Where a text's first character stands, if its lines stand below each other as they are."""


@dataclass(frozen=True)
class Source:
    """A document: its plain value, its name as the user gave it, and where everything stands."""

    name: str
    value: Any
    root: Mark = field(default=Mark(0, 0), repr=False, compare=False)

    def at(self, loc: Sequence[str | int], *, key: bool = False) -> Location:
        """Find the place of a value, or of its key; what is missing stands where its parent does.

        Components that are no child of the value reached so far are skipped, because the
        locations of a validator hold the names of union members too.
        """
        mark, place = self.root, (self.root.line, self.root.column)
        for component in loc:
            child = mark.children.get(component)
            if child is None:
                place = (mark.line, mark.column)
                continue
            place = (child.line, child.column)
            if key and isinstance(component, str):
                place = mark.keys.get(component, place)
            mark = child
        return Location(self.name, *place)

    def within(self, loc: Sequence[str | int], line: int, column: int) -> Location:
        """Find the place of a line and a column of a text; that of the text where the two cannot be matched."""
        mark = self.root
        for component in loc:
            mark = mark.children.get(component, mark)
        if mark.body is None:
            return self.at(loc)
        return Location(self.name, mark.body[0] + line - 1, mark.body[1] + column - 1)


@dataclass
class Refusing:
    """What both readers share: whose document it is, and how to refuse it."""

    name: str
    error: type[DocumentError]

    def wrong(self, place: tuple[int, int], message: str, hint: str = "") -> DocumentError:
        """Make the error that refuses the document."""
        return self.error([Problem(Location(self.name, *place), message, hint)])

    def too_large(self, size: int) -> DocumentError:
        """Refuse a document for its size."""
        megabytes = f"{size / 1e6:.1f} MB"
        return self.wrong(
            (0, 0),
            f"the file is too large ({megabytes}; the limit is {MAX_BYTES // 1_000_000} MB)",
            "a document of this kind is written by people: give another file, or split the project",
        )

    def check_size(self, text: str) -> None:
        """Refuse text that is too large."""
        if len(text) > MAX_BYTES:
            raise self.too_large(len(text))

    def checked(self, text: str, place: tuple[int, int]) -> str:
        """Return text that holds no control character and no half of a surrogate pair."""
        if found := NO_CHARACTER.search(text):
            code = ord(found[0])
            raise self.wrong(place, f"the text holds the character U+{code:04X}, which no text should", "remove it")
        return text

    def number(self, text: str, place: tuple[int, int]) -> float:
        """Return a finite float."""
        number = Written(text)
        if not math.isfinite(number):
            raise self.wrong(
                place, f"`{shortened(text)}` is not a finite number", "give a number that a float64 can hold"
            )
        return number

    def integer(self, text: str, place: tuple[int, int], base: int = 10) -> int:
        """Return an integer of bearable length."""
        if len(text) > 300:
            raise self.wrong(place, "the number has too many digits", "put it in quotes if it is text")
        return int(text, base)


def shortened(text: str) -> str:
    """Cut text that a message shows."""
    return text if len(text) <= 60 else text[:57] + "..."
