"""What templates see of a specification: names, types, literals and sentences of Go, all decided here.

Values are frozen; a template asks properties and decides nothing about names itself. `view` is pure.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from gocreator import gonames
from gocreator.errors import FcsError, Problem
from gocreator.fcs.model import Build, Dependency, Fcs, Relationship, Requirement, Scenario, Testing
from gocreator.plan.golayout import clean
from gocreator.plan.views.endpointview import EndpointView, endpoint_views
from gocreator.plan.views.entityface import FaceView
from gocreator.plan.views.entityview import EntityView, entity_view, face_view
from gocreator.plan.views.layers import layer_views
from gocreator.plan.views.links import Link, links
from gocreator.plan.views.packages import package_views
from gocreator.plan.views.packageview import PackageView, SupportView, package_view, support_views
from gocreator.plan.views.prose import paragraph

__all__ = ["EntityView", "FaceView", "PackageView", "ProjectView", "SupportView", "View", "check_samples", "view"]


@dataclass(frozen=True)
class ProjectView:
    """The project as a whole."""

    name: str
    """In kebab case, as a command is called."""
    title: str
    module: str
    description: str
    """One line; ends with a full stop if it is not empty."""
    version: str
    go_version: str
    dependencies: tuple[Dependency, ...]
    support: tuple[SupportView, ...]
    """The packages that generated code shares, planned only where they are used."""
    layers: Mapping[str, PackageView]
    """The packages of the layers of a service, by the layer's name."""
    stateful: bool
    """It has entities, and so stores."""

    @property
    def layer_packages(self) -> tuple[PackageView, ...]:
        """Return the packages of all layers."""
        return tuple(self.layers.values())

    @property
    def requirements(self) -> tuple[str, ...]:
        """Return the modules whose version is declared, as go.mod has them."""
        return tuple(f"{it.name} {it.release}" for it in self.dependencies if it.release)

    @property
    def command_doc(self) -> str:
        """Return the comment of its program."""
        return "\n\n".join(
            part for part in (f"Command {self.name} is the program of {self.title}.", self.description) if part
        )

    @property
    def server_doc(self) -> str:
        """Return the comment of its program where that serves endpoints."""
        return "\n\n".join(part for part in (f"Command {self.name} is an HTTP server.", self.description) if part)

    @property
    def version_line(self) -> str:
        """Return what its program says to be, before facts of its build."""
        return f"{self.name} {self.version}".strip()

    @property
    def go_image(self) -> str:
        """Return the tag of the official image with its Go."""
        return self.go_version


@dataclass(frozen=True)
class View:
    """Everything that templates may be given."""

    project: ProjectView
    entities: tuple[EntityView, ...]
    packages: tuple[PackageView, ...]
    relationships: tuple[Relationship, ...]
    endpoints: tuple[EndpointView, ...]
    requirements: tuple[Requirement, ...]
    scenarios: tuple[Scenario, ...]
    testing: Testing
    build: Build

    @property
    def rules(self) -> tuple[str, ...]:
        """Return the rules of all entities."""
        return tuple(rule for entity in self.entities for rule in entity.rules)


def view(fcs: Fcs) -> View:
    """Return what templates see of a specification, in its order."""
    support = support_views(fcs.module)
    faces = {entity.name: face_view(entity, _package_of(fcs, entity.package)) for entity in fcs.entities}
    served = endpoint_views(fcs, faces)
    found = links(fcs)
    around: dict[str, list[Link]] = {entity.name: [] for entity in fcs.entities}
    for link in found:
        for name in dict.fromkeys((link.source, link.target)):
            around[name].append(link)
    operations: dict[str, list[EndpointView]] = {entity.name: [] for entity in fcs.entities}
    for endpoint in served:
        if endpoint.entity:
            operations[endpoint.entity].append(endpoint)
    entities = tuple(
        entity_view(entity, faces, around[entity.name], operations[entity.name], support) for entity in fcs.entities
    )
    return View(
        project=_project(fcs, support),
        entities=entities,
        packages=package_views(fcs, faces),
        relationships=fcs.relationships,
        endpoints=served,
        requirements=fcs.requirements,
        scenarios=fcs.scenarios,
        testing=fcs.testing,
        build=fcs.build,
    )


def check_samples(entities: Iterable[EntityView]) -> None:
    """Make all values that tests need, so that what is wrong with the specification is not met in a template.

    Raise `FcsError` where no fixture can be made.
    """
    problems: list[Problem] = []
    for field in (field for entity in entities for field in entity.param_fields):
        try:
            _ = field.sample
        except FcsError as error:
            problems += error.problems
    if problems:
        raise FcsError(problems)


def _project(fcs: Fcs, support: tuple[SupportView, ...]) -> ProjectView:
    return ProjectView(
        name=fcs.name,
        title=clean(fcs.title) or gonames.sentence(fcs.name).capitalize() or fcs.name,
        module=fcs.module,
        description=paragraph(fcs.description),
        version=clean(fcs.version),
        go_version=fcs.build.go_version,
        dependencies=fcs.dependencies,
        support=support,
        layers=layer_views(fcs),
        stateful=bool(fcs.entities),
    )


def _package_of(fcs: Fcs, name: str) -> PackageView:
    package = next(package for package in fcs.packages if package.name == name)
    return package_view(package, fcs.module, ())
