"""The packages of the layers of a service, as templates see them."""

from gocreator.fcs.layering import layer_packages
from gocreator.fcs.model import Fcs
from gocreator.plan.views.packageview import PackageView, package_view


def layer_views(fcs: Fcs) -> dict[str, PackageView]:
    """Return the package of every layer: a declared one that holds no entities, or a free name below `internal`."""
    holders = {entity.package for entity in fcs.entities}
    found = layer_packages(fcs.packages, holders)
    return {layer: package_view(package, fcs.module, ()) for layer, package in found.items()}
