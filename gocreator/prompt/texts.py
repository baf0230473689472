"""The texts that prompts of one plan are made of; what calls share is rendered once, and shared to the byte."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from posixpath import basename, dirname

from gocreator.errors import Location, Problem, RuleError
from gocreator.fcs.elements import canonical_json
from gocreator.fcs.model import Fcs
from gocreator.plan.render import Renderer
from gocreator.plan.rulebook import GENERAL_PROMPT, PROMPT_FILE, PROMPTS, Rulebook
from gocreator.plan.target import Plan, SliceItem, Target, UsedContract
from gocreator.prompt.commons import Commons, Key
from gocreator.prompt.prompt import Prompt, PromptPart
from gocreator.prompt.tokens import Content, estimate
from gocreator.values import Digest, Part, RelPath, RuleName, digest

_WHOSE = {
    "self": "of the same element",
    "neighbours": "of the entities beside it",
    "dependencies": "of the packages that its own depends on",
    "all": "of all elements",
}


@dataclass(frozen=True)
class Example:
    """A target of the example project: what a good answer looks like."""

    path: str
    contract: str
    source: str


class Texts:
    """Makes the texts of one plan; `example` is the plan of a small project, made with the same rules.

    `filtering` off: every prompt holds the whole specification. `dependencies` off: of the specification, a prompt
    holds nothing of the elements beside those that the files are made for.
    """

    def __init__(
        self, book: Rulebook, plan: Plan, example: Plan, *, filtering: bool = True, dependencies: bool = True
    ) -> None:
        self._book = book
        self.plan = plan
        self._filtering = filtering
        self._dependencies = dependencies
        self._examples: dict[RuleName, list[Target]] = {}
        for target in example.targets.values():
            self._examples.setdefault(target.rule, []).append(target)
        self._renderer = Renderer(book)
        self._rules: dict[RuleName, str] = {}
        self._lines: dict[SliceItem, str] = {}
        self._general = {target.rule for target in plan.targets.values() if target.general}

    def alone(self, target: Target) -> Prompt:
        """Return the prompt for one target, with nothing in it that serves others; raise `RuleError` if that fails."""
        parts = (
            self.instructions,
            self.rules([target.rule]),
            self.project(),
            self.specification([target]),
            self.contracts([target]),
            self.request([target]),
        )
        return Prompt(parts, self.output([target]))

    def recipe(self, rule: RuleName) -> Digest:
        """Hash how a rule's files are asked for, apart from what they mean."""
        return digest("recipe", self.instructions.text, self._rule(rule))

    @cached_property
    def instructions(self) -> PromptPart:
        """Return what is said to whoever writes files, whatever they are."""
        return PromptPart("instructions", "system", self._renderer.text(f"{PROMPTS}/system.md.j2", {}) + "\n")

    @cached_property
    def repairing(self) -> PromptPart:
        """Return what is said to whoever repairs a file."""
        return PromptPart("instructions", "system", self._renderer.text(f"{PROMPTS}/repair.md.j2", {}) + "\n")

    @cached_property
    def reviewing(self) -> PromptPart:
        """Return what is said to whoever reviews a file."""
        return PromptPart("instructions", "system", self._renderer.text(f"{PROMPTS}/review.md.j2", {}) + "\n")

    def used(self, target: Target) -> PromptPart:
        """Return the contracts that a file uses, and no others."""
        said = [*self._used(self.beside([target]), dirname(target.path), ())]
        text = "\n".join(["# The contracts that it uses\n", *said, ""]) if said else ""
        return PromptPart("contracts", "user", text, Content.GO)

    def rules(self, names: Sequence[RuleName]) -> PromptPart:
        """Return what is said of the kinds of files that are asked for."""
        name = f"rule {names[0]}" if len(names) == 1 else "rules"
        return PromptPart(name, "system", "".join(f"{self._rule(it)}\n" for it in names))

    def project(self) -> PromptPart:
        """Return what is said of the project."""
        fcs = self.plan.fcs
        modules = "\n".join(f"- `{it.name}` {it.version}".rstrip() for it in fcs.dependencies) or "- none"
        packages = (f"- `{it.path}`: {it.purpose or it.name}" for it in fcs.packages)
        text = f"{project_text(fcs, packages)}\nModules that may be imported:\n\n{modules}\n\n"
        return PromptPart("project", "user", text)

    @cached_property
    def commons(self) -> Commons:
        """Return what contracts have in common."""
        return Commons(self.plan)

    def shared(self, common: Collection[Key], used: Collection[UsedContract]) -> list[PromptPart]:
        """Return what files of all groups need: what contracts have in common, and contracts that they use."""
        said = [*self._common(common)]
        if used:
            said += ["# Contracts that files may use\n", *self._used(used, "", common)]
        return [PromptPart("shared", "user", "\n".join([*said, ""]), Content.GO)] if said else []

    def specification(self, targets: Sequence[Target]) -> PromptPart:
        """Return the parts of the specification that files are made from, an element a line."""
        of = "this file" if len(targets) == 1 else "these files"
        lines = [f"# The specification of {of}\n", *self.elements(targets), "\n"]
        return PromptPart("specification", "user", "\n".join(lines), Content.JSON)

    def elements(self, targets: Iterable[Target]) -> Iterator[str]:
        """Yield the parts of the specification that files are made from, an element a line."""
        if not self._filtering:
            yield from (f"{name} {element.json}" for name, element in self.plan.elements.items())
            return
        yield from map(self._line, self._items(targets))

    def _line(self, item: SliceItem) -> str:
        if item not in self._lines:
            element = self.plan.elements[item.element]
            data = element.data if item.part is Part.FULL else element.face
            # What the name says already is not said again.
            told = {key: value for key, value in data.items() if not (isinstance(value, str) and value in item)}
            self._lines[item] = f"{item} {canonical_json(told)}"
        return self._lines[item]

    def _items(self, targets: Iterable[Target]) -> list[SliceItem]:
        """Return what targets are made from together: in full if one needs all of it."""
        targets = list(targets)
        found = {item for target in targets for item in target.slice}
        if not self._dependencies:
            own = {target.element for target in targets}
            found = {item for item in found if item.part is Part.FULL or item.element in own}
        return sorted(it for it in found if it.part is Part.FULL or SliceItem(it.element) not in found)

    def share(self, targets: Iterable[Target]) -> float:
        """Return how much of the specification a prompt holds: what is cut out, not what follows from it."""
        return sum(map(len, self.elements(targets))) / max(self.size, 1)

    @cached_property
    def size(self) -> int:
        """Return the characters of the whole specification, as compact as prompts hold it."""
        return sum(len(element.json) for element in self.plan.elements.values())

    def contracts(
        self, targets: Sequence[Target], shared: Collection[UsedContract] = (), common: Collection[Key] = ()
    ) -> PromptPart:
        """Return the contracts of files, and of what they use beside what all share."""
        text = "\n".join([*self._contracts(targets, shared, common), ""])
        return PromptPart("contracts", "user", text, Content.GO)

    def _contracts(
        self, targets: Sequence[Target], shared: Collection[UsedContract], common: Collection[Key]
    ) -> Iterator[str]:
        one = len(targets) == 1
        if not one:
            yield "# The contracts of files\n"
        for target in targets:
            if not target.contract(Part.FULL):
                yield f"{'#' if one else '##'} `{target.path}`, {target.rule}, has no contract\n"
                continue
            named = f"# The contract of `{target.path}`" if one else f"## `{target.path}`, {target.rule}"
            yield f"{named}\n\n{self._contract(target, Part.FULL, common)}"
        if rest := [it for it in self.beside(targets) if it not in shared]:
            yield f"# The contracts that {'it' if one else 'they'} may use\n"
            yield from self._used(rest, dirname(targets[0].path) if one else "", common)

    def _contract(self, target: Target, part: Part, common: Collection[Key]) -> str:
        if (target.rule, part) in common:
            return self.commons.own(target, part)
        return _fenced(target.contract(part))

    def beside(self, targets: Sequence[Target]) -> set[UsedContract]:
        """Return what targets use of others; what one of them uses in full is there for all."""
        own, used = {target.path for target in targets}, {it for target in targets for it in target.uses}
        return {
            it
            for it in used
            if it.path not in own and (it.part is Part.FULL or UsedContract.of(it.path, Part.FULL) not in used)
        }

    def _used(self, used: Iterable[UsedContract], folder: str, common: Collection[Key]) -> Iterator[str]:
        for place, together in groupby(sorted(used, key=lambda it: (_place(it), it)), key=_place):
            own = place == folder
            yield "## The same package\n" if own else f'## `import "{self.plan.fcs.module}/{place}"`\n'
            for it in together:
                other = self.plan.targets[it.path]
                much = "in full" if it.part is Part.FULL else "its face"
                yield f"`{basename(it.path)}`, {other.rule}, {much}:\n\n{self._contract(other, it.part, common)}"

    def _common(self, common: Collection[Key]) -> Iterator[str]:
        if common:
            yield self._renderer.text(f"{PROMPTS}/commons.md.j2", {})
        for rule, part in sorted(common):
            much = "in full" if part is Part.FULL else "their faces"
            yield f"## {rule}, {much}\n\n{_fenced(self.commons.common(rule, part))}"

    def request(self, targets: Sequence[Target]) -> PromptPart:
        """Return which files are to be written now."""
        return asked_for([target.path for target in targets])

    def output(self, targets: Iterable[Target], kind: str = "anthropic") -> int:
        """Estimate the answer: what a template writes is about as long, and logic takes some more than a skeleton."""
        return sum(estimate(self._answer(target), Content.GO, kind) for target in targets)

    def _answer(self, target: Target) -> str:
        """Return a text that is about as long as what a model answers for a file."""
        written = target.content.decode() if self._book.rules[target.rule].template else ""
        contract = target.contract(Part.FULL)
        text = max(written, contract * 4, key=len) if target.hollow or not written else written
        return f'<file path="{target.path}">\n{text}</file>\n'

    def _rule(self, rule: RuleName) -> str:
        if rule not in self._rules:
            place = self._book.rules[rule].place
            has_prompt = self._book.rules[rule].has_prompt
            if not has_prompt and rule not in self._general:
                problem = Problem(Location(place), f"no model can be asked for it: there is no {PROMPT_FILE}")
                raise RuleError([problem])
            said = {"example": self._example(rule)} | ({} if has_prompt else {"rule": self._book.rules[rule]})
            text = self._renderer.text(f"{rule}/{PROMPT_FILE}" if has_prompt else GENERAL_PROMPT, said)
            self._rules[rule] = "\n".join([text, *self._known_of(rule)])
        return self._rules[rule]

    def _known_of(self, rule: RuleName) -> Iterator[str]:
        """Say of which files no more than the face counts: prompts that serve several kinds show more than that."""
        spec = self._book.rules[rule].spec
        beside = [it for it in spec.uses if self._book.rules[it.rule].spec.for_each == spec.for_each]
        if any(use.part is Part.FACE for use in beside):
            yield "Of these, whatever is shown of them, a file of this kind uses no more than the face:\n"
        for use in (use for use in beside if use.part is Part.FACE):
            more = [it.when for it in beside if (it.rule, it.of, it.part) == (use.rule, use.of, Part.FULL)]
            yield f"- {use.rule}, {_WHOSE[use.of]}{''.join(f', unless `{it}`' for it in more)}"
        yield ""

    def _example(self, rule: RuleName) -> Example | None:
        if rule not in self._examples or not self._book.rules[rule].template:
            return None
        # The longest shows most.
        found = max(self._examples[rule], key=lambda target: (len(target.content), target.path))
        return Example(found.path, found.contract(Part.FULL), found.content.decode())


def asked_for(paths: Sequence[RelPath]) -> PromptPart:
    """Return the request for files, which the last message of a conversation holds."""
    tags = "".join(f'<file path="{path}"/>\n' for path in paths)
    return PromptPart("request", "user", f"Write these files:\n\n{tags}")


def project_text(fcs: Fcs, packages: Iterable[str]) -> str:
    """Return what every prompt says of a project; of each package there is a line."""
    about = f"{fcs.description}\n\n" if fcs.description else ""
    head = f"# The project: {fcs.title or fcs.name}\n\n{about}Module `{fcs.module}`, Go {fcs.build.go_version}."
    return "\n".join([f"{head}\n\nPackages:\n", *packages, ""])


def _place(used: UsedContract) -> str:
    return dirname(used.path)


def _fenced(code: str) -> str:
    return f"```go\n{code.strip()}\n```\n"
