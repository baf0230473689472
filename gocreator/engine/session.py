"""What every command that plans begins with: specification, rules, plan, and what is found of each target.

Reading only: nothing is written, so that `list`, `check`, `why` and every dry run leave no trace.
"""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from gocreator.config.load import Rank, Settings
from gocreator.engine.names import VERIFY
from gocreator.engine.recipes import Recipes
from gocreator.engine.selection import select
from gocreator.engine.sights import Sights
from gocreator.errors import Code, ConfigError, Location, LockError, Problem, Refused, WrongUsage
from gocreator.fcs.contractfiles import ContractFiles
from gocreator.fcs.load import Loaded, load_fcs, read_contract_files
from gocreator.output.tree import Tree, Unwritable
from gocreator.plan.content import Content
from gocreator.plan.origins import Mix, Origins
from gocreator.plan.outdated import Asked, compared, is_comparable
from gocreator.plan.planner import Planner
from gocreator.plan.reasons import reasons
from gocreator.plan.rendering import Renderings
from gocreator.plan.rulebook import PROMPTS, Rulebook, load_rulebook
from gocreator.plan.staleness import Facts, Finding, judge, made_anew
from gocreator.plan.target import Plan, Target
from gocreator.resources import data_dir
from gocreator.store.bytecode import kept_for_user
from gocreator.store.lock import Lock, Section, read_lock
from gocreator.store.memory import Memory, read_state
from gocreator.store.recipes import read_recipes
from gocreator.store.renderings import read_renderings
from gocreator.store.workspace import Workspace, workspace
from gocreator.values import Digest, Origin, RelPath, RuleName, Status, digest

if TYPE_CHECKING:
    from gocreator.prompt.texts import Texts

_MIXES = f"there are {', '.join(Mix)}"
FCS_NAMES = ("fcs.yaml", "fcs.yml", "fcs.json", "fcs.md")


@dataclass(frozen=True)
class Request:
    """What the user asks to be planned, resolved from flags and settings."""

    workspace: Workspace
    fcs: Path
    """As the user named it, relative to the project directory."""
    template_dir: Path | None = None
    """Absolute."""
    standard_files: tuple[str, ...] = ()
    checksum_algorithm: str = "sha256"
    origins: Origins = field(default_factory=Origins)
    """Who writes which target, by what was named; the lock is read later."""
    writers: tuple[tuple[str, str], ...] = ()
    """Model and effort of those who may be asked for files, in turn; those for whom there is no key come last."""
    filtering: bool = True
    """A prompt shows of the specification what its files need, not all of it."""
    dependencies: bool = True
    """That includes what stands beside their own elements."""
    incremental: bool = True
    """A build makes what changed, not every file."""
    sources: Mapping[str, str] = field(default_factory=dict)
    """Where settings were made, for messages: by the name of a field above."""


@dataclass(frozen=True)
class Orphan:
    """A file that gocreator made and that no longer follows from the specification."""

    path: RelPath
    edited: bool
    present: bool


def find_fcs(project: Path, named: Path | None) -> Path:
    """Return the specification that was named, else the only one with a default name."""
    if named is not None:
        return named
    found = [name for name in FCS_NAMES if (project / name).exists()]
    if len(found) == 1:
        return Path(found[0])
    if found:
        several = f"there are several specifications: {', '.join(found)}"
        raise WrongUsage(several, hint="name one with -f FCS", code=Code.NO_SPECIFICATION)
    hint = f"`gocreator init` writes a {FCS_NAMES[0]} to begin with; or name a specification with -f FCS"
    raise WrongUsage(
        f"there is no specification: none of {', '.join(FCS_NAMES)}", hint=hint, code=Code.NO_SPECIFICATION
    )


def request_of(settings: Settings, project: Path, fcs: Path | None) -> Request:
    """Return what settings and flags ask for."""
    return Request(
        workspace=workspace(
            project,
            settings.output_dir,
            settings.state_file,
            by_flag=settings.setting("workflow.root_dir").rank is Rank.FLAG,
        ),
        fcs=find_fcs(project, fcs),
        template_dir=settings.template_dir,
        standard_files=settings.standard_files,
        checksum_algorithm=settings.checksum_algorithm,
        origins=_origins(settings),
        writers=_writers(settings),
        filtering=settings.value("optimization.context_window.smart_filtering"),
        dependencies=settings.value("optimization.context_window.include_dependencies"),
        incremental=settings.value("optimization.incremental.enabled"),
        sources={
            name: settings.setting(f"optimization.templates.{name}").source
            for name in ("template_dir", "standard_files")
        }
        | {"origins": settings.setting("generation.origins").source},
    )


def _origins(settings: Settings) -> Origins:
    by_rule: dict[RuleName, Mix] = {}
    for rule, named in settings.origins.items():
        if not isinstance(named, str) or named not in set(Mix):
            problem = Problem(Location(settings.setting("generation.origins").source), f"generation.origins.{rule}")
            raise ConfigError(
                [replace(problem, message=f"{problem.message}: there is no origin {named!r}", hint=_MIXES)]
            )
        by_rule[RuleName(rule)] = Mix(named)
    named = Mix(settings.origin) if settings.origin else None
    return Origins(
        named=named,
        by_rule=by_rule,
        has_provider="coder" in settings.models.ladders,
        templates=settings.value("optimization.templates.enabled"),
    )


def _writers(settings: Settings) -> tuple[tuple[str, str], ...]:
    models = settings.models
    ladder = sorted(models.ladders.get("coder", ()), key=lambda rung: not models.providers[rung.provider].key)
    return tuple((rung.model, rung.effort) for rung in ladder)


@dataclass
class Session:
    """One look at a project: everything is read at most once."""

    request: Request
    drafts: Mapping[str, str] = field(default_factory=dict)
    """Contracts that are tried and not written yet, by file name."""
    _findings: dict[RelPath, Finding] = field(default_factory=dict)

    @property
    def workspace(self) -> Workspace:
        """Return where everything lies."""
        return self.request.workspace

    @cached_property
    def loaded(self) -> Loaded:
        """Return the specification with the warnings of reading it."""
        return load_fcs(self.workspace.project / self.request.fcs, str(self.request.fcs), self.contracts)

    @cached_property
    def contracts(self) -> ContractFiles:
        """Return the contracts that lie beside the specification."""
        folder = self.workspace.contracts
        found = read_contract_files(folder, folder.relative_to(self.workspace.project).as_posix())
        return replace(found, texts={**found.texts, **self.drafts})

    @property
    def specification(self) -> str:
        """Return the specification's path from the project directory, as the lock file has it."""
        return Path(os.path.relpath(self.workspace.project / self.request.fcs, self.workspace.project)).as_posix()

    def refuse_rival(self) -> None:
        """Refuse to build over what another specification, which is still there, was built into."""
        first = self.section.fcs
        if first and first != self.specification and (self.workspace.project / first).is_file():
            message = f"{self.workspace.output} was built from {first}, not from {self.specification}"
            hint = "name another output with -o DIR, or take this one over with --force"
            raise Refused(message, hint=hint, code=Code.IN_THE_WAY)

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """Return what the user should know of the specification."""
        return self.loaded.warnings

    @cached_property
    def renderings(self) -> Renderings:
        """Return what is known of renderings, and what the plan adds."""
        return Renderings(read_renderings(self.workspace.renderings))

    @cached_property
    def plan(self) -> Plan:
        """Return the plan; template directories are checked on the way."""
        for rule in self.request.origins.by_rule.keys() - self.rulebook.rules.keys():
            raise self._unusable(
                "origins", f"generation.origins: there is no rule {rule}", "`gocreator list --json` names them"
            )
        for rule, mix in self.request.origins.by_rule.items():
            always = Origin.MODEL not in self.rulebook.rules[rule].spec.origins and self.request.origins.templates
            if mix is Mix.LLM and always:
                raise self._unusable(
                    "origins", f"generation.origins.{rule}: its files always come from a template", "leave it out"
                )
        planner = Planner(self.rulebook, self.request.standard_files, self.renderings, self.origins)
        plan = planner.plan(self.loaded.fcs)
        for name in self.request.standard_files:
            if name not in planner.standard_paths:
                known = ", ".join(sorted(planner.standard_paths))
                raise self._unusable("standard_files", f"there is no standard file {name}", f"there are {known}")
        return plan

    @cached_property
    def rulebook(self) -> Rulebook:
        """Return the rules in force."""
        user = self.request.template_dir
        shown = "" if user is None else os.path.relpath(user, self.workspace.project)
        if user is not None and not user.is_dir():
            raise self._unusable("template_dir", f"the template directory {shown} does not exist", "create it")
        return load_rulebook(data_dir("templates"), user, user_name=shown, bytecode=kept_for_user())

    @property
    def origins(self) -> Origins:
        """Return who writes which target."""
        return replace(self.request.origins, recorded=self._recorded)

    @cached_property
    def _recorded(self) -> Mapping[RelPath, Origin]:
        """Return what the lock says of origins; a damaged one says nothing, which whoever needs more of it reports."""
        named, place = self.request.origins, self.workspace.lock_file
        if not named.templates or (named.named is not None and not named.by_rule):
            return {}
        try:
            if not named.has_provider and b'"origin": "model"' not in place.read_bytes():
                return {}
            return {path: entry.origin for path, entry in self.section.targets.items()}
        except (OSError, LockError):
            return {}

    def look_again(self) -> None:
        """Plan anew if the lock says something else of origins than when the plan was made."""
        for name in ("lock", "section"):
            vars(self).pop(name, None)
        before = vars(self).pop("_recorded", None)
        if before != self._recorded:
            vars(self).pop("plan", None)

    @cached_property
    def texts(self) -> "Texts":
        """Return what models are told."""
        from gocreator.prompt.texts import Texts  # noqa: PLC0415 - few commands ask

        example = load_fcs(self._example).fcs
        return Texts(
            self.rulebook,
            self.plan,
            Planner(self.rulebook, self.request.standard_files, self.renderings).plan(example),
            filtering=self.request.filtering,
            dependencies=self.request.dependencies,
        )

    @property
    def _example(self) -> Path:
        """Return the specification of the project whose files are examples."""
        return data_dir("templates") / PROMPTS / "example.fcs.yaml"

    @cached_property
    def recipe_basis(self) -> Digest:
        """Hash what recipes follow from, beside gocreator's own code."""
        templates = (f"{name}\0{file.text}" for name, file in sorted(self.rulebook.templates.items()))
        return digest(self._example.read_bytes(), "\0".join(self.request.standard_files), *templates)

    @cached_property
    def recipes(self) -> Recipes:
        """Return how the files of rules are asked for."""
        return Recipes(read_recipes(self.workspace.recipes, self.recipe_basis), lambda: self.texts)

    def _unusable(self, name: str, message: str, hint: str) -> ConfigError:
        return ConfigError([Problem(Location(self.request.sources.get(name, name)), message, hint)])

    @cached_property
    def lock(self) -> Lock:
        """Return the lock file."""
        return read_lock(self.workspace.lock_file)

    @cached_property
    def section(self) -> Section:
        """Return what the lock file says of this output."""
        return self.lock.section(self.workspace.output)

    @cached_property
    def memory(self) -> Memory:
        """Return the local state."""
        return read_state(self.workspace.state_db)

    @property
    def verdict(self) -> Mapping[str, str]:
        """Return the key of the last verification and whether it `passed` or `failed`; empty if there was none."""
        return self.memory.others.get(VERIFY, {})

    @cached_property
    def sights(self) -> Sights:
        """Return what is known of the output's files, and what this session adds."""
        return Sights(self.tree, self.memory.sightings, self.request.checksum_algorithm)

    @cached_property
    def tree(self) -> Tree:
        """Return the output directory."""
        return Tree(self.workspace.root)

    @property
    def elements(self) -> Mapping[Digest, str]:
        """Return what targets are made from as JSON, for telling later what changed."""
        cut = self.plan.elements.values()
        return {element.digest: element.json for element in cut} | {
            element.face_digest: element.face_json for element in cut
        }

    @property
    def by_template(self) -> str:
        """Return what to do so that templates write what models would."""
        switched = "build with --origin template"
        return switched if self.request.origins.templates else "set optimization.templates.enabled to true"

    def select(self, names: Sequence[str]) -> tuple[RelPath, ...]:
        """Return the paths that TARGET arguments mean."""
        return select(self.plan, names, self.workspace)

    def finding(self, path: RelPath) -> Finding:
        """Return what a target is."""
        if path not in self._findings:
            section = self.section
            known = (self.memory.records.get(path), section.targets.get(path))
            actual, unreadable = self._look(path)
            facts = Facts(
                actual=actual,
                records=tuple(record for record in known if record is not None),
                ignored=path in section.ignored,
                unreadable=unreadable,
                intended=self.memory.intents.get(path),
            )
            found = judge(self.plan.targets[path], facts)
            self._findings[path] = self._compared(found) if self.request.incremental else made_anew(found)
        return self._findings[path]

    def _compared(self, finding: Finding) -> Finding:
        """Compare how a file was asked for with how it would be asked for now, where somebody would be asked."""
        if not self.request.writers or not is_comparable(finding):
            return finding
        return compared(finding, Asked(self.recipes.of(finding.target.rule), self.request.writers))

    def _look(self, path: RelPath) -> tuple[Content | None, str]:
        """Return what a file holds, or why nothing is seen; writing there will fail for that target alone."""
        try:
            return self.sights.look(path), ""
        except Unwritable as error:
            return None, error.message

    def findings(self, names: Sequence[str] = ()) -> list[Finding]:
        """Return what each of the targets meant is, in the order of the plan."""
        return [self.finding(path) for path in self.select(names)]

    def reasons(self, finding: Finding) -> tuple[str, ...]:
        """Return why a target is what it is."""
        found = reasons(self.plan, finding, self.memory.element)
        if finding.status is not Status.PENDING:
            return found
        return tuple(
            f"{self._awaited(finding.target, name)} is asked of the planner first" for name in finding.target.awaits
        )

    def _awaited(self, target: Target, package: str) -> str:
        own = target.element == f"package:{package}"
        whose = "its contract" if own else f"the contract of {package}, which it uses,"
        return f"{whose} is not known yet: {self.contracts.path(package)}"

    @cached_property
    def orphans(self) -> list[Orphan]:
        """Return what left the plan: recorded by state or lock, wanted by no rule."""
        locked, ignored = self.section.targets, self.section.ignored
        known_paths = {*locked, *self.memory.records, *self.memory.intents} - self.plan.targets.keys()
        found = []
        for path in sorted(known_paths.difference(ignored)):
            actual, unreadable = self._look(path)
            known = [entry for entry in (locked.get(path), self.memory.records.get(path)) if entry]
            sums = {entry.checksum for entry in known if not entry.accepted}
            sums |= {self.memory.intents[path]} if path in self.memory.intents else set()
            edited = actual is not None and not any(actual.matches(its) for its in sums)
            found.append(Orphan(path, edited or bool(unreadable), actual is not None or bool(unreadable)))
        return found
