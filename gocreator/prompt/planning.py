"""What the planner is asked for a package whose exports nobody gave: everything that its API follows from."""

import json
from collections.abc import Iterator
from posixpath import dirname

from gocreator import gonames
from gocreator.fcs.mentions import Mentions, entity_names, said
from gocreator.fcs.model import Fcs, Package, Requirement, Scenario
from gocreator.plan.render import Renderer
from gocreator.plan.rulebook import PROMPTS, Rulebook
from gocreator.plan.target import Plan, Target
from gocreator.prompt.prompt import Prompt, PromptPart
from gocreator.prompt.texts import project_text
from gocreator.prompt.tokens import Content
from gocreator.values import ElementId, Part, RelPath

_OUTPUT = 1500
"""About so many tokens does a contract take."""


class ContractPrompts:
    """Makes the planner's prompts for the packages of one plan."""

    def __init__(self, book: Rulebook, plan: Plan) -> None:
        self._book = book
        self._plan = plan

    def of(self, package: Package, path: RelPath) -> Prompt:
        """Return the prompt for the contract of a package."""
        instructions = Renderer(self._book).text(f"{PROMPTS}/planner.md.j2", {})
        parts = (
            PromptPart("instructions", "system", f"{instructions}\n"),
            PromptPart("project", "user", f"{_project(self._plan.fcs)}\n"),
            PromptPart("package", "user", "\n".join([*self._about(package), ""])),
            PromptPart("contracts", "user", "\n".join([*self._contracts(package), ""]), Content.GO),
            PromptPart("request", "user", f'Write this file:\n\n<file path="{path}"/>\n'),
        )
        return Prompt(parts, _OUTPUT)

    def usable(self, package: Package) -> list[Package]:
        """Return the packages that a contract may mention: its dependencies, and those of entities it speaks of."""
        fcs = self._plan.fcs
        names = entity_names(fcs.entities)
        told = {found for text in self._said(package) for found in names.found(gonames.words(text))}
        spoken = {entity.package for entity in fcs.entities if f"entity:{entity.name}" in told}
        usable = {*package.dependencies, *spoken} - {package.name}
        return [it for it in fcs.packages if it.name in usable]

    def _said(self, package: Package) -> list[str]:
        """Return all texts about a package."""
        return [package.purpose, *(text for _, text in _mentions(self._plan, package))]

    def _about(self, package: Package) -> Iterator[str]:
        fcs = self._plan.fcs
        clause = next(iter(target.clause for target in self._files(package)), package.name)
        yield f"# The package `{package.name}`\n"
        yield f"Its clause is `package {clause}`, its import path `{fcs.module}/{package.path}`.\n"
        data = {key: it for key, it in self._element(package).items() if key != "exports"}
        yield f"{json.dumps(data, ensure_ascii=False, sort_keys=True)}\n"
        if found := list(_mentions(self._plan, package)):
            yield "## What the specification says of it elsewhere\n"
            yield from (f"- {identity}: {text}" for identity, text in found)
            yield ""
        yield "## Who depends on it\n"
        users = [it for it in fcs.packages if package.name in it.dependencies]
        yield from [f"- `{it.path}`: {it.purpose or it.name}" for it in users] or ["- nobody says so"]
        yield ""

    def _element(self, package: Package) -> dict[str, object]:
        return self._plan.elements[ElementId(f"package:{package.name}")].data

    def _contracts(self, package: Package) -> Iterator[str]:
        yield "# The contracts that it may use\n"
        usable = self.usable(package)
        if not usable:
            yield "None: it may mention Go's standard library alone.\n"
        for it in usable:
            yield f'## `import "{self._plan.fcs.module}/{it.path}"`\n'
            for target in self._files(it):
                yield f"```go\n{target.contract(Part.FACE).strip()}\n```\n"

    def _files(self, package: Package) -> list[Target]:
        """Return the files that make a package, tests left out."""
        found = [
            it for it in self._plan.targets.values() if it.path.endswith(".go") and dirname(it.path) == package.path
        ]
        return [it for it in found if not it.path.endswith("_test.go") and it.contract(Part.FACE).strip()]


def _mentions(plan: Plan, package: Package) -> Iterator[tuple[str, str]]:
    """Return requirements, scenarios and patterns that speak of a package."""
    fcs = plan.fcs
    statements: dict[str, Requirement | Scenario] = {f"requirement:{it.id}": it for it in fcs.requirements}
    statements |= {f"scenario:{it.id}": it for it in fcs.scenarios}
    for name in Mentions(fcs, plan.elements).of(ElementId(f"package:{package.name}")):
        statement = statements[name]
        yield statement.id, " ".join(" ".join(said(statement)).split())
    for pattern in fcs.patterns:
        if package.name in pattern.applies_to:
            yield f"pattern {pattern.name}", pattern.description


def _project(fcs: Fcs) -> str:
    return project_text(fcs, (_line(it) for it in fcs.packages))


def _line(package: Package) -> str:
    needs = f" (depends on {', '.join(package.dependencies)})" if package.dependencies else ""
    return f"- `{package.path}`: {package.purpose or package.name}{needs}"
