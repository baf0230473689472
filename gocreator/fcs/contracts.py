"""Turn the exports of packages into contracts: Go declarations in normal form that compile beside everything else."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from gocreator import gonames
from gocreator.fcs.check import cycles, induced
from gocreator.fcs.collisions import declared_by, members_of
from gocreator.fcs.contractfiles import ContractFiles, check_imports, check_used
from gocreator.fcs.entities import Draft
from gocreator.fcs.exportcheck import Surface, check_exports
from gocreator.fcs.exports import Export, read_file, read_texts
from gocreator.fcs.imports import Import, Importable
from gocreator.fcs.layering import BELOW, is_program, is_support, layer_packages, used_layers
from gocreator.fcs.model import Entity, Package
from gocreator.fcs.packages import Places
from gocreator.fcs.report import At, Report
from gocreator.gosource.declarations import written

Drafted = Sequence[tuple[Entity, Draft]]
"""Entities, each with what it was read from."""

Imports = Mapping[str, Sequence[tuple[Import, At]]]


def read_contracts(  # noqa: PLR0913 - it joins what others read
    packages: Sequence[Package],
    drafted: Drafted,
    places: Places,
    report: Report,
    files: ContractFiles,
    *,
    serves: bool,
    module: str,
) -> list[Package]:
    """Return the packages with their exports in normal form, and with what these import as dependencies."""
    # What could not be read may be what seems to be missing.
    unclear = {package.name for package in packages if report.partial}
    check_used(files, packages, report)
    stating = [package for package in packages if package.exports or files.of(package.name) is not None]
    if not stating:
        return list(packages)
    exports: dict[str, list[Export]] = {}
    for package in stating:
        told = len(report.errors)
        exports[package.name] = _read(package, places, files, report)
        unclear |= {package.name} if len(report.errors) > told else set()
    holders = {entity.package for entity, _ in drafted}
    layers = used_layers(packages, holders, serves=serves)
    surfaces = {
        package.name: Surface(
            _generated_names(package, drafted),
            exports.get(package.name, ()),
            is_open=package.name in unclear or package in layers.values(),
        )
        for package in packages
    }
    importable = Importable(
        packages, layer_packages(packages, holders), lambda package, name: name in surfaces[package].known
    )
    imports = {
        package.name: check_exports(package, surfaces, importable, report)
        for package in packages
        if exports.get(package.name)
    }
    for package in stating:
        source = None if package.exports else files.of(package.name)
        if source is not None and package.name not in unclear:
            found = [it for it, _ in imports.get(package.name, [])]
            check_imports(source, files.at(package.name), found, module, report)
    if not report.errors:
        _check_layers(imports, drafted, layers, report)
    return [_with(package, exports.get(package.name, []), imports.get(package.name, [])) for package in packages]


def _read(package: Package, places: Places, files: ContractFiles, report: Report) -> list[Export]:
    """Read the exports of a package, if it can have any: its own, or those of its contract file."""
    at = places[package.name].at / "exports" if package.exports else files.at(package.name)
    clause = gonames.package_name(package.path)
    if is_program(package):
        hint = "give exports to a package outside of cmd"
        report.warn(at, f"the package `{package.name}` is a program, whose exports nothing can import", hint)
        return []
    if is_support(package):
        hint = "give it another path"
        report.error(at, f"generated code has its own package at {package.path}, to which nothing can be added", hint)
    elif not gonames.is_identifier(clause):
        report.error(at, f"the path {package.path} gives no name of a Go package", "give it another path")
    elif clause in gonames.PREDECLARED:
        report.error(at, f"the package `{clause}` would hide what Go means by that", "give it another path")
    if package.exports:
        return read_texts(places[package.name].doc.exports, at, report)
    return read_file(files.of(package.name) or "", at, clause, report)


def _generated_names(package: Package, drafted: Drafted) -> dict[str, str]:
    """Return the names that entities bring into a package, each with what it is."""
    held = [entity for entity, _ in drafted if entity.package == package.name]
    names = {name: f"{what} of `{entity.name}`" for entity in held for name, what in declared_by(entity)}
    return names | {name: what for entity in held for name, what in members_of(entity)}


def _with(package: Package, exports: Sequence[Export], imports: Sequence[tuple[Import, At]]) -> Package:
    """Return a package with its exports in normal form."""
    used = {*package.dependencies, *(found.package for found, _ in imports if found.package)}
    text = written(tuple(export.declared for export in exports))
    return package.model_copy(update={"exports": text, "dependencies": tuple(sorted(used))})


def _check_layers(imports: Imports, drafted: Drafted, layers: Mapping[str, Package], report: Report) -> None:
    """Refuse exports that mention a package whose generated code needs theirs."""
    edges: dict[str, set[str]] = {}
    places: dict[tuple[str, str], At] = {}
    for name, found in imports.items():
        for item, at in found:
            target = layers[item.layer].name if item.layer in layers else item.package
            edges.setdefault(name, set()).update({target} - {""})
            places[name, target] = at
    for source, target in _generated_imports(drafted, layers):
        edges.setdefault(source, set()).add(target)
    for cycle in cycles(edges):
        stated = [places[step] for step in pairwise(cycle) if step in places]
        if stated:
            message = f"packages would import each other: {' -> '.join(cycle)}"
            report.error(stated[0], message, "move what both need into a package of its own")


def _generated_imports(drafted: Drafted, layers: Mapping[str, Package]) -> Iterator[tuple[str, str]]:
    """Return the imports of generated code."""
    entities = [entity for entity, _ in drafted]
    for source, target, _ in induced(entities, [draft for _, draft in drafted]):
        yield source, target
    for layer, package in layers.items():
        yield from ((package.name, layers[below].name) for below in BELOW[layer] if below in layers)
        yield from ((package.name, entity.package) for entity in entities)
