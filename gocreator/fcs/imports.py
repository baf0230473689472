"""Find the package that Go code means by a name: one of the project, one of the standard library."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from gocreator import gonames
from gocreator.fcs.layering import SUPPORT, is_support
from gocreator.fcs.model import Package
from gocreator.gosource.standard import PACKAGES


@dataclass(frozen=True)
class Import:
    """A package that declarations mention."""

    name: str
    """Its package clause."""
    path: str
    """Its import path; for a package of the project, its directory."""
    package: str = ""
    """The package of the specification that it is."""
    layer: str = ""
    """The layer whose package it is."""
    support: str = ""
    """The shared package that it is."""

    @property
    def is_standard(self) -> bool:
        """Tell whether it belongs to the standard library."""
        return not (self.package or self.layer or self.support)


@dataclass(frozen=True)
class Importable:
    """Everything that can be imported in one specification."""

    packages: Sequence[Package]
    layers: Mapping[str, Package]
    names: dict[str, list[Package]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Find the packages by their clauses."""
        for package in self.packages:
            self.names.setdefault(gonames.package_name(package.path), []).append(package)

    def find(self, name: str, user: Package) -> Import | None:
        """Return what a package means by a name: its dependency, the standard library, another one of the project."""
        own = [package for package in self.names.get(name, []) if package.name != user.name]
        wanted = [package for package in own if package.name in user.dependencies]
        if not wanted and name in PACKAGES:
            return Import(name, PACKAGES[name])
        for package in wanted or own:
            if is_support(package):
                break
            layer = next((layer for layer, found in self.layers.items() if found == package), "")
            return Import(name, package.path, package=package.name, layer=layer)
        for layer, package in self.layers.items():
            if gonames.package_name(package.path) == name and package not in self.packages:
                return Import(name, package.path, layer=layer)
        return Import(name, f"internal/{name}", support=name) if name in SUPPORT else None

    @property
    def known(self) -> list[str]:
        """Return the names of the project's packages."""
        return sorted({*self.names, *(gonames.package_name(package.path) for package in self.layers.values())})
