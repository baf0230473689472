"""The FCS in canonical form: one spelling of everything, ordered, without ids, clocks and comments.

Two documents that mean the same give equal `Fcs` values; `fcs.load` makes them, `fcs.elements` cuts
them into addressable parts.
"""

import re
from typing import Literal

from pydantic import BaseModel, ConfigDict

Method = Literal["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"]
Cardinality = Literal["one_to_one", "one_to_many", "many_to_one", "many_to_many"]


class Canonical(BaseModel):
    """A frozen value that refuses fields it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Type(Canonical):
    """The type of an attribute or a field, by its name in the type table (`fcs.types`)."""

    base: str
    """A name of the type table, or `enum`, `entity`, `list`, `map`."""
    optional: bool = False
    values: tuple[str, ...] = ()
    """The values of an `enum`, in the order given."""
    entity: str = ""
    """The name of the entity that an `entity` refers to."""
    item: "Type | None" = None
    """What a `list` or a `map` holds; keys of a map are strings."""


class Attribute(Canonical):
    """A field of an entity, with what must hold for its values."""

    name: str
    type: Type
    description: str = ""
    required: bool = False
    """The value must be given: not empty, not zero time. Never set for server-made attributes."""
    unique: bool = False
    default: str | int | float | bool | None = None
    """The value taken where a creator gives none. Decimals and times are kept as text."""
    min: str | int | float | None = None
    max: str | int | float | None = None
    min_length: int | None = None
    max_length: int | None = None
    """Lengths count Unicode characters of text, bytes of `bytes`, items of lists and maps."""
    pattern: str = ""
    """An RE2 expression that must match somewhere in the value, as Go's `regexp` does."""
    example: str | int | float | bool | None = None
    """A valid value, for fixtures and documentation."""


class Entity(Canonical):
    """A thing that the program keeps: a struct with identity."""

    name: str
    package: str
    """The name of the package that holds it; always a package of `Fcs.packages`."""
    description: str = ""
    attributes: tuple[Attribute, ...] = ()
    """`id` first; given as a list, in that order; as a mapping, by name, `created_at`, `updated_at` last."""
    rules: tuple[str, ...] = ()
    """What must hold beyond attributes, a line each, in the order given."""

    @property
    def key(self) -> Attribute:
        """Return the attribute that identifies a record: `id`, which loading always provides."""
        return next(attribute for attribute in self.attributes if attribute.name == "id")


class Relationship(Canonical):
    """How records of one entity refer to records of another."""

    source: str
    target: str
    type: Cardinality
    via: str = ""
    """The attribute of `source` that holds the key of `target`, where one does."""
    description: str = ""


class Field(Canonical):
    """A named value in a request or a response."""

    name: str
    type: Type
    required: bool = False
    description: str = ""


class Endpoint(Canonical):
    """An operation that is offered over HTTP."""

    method: Method
    path: str
    description: str = ""
    entity: str = ""
    """The entity that its path speaks of; empty for a custom endpoint."""
    request: tuple[Field, ...] = ()
    response: tuple[Field, ...] = ()
    """Empty: all fields of the entity. Given: those guaranteed."""
    errors: tuple[tuple[int, str], ...] = ()
    """Documented error statuses with their meaning."""


class Package(Canonical):
    """A Go package of the project."""

    name: str
    """The name that entities and other packages refer to it by."""
    path: str
    """Its directory, relative to the module's root."""
    purpose: str = ""
    dependencies: tuple[str, ...] = ()
    exports: str = ""
    """Go declarations that the package must have."""
    implied: bool = False
    """Nobody declared it; an entity needed it."""


class Dependency(Canonical):
    """A Go module that the project may use."""

    name: str
    version: str = ""
    purpose: str = ""

    @property
    def release(self) -> str:
        """Return its version as go.mod has it; empty where none is named, or a range: that is for Go to decide."""
        found = re.fullmatch(r"v?(\d+\.\d+\.\d+[0-9A-Za-z.+-]*)", self.version)
        return f"v{found[1]}" if found else ""


class Pattern(Canonical):
    """A way of building that packages follow."""

    name: str
    description: str = ""
    applies_to: tuple[str, ...] = ()


class Requirement(Canonical):
    """A sentence that the program must fulfil."""

    id: str
    description: str
    kind: Literal["functional", "non_functional"] = "functional"
    priority: str = ""
    category: str = ""
    threshold: str = ""
    notes: str = ""


class Scenario(Canonical):
    """How somebody uses the program, and how to tell that it worked."""

    id: str
    title: str = ""
    priority: str = ""
    description: str = ""
    given: str = ""
    when: str = ""
    then: str = ""
    acceptance_criteria: tuple[str, ...] = ()


class SuccessCriterion(Canonical):
    """A measurable outcome."""

    criterion: str
    measurable: str = ""
    priority: str = ""


class Testing(Canonical):
    """How the program is to be tested."""

    coverage_target: float = 80.0
    """Percent of statements."""
    unit_tests: bool = True
    integration_tests: bool = False
    frameworks: tuple[str, ...] = ()


class Build(Canonical):
    """How the program is built."""

    go_version: str = "1.24"
    """A language version as go.mod wants it, never below 1.22."""
    output_path: str = ""
    build_flags: tuple[str, ...] = ()
    target_os: str = ""


class Fcs(Canonical):
    """The whole specification. Lists of named things are ordered by name or id."""

    name: str
    """The project's name in kebab case."""
    module: str
    """The Go module path."""
    title: str = ""
    """The name as its author wrote it."""
    description: str = ""
    version: str = ""
    entities: tuple[Entity, ...] = ()
    relationships: tuple[Relationship, ...] = ()
    endpoints: tuple[Endpoint, ...] = ()
    packages: tuple[Package, ...] = ()
    dependencies: tuple[Dependency, ...] = ()
    patterns: tuple[Pattern, ...] = ()
    requirements: tuple[Requirement, ...] = ()
    scenarios: tuple[Scenario, ...] = ()
    success_criteria: tuple[SuccessCriterion, ...] = ()
    testing: Testing = Testing()
    build: Build = Build()
    notes: str = ""
