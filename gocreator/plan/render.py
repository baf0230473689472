"""Rendering: templates in, text out, in a sandbox, with errors that name file and line.

Undefined names are errors. A template sees only what its rule reads, so that its text depends on
nothing that its slice does not hold.
"""

import difflib
import re
import traceback
from collections import deque
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError, meta, nodes
from jinja2.exceptions import SecurityError
from jinja2.loaders import FunctionLoader
from jinja2.sandbox import SandboxedEnvironment
from jinja2.utils import missing

from gocreator.errors import GocreatorError, Location, Problem, RuleError
from gocreator.plan import golayout
from gocreator.plan.openapi.document import openapi
from gocreator.plan.rendering import Answers
from gocreator.plan.rule import Rule
from gocreator.plan.rulebook import CONTRACT_FILE, GENERAL_PROMPT, PROMPT_FILE, PROMPTS, Rulebook
from gocreator.values import Part, RuleName

Context = Mapping[str, Any]

PLURALS = {
    "entity": "entities",
    "rules": "rules",
    "relationship": "relationships",
    "endpoint": "endpoints",
    "package": "packages",
    "requirement": "requirements",
    "scenario": "scenarios",
    "testing": "testing",
    "build": "build",
}
"""The name by which a template sees what its rule reads."""


_PATH, _CONDITION = "path", "if "
"""Names of the templates of paths and conditions: as templates they are compiled once for all processes."""
LARGEST = 1_000_000
"""So many characters or items may a multiplication give."""
_WIDE_FORMAT = re.compile(r"%[^a-zA-Z%]*(\d{4,}|\*)")


class _Environment(SandboxedEnvironment):
    """A sandbox in which no expression makes a text or a number without bounds."""

    intercepted_binops = frozenset(["*", "**", "%"])

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """Refuse what would make a huge text or number; indenting and plain formats are small."""
        lengths = [len(it) if isinstance(it, str | list | tuple) else it for it in (left, right)]
        huge = operator == "*" and isinstance(lengths[0] * lengths[1], int) and abs(lengths[0] * lengths[1]) > LARGEST
        huge |= operator == "**" and abs(right) > 64
        huge |= operator == "%" and isinstance(left, str) and bool(_WIDE_FORMAT.search(left))
        if huge:
            raise SecurityError(f"the result of `{operator}` would be too large")
        return super().call_binop(context, operator, left, right)


class _Unknown(StrictUndefined):
    """An unknown name, reported in words of the specification and with the name that may have been meant."""

    @property
    def _undefined_message(self) -> str:
        if self._undefined_hint or self._undefined_obj is missing or not isinstance(self._undefined_name, str):
            return super()._undefined_message
        kind = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", type(self._undefined_obj).__name__.removesuffix("View")).lower()
        known = [name for name in dir(self._undefined_obj) if not name.startswith("_")]
        near = difflib.get_close_matches(self._undefined_name, known, n=1)
        article = "an" if kind[:1] in "aeiou" else "a"
        meant = f"; did you mean {near[0]!r}?" if near else ""
        return f"{article} {kind} has no {self._undefined_name!r}{meant}"

    __slots__ = ()


class Renderer:
    """Renders the templates of a rulebook; construction checks those of the user, because tests check the others."""

    def __init__(self, rulebook: Rulebook) -> None:
        self._book = rulebook
        self._env = _Environment(
            loader=FunctionLoader(self._load),
            undefined=_Unknown,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
            auto_reload=False,
            bytecode_cache=rulebook.bytecode,
        )
        # Equal input must give equal bytes: nothing random, and nothing that counts its calls.
        for name in ("lipsum", "cycler", "joiner"):
            self._env.globals.pop(name)
        self._env.filters.pop("random")
        self._env.filters |= golayout.FILTERS
        self._env.globals["openapi"] = openapi
        problems = [
            problem for rule in rulebook.rules.values() if rulebook.has_own(rule.name) for problem in self.check(rule)
        ]
        for name, file in rulebook.templates.items():
            if name.startswith(f"{PROMPTS}/") and not file.builtin:
                own = {"rule", "example"} if name == GENERAL_PROMPT else set()
                problems += self._check_template(name, own | set(self._env.globals))
        if problems:
            raise RuleError(problems)

    def answers(self, rule: Rule, context: Context) -> Answers:
        """Evaluate the expressions of rule.yaml for a context."""
        spec = rule.spec
        if not self._holds(rule, spec.when, context):
            return Answers(applies=False)
        skeleton = self._holds(rule, spec.skeleton, context) if isinstance(spec.skeleton, str) else spec.skeleton
        uses = tuple(self._holds(rule, use.when, context) for use in spec.uses)
        return Answers(applies=True, path=self._path(rule, context), skeleton=skeleton, uses=uses)

    def _holds(self, rule: Rule, condition: str, context: Context) -> bool:
        """Evaluate a condition; the empty one holds."""
        if not condition:
            return True
        try:
            template = self._env.get_template(f"{_CONDITION}{condition}")
            made = template.new_context(dict(context))
            deque(template.root_render_func(made), maxlen=0)
            return bool(made.vars["holds"])
        except TemplateError as error:
            raise RuleError([Problem(Location(rule.place), f"condition `{condition}`: {error}")]) from error

    def _path(self, rule: Rule, context: Context) -> str:
        """Render the path of a rule's file for an element."""
        try:
            return self._env.get_template(f"{rule.name}/{_PATH}").render(context)
        except TemplateError as error:
            raise RuleError([Problem(Location(rule.place), f"path `{rule.spec.path}`: {error}")]) from error

    def contract(self, rule: Rule, part: Part, context: Context) -> str:
        """Render the face of a contract, or all of it; empty for a rule without contract."""
        if not rule.has_contract:
            return ""
        name = f"{rule.name}/{CONTRACT_FILE}"
        return self._guarded(name, lambda: self._block(name, part, context))

    def texts(self, rule: Rule, context: Context) -> tuple[Callable[[], str], Callable[[Part], str]]:
        """Return functions that render the file and the parts of the contract; without template, its contract."""
        contract = partial(self.contract, rule, context=context)
        return partial(self.file, rule, context) if rule.template else partial(contract, Part.FULL), contract

    def file(self, rule: Rule, context: Context) -> str:
        """Render the whole file."""
        return self.text(rule.template, context)

    def text(self, name: str, context: Context) -> str:
        """Render any template of the rulebook."""
        return self._guarded(name, lambda: self._env.get_template(name).render(context))

    def _block(self, name: str, part: Part, context: Context) -> str:
        template = self._env.get_template(name)
        block = template.blocks[part.value]
        return self._env.concat(block(template.new_context(dict(context)))).strip("\n") + "\n"

    def _guarded(self, name: str, render: Callable[[], str]) -> str:
        try:
            return render()
        except GocreatorError:
            raise
        except Exception as error:  # a template is the user's code: whatever it raises is shown with its line
            raise RuleError([self._problem(name, error)]) from error

    def _problem(self, name: str, error: Exception) -> Problem:
        place, line = self._book.templates[name].place, 0
        if isinstance(error, TemplateSyntaxError):
            place, line = error.filename or place, error.lineno
        places = {file.place for file in self._book.templates.values()}
        for frame in traceback.extract_tb(error.__traceback__):
            if frame.filename in places:
                place, line = frame.filename, frame.lineno or 0
        hint = "templates see what their rule reads: see `for_each` and `reads` in rule.yaml"
        return Problem(Location(place, line, 1), str(error) or type(error).__name__, hint)

    def _load(self, name: str) -> tuple[str, str, Callable[[], bool]] | None:
        if name.startswith(_CONDITION):
            return f"{{% set holds = {name.removeprefix(_CONDITION)} %}}", name, lambda: True
        if name.endswith(f"/{_PATH}"):
            rule = self._book.rules[RuleName(name.partition("/")[0])]
            return rule.spec.path, rule.place, lambda: True
        file = self._book.templates.get(name)
        return (file.text, file.place, lambda: True) if file else None

    def check(self, rule: Rule) -> list[Problem]:
        """Find what can be found without an element: syntax, unknown names, missing blocks."""
        problems: list[Problem] = []
        known = {"project", rule.spec.for_each, *(PLURALS[kind] for kind in rule.spec.reads), *self._env.globals}
        if rule.spec.merge == "lines":
            known.add("ignore_rules")
        for name in (rule.template, f"{rule.name}/{CONTRACT_FILE}" if rule.has_contract else ""):
            if name:
                problems += self._check_template(name, known)
        if rule.has_prompt:
            problems += self._check_template(f"{rule.name}/{PROMPT_FILE}", {"example", *self._env.globals})
        skeleton = rule.spec.skeleton if isinstance(rule.spec.skeleton, str) else ""
        for text in (rule.spec.when, skeleton, *(use.when for use in rule.spec.uses)):
            problems += self._check_text(rule, f"{{{{ {text} }}}}", known) if text else []
        return problems + self._check_text(rule, rule.spec.path, known)

    def _check_template(self, name: str, known: set[str]) -> list[Problem]:
        file = self._book.templates[name]
        try:
            tree = self._env.parse(file.text, name, file.place)
            self._env.get_template(name)
        except TemplateError as error:
            return [self._problem(name, error)]
        blocks = {block.name for block in tree.find_all(nodes.Block)}
        missing = {"face", "full"} - blocks if name.endswith(CONTRACT_FILE) else set()
        return [
            *(Problem(Location(file.place, 1, 1), f"the contract has no block `{block}`") for block in sorted(missing)),
            *self._undeclared(tree, file.place, known),
        ]

    def _check_text(self, rule: Rule, text: str, known: set[str]) -> list[Problem]:
        try:
            tree = self._env.parse(text)
        except TemplateError as error:
            return [Problem(Location(rule.place), f"`{text}`: {error}")]
        return [
            Problem(Location(rule.place), f"`{text}`: {problem.message}", problem.hint)
            for problem in self._undeclared(tree, rule.place, known)
        ]

    def _undeclared(self, tree: nodes.Template, place: str, known: set[str]) -> list[Problem]:
        unknown = meta.find_undeclared_variables(tree) - known
        lines = {node.name: node.lineno for node in reversed(list(tree.find_all(nodes.Name)))}
        hint = f"known here: {', '.join(sorted(known - set(self._env.globals)))}"
        return [
            Problem(Location(place, lines.get(name, 1), 1), f"unknown name {name!r}", hint) for name in sorted(unknown)
        ]
