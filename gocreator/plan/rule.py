"""A rule: the description, as data, of one kind of file that follows from a specification.

`templates/rules/<kind>/rule.yaml` holds it; `plan.rulebook` reads it; the planner applies it to
elements and knows no kind by name.
"""

from typing import Annotated, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from gocreator.values import Digest, Origin, Part, RuleName

ForEach = Literal["project", "entity", "endpoint", "package"]
Readable = Literal[
    "entity", "rules", "relationship", "endpoint", "package", "requirement", "scenario", "testing", "build"
]


class RulePart(BaseModel):
    """A frozen part of rule.yaml that refuses keys it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Use(RulePart):
    """What a rule's targets use of the contracts of another rule's targets."""

    rule: RuleName = Field(description="The rule whose targets are used.")
    of: Literal["self", "neighbours", "dependencies", "all"] = Field(
        "self",
        description="Those of the same element, of the entities beside it, of the packages that its package depends "
        "on, or of all elements.",
    )
    part: Part = Field(Part.FACE, description="The face of the contract, or all of it.")
    when: str = Field("", description="A condition on the using element; empty means always.")


def _listed(value: object) -> object:
    """Allow `reads: [entity]` beside `reads: {entity: face}`."""
    return dict.fromkeys(value, "face") if isinstance(value, list) else value


class RuleSpec(RulePart):
    """The content of rule.yaml."""

    version: int = Field(description="Raised when files must be written again although their texts look the same.")
    title: str = Field(description="One line that says what the file is for.")
    for_each: ForEach = Field(description="The kind of element that one file is made for.")
    when: str = Field("", description="A condition on the element; without it the rule applies to all of them.")
    on_demand: bool = Field(default=False, description="Make the file only if a planned file uses it.")
    along: RuleName = Field(RuleName(""), alias="with", description="Make the file whenever that rule makes its own.")
    path: str = Field(description="The path of the file, a template.")
    phase: str = Field(description="The phase of the build that the file belongs to.")
    role: Literal["coder", "tester"] = Field("coder", description="The role that writes the file where a model does.")
    origins: tuple[Origin, ...] = Field((Origin.TEMPLATE,), description="Who may write the file; the first by default.")
    standard_file: bool = Field(
        default=False, description="Made if `optimization.templates.standard_files` has its path."
    )
    always_template: bool = Field(
        default=False,
        description="No model is asked for it even where `optimization.templates.enabled` is false, as for what is "
        "merged.",
    )
    merge: Literal["", "lines", "requirements"] = Field(
        "",
        description="`lines`: the file is shared with the user, line by line. `requirements`: where the specification "
        "declares modules, it is shared with Go's tools, which write the requirements of a go.mod.",
    )
    skeleton: bool | str = Field(
        default=False,
        description="The template's file is a skeleton that says so when it runs: always, or on a condition on the "
        "element, as in `when`.",
    )
    reads: Annotated[dict[Readable, Part], BeforeValidator(_listed)] = Field(
        default_factory=dict,
        description="Kinds of elements that the file shows, or that a model is told. A project's file sees all of "
        "them, an entity's its own endpoints and rules only, and one of an entity, an endpoint or a package those "
        "requirements and scenarios that mention its element.",
    )
    uses: tuple[Use, ...] = Field((), description="The contracts that the file builds on.")

    @model_validator(mode="after")
    def _has_origin(self) -> Self:
        if Origin.MODEL in self.origins and not self.path.endswith(".go"):
            raise ValueError("models write Go alone: a file that does not end with .go comes from a template")
        if not self.origins:
            raise ValueError("origins must name at least one of: template, model")
        if self.always_template and self.origins != (Origin.TEMPLATE,):
            raise ValueError("a file that always comes from a template has no other origin")
        return self


class Rule(RulePart):
    """A rule as loaded: its description, where it was found, and a digest of all its files."""

    name: RuleName
    spec: RuleSpec
    place: str
    """The rule.yaml that it comes from, as shown to the user."""
    digest: Digest
    """Of rule.yaml and its templates, and of the shared ones."""
    has_contract: bool
    template: str
    """The name of the template that writes the file; empty where only a model can."""
    has_prompt: bool = False
    """A model can be asked for the file."""
