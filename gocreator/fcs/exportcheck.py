"""Check what exports declare and mention, so that their Go compiles beside what is generated."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from gocreator import gonames
from gocreator.fcs.exports import Export
from gocreator.fcs.imports import Import, Importable
from gocreator.fcs.model import Package
from gocreator.fcs.report import At, Report
from gocreator.fcs.types import close
from gocreator.gosource.declarations import Function, Group, TypeDeclared
from gocreator.gosource.signature import fields, parts, text
from gocreator.gosource.uses import Use, type_parameters, uses

if TYPE_CHECKING:
    from tree_sitter import Node

_IN_SKELETONS = frozenset(["errors", "fmt"])
"""The packages that skeletons of functions import."""


@dataclass(frozen=True)
class Surface:
    """What is known of the names of a package."""

    names: Mapping[str, str] = field(default_factory=dict)
    """What is generated in it: names, those of methods and fields as `Type.Name`, each with what it is."""
    exports: Sequence[Export] = ()
    is_open: bool = False
    """More is generated in it than is known here."""

    @property
    def functions(self) -> set[str]:
        """Return the functions that its exports declare."""
        return {it.declared.names[0] for it in self.exports if isinstance(it.declared, Function)}

    @property
    def known(self) -> set[str]:
        """Return the names that it is known to have, without methods and fields."""
        exported = {name for it in self.exports for name in it.declared.names}
        return {name for name in {*self.names, *exported} if "." not in name}

    def declares(self, name: str) -> bool:
        """Tell whether there is such a name, as far as can be told."""
        return self.is_open or name in self.known


def check_exports(
    package: Package, surfaces: Mapping[str, Surface], importable: Importable, report: Report
) -> list[tuple[Import, At]]:
    """Check the exports of a package; return what they import, with the place of a text that does."""
    checker = _Checker(package, surfaces, importable, report)
    checker.check_names()
    for export in checker.surface.exports:
        checker.check_uses(export)
    return checker.imports


@dataclass
class _Checker:
    package: Package
    surfaces: Mapping[str, Surface]
    importable: Importable
    report: Report
    imports: list[tuple[Import, At]] = field(default_factory=list)

    @property
    def surface(self) -> Surface:
        return self.surfaces[self.package.name]

    def error(self, export: Export, node: "Node", message: str, hint: str) -> None:
        """Report at a node of a declaration."""
        self.report.error_within(export.text.at, export.text.place(node), message, hint)

    def check_names(self) -> None:
        """Refuse names that cannot stand in the package, or that stand there twice."""
        seen = dict(self.surface.names)
        for export in self.surface.exports:
            for member in _members(export):
                if member in seen:
                    self.error(export, export.declared.node, f"`{member}` is {seen[member]} already", "rename one")
                seen[member] = "a field or a method of the type"
        for export in self.surface.exports:
            for name in export.declared.names:
                self.check_name(export, name)
                if name in seen:
                    self.error(export, export.declared.node, f"`{name}` is {seen[name]} already", "rename one of them")
                seen[name] = "declared"
            self.check_owner(export)

    def check_name(self, export: Export, name: str) -> None:
        """Refuse names that others cannot use, and those that mean something else in Go."""
        declared, last = export.declared, name.rpartition(".")[2]
        single = isinstance(declared, Function) or (isinstance(declared, Group) and declared.kind == "var")
        if single and not last[:1].isupper():
            hint = f"call it `{gonames.exported(last) or 'Name'}`, or leave it out"
            self.error(export, declared.node, f"`{last}` cannot be used by other packages", hint)
        elif name in gonames.PREDECLARED:
            self.error(export, declared.node, f"`{name}` means something else in Go", "give it another name")

    def check_owner(self, export: Export) -> None:
        """Refuse methods of types that are not there, or that have other type parameters."""
        method = export.declared
        if not isinstance(method, Function) or not method.owner or self.surface.is_open:
            return
        declared = (it.declared for it in self.surface.exports)
        types = {it.name: it for it in declared if isinstance(it, TypeDeclared)}
        owner = types.get(method.owner)
        if owner is not None and len(type_parameters(owner)) != len(type_parameters(method)):
            hint = "such as `func (l *List[T]) Len() int` for `type List[T any] struct{}`"
            self.error(export, method.node, f"the receiver does not name the type parameters of `{method.owner}`", hint)
        elif owner is not None and (owner.is_alias or not _has_methods(owner)):
            self.error(export, method.node, f"`{method.owner}` is no type that can have methods", "make it a struct")

    def check_uses(self, export: Export) -> None:
        """Check every name that a declaration uses."""
        told: set[str] = set()
        values = {use.node.start_byte for use in _in_values(export)}
        for use in uses(export.declared):
            shown = f"{use.package}.{use.name}" if use.package else use.name
            problem = self.used(use, export, called=use.node.start_byte in values)
            if problem and shown not in told:
                told.add(shown)
                self.error(export, use.node, *problem)

    def used(self, use: Use, export: Export, *, called: bool) -> tuple[str, str] | None:
        """Say what is wrong with a use."""
        if use.package:
            return self.qualified(use, export, called=called)
        surface = self.surface
        if use.name not in gonames.PREDECLARED and use.name != "_" and not surface.declares(use.name):
            declare = f"declare it, such as `type {use.name} struct{{}}`"
            return f"`{use.name}` is not declared", close(use.name, surface.known, otherwise=declare)
        if called and use.name in surface.functions:
            return f"the value calls `{use.name}`, which is not implemented yet", "give only the type of the variable"
        return None

    def qualified(self, use: Use, export: Export, *, called: bool) -> tuple[str, str] | None:
        """Say what is wrong with the mention of another package."""
        clause = gonames.package_name(self.package.path)
        found = self.importable.find(use.package, self.package, use.name)
        if found is None and use.package == clause:
            return f"`{clause}` is the package itself", f"write `{use.name}`"
        if found is None:
            hint = close(use.package, self.importable.known, otherwise="use packages of the project and of Go itself")
            return f"there is no package `{use.package}` here", hint
        if found.name == clause:
            return f"`{clause}` is also the name of the package itself", "give one of them another path"
        if any(other.name == found.name and other != found for other, _ in self.imports):
            return f"`{use.package}` means two packages here", "name the package of the project as a dependency"
        self.imports.append((found, export.text.at))
        if self.surface.declares(use.package) and not self.surface.is_open:
            return f"`{use.package}` is declared here and is a package that is used here", "rename what is declared"
        if not found.is_standard and use.package in _IN_SKELETONS and self.surface.functions:
            return f"generated code imports another package named `{use.package}`", "give the package another path"
        other = self.surfaces.get(found.package)
        if other is None:
            return None
        if not other.declares(use.name):
            hint = close(use.name, other.known, otherwise="add it to its exports")
            return f"the package `{use.package}` has no `{use.name}`", hint
        if called and use.name in other.functions:
            return f"the value calls `{use.package}.{use.name}`, which is not implemented yet", "give only the type"
        return None


def _members(export: Export) -> Iterator[str]:
    """Return the fields of a struct and the methods of an interface, as `Type.Name`."""
    declared = export.declared
    if not isinstance(declared, TypeDeclared) or declared.definition is None:
        return
    if declared.definition.type == "struct_type":
        yield from (f"{declared.name}.{field.name}" for field in fields(declared.definition) if field.name != "_")
    if declared.definition.type == "interface_type":
        named = (child.child_by_field_name("name") for child in parts(declared.definition))
        yield from (f"{declared.name}.{text(name)}" for name in named if name)


def _has_methods(declared: TypeDeclared) -> bool:
    return declared.definition is not None and declared.definition.type not in ("interface_type", "pointer_type")


def _in_values(export: Export) -> Iterator[Use]:
    """Return the uses inside of values of variables and constants."""
    declared = export.declared
    if not isinstance(declared, Group):
        return
    values = [spec.node.child_by_field_name("value") for spec in declared.specs if spec.node]
    ranges = [range(value.start_byte, value.end_byte) for value in values if value]
    yield from (use for use in uses(declared) if any(use.node.start_byte in inside for inside in ranges))
