"""The code of a Go file without what it says: comments and strings."""

from gocreator.gosource.parser import parse

_SAID = frozenset({"comment", "raw_string_literal", "interpreted_string_literal", "rune_literal"})


def bare(source: bytes) -> str:
    """Return the source with spaces in place of comments and literals; lines stay where they are."""
    code, nodes = bytearray(source), [parse(source)]
    while nodes:
        node = nodes.pop()
        if node.type in _SAID:
            said = source[node.start_byte : node.end_byte]
            code[node.start_byte : node.end_byte] = b"\n".join(b" " * len(line) for line in said.split(b"\n"))
        else:
            nodes += node.children
    return code.decode(errors="replace")
