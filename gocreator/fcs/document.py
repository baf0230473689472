"""The document that an author writes: the native short form and the original's forms in one.

It is a superset of every spelling, so it says nothing about meaning: `load` turns it into the canonical `Fcs`.
The descriptions are what an editor shows.
"""

from typing import Annotated, ClassVar

from pydantic import ConfigDict, Field, Tag

from gocreator.fcs.document_api import EndpointDoc
from gocreator.fcs.document_parts import DataModelDoc, Entities, Part, RelationshipDoc
from gocreator.fcs.leaf import Flag, Ignored, ListOrMapping, Number, Text, TextOr, Texts, by_shape, null_is_empty


class PackageDoc(Part):
    """A Go package of the project."""

    name: Text = Field("", description="The name that entities and other packages refer to it by.")
    path: Text = Field("", description="Its directory, relative to the project. By default internal/<name>.")
    purpose: Text = Field("", description="What it is for.")
    description: Text = Field("", description="Another spelling of `purpose`.")
    dependencies: Texts = Field([], description="The packages that it uses, by name.")
    exports: Texts = Field(
        [],
        description="Go declarations that the package must have, without bodies and imports: functions, methods, "
        "types, constants, variables, such as `func Render(text string) (string, error)`; `func` may be left out. "
        "Comments say what they promise. Packages of the project and of Go's library are mentioned by their names.",
    )


class DependencyDoc(Part):
    """A Go module that the project may use."""

    name: Text = Field("", description="Its module path, such as github.com/google/uuid.")
    version: Text = Field("", description="Its version, such as v1.2.3.")
    purpose: Text = Field("", description="What it is for.")


class PatternDoc(Part):
    """A way of building that packages follow."""

    name: Text = Field("", description="Its name.")
    description: Text = Field("", description="How to follow it.")
    applies_to: Texts = Field([], description="The packages that follow it.")


Packages = ListOrMapping[TextOr[PackageDoc], Annotated[PackageDoc, null_is_empty(PackageDoc)]]
Dependencies = ListOrMapping[TextOr[DependencyDoc], TextOr[DependencyDoc]]
Patterns = ListOrMapping[TextOr[PatternDoc], TextOr[PatternDoc]]


class ArchitectureDoc(Part):
    """Where the original format keeps packages, modules and patterns."""

    packages: Packages = Field(None, description="The Go packages of the project.")
    dependencies: Dependencies = Field(None, description="The Go modules that the project may use.")
    patterns: Patterns = Field(None, description="The ways of building that packages follow.")


class RequirementDoc(Part):
    """A sentence that the program must fulfil."""

    id: Text = Field("", description="Its id, such as FR-001. Made by counting where it is missing.")
    description: Text = Field("", description="The sentence.")
    priority: Text = Field("", description="How much it matters, such as P1.")
    category: Text = Field("", description="The part of the program that it belongs to.")
    type: Text = Field("", description="functional, non-functional, or the kind of a non-functional requirement.")
    nfr_type: Text = Field("", description="The kind of a non-functional requirement, such as performance.")
    threshold: Text = Field("", description="The measure that must be met, such as 50ms.")
    measurable: Text = Field("", description="Another spelling of `threshold`.")
    notes: Text = Field("", description="What else there is to say.")


RequirementList = list[TextOr[RequirementDoc]] | None


class RequirementsDoc(Part):
    """Requirements apart by kind."""

    functional: RequirementList = Field(None, description="What the program does.")
    non_functional: RequirementList = Field(None, description="How well it does it.")


Requirements = (
    Annotated[
        Annotated[list[TextOr[RequirementDoc]], Tag("<list>")] | Annotated[RequirementsDoc, Tag("<mapping>")],
        by_shape("<list>", "<mapping>"),
    ]
    | None
)


class ScenarioDoc(Part):
    """How somebody uses the program, and how to tell that it worked."""

    id: Text = Field("", description="Its id, such as US1. Made by counting where it is missing.")
    title: Text = Field("", description="What happens, in a line.")
    name: Text = Field("", description="Another spelling of `title`.")
    priority: Text = Field("", description="How much it matters, such as P1.")
    description: Text = Field("", description="What happens, in sentences.")
    given: Texts = Field([], description="How things stand before.")
    when: Texts = Field([], description="What somebody does.")
    then: Texts = Field([], description="How things stand afterwards.")
    acceptance_criteria: Texts = Field([], description="What must be true for the scenario to be met.")


class CriterionDoc(Part):
    """A measurable outcome."""

    criterion: Text = Field("", description="The outcome.")
    description: Text = Field("", description="Another spelling of `criterion`.")
    measurable: Text = Field("", description="How it is measured.")
    priority: Text = Field("", description="How much it matters.")


class TestingDoc(Part):
    """How the program is to be tested."""

    coverage_target: Number = Field(None, description="The percentage of statements that tests must reach, 0 to 100.")
    unit_tests: Flag = Field(None, description="Write unit tests. By default true.")
    integration_tests: Flag = Field(None, description="Write integration tests. By default false.")
    frameworks: Texts = Field([], description="The test libraries to use.")


class BuildDoc(Part):
    """How the program is built."""

    model_config = ConfigDict(
        json_schema_extra={
            "additionalProperties": False,
            "patternProperties": {"^(database|cache)_": {"description": "Accepted, and not used."}},
        },
    )

    more: ClassVar[str] = "(database|cache)_"

    go_version: Text = Field("", description='The least Go version, such as 1.24 or "1.24+".')
    output_path: Text = Field("", description="Where the binary is written, such as bin/app.")
    build_flags: Texts = Field([], description="Flags of `go build`.")
    target_os: Text = Field("", description="The operating system that the program runs on, or any.")
    test_coverage_target: Number = Field(None, description="Another spelling of `testing.coverage_target`.")


class Document(Part):
    """The specification of a Go project."""

    name: Text = Field("", description="The name of the project. Its kebab case names the program.")
    title: Text = Field("", description="The name as people read it. By default `name`.")
    module: Text = Field("", description="The Go module path. By default the project's name.")
    version: Text = Field("", description="The version of the specified program.")
    description: Text = Field("", description="What the program is for.")
    entities: Entities = Field(None, description="The things that the program keeps.")
    relationships: list[RelationshipDoc] | None = Field(None, description="How entities refer to each other.")
    endpoints: list[TextOr[EndpointDoc]] | None = Field(None, description="The operations offered over HTTP.")
    packages: Packages = Field(None, description="The Go packages of the project.")
    dependencies: Dependencies = Field(None, description="The Go modules that the project may use.")
    patterns: Patterns = Field(None, description="The ways of building that packages follow.")
    requirements: Requirements = Field(None, description="What the program must fulfil.")
    nonfunctional_requirements: RequirementList = Field(None, description="How well the program must do it.")
    scenarios: list[TextOr[ScenarioDoc]] | None = Field(None, description="How people use the program.")
    success_criteria: list[TextOr[CriterionDoc]] | None = Field(None, description="Measurable outcomes.")
    testing: TestingDoc | None = Field(None, description="How the program is to be tested.")
    build: BuildDoc | None = Field(None, description="How the program is built.")
    notes: Texts = Field([], description="What else there is to say about the program.")

    schema_version: Ignored = Field(None, description="Of the original format; not used.")
    id: Text = Field("", description="Of the original format; names the project where nothing else does.")
    original_spec_id: Ignored = Field(None, description="Of the original format; not used.")
    metadata: Ignored = Field(None, description="Dates, authors, tags, hashes: about the document, so not used.")
    architecture: ArchitectureDoc | None = Field(None, description="Packages, modules and patterns.")
    data_model: DataModelDoc | None = Field(None, description="Entities and relationships.")
    api_contracts: list[TextOr[EndpointDoc]] | None = Field(None, description="Another spelling of `endpoints`.")
    testing_strategy: TestingDoc | None = Field(None, description="Another spelling of `testing`.")
    build_config: BuildDoc | None = Field(None, description="Another spelling of `build`.")
    clarification_notes: Texts = Field([], description="Another spelling of `notes`.")
