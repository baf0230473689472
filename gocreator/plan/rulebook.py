"""Reading rules and templates from the built-in folder and from the user's, checked when loaded.

A user's `template_dir` has the shape of the built-in one: `rules/<kind>/` and `shared/`. A file there takes
the place of the built-in file of the same name, so a kind is added with a folder and a template is
replaced with one file. A `.gitignore` there is merged into the generated one.
"""

from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from jinja2.bccache import BytecodeCache
from pydantic import ValidationError

from gocreator.errors import Location, Problem, RuleError
from gocreator.plan.rule import Rule, RuleSpec
from gocreator.source import Source, parse_yaml
from gocreator.values import Digest, RuleName, digest

RULE_FILE = "rule.yaml"
CONTRACT_FILE = "contract.go.j2"
PROMPT_FILE = "prompt.md.j2"
PROMPTS = "prompts"
"""The folder of what all prompts share. Prompts are the recipe of a file and not what it means: no digest of a rule
has them."""
GENERAL_PROMPT = f"{PROMPTS}/file.md.j2"
"""Asks for files of rules that have no prompt of their own."""


@dataclass(frozen=True)
class TemplateFile:
    """The text of a template and where it was found."""

    text: str
    place: str
    builtin: bool = True


@dataclass(frozen=True)
class Rulebook:
    """All rules in force, and all template texts by name (`model/file.go.j2`, `shared/go.j2`)."""

    rules: dict[RuleName, Rule]
    templates: dict[str, TemplateFile]
    ignore_rules: tuple[str, ...] = ()
    """The lines of the user's own .gitignore template."""
    bytecode: BytecodeCache | None = None
    """What keeps compiled templates for other processes."""

    def has_own(self, rule: RuleName) -> bool:
        """Tell whether any file of a rule is the user's."""
        return any(not file.builtin for name, file in self.templates.items() if name.startswith(f"{rule}/"))

    @cached_property
    def digest(self) -> Digest:
        """Return a digest of all templates of files, because any of them may be a part of another."""
        return digest(*(f"{name}\0{self.templates[name].text}" for name in sorted(self.templates) if not _asks(name)))


def load_rulebook(
    builtin: Path, user: Path | None = None, *, user_name: str = "", bytecode: BytecodeCache | None = None
) -> Rulebook:
    """Read both folders; `user_name` is how the user's folder is shown in messages."""
    files = _collect(builtin, "templates", builtin=True)
    ignore: tuple[str, ...] = ()
    if user is not None:
        files |= _collect(user, user_name, builtin=False)
        own = user / ".gitignore"
        ignore = tuple(_text(own, f"{user_name}/.gitignore").splitlines()) if own.is_file() else ()
    rules = _rules(files)
    return Rulebook(rules, files, ignore, bytecode)


def _collect(root: Path, name: str, *, builtin: bool) -> dict[str, TemplateFile]:
    found: dict[str, TemplateFile] = {}
    for folder in (root / "rules", root / "shared", root / PROMPTS):
        for path in sorted(folder.rglob("*")):
            if path.is_symlink() and path.is_dir():
                linked = Location(f"{name}/{path.relative_to(root).as_posix()}")
                hint = "copy the directory, or name its parent as template_dir"
                raise RuleError([Problem(linked, "links to directories are not followed", hint)])
            if path.is_file() and (path.suffix == ".j2" or path.name == RULE_FILE):
                place = f"{name}/{path.relative_to(root).as_posix()}"
                base = root / "rules" if folder.name == "rules" else root
                found[path.relative_to(base).as_posix()] = TemplateFile(_text(path, place), place, builtin)
    return found


def _text(path: Path, place: str) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        problem = Problem(Location(place), f"the file cannot be read: {error}", "templates are UTF-8 text files")
        raise RuleError([problem]) from error


def _rules(files: dict[str, TemplateFile]) -> dict[RuleName, Rule]:
    shared = digest(*(f"{name}\0{files[name].text}" for name in sorted(files) if name.startswith("shared/")))
    folders = sorted({name.partition("/")[0] for name in files} - {"shared", PROMPTS})
    problems: list[Problem] = []
    rules: dict[RuleName, Rule] = {}
    for folder in folders:
        try:
            own = tuple((name, file) for name, file in files.items() if name.startswith(f"{folder}/"))
            rules[RuleName(folder)] = _rule(folder, own, shared)
        except RuleError as error:
            problems += error.problems
    problems += _unknown_uses(rules)
    if problems:
        raise RuleError(problems)
    return rules


@lru_cache(maxsize=256)
def _rule(folder: str, files: tuple[tuple[str, TemplateFile], ...], shared: Digest) -> Rule:
    """Read a rule; a process that plans many times reads it once."""
    own = dict(files)
    described = own.get(f"{folder}/{RULE_FILE}")
    if described is None:
        place = next(iter(own.values())).place
        hint = f"add {RULE_FILE} beside it, or give the folder the name of a built-in rule"
        raise RuleError([Problem(Location(place), f"the folder {folder} holds no {RULE_FILE}", hint)])
    source = parse_yaml(described.text, described.place, error=RuleError)
    templates = [name for name in sorted(own) if name.startswith(f"{folder}/file.") and name.endswith(".j2")]
    spec = _spec(source)
    if not templates and spec.origins[0] == "template":
        raise RuleError([Problem(source.at(()), "the rule has no template", "add file.go.j2, or origins: [model]")])
    asked = f"{folder}/{PROMPT_FILE}" in own
    if not templates and not asked:
        hint = f"add {PROMPT_FILE}, so that a model can be asked"
        raise RuleError([Problem(source.at(()), "nobody can write the rule's files", hint)])
    return Rule(
        name=RuleName(folder),
        spec=spec,
        place=described.place,
        digest=digest(shared, *(f"{name}\0{own[name].text}" for name in sorted(own) if not _asks(name))),
        has_contract=f"{folder}/{CONTRACT_FILE}" in own,
        template=templates[-1] if templates else "",
        has_prompt=asked,
    )


def _asks(name: str) -> bool:
    return name.endswith(f"/{PROMPT_FILE}") or name.startswith(f"{PROMPTS}/")


def _spec(source: Source) -> RuleSpec:
    try:
        return RuleSpec.model_validate(source.value)
    except ValidationError as error:
        raise RuleError([_problem(source, dict(detail)) for detail in error.errors()]) from error


def _problem(source: Source, detail: dict[str, Any]) -> Problem:
    unknown = detail["type"] == "extra_forbidden"
    where = ".".join(str(part) for part in detail["loc"])
    known = ", ".join(field.alias or name for name, field in RuleSpec.model_fields.items())
    message = f"{where}: unknown key" if unknown else f"{where}: {detail['msg']}"
    return Problem(source.at(detail["loc"], key=unknown), message, f"a rule has: {known}" if unknown else "")


def _unknown_uses(rules: dict[RuleName, Rule]) -> list[Problem]:
    return [
        Problem(Location(rule.place), f"names the rule {used}, which does not exist", f"rules: {', '.join(rules)}")
        for rule in rules.values()
        for used in (*(use.rule for use in rule.spec.uses), rule.spec.along)
        if used and used not in rules
    ]
