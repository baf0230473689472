"""What declarations use: types and values by their bare names, and packages."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gocreator.gosource.declarations import Declared, Function
from gocreator.gosource.signature import names, parts, text

if TYPE_CHECKING:
    from tree_sitter import Node


_PACKAGES = ("package_identifier", "identifier")


@dataclass(frozen=True)
class Use:
    """A name that a declaration uses."""

    node: "Node"
    name: str
    package: str = ""
    """The package that the name is looked up in; empty for the declaration's own, or Go itself."""


def uses(declared: Declared) -> Iterator[Use]:
    """Return the names that a declaration uses, but those of its own type parameters."""
    hidden = type_parameters(declared)
    for use in _walk(declared.node):
        if use.package or use.name not in hidden:
            yield use


def type_parameters(declared: Declared) -> frozenset[str]:
    """Return the names of the type parameters in a declaration, those of a receiver included."""
    listed = parts(declared.node.child_by_field_name("type_parameters"))
    found = {text(name) for item in listed for name in names(item)}
    if isinstance(declared, Function) and declared.receiver:
        found |= {text(argument) for argument in _arguments(declared.receiver)}
    return frozenset(found)


def _arguments(receiver: "Node") -> list["Node"]:
    waiting = list(receiver.named_children)
    while waiting:
        node = waiting.pop()
        if node.type == "type_arguments":
            return parts(node)
        waiting += node.named_children
    return []


def _walk(root: "Node") -> Iterator[Use]:
    """Find names in the order of the text, without recursion."""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if node.type in ("qualified_type", "selector_expression") and parts(node)[0].type in _PACKAGES:
            package, name = parts(node)
            yield Use(package, text(name), text(package))
        elif node.type in ("type_identifier", "identifier"):
            yield Use(node, text(node))
        else:
            waiting += reversed([child for child in node.named_children if child not in _declaring(node)])


def _declaring(node: "Node") -> list["Node"]:
    """Return the children that give a name instead of using it."""
    if node.type == "keyed_element":
        # A key that is a bare name may be that of a field.
        return [part for part in parts(node)[:1] if [child.type for child in parts(part)] == ["identifier"]]
    return node.children_by_field_name("name")
