"""The packages of a specification as templates see them, each with what it imports and depends on."""

from collections.abc import Mapping
from dataclasses import replace

from gocreator.fcs.imports import Import, Importable
from gocreator.fcs.layering import is_free, is_program, layer_packages, used_layers
from gocreator.fcs.model import Fcs, Package
from gocreator.gosource.declarations import declared
from gocreator.gosource.uses import uses
from gocreator.plan.views.entityface import FaceView
from gocreator.plan.views.packageview import PackageView, SupportView, package_view


def package_views(fcs: Fcs, faces: Mapping[str, FaceView]) -> tuple[PackageView, ...]:
    """Return the packages in the order of the specification."""
    holders = {entity.package for entity in fcs.entities}
    layers = layer_packages(fcs.packages, holders)
    used = used_layers(fcs.packages, holders, serves=bool(fcs.endpoints))
    importable = Importable(fcs.packages, layers)
    stems = {face.file for face in faces.values()} | {"doc"}
    views = []
    for package in fcs.packages:
        held = tuple(faces[entity.name] for entity in fcs.entities if entity.package == package.name)
        seen = package_view(package, fcs.module, held)
        imports = _imports(package, importable)
        free = is_free(package, holders, used)
        depended = {layer for layer, found in layers.items() if found.name in (package.name, *package.dependencies)}
        views.append(
            replace(
                seen,
                is_free=free,
                declarations="" if is_program(package) else package.exports,
                stem=seen.name if free else next(it for it in _stems(seen.name) if it not in stems),
                imports=tuple(_import_view(found, fcs.module) for found in imports),
                layers=tuple(sorted(depended | {found.layer for found in imports if found.layer})),
                support=tuple(found.support for found in imports if found.support),
            )
        )
    return tuple(views)


def _stems(name: str) -> tuple[str, ...]:
    """Return names for the file of a package's own declarations, beside files that are named as entities."""
    return (name, f"{name}_exports", f"{name}_package_exports", f"{name}_own_exports")


def _imports(package: Package, importable: Importable) -> list[Import]:
    """Return the packages that the exports of a package mention, by name."""
    if not package.exports:
        return []
    used = {use.package: use.name for it in declared(package.exports) for use in uses(it) if use.package}
    return [found for name in sorted(used) if (found := importable.find(name, package, used[name]))]


def _import_view(found: Import, module: str) -> SupportView:
    return SupportView(found.name, found.path, found.path if found.is_standard else f"{module}/{found.path}")
