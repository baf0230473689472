"""What a Go file imports, where it says so."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gocreator.gosource.parser import parse
from gocreator.gosource.signature import place, text

if TYPE_CHECKING:
    from tree_sitter import Node


@dataclass(frozen=True)
class Import:
    """An import of a file; `name` is what the file calls the package, if it says so."""

    path: str
    name: str
    line: int
    column: int


def imports_of(source: bytes) -> tuple[Import, ...]:
    """Return the imports of a file, as far as it can be read."""
    return tuple(_specs(parse(source).named_children))


def _specs(nodes: Iterable["Node"]) -> Iterator[Import]:
    for node in nodes:
        if node.type == "import_spec":
            path = text(node.child_by_field_name("path")).strip('"`')
            yield Import(path, text(node.child_by_field_name("name")), *place(node))
        elif node.type in ("import_declaration", "import_spec_list"):
            yield from _specs(node.named_children)
