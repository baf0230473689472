"""Declarations without bodies, as a contract has them: read, and written in the one form that gofmt gives."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from gocreator.gosource.api import Kind
from gocreator.gosource.layout import comment
from gocreator.gosource.members import Member, commented, laid_out, members
from gocreator.gosource.parser import parse
from gocreator.gosource.signature import names, parts, text
from gocreator.gosource.types import Printer
from gocreator.gosource.values import value

if TYPE_CHECKING:
    from tree_sitter import Node

__all__ = ["Declared", "Function", "Group", "Kind", "TypeDeclared", "declared", "written"]


@dataclass(frozen=True)
class Declared:
    """What one declaration declares, with its comment."""

    node: "Node"
    doc: str
    """Its comment, paragraphs separated by empty lines."""

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names that it takes in its package, or the name of a method as `Type.Method`."""
        raise NotImplementedError

    @cached_property
    def text(self) -> str:
        """The declaration without its comment, as gofmt has it."""
        return self.write(Printer())

    def write(self, printer: Printer) -> str:
        """Write it."""
        raise NotImplementedError


@dataclass(frozen=True)
class Function(Declared):
    """A function or a method."""

    @property
    def name(self) -> str:
        """Return its name, without that of the receiver's type."""
        return text(self.node.child_by_field_name("name"))

    @property
    def receiver(self) -> "Node | None":
        """Return the receiver of a method."""
        receivers = parts(self.node.child_by_field_name("receiver"))
        return receivers[0] if receivers else None

    @property
    def owner(self) -> str:
        """Return the name of the type that a method belongs to; empty for a function."""
        kind = self.receiver.child_by_field_name("type") if self.receiver else None
        return text(kind).strip("*() ").partition("[")[0].strip() if kind else ""

    @property
    def names(self) -> tuple[str, ...]:
        """Return its one name."""
        return (f"{self.owner}.{self.name}" if self.owner else self.name,)

    @property
    def has_body(self) -> bool:
        """Tell whether it is written in full."""
        return self.node.child_by_field_name("body") is not None

    def write(self, printer: Printer) -> str:
        """Write it without a body."""
        receiver = self.node.child_by_field_name("receiver")
        before = f"{printer.parameters(receiver)} " if receiver else ""
        generic = printer.type_parameters(self.node.child_by_field_name("type_parameters"))
        return f"func {before}{self.name}{generic}{printer.signature(self.node)}"


@dataclass(frozen=True)
class TypeDeclared(Declared):
    """A type."""

    @property
    def name(self) -> str:
        """Return its name."""
        return text(self.node.child_by_field_name("name"))

    @property
    def names(self) -> tuple[str, ...]:
        """Return its one name."""
        return (self.name,)

    @property
    def definition(self) -> "Node | None":
        """Return the type that it is defined as."""
        return self.node.child_by_field_name("type")

    @property
    def is_alias(self) -> bool:
        """Tell whether it is another name of a type."""
        return self.node.type == "type_alias"

    def write(self, printer: Printer) -> str:
        """Write it."""
        head = f"type {self.name}{printer.type_parameters(self.node.child_by_field_name('type_parameters'))}"
        definition = self.definition
        if definition is not None and definition.type in ("struct_type", "interface_type") and not self.is_alias:
            write = printer.struct if definition.type == "struct_type" else printer.interface
            return f"{head} {write(definition, top=True)}"
        return f"{head} {'= ' if self.is_alias else ''}{printer.type(definition)}"


@dataclass(frozen=True)
class Group(Declared):
    """Constants or variables that are declared together."""

    @property
    def kind(self) -> Kind:
        """Return what they are."""
        return Kind.CONST if self.node.type == "const_declaration" else Kind.VAR

    @cached_property
    def specs(self) -> tuple[Member, ...]:
        """Its lines."""
        lists = [child for child in self.node.named_children if child.type == "var_spec_list"]
        return tuple(members((lists[0] if lists else self.node).named_children))

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names that it takes."""
        return tuple(text(name) for spec in self.specs if spec.node for name in names(spec.node) if text(name) != "_")

    @property
    def is_list(self) -> bool:
        """Tell whether it stands in brackets."""
        return any(child.type == "(" for holder in (self.node, *self.node.named_children) for child in holder.children)

    def write(self, printer: Printer) -> str:
        """Write it, in brackets where it has them."""
        if not self.is_list:
            (spec,) = (spec.node for spec in self.specs if spec.node)
            return f"{self.kind} {' '.join(_cells(spec, printer, typed=False))}"
        typed = _keeps_types([spec.node for spec in self.specs if spec.node])
        found = iter(typed)
        rows = [(spec, _cells(spec.node, printer, typed=next(found)) if spec.node else []) for spec in self.specs]
        return "\n".join([f"{self.kind} (", *laid_out(rows, 1), ")"])


def _cells(spec: "Node", printer: Printer, *, typed: bool) -> list[str]:
    """Return the columns of a constant or a variable; `typed` says that there is one for types."""
    kind, given = printer.type(spec.child_by_field_name("type")), parts(spec.child_by_field_name("value"))
    cells = [", ".join(map(text, names(spec)))]
    cells += [kind] if kind or (typed and given) else []
    return [*cells, f"= {', '.join(value(item, printer) for item in given)}"] if given else cells


def _keeps_types(specs: list["Node"]) -> list[bool]:
    """From go/printer, keepTypeColumn: whether a value may stand in the column of types."""
    kept = [False] * len(specs)
    first, typed = -1, False
    for index, spec in enumerate([*specs, None]):
        valued = spec is not None and spec.child_by_field_name("value") is not None
        if valued and first < 0:
            first, typed = index, False
        if not valued and first >= 0:
            kept[first:index] = [typed] * (index - first)
            first = -1
        typed |= spec is not None and spec.child_by_field_name("type") is not None
    return kept


def declared(source: str) -> tuple[Declared, ...]:
    """Read declarations that are known to be Go."""
    return tuple(declarations(parse(source.encode(errors="replace"))))


def declarations(root: "Node") -> Iterator[Declared]:
    """Return what a syntax tree declares at its top."""
    for node, doc in commented(root.named_children):
        if node.type in ("function_declaration", "method_declaration"):
            yield Function(node, doc)
        elif node.type in ("const_declaration", "var_declaration"):
            yield Group(node, doc)
        elif node.type == "type_declaration":
            specs = list(commented(node.named_children))
            for spec, own in specs:
                docs = [doc, own] if len(specs) == 1 else [own]
                yield TypeDeclared(spec, "\n\n".join(part for part in docs if part))


def written(found: tuple[Declared, ...]) -> str:
    """Write declarations with their comments, an empty line between them."""
    return "\n\n".join("\n".join(part for part in (comment(it.doc), it.text) if part) for it in found)
