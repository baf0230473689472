"""Declarations that compile only beside a package that keeps its contract, written for a test outside of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from textwrap import indent
from typing import TYPE_CHECKING

from gocreator.gonames import PREDECLARED
from gocreator.gosource.declarations import Declared, Function, Group, Kind, TypeDeclared
from gocreator.gosource.signature import names, parts, text
from gocreator.gosource.types import Printer
from gocreator.gosource.uses import type_parameters, uses

if TYPE_CHECKING:
    from tree_sitter import Node


@dataclass(frozen=True)
class Assertion:
    """A statement that compiles where a contract is kept, for all type arguments where there are type parameters."""

    parameters: str
    statement: str


def asserted(found: Sequence[Declared], package: str) -> str:
    """Return declarations that hold beside any implementation of those found; empty where there is nothing to say."""
    writer = _Asserting(package, found)
    blocks = [block for it in found for block in _blocks(list(writer.about(it)))]
    lines: list[str] = []
    for index, block in enumerate(blocks):
        before = blocks[index - 1] if index else block
        apart = "\n" in before + block or block.startswith("func") or before.split()[0] != block.split()[0]
        lines += ["", block] if index and apart else [block]
    return "\n".join(lines)


def _blocks(about: list[Assertion]) -> Iterator[str]:
    """Write the assertions about one declaration; those that share type parameters stand in one function."""
    for parameters, group in groupby(about, lambda it: it.parameters):
        statements = [it.statement for it in group]
        if not parameters:
            yield from statements
        else:
            inner = "\n".join(["", *(indent(it, "\t") for it in statements), ""]) if any(statements) else ""
            yield f"func _{parameters}() {{{inner}}}"


@dataclass(frozen=True)
class _Asserting:
    """Knows the package and what it declares."""

    package: str
    found: Sequence[Declared]

    def about(self, declared: Declared) -> Iterator[Assertion]:
        """Return what there is to say about one declaration."""
        if isinstance(declared, Group):
            yield from self.group(declared)
        elif not _public(declared.names[0]):
            return
        elif isinstance(declared, Function):
            yield from self.function(declared)
        elif isinstance(declared, TypeDeclared):
            yield from self.type(declared)

    def function(self, function: Function) -> Iterator[Assertion]:
        """Say that a function or a method has its signature."""
        if not self.writable(function.node, function):
            return
        printer = self.printer(function)
        signature, name = printer.signature(function.node), f"{self.package}.{function.name}"
        if function.receiver is None:
            parameters = function.node.child_by_field_name("type_parameters")
            yield self.stated(function, parameters, f"func{signature}", name + _arguments(parameters))
            return
        owner = next((it for it in self.found if it.names == (function.owner,)), function)
        parameters = owner.node.child_by_field_name("type_parameters")
        if _names(parameters) == _receiver_names(function):
            kind = printer.type(function.receiver.child_by_field_name("type"))
            between = "" if signature.startswith("()") else ", "
            method = f"({kind}).{function.name}" if kind.startswith("*") else f"{kind}.{function.name}"
            yield self.stated(owner, parameters, f"func({kind}{between}{signature[1:]}", method)

    def type(self, declared: TypeDeclared) -> Iterator[Assertion]:
        """Say what a type is: its fields, its methods, or the type below it."""
        parameters, definition = declared.node.child_by_field_name("type_parameters"), declared.definition
        kind = f"{self.package}.{declared.name}{_arguments(parameters)}"
        if definition is None or (parameters is not None and not self.writable(parameters, declared)):
            return
        if definition.type == "struct_type" and not declared.is_alias:
            yield from self.fields(declared, definition, kind)
        elif definition.type == "interface_type" and not _is_basic(definition):
            if parameters is None:
                yield Assertion(f"[_ {kind}]", "")
        elif self.writable(definition, declared):
            shown = self.printer(declared).type(definition)
            if declared.is_alias:
                yield self.stated(declared, parameters, f"*{shown}", f"(*{kind})(nil)")
            else:
                yield self.stated(declared, parameters, "", f"(*{shown})((*{kind})(nil))")

    def fields(self, declared: TypeDeclared, definition: "Node", kind: str) -> Iterator[Assertion]:
        """Say which fields a struct has, or only that there is one."""
        parameters, shown = declared.node.child_by_field_name("type_parameters"), False
        for field in (field for body in parts(definition) for field in parts(body)):
            *_, stated = self.printer(declared).field(field)[: 2 if names(field) else 1]
            bare = stated.strip("*").partition("[")[0].rpartition(".")[2]
            for name in [text(name) for name in names(field)] or [bare]:
                if _public(name) and self.writable(field, declared):
                    shown = True
                    yield self.stated(declared, parameters, f"*{stated}", f"&new({kind}).{name}")
        if not shown:
            yield self.stated(declared, parameters, f"*{kind}", "nil")

    def group(self, group: Group) -> Iterator[Assertion]:
        """Say that constants are constants, and that variables have the types they state."""
        constant, kind = group.kind is Kind.CONST, None
        for spec in (spec.node for spec in group.specs if spec.node):
            if not constant or spec.child_by_field_name("value"):
                kind = spec.child_by_field_name("type")
            if kind is not None and not self.writable(kind, group):
                continue
            stated = self.printer(group).type(kind)
            for name in (text(name) for name in names(spec)):
                if _public(name) and constant:
                    yield Assertion("", f"const _ {stated} = {self.package}.{name}".replace("  ", " "))
                elif _public(name):
                    yield self.stated(group, None, f"*{stated}" if stated else "", f"&{self.package}.{name}")

    def printer(self, declared: Declared) -> Printer:
        """Return a printer for types of the package, seen from outside."""
        return Printer(package=self.package, hidden=type_parameters(declared), named=False)

    def stated(self, declared: Declared, parameters: "Node | None", kind: str, expression: str) -> Assertion:
        """Say that an expression has a type."""
        return Assertion(
            self.printer(declared).type_parameters(parameters), f"var _ {kind}".rstrip() + f" = {expression}"
        )

    def writable(self, node: "Node", declared: Declared) -> bool:
        """Tell whether a type can be written outside of the package, which knows no unexported names."""
        inside = range(node.start_byte, node.end_byte)
        own = {use.name for use in uses(declared) if not use.package and use.node.start_byte in inside}
        return all(_public(name) for name in own - PREDECLARED)


def _public(name: str) -> bool:
    return all(part[:1].isupper() for part in name.split("."))


def _names(parameters: "Node | None") -> list[str]:
    return [text(name) for item in parts(parameters) for name in names(item)]


def _arguments(parameters: "Node | None") -> str:
    return f"[{', '.join(_names(parameters))}]" if parameters is not None else ""


def _receiver_names(function: Function) -> list[str]:
    shown = text(function.receiver).partition("[")[2].rpartition("]")[0]
    return [name.strip() for name in shown.split(",") if name.strip()]


def _is_basic(definition: "Node") -> bool:
    """Tell whether variables can have an interface as their type, and other packages can state all of it."""
    return all(
        element.type == "method_elem" and _public(text(element.child_by_field_name("name")))
        for element in parts(definition)
    )
