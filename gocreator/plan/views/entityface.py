"""What templates see of an entity that stands beside their own: names and the type of the key."""

from dataclasses import dataclass

from gocreator import gonames
from gocreator.plan.views.packageview import PackageView

KEY = "7d444840-9dc0-41d1-b245-5ffdce74fad2"
"""The key of an entity that fixtures refer to."""


_OF_PACKAGES = ("doc", "stores", "services", "router", "openapi")
"""Names of files that belong to a package, not to an entity."""


def own_file(name: str) -> str:
    """Return the name, without ending, of the file of a thing, which is none that a package has for itself."""
    stem = gonames.file_stem(name)
    return f"{stem}_type" if stem in _OF_PACKAGES else stem


@dataclass(frozen=True)
class FaceView:
    """As much of an entity as others may depend on."""

    element: str
    """Its name in the specification."""
    name: str
    """Its exported Go type."""
    key: str
    """The Go type of its key."""
    package: PackageView
    description: str
    """One line, for lists of entities; no code depends on it."""

    @property
    def sample_key(self) -> str:
        """Return a key as a literal."""
        return f'"{KEY}"' if self.key == "string" else "1"

    @property
    def other_key(self) -> str:
        """Return a key that no fixture has, as a literal."""
        return '"00000000-0000-4000-8000-000000000404"' if self.key == "string" else "404"

    @property
    def type(self) -> str:
        """Return its Go type outside of its package."""
        return f"{self.package.name}.{self.name}"

    @property
    def file(self) -> str:
        """Return its file's name without ending."""
        return own_file(self.element)

    @property
    def stem(self) -> str:
        """Return its name as the beginning of unexported names."""
        return gonames.unexported(self.name).rstrip("_")

    @property
    def words(self) -> str:
        """Return its name as a sentence has it."""
        return gonames.sentence(self.element)

    @property
    def plural_words(self) -> str:
        """Return the name of several as a sentence has it."""
        return gonames.plural(self.words)

    @property
    def params(self) -> str:
        """Return the type of what its creator decides."""
        return f"{self.name}Params"

    @property
    def constructor(self) -> str:
        """Return the function that makes one."""
        return f"New{self.name}"

    @property
    def store(self) -> str:
        """Return the interface of its store."""
        return f"{self.name}Store"

    @property
    def memory(self) -> str:
        """Return its store in memory."""
        return f"{self.name}Memory"

    @property
    def service(self) -> str:
        """Return the type that keeps the rules of the business for it."""
        return f"{self.name}Service"

    @property
    def handler(self) -> str:
        """Return the type that serves it over HTTP."""
        return f"{self.name}Handler"
