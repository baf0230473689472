"""Find the package that Go code means by a name: one of the project, one of the standard library."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

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
    declares: Callable[[str, str], bool] = lambda _package, _name: False
    """Tells whether a package of the specification declares a name; dependencies need not be asked."""

    @cached_property
    def names(self) -> dict[str, list[Package]]:
        """The packages of the specification by their clauses."""
        found: dict[str, list[Package]] = {}
        for package in self.packages:
            found.setdefault(gonames.package_name(package.path), []).append(package)
        return found

    def find(self, name: str, user: Package, symbol: str) -> Import | None:
        """Return the package that another one means by a name when it mentions something of it.

        A dependency comes first, then one of the project that declares the symbol, then the standard library.
        """
        own = [package for package in self.names.get(name, []) if package.name != user.name]
        wanted = [package for package in own if package.name in user.dependencies]
        wanted = wanted or [package for package in own if self.declares(package.name, symbol)]
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
