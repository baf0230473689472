"""The packages of the layers of a service: those that the specification declares, or usual ones."""

from collections.abc import Mapping

from gocreator import gonames
from gocreator.fcs.model import Fcs, Package
from gocreator.plan.packageview import SUPPORT, PackageView, package_view

LAYERS: Mapping[str, tuple[str, ...]] = {
    "repository": ("repository", "repositories", "store", "storage"),
    "service": ("service", "services", "usecase"),
    "handlers": ("handlers", "handler", "httpapi", "api"),
}
"""For each layer the names by which a specification may declare its package; the first is the default."""


def layer_views(fcs: Fcs) -> dict[str, PackageView]:
    """Return the package of every layer: a declared one that holds no entities, or a free name below `internal`."""
    holders = {entity.package for entity in fcs.entities}
    declared = {package.name: package for package in fcs.packages if package.name not in holders}
    taken = {gonames.package_name(package.path) for package in fcs.packages}
    found: dict[str, PackageView] = {}
    for layer, names in LAYERS.items():
        package = next((declared[name] for name in names if name in declared and _fits(declared[name])), None)
        if package is None:
            free = next(name for name in (*names, f"{layer}layer", f"{layer}{len(taken)}") if name not in taken)
            package = Package(name=free, path=f"internal/{free}", implied=True)
        taken.add(gonames.package_name(package.path))
        found[layer] = package_view(package, fcs.module, ())
    return found


def _fits(package: Package) -> bool:
    clause = gonames.package_name(package.path)
    refused = {*gonames.KEYWORDS, *gonames.PREDECLARED, *SUPPORT, "main"}
    return gonames.is_identifier(clause) and clause not in refused and package.path != "."
