"""Write Go types and signatures in one normal form: no parameter names, no comments, one spelling of white space."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from gocreator.gosource.api import StructField

if TYPE_CHECKING:
    from tree_sitter import Node


def text(node: "Node | None") -> str:
    """Return the source of a node on one line."""
    return " ".join((node.text or b"").decode(errors="replace").split()) if node else ""


def place(node: "Node") -> tuple[int, int]:
    """Return line and column as Go counts them."""
    return node.start_point[0] + 1, node.start_point[1] + 1


def parts(node: "Node | None") -> list["Node"]:
    """Return the named children that are no comments."""
    return [child for child in node.named_children if child.type != "comment"] if node else []


def names(node: "Node") -> list["Node"]:
    """Return the names that a declaration gives, several at once where it lists them."""
    return [child for child in node.children_by_field_name("name") if child.is_named]


def signature(node: "Node") -> str:
    """Write type parameters, parameters and results of a function, a method or a function type."""
    generic = render(node.child_by_field_name("type_parameters"))
    result = node.child_by_field_name("result")
    if result is not None and result.type == "parameter_list":
        types = list(_types(result))
        returned = types[0] if len(types) == 1 else f"({', '.join(types)})" if types else ""
    else:
        returned = render(result)
    return f"{generic}{render(node.child_by_field_name('parameters'))} {returned}".rstrip()


def fields(node: "Node") -> Iterator[StructField]:
    """List the fields of a struct type, exported or not, one name each."""
    for group in parts(node):
        for field in parts(group):
            kind = render(field.child_by_field_name("type"))
            tag = text(field.child_by_field_name("tag"))
            for name in names(field):
                yield StructField(text(name), kind, tag)
            if not names(field):
                star = "*" if any(child.type == "*" for child in field.children) else ""
                bare = kind.partition("[")[0].rpartition(".")[2]
                yield StructField(bare, f"{star}{kind}", tag, embedded=True)


def elements(node: "Node") -> list[str]:
    """List the methods and embedded types of an interface, sorted."""
    return sorted(
        f"{text(child.child_by_field_name('name'))}{signature(child)}" if child.type == "method_elem" else render(child)
        for child in parts(node)
    )


def render(node: "Node | None") -> str:
    """Write a type."""
    if node is None:
        return ""
    write = _WRITERS.get(node.type, _composed)
    return write(node)


def _composed(node: "Node") -> str:
    """Write a type that is composed of tokens and other types."""
    if node.type == "channel_type":
        tokens = "".join(child.type for child in node.children if not child.is_named)
        return f"{tokens} {render(node.child_by_field_name('value'))}"
    if node.type.endswith("_type") and node.child_count:
        return "".join(render(child) for child in node.children if child.type != "comment")
    return text(node)


def _types(node: "Node") -> Iterator[str]:
    """List the types of parameters, one for each."""
    for parameter in parts(node):
        dots = "..." if parameter.type == "variadic_parameter_declaration" else ""
        for _ in names(parameter) or [parameter]:
            yield f"{dots}{render(parameter.child_by_field_name('type'))}"


def _type_parameter(node: "Node") -> str:
    """Write the type parameters that share a constraint."""
    return f"{', '.join(map(text, names(node)))} {render(node.child_by_field_name('type'))}"


def _braced(word: str, members: list[str]) -> str:
    """Write a struct or an interface on one line."""
    return f"{word}{{ {'; '.join(members)} }}" if members else f"{word}{{}}"


_WRITERS: dict[str, Callable[["Node"], str]] = {
    "parameter_list": lambda node: f"({', '.join(_types(node))})",
    "type_parameter_list": lambda node: f"[{', '.join(map(_type_parameter, parts(node)))}]",
    "type_arguments": lambda node: f"[{', '.join(map(render, parts(node)))}]",
    "type_elem": lambda node: " | ".join(map(render, parts(node))),
    "type_constraint": lambda node: " | ".join(map(render, parts(node))),
    "parenthesized_type": lambda node: "".join(map(render, parts(node))),
    "function_type": lambda node: f"func{signature(node)}",
    "struct_type": lambda node: _braced("struct", [str(field) for field in fields(node)]),
    "interface_type": lambda node: _braced("interface", elements(node)) if parts(node) else "any",
}
