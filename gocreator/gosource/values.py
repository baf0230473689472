"""Write the values of constants and variables as gofmt does: on one line, with its rules for blanks."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Protocol

from gocreator.gosource.layout import BAR, goquote
from gocreator.gosource.signature import parts, text

if TYPE_CHECKING:
    from tree_sitter import Node

_PRECEDENCE = {
    operator: level
    for level, operators in enumerate(("||", "&&", "== != < <= > >=", "+ - | ^", "* / % << >> & &^"), 1)
    for operator in operators.split()
}
_PLAIN = frozenset(["iota", "true", "false", "nil", "field_identifier"])
_NUMBER = re.compile(r"0[XBO]|(?<=[0-9.])[EP](?=[-+0-9])")


class TypeWriter(Protocol):
    """Writes the types that values mention."""

    def type(self, node: "Node | None") -> str:
        """Write a type."""


class NoValueError(Exception):
    """A value that a declaration cannot have here, because it takes code or lines of its own."""

    def __init__(self, node: "Node") -> None:
        """Keep the place."""
        super().__init__(node.type)
        self.node = node


def value(node: "Node", types: TypeWriter, depth: int = 1) -> str:
    """Write an expression; `depth` is go/printer's, which decides where blanks stand around operators."""
    return _Writer(types).write(node, depth)


class _Writer:
    """The cases of `value`."""

    def __init__(self, types: TypeWriter) -> None:
        self.types = types

    def write(self, node: "Node", depth: int) -> str:
        if node.type in _PLAIN:
            return text(node)
        if node.type.endswith("_literal") and node.type not in ("composite_literal", "func_literal"):
            return literal(node)
        method = getattr(self, node.type, None)
        if method is None:
            if node.type.endswith(("_type", "identifier")):
                return self.types.type(node)
            raise NoValueError(node)
        return str(method(node, depth))

    def selector_expression(self, node: "Node", depth: int) -> str:
        operand, name = parts(node)
        return f"{self.write(operand, depth)}.{text(name)}"

    def unary_expression(self, node: "Node", depth: int) -> str:
        operator, operand = node.child_by_field_name("operator"), parts(node)[-1]
        return f"{text(operator)}{self.write(operand, depth)}"

    def parenthesized_expression(self, node: "Node", depth: int) -> str:
        (inner,) = parts(node)
        if inner.type == node.type:
            return self.write(inner, depth)
        return f"({self.write(inner, max(depth - 1, 1))})"

    def binary_expression(self, node: "Node", depth: int) -> str:
        left, operator, right = _operands(node)
        level = _PRECEDENCE[operator]
        blank = " " if level < _cutoff(node, depth) else ""
        before = self.write(left, depth + (0 if _level(left) == level else 1))
        return f"{before}{blank}{operator}{blank}{self.write(right, depth + 1)}"

    def call_expression(self, node: "Node", depth: int) -> str:
        function, arguments = node.child_by_field_name("function"), node.child_by_field_name("arguments")
        types = node.child_by_field_name("type_arguments")
        given = parts(arguments)
        if function is None or any(child.type == "..." for child in (arguments or node).children):
            raise NoValueError(node)
        inner = depth + (1 if len(given) > 1 else 0)
        shown = ", ".join(self.write(item, inner) for item in given)
        return f"{self.write(function, depth)}{self.types.type(types)}({shown})"

    def type_conversion_expression(self, node: "Node", depth: int) -> str:
        kind, operand = parts(node)
        return f"{self.types.type(kind)}({self.write(operand, depth)})"

    def index_expression(self, node: "Node", depth: int) -> str:
        operand, index = parts(node)
        return f"{self.write(operand, 1)}[{self.write(index, depth + 1)}]"

    def composite_literal(self, node: "Node", _: int) -> str:
        kind, body = parts(node)
        return self.types.type(kind) + self._body(kind, body)

    def _body(self, kind: "Node", body: "Node") -> str:
        if any(child.type == "comment" for child in body.named_children):
            raise NoValueError(body)
        return f"{{{', '.join(self._element(kind, item) for item in parts(body))}}}"

    def _element(self, kind: "Node", node: "Node") -> str:
        if node.type == "keyed_element":
            key, item = (parts(part)[0] for part in parts(node))
            return f"{self._item(kind.child_by_field_name('key'), key)}: {self._item(_element_type(kind), item)}"
        return self._item(_element_type(kind), parts(node)[0])

    def _item(self, kind: "Node | None", node: "Node") -> str:
        """Write an element, without a type that the literal around it states already, as `gofmt -s` does."""
        if node.type == "literal_value":
            return self._body(kind if kind is not None else node, node)
        inner, wanted = node, text(kind)
        if node.type == "unary_expression" and wanted.startswith("*") and text(node).startswith("&"):
            inner, wanted = parts(node)[-1], wanted[1:]
        if inner.type == "composite_literal" and wanted and text(parts(inner)[0]) == wanted:
            return self._body(*parts(inner))
        return self.write(node, 1)


def _element_type(kind: "Node") -> "Node | None":
    return kind.child_by_field_name("element") or (
        kind.child_by_field_name("value") if kind.type == "map_type" else None
    )


def literal(node: "Node") -> str:
    """Write a literal: strings on one line, numbers in lower case."""
    if node.type.endswith("string_literal"):
        return string_literal(node)
    written = text(node)
    if node.type == "rune_literal":
        return written.replace(BAR, f"\\u{ord(BAR):04x}")
    return _NUMBER.sub(lambda found: found[0].lower(), written)


def string_literal(node: "Node") -> str:
    """Write a string as it was written, if that can stand on one line of a template's text."""
    written = (node.text or b"").decode(errors="replace")
    if BAR not in written and written.isprintable():
        return written
    if written.startswith("`"):
        return goquote(written[1:-1].replace("\r", ""))
    # What stands in such a literal as it is needs no backslash before it, so that quoting only adds escapes.
    return "".join(it if it.isprintable() and it != BAR else goquote(it)[1:-1] for it in written)


def _operands(node: "Node") -> tuple["Node", str, "Node"]:
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    if left is None or right is None:
        raise NoValueError(node)
    return left, text(node.child_by_field_name("operator")), right


def _level(node: "Node") -> int:
    return _PRECEDENCE[_operands(node)[1]] if node.type == "binary_expression" else 0


def _cutoff(node: "Node", depth: int) -> int:
    """From go/printer, cutoff: the precedence from which on operators stand without blanks."""
    levels, problem = set[int](), 0
    for level, worst in _walk(node):
        levels.add(level)
        problem = max(problem, worst)
    if problem:
        return problem + 1
    if {4, 5} <= levels:
        return 5 if depth == 1 else 4
    return 6 if depth == 1 else 4


def _walk(node: "Node") -> Iterator[tuple[int, int]]:
    """From go/printer, walkBinary: the levels of an expression, and operators that would run together."""
    left, operator, right = _operands(node)
    together = operator + text(right)[:1] if right.type == "unary_expression" else ""
    yield _PRECEDENCE[operator], {"/*": 5, "&&": 5, "&^": 5, "++": 4, "--": 4}.get(together, 0)
    for operand in (left, right):
        if operand.type == "binary_expression":
            yield from _walk(operand)
