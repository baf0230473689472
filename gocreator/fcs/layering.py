"""The packages that generated code brings along or lies in, beside those of entities."""

from collections.abc import Collection, Iterable, Mapping

from gocreator import gonames
from gocreator.fcs.model import Package

LAYERS: Mapping[str, tuple[str, ...]] = {
    "repository": ("repository", "repositories", "store", "storage"),
    "service": ("service", "services", "usecase"),
    "handlers": ("handlers", "handler", "httpapi", "api"),
}
"""For each layer the names by which a specification may declare its package; the first is the default."""

BELOW: Mapping[str, tuple[str, ...]] = {
    "repository": (),
    "service": ("repository",),
    "handlers": ("repository", "service"),
}
"""For each layer the layers that it imports, beside the packages of entities."""

SUPPORT = ("alias", "civil", "decimal", "fault", "invalid", "uuid", "web")
"""The packages below `internal` that generated code shares."""


def layer_packages(packages: Iterable[Package], holders: Collection[str]) -> dict[str, Package]:
    """Return the package of every layer: a declared one that holds no entities, or a free name below `internal`."""
    packages = list(packages)
    declared = {package.name: package for package in packages if package.name not in holders}
    taken = {gonames.package_name(package.path) for package in packages}
    found: dict[str, Package] = {}
    for layer, names in LAYERS.items():
        package = next((declared[name] for name in names if name in declared and _fits(declared[name])), None)
        if package is None:
            free = next(name for name in (*names, f"{layer}layer", f"{layer}{len(taken)}") if name not in taken)
            package = Package(name=free, path=f"internal/{free}", implied=True)
        taken.add(gonames.package_name(package.path))
        found[layer] = package
    return found


def _fits(package: Package) -> bool:
    clause = gonames.package_name(package.path)
    refused = {*gonames.KEYWORDS, *gonames.PREDECLARED, *SUPPORT, "main"}
    return gonames.is_identifier(clause) and clause not in refused and package.path != "."


def is_program(package: Package) -> bool:
    """Tell whether a package is a command, which nothing can import; generated ones lie below `cmd`."""
    clause = gonames.package_name(package.path)
    return "main" in (package.name, clause) or package.path == "." or package.path.split("/")[0] == "cmd"


def is_support(package: Package) -> bool:
    """Tell whether a package lies where generated code puts one that it shares."""
    return package.path.lower() in {f"internal/{name}" for name in SUPPORT}


def is_free(package: Package, holders: Collection[str], used_layers: Mapping[str, Package]) -> bool:
    """Tell whether a package has nothing in it but what the specification says of the package itself."""
    taken = package.name in holders or package in used_layers.values()
    named = gonames.is_identifier(gonames.package_name(package.path))
    return named and not taken and not is_program(package) and not is_support(package)


def used_layers(packages: Iterable[Package], holders: Collection[str], *, serves: bool) -> dict[str, Package]:
    """Return the packages of the layers in which generated code lies: handlers only where endpoints are served."""
    found = layer_packages(packages, holders)
    used = {"repository": bool(holders), "service": bool(holders), "handlers": serves}
    return {layer: package for layer, package in found.items() if used[layer]}
