"""Collects what is wrong in a document, each with its place, so that all of it can be said at once."""

from typing import NamedTuple

from gocreator.errors import Location, Problem
from gocreator.source import Source

Loc = tuple[str | int, ...]
"""A path of keys and indexes into a document."""


class At(NamedTuple):
    """A place in the document: that of a value, or of its key."""

    loc: Loc
    key: bool = False
    file: str = ""
    """Another file that belongs to the document, by the name that its user has for it."""

    def __truediv__(self, component: str | int) -> "At":
        """Go to a child."""
        return At((*self.loc, component))


ROOT = At(())


class Report:
    """The errors and warnings about one document."""

    def __init__(self, source: Source) -> None:
        """Begin with nothing wrong."""
        self.source = source
        self.errors: list[Problem] = []
        self.warnings: list[Problem] = []
        self.partial = False
        """Parts of the document could not be read, so that what seems to be missing may stand there."""

    def error(self, at: At, message: str, hint: str = "") -> None:
        """Note something that must be mended."""
        self.errors.append(Problem(self._place(at), message, hint))

    def error_within(self, at: At, place: tuple[int, int], message: str, hint: str = "") -> None:
        """Note something that must be mended at a line and a column of a text."""
        found = Location(at.file, *place) if at.file else self.source.within(at.loc, *place)
        self.errors.append(Problem(found, message, hint))

    def missing(self, at: At, message: str, hint: str = "") -> None:
        """Note a name that nothing bears, unless it may be borne by what could not be read."""
        if not self.partial:
            self.error(at, message, hint)

    def warn(self, at: At, message: str, hint: str = "") -> None:
        """Note something that may surprise."""
        self.warnings.append(Problem(self._place(at), message, hint))

    def _place(self, at: At) -> Location:
        return Location(at.file) if at.file else self.source.at(at.loc, key=at.key)
