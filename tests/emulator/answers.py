"""What the emulated model says: a block for each file that is wanted."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

Source = Mapping[str, str] | Callable[[str], str | None]
"""Gives the source of a path; a path that it does not know is left out of the answer."""


@dataclass
class FileBlock:
    """One file of an answer."""

    path: str
    source: str
    opening: str = '<file path="{path}">'
    closing: str = "</file>"

    def __str__(self) -> str:
        source = self.source if self.source.endswith("\n") or not self.source else f"{self.source}\n"
        closing = f"{self.closing}\n" if self.closing else ""
        return f"{self.opening.format(path=self.path)}\n{source}{closing}"


@dataclass
class Draft:
    """An answer before it is sent; what spoils an answer changes it."""

    blocks: list[FileBlock]
    wanted: tuple[str, ...] = ()
    before: str = ""
    between: str = ""
    after: str = ""
    thinking: str = ""
    edits: list[Callable[[str], str]] = field(default_factory=list)
    """Changes of the whole text, made last."""

    def block(self, path: str | None = None) -> FileBlock:
        """Return the block of a file, or the first one."""
        return next(block for block in self.blocks if path in (None, block.path))

    def __str__(self) -> str:
        text = self.before + self.between.join(map(str, self.blocks)) + self.after
        for edit in self.edits:
            text = edit(text)
        return text


def draft(wanted: tuple[str, ...], source: Source, otherwise: str) -> Draft:
    """Write what is wanted; where no files are, say something else."""
    if not wanted:
        return Draft([], before=otherwise)
    find = source if callable(source) else source.get
    found = ((path, find(path)) for path in dict.fromkeys(wanted))
    return Draft([FileBlock(path, text) for path, text in found if text is not None], wanted)


def tree(root: Path) -> Callable[[str], str | None]:
    """Return the files below a directory as a source."""
    top = root.resolve()

    def read(path: str) -> str | None:
        place = (top / path).resolve()
        return place.read_text() if place.is_relative_to(top) and place.is_file() else None

    return read
