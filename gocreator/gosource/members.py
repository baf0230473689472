"""What stands in a declaration's braces or brackets, each member with its comment."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from gocreator.gosource.layout import comment, padded

if TYPE_CHECKING:
    from tree_sitter import Node


@dataclass
class Member:
    """A member, or a comment behind the last one; comments before it and on its line are its own."""

    node: "Node | None"
    doc: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Return its comment, paragraphs separated by empty lines."""
        return "\n".join(self.doc).strip("\n")


def members(nodes: Iterable["Node"]) -> Iterator[Member]:
    """Attach comments to the nodes they speak of."""
    before: list[str] = []
    last: Member | None = None
    for node in nodes:
        if node.type != "comment":
            if last is not None:
                yield last
            last = Member(node, before)
            before = []
        elif last is not None and last.node is not None and node.start_point[0] == last.node.end_point[0]:
            last.doc += [*([""] if last.doc else []), *_lines(node)]
        else:
            before += _lines(node)
    if last is not None:
        yield last
    if before:
        yield Member(None, before)


def commented(nodes: Iterable["Node"]) -> Iterator[tuple["Node", str]]:
    """Return nodes with their comments; a comment behind the last one is nobody's."""
    return ((member.node, member.text) for member in members(nodes) if member.node)


def _lines(node: "Node") -> list[str]:
    """Return the words of a comment, line by line."""
    written = (node.text or b"").decode(errors="replace")
    if written.startswith("//"):
        return [written[2:].strip()]
    return [re.sub(r"^\s*\*?\s?", "", line).rstrip() for line in written[2:-2].strip().split("\n")]


def laid_out(rows: Iterable[tuple[Member, list[str]]], indent: int) -> list[str]:
    """Return the lines of members that share columns; a comment or a member of several lines ends the columns."""
    lines: list[str] = []
    section: list[list[str]] = []

    def flush() -> None:
        lines.extend("\t" * indent + line for line in padded(section))
        section.clear()

    for member, cells in rows:
        if member.text:
            flush()
            lines.append("\t" * indent + comment(member.text, indent))
        if cells:
            section.append(cells)
        if any("\n" in cell for cell in cells):
            flush()
    flush()
    return lines
