"""What a model is asked for a file: the parts of the prompt, from most shared to least."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from posixpath import dirname
from typing import Literal

from gocreator.errors import Location, Problem, RuleError
from gocreator.fcs.model import Fcs
from gocreator.plan.render import Renderer
from gocreator.plan.rulebook import PROMPT_FILE, PROMPTS, Rulebook
from gocreator.plan.target import Plan, Target, UsedContract
from gocreator.prompt.tokens import Content, estimate
from gocreator.values import Digest, Part, RuleName, digest

HEADROOM = 8_000
"""So many tokens may a model think, beside what it writes."""


@dataclass(frozen=True)
class PromptPart:
    """A piece of a prompt that stands or changes as a whole."""

    name: str
    """What it holds, for people: `instructions`, `rule model`, `project`, `specification`, `contracts`, `request`."""
    role: Literal["system", "user"]
    text: str
    content: Content = Content.PROSE

    def tokens(self, kind: str = "anthropic") -> int:
        """Return about how many tokens it takes at a kind of provider; the default takes most."""
        return estimate(self.text, self.content, kind)


@dataclass(frozen=True)
class Prompt:
    """Everything that a model is told, in order."""

    parts: tuple[PromptPart, ...]
    output: int
    """About so many tokens will the files take, by the estimate for the provider that writes most."""

    @property
    def limit(self) -> int:
        """Return the output limit of a request, which a model's thinking counts to."""
        return 2 * self.output + HEADROOM

    def text(self, role: Literal["system", "user"]) -> str:
        """Return what one role says."""
        return "\n".join(part.text for part in self.parts if part.role == role)


@dataclass(frozen=True)
class Example:
    """A target of the example project: what a good answer looks like."""

    path: str
    contract: str
    source: str


class Prompts:
    """Makes the prompts of one plan; `example` is the plan of a small project, made with the same rules."""

    def __init__(self, book: Rulebook, plan: Plan, example: Plan) -> None:
        self._book = book
        self._plan = plan
        # Of each rule the longest, which shows most.
        shown = sorted(example.targets.values(), key=lambda target: (len(target.content), target.path))
        self._examples = {target.rule: target for target in shown}
        self._renderer = Renderer(book)
        self._rules: dict[RuleName, str] = {}

    def of(self, target: Target) -> Prompt:
        """Return the prompt for one target; raise `RuleError` if its template fails."""
        parts = (
            PromptPart("instructions", "system", self._instructions),
            PromptPart(f"rule {target.rule}", "system", self._rule(target.rule)),
            PromptPart("project", "user", self._project()),
            PromptPart("specification", "user", self._specification(target), Content.JSON),
            PromptPart("contracts", "user", "\n".join(self._contracts(target)), Content.GO),
            PromptPart("request", "user", f'Write these files:\n\n<file path="{target.path}"/>\n'),
        )
        return Prompt(parts, self._output(target))

    def recipe(self, rule: RuleName) -> Digest:
        """Hash how a rule's files are asked for, apart from what they mean."""
        return digest("recipe", self._instructions, self._rule(rule))

    @cached_property
    def _instructions(self) -> str:
        return self._renderer.text(f"{PROMPTS}/system.md.j2", {})

    def _rule(self, rule: RuleName) -> str:
        if rule not in self._rules:
            place = self._book.rules[rule].place
            if not self._book.rules[rule].has_prompt:
                problem = Problem(Location(place), f"no model can be asked for it: there is no {PROMPT_FILE}")
                raise RuleError([problem])
            self._rules[rule] = self._renderer.text(f"{rule}/{PROMPT_FILE}", {"example": self._example(rule)})
        return self._rules[rule]

    def _example(self, rule: RuleName) -> Example | None:
        found = self._examples.get(rule)
        if found is None or not self._book.rules[rule].template:
            return None
        return Example(found.path, found.contract(Part.FULL), found.content.decode())

    def _project(self) -> str:
        fcs = self._plan.fcs
        modules = "\n".join(f"- `{it.name}` {it.version}".rstrip() for it in fcs.dependencies) or "- none"
        packages = (f"- `{it.path}`: {it.purpose or it.name}" for it in fcs.packages)
        return f"{project_text(fcs, packages)}\nModules that may be imported:\n\n{modules}\n"

    def _specification(self, target: Target) -> str:
        lines = ["# The specification of this file\n"]
        for item in target.slice:
            element = self._plan.elements[item.element]
            lines.append(f"{item} {element.json if item.part is Part.FULL else element.face_json}")
        return "\n".join(lines) + "\n"

    def _contracts(self, target: Target) -> Iterator[str]:
        yield f"# The contract of `{target.path}`\n\n{_fenced(target.contract(Part.FULL))}"
        if target.uses:
            yield "# The contracts that it may use\n"
        for place, together in groupby(sorted(target.uses, key=_place), key=_place):
            own = place == dirname(target.path)
            yield "## The same package\n" if own else f'## `import "{self._plan.fcs.module}/{place}"`\n'
            for used in together:
                yield _fenced(self._plan.targets[used.path].contract(used.part))

    def _output(self, target: Target) -> int:
        """Estimate the answer: what a template writes is about as long, and logic takes some more than a skeleton."""
        written = target.content.decode() if self._book.rules[target.rule].template else ""
        contract = target.contract(Part.FULL)
        return estimate(written if len(written) > 2 * len(contract) else contract * 4, Content.GO)


def project_text(fcs: Fcs, packages: Iterable[str]) -> str:
    """Return what every prompt says of a project; of each package there is a line."""
    about = f"{fcs.description}\n\n" if fcs.description else ""
    head = f"# The project: {fcs.title or fcs.name}\n\n{about}Module `{fcs.module}`, Go {fcs.build.go_version}."
    return "\n".join([f"{head}\n\nPackages:\n", *packages, ""])


def _place(used: UsedContract) -> str:
    return dirname(used.path)


def _fenced(code: str) -> str:
    return f"```go\n{code.strip()}\n```\n"
