"""What templates see of packages: those of the specification, those of tests, those that all code shares."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gocreator import gonames
from gocreator.fcs.layering import SUPPORT
from gocreator.fcs.model import Package
from gocreator.plan.views.exportview import ExportView, assertions, export_views
from gocreator.plan.views.prose import begins_with, described, listed, paragraph

if TYPE_CHECKING:
    from gocreator.plan.views.entityface import FaceView


@dataclass(frozen=True)
class SupportView:
    """A package that generated code shares."""

    name: str
    path: str
    import_path: str


@dataclass(frozen=True)
class PackageView:
    """A package of the specification."""

    name: str
    """Its package clause."""
    element: str
    """Its name in the specification."""
    path: str
    """Its directory, relative to the module's root; empty for the root itself."""
    import_path: str
    purpose: str
    """One line; ends with a full stop if it is not empty."""
    implied: bool
    dependencies: tuple[str, ...]
    entities: "tuple[FaceView, ...]"
    is_free: bool = False
    """Nothing lies in it but what the specification says of the package itself."""
    declarations: str = ""
    """The Go declarations that it must have, in normal form."""
    stem: str = ""
    """The name, without ending, of the file with these declarations."""
    imports: "tuple[SupportView, ...]" = ()
    """The packages that the declarations mention."""
    layers: tuple[str, ...] = ()
    """The layers whose packages it depends on."""
    support: tuple[str, ...] = ()
    """The shared packages that the declarations mention."""

    @property
    def exports(self) -> tuple[ExportView, ...]:
        """Return the declarations that it must have, in their order."""
        return export_views(self.declarations, self.name)

    @property
    def assertions(self) -> str:
        """Return declarations for a test outside of it that compile only if it has its exports."""
        return assertions(self.declarations, self.name)

    @property
    def is_skeleton(self) -> bool:
        """Tell whether somebody must write code for it before it does anything."""
        return any(export.is_function for export in self.exports) or (self.is_free and not self.declarations)

    @property
    def test_imports(self) -> "tuple[SupportView, ...]":
        """Return the packages that a test of its exports mentions."""
        return (*self.imports, SupportView(self.name, self.path, self.import_path))

    def file(self, name: str) -> str:
        """Return the path of a file in it."""
        return f"{self.path}/{name}" if self.path else name

    @property
    def fixtures(self) -> SupportView:
        """Return the package of its test fixtures, below it as httptest is below http."""
        name = f"{self.name}test"
        return SupportView(name, self.file(name), f"{self.import_path}/{name}")

    @property
    def doc(self) -> str:
        """Return its package comment."""
        subject = f"Package {self.name}"
        text = described(subject, self.purpose)
        names = listed([entity.name for entity in self.entities])
        held = names and f"holds the {'entity' if len(self.entities) == 1 else 'entities'} {names}"
        if begins_with(subject, text):
            return f"{text}\n\nIt {held}." if held else text
        first = f"{subject} {held or 'is part of a program'}."
        return "\n\n".join(part for part in (first, text) if part)


def package_view(package: Package, module: str, entities: "tuple[FaceView, ...]") -> PackageView:
    """Return what templates see of a package that holds these entities."""
    path = "" if package.path == "." else package.path
    return PackageView(
        name=gonames.package_name(package.path or module),
        element=package.name,
        path=path,
        import_path=f"{module}/{path}" if path else module,
        purpose=paragraph(package.purpose),
        implied=package.implied,
        dependencies=package.dependencies,
        entities=entities,
    )


def support_views(module: str) -> tuple[SupportView, ...]:
    """Return the shared packages of a module."""
    return tuple(SupportView(name, f"internal/{name}", f"{module}/internal/{name}") for name in SUPPORT)
