"""Deciding who writes each target: what is named counts first, then the lock, then whether there is a provider."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from gocreator.plan.rendering import Answers
from gocreator.plan.rule import Rule
from gocreator.values import Origin, RelPath, RuleName


class Mix(StrEnum):
    """Which files are a model's, as the setting `generation.origin` has it."""

    LLM = "llm"
    """The implementation; boilerplate, wiring and contract tests are templates'."""
    HYBRID = "hybrid"
    """What no template can write in full."""
    TEMPLATE = "template"
    """None: what no template can write in full becomes a skeleton."""


@dataclass(frozen=True)
class Origins:
    """Says who writes a target; made of what flags, environment, configuration and lock say."""

    named: Mix | None = None
    """What somebody named for all files; None if nobody did."""
    by_rule: Mapping[RuleName, Mix] = field(default_factory=dict)
    has_provider: bool = False
    recorded: Mapping[RelPath, Origin] = field(default_factory=dict)
    """What the lock says of targets."""
    templates: bool = True
    """Templates write files; if not, models do, whatever is named, but for what a rule leaves to its template."""

    def of(self, rule: Rule, answers: Answers) -> Origin:
        """Return the origin of a rule's target."""
        if not self.templates:
            # Of the lines in a file that is shared with the user, no model is told.
            return Origin.TEMPLATE if rule.spec.always_template or rule.spec.merge == "lines" else Origin.MODEL
        allowed = [it for it in rule.spec.origins if it is not Origin.MODEL or rule.has_prompt]
        if len(allowed) == 1:
            return allowed[0]
        named = self.by_rule.get(rule.name, self.named)
        recorded = self.recorded.get(RelPath(answers.path))
        if named is None and recorded in allowed:
            return Origin(recorded)
        mix = named or (Mix.LLM if self.has_provider else Mix.TEMPLATE)
        model = mix is Mix.LLM or (mix is Mix.HYBRID and answers.skeleton)
        return Origin.MODEL if model else Origin.TEMPLATE
