"""Write Go types as gofmt does, with the names of parameters, for a package itself or for those that import it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from gocreator.gonames import PREDECLARED
from gocreator.gosource.members import laid_out, members
from gocreator.gosource.signature import names, parts, text
from gocreator.gosource.values import string_literal, value

if TYPE_CHECKING:
    from tree_sitter import Node

_SMALL = 30
"""From go/printer: longer members of a type never stand on the line of their braces."""


@dataclass(frozen=True)
class Printer:
    """Writes types; `indent` counts the tabs of the line on which a type begins."""

    package: str = ""
    """The package clause to put before the names of the package; empty inside of it."""
    hidden: frozenset[str] = frozenset()
    """Names that are no names of the package, such as those of type parameters."""
    blank: frozenset[str] = frozenset()
    """Names of parameters that are written as `_`."""
    named: bool = True
    """Keep the names of parameters."""
    indent: int = 0

    def type(self, node: "Node | None") -> str:
        """Write a type; what is none is written as it stands."""
        if node is None:
            return ""
        write = _WRITERS.get(node.type)
        return write(self, node) if write else text(node)

    def name(self, node: "Node") -> str:
        """Write the name of a type."""
        found = text(node)
        own = self.package and found not in PREDECLARED and found not in self.hidden
        return f"{self.package}.{found}" if own else found

    def signature(self, node: "Node") -> str:
        """Write the parameters and results of a function, without its type parameters."""
        result = node.child_by_field_name("result")
        if result is not None and result.type == "parameter_list":
            shown = self.parameters(result)
            count = sum(len(names(item)) or 1 for item in parts(result))
            bare = not self.named or not any(names(item) for item in parts(result))
            shown = "" if not count else shown[1:-1] if count == 1 and bare else shown
        else:
            shown = self.type(result)
        return f"{self.parameters(node.child_by_field_name('parameters'))} {shown}".rstrip()

    def parameters(self, node: "Node | None") -> str:
        """Write a list of parameters in its brackets."""
        return f"({', '.join(self._parameter(item) for item in parts(node))})"

    def _parameter(self, node: "Node") -> str:
        dots = "..." if node.type == "variadic_parameter_declaration" else ""
        kind = dots + self.type(node.child_by_field_name("type"))
        given = [("_" if text(name) in self.blank else text(name)) for name in names(node)]
        if not self.named:
            return ", ".join([kind] * max(len(given), 1))
        return f"{', '.join(given)} {kind}" if given else kind

    def type_parameters(self, node: "Node | None") -> str:
        """Write type parameters in their brackets; nothing where there are none."""
        if node is None:
            return ""
        written = (
            f"{', '.join(map(text, names(item)))} {self.type(item.child_by_field_name('type'))}" for item in parts(node)
        )
        return f"[{', '.join(written)}]"

    def struct(self, node: "Node", *, top: bool = False) -> str:
        """Write a struct type."""
        inner = replace(self, indent=self.indent + 1)
        found = [child for body in node.named_children for child in body.named_children]
        rows = [(it, inner.field(it.node) if it.node else []) for it in members(found)]
        if len(rows) == 1 and not top and rows[0][0].node and not rows[0][0].text:
            cells = rows[0][1]
            if len(cells) <= 2 and not cells[-1].endswith(("`", '"')) and len(" ".join(cells)) <= _SMALL:
                return f"struct{{ {' '.join(cells)} }}"
        return self._braced("struct", laid_out(rows, self.indent + 1))

    def field(self, node: "Node") -> list[str]:
        """Return the columns of a field."""
        kind, tag = self.type(node.child_by_field_name("type")), node.child_by_field_name("tag")
        star = "*" if not names(node) and any(child.type == "*" for child in node.children) else ""
        cells = [", ".join(map(text, names(node))), kind] if names(node) else [f"{star}{kind}"]
        return [*cells, string_literal(tag)] if tag else cells

    def interface(self, node: "Node", *, top: bool = False) -> str:
        """Write an interface type."""
        inner = replace(self, indent=self.indent + 1)
        rows = [(it, [inner.element(it.node)] if it.node else []) for it in members(node.named_children)]
        if len(rows) == 1 and not top and rows[0][0].node and not rows[0][0].text:
            (only,) = rows[0][1]
            if "\n" not in only and len(only) + len("func ") <= _SMALL:
                return f"interface{{ {only} }}"
        return self._braced("interface", laid_out(rows, self.indent + 1))

    def element(self, node: "Node") -> str:
        """Write a method or an embedded type of an interface."""
        if node.type == "method_elem":
            return f"{text(node.child_by_field_name('name'))}{self.signature(node)}"
        return self.type(node)

    def _braced(self, word: str, lines: list[str]) -> str:
        return "\n".join([f"{word} {{", *lines, "\t" * self.indent + "}"]) if lines else f"{word}{{}}"


def _array(printer: Printer, node: "Node") -> str:
    length, element = node.child_by_field_name("length"), node.child_by_field_name("element")
    return f"[{value(length, printer) if length else ''}]{printer.type(element)}"


def _map(printer: Printer, node: "Node") -> str:
    key, item = node.child_by_field_name("key"), node.child_by_field_name("value")
    return f"map[{printer.type(key)}]{printer.type(item)}"


def _channel(printer: Printer, node: "Node") -> str:
    tokens = "".join(child.type for child in node.children if not child.is_named)
    return f"{tokens} {printer.type(node.child_by_field_name('value'))}"


def _generic(printer: Printer, node: "Node") -> str:
    kind = printer.type(node.child_by_field_name("type"))
    return kind + printer.type(node.child_by_field_name("type_arguments"))


def _joined(between: str, before: str = "", behind: str = "") -> Callable[[Printer, "Node"], str]:
    return lambda printer, node: before + between.join(map(printer.type, parts(node))) + behind


_WRITERS: Mapping[str, Callable[[Printer, "Node"], str]] = {
    "type_identifier": Printer.name,
    "identifier": Printer.name,
    "pointer_type": _joined("", "*"),
    "slice_type": _array,
    "array_type": _array,
    "implicit_length_array_type": lambda printer, node: f"[...]{printer.type(node.child_by_field_name('element'))}",
    "map_type": _map,
    "channel_type": _channel,
    "function_type": lambda printer, node: f"func{printer.signature(node)}",
    "struct_type": Printer.struct,
    "interface_type": Printer.interface,
    "generic_type": _generic,
    "type_arguments": _joined(", ", "[", "]"),
    "parenthesized_type": _joined("", "(", ")"),
    "negated_type": _joined("", "~"),
    "type_elem": _joined(" | "),
    "type_constraint": _joined(" | "),
}
