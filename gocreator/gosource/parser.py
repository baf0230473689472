"""Parse Go with tree-sitter, which is loaded when the first text is read, and say where a text is no Go."""

from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tree_sitter import Node, Parser


def parse(data: bytes) -> "Node":
    """Return the root of the syntax tree; what is no Go is in it too, as errors."""
    # At the end of a text the grammar misses the line end that ends a declaration.
    return _parser().parse(data if data.endswith(b"\n") else data + b"\n").root_node


@cache
def _parser() -> "Parser":
    """Load tree-sitter when the first file is read."""
    import tree_sitter_go  # noqa: PLC0415 - most commands read no Go
    from tree_sitter import Language, Parser  # noqa: PLC0415

    return Parser(Language(tree_sitter_go.language()))


def broken(root: "Node") -> Iterator["Node"]:
    """Find the outermost errors, without recursion: broken source can nest deeply."""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if node.is_error or node.is_missing:
            yield node
        elif node.has_error:
            waiting += node.children


def complaint(node: "Node") -> str:
    """Say what is wrong at a node."""
    if node.is_missing:
        return f"`{node.type}` is missing"
    return f"unexpected `{start(node)}`" if start(node) else "unexpected end of file"


def start(node: "Node") -> str:
    """Return the beginning of a node's source."""
    line = (node.text or b"").decode(errors="replace").strip().partition("\n")[0]
    return line if len(line) <= 40 else f"{line[:40]}..."
