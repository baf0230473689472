"""Applying rules to a specification: the plan of all files. Knows no kind of file by name."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any, NamedTuple

from gocreator.fcs.elements import elements
from gocreator.fcs.model import Fcs
from gocreator.plan import clashes, paths
from gocreator.plan.fingerprint import Fingerprints
from gocreator.plan.graph import phase_order
from gocreator.plan.origins import Origins
from gocreator.plan.render import PLURALS, Renderer
from gocreator.plan.rendering import Answers, Rendering, Renderings
from gocreator.plan.rule import Readable, Rule
from gocreator.plan.rulebook import Rulebook
from gocreator.plan.slices import STATEMENTS, Surroundings, endpoint_id
from gocreator.plan.target import Plan, Target, UsedContract
from gocreator.plan.views.view import View, check_samples, view
from gocreator.values import Digest, ElementId, Origin, Part, RelPath, RuleName

Place = tuple[RuleName, ElementId]


class _Application(NamedTuple):
    """A rule and an element to which it may apply."""

    rule: Rule
    element: ElementId
    item: Any
    """What templates see of the element."""
    context: Mapping[str, Any]
    key: Digest
    known: bool
    """It was planned before, from the same."""


class Candidate(NamedTuple):
    """A rule applied to an element: a file that is planned if it is wanted."""

    rule: Rule
    element: ElementId
    path: RelPath
    answers: Answers
    rendering: Rendering

    @property
    def place(self) -> Place:
        """Return what identifies the candidate."""
        return self.rule.name, self.element


Candidates = Mapping[Place, Candidate]
Used = Mapping[Place, Mapping[Place, Part]]
OwnOf = Callable[[Readable], list[ElementId] | None]
"""Tells which elements of a kind are an element's own; None: it reads all."""


class _Contracts(dict[tuple[Place, Part], tuple[UsedContract, Digest]]):
    """What is used of candidates, each made once: most targets use the same."""

    def __init__(self, candidates: Candidates) -> None:
        super().__init__()
        self._candidates = candidates

    def __missing__(self, used: tuple[Place, Part]) -> tuple[UsedContract, Digest]:
        place, part = used
        other = self._candidates[place]
        digests = other.rendering.digests
        self[used] = UsedContract.of(other.path, part), digests.face if part is Part.FACE else digests.full
        return self[used]


class Planner:
    """Plans for one rulebook; `standard_files` are the boilerplate files that the user wants."""

    def __init__(
        self,
        rulebook: Rulebook,
        standard_files: tuple[str, ...],
        renderings: Renderings | None = None,
        origins: Origins | None = None,
    ) -> None:
        self._book = rulebook
        self._standard_files = standard_files
        self._renderer = Renderer(rulebook)
        self._renderings = renderings or Renderings()
        self._origins = origins or Origins()
        self._order = phase_order(rulebook.rules)
        self.standard_paths: set[str] = set()
        """The files that `standard_files` may name; known once a plan was made."""

    def plan(self, fcs: Fcs) -> Plan:
        """Return the plan for a specification; the same specification gives the same plan."""
        cut = elements(fcs)
        seen = view(fcs)
        around = Surroundings(fcs, cut)
        candidates = {candidate.place: candidate for candidate in self._candidates(fcs, seen, around)}
        used = {place: self._used(candidate, candidates, around) for place, candidate in candidates.items()}
        origins = {place: self._origins.of(it.rule, it.answers) for place, it in candidates.items()}
        awaited = {place: place[1].partition(":")[2] for place in _awaited(seen, origins)}
        targets, contracts = [], _Contracts(candidates)
        for place in _wanted(candidates, used):
            target = self._target(candidates[place], used, around, contracts)
            names = {awaited[it] for it in (place, *used[place]) if it in awaited}
            waits = names and target.origin is Origin.MODEL
            targets.append(replace(target, awaits=tuple(sorted(names))) if waits else target)
        for target in targets:
            _ = target.key  # a template that fails does so here, and not in the middle of a build
        targets.sort(key=lambda target: (self._order[target.phase], target.path))
        clashes.check_exports(fcs.packages, targets)
        paths.check_together(targets, {rule.name: rule.place for rule in self._book.rules.values()})
        return Plan(fcs, cut, {target.path: target for target in targets})

    def _candidates(self, fcs: Fcs, seen: View, around: Surroundings) -> Iterator[Candidate]:
        applications = list(self._applications(fcs, seen, around))
        check_samples(it.item for it in applications if it.rule.spec.for_each == "entity" and not it.known)
        for rule, element, _, context, key, _ in applications:
            answers = self._renderings.answers(key, partial(self._renderer.answers, rule, context))
            if not answers.applies:
                continue
            path = paths.checked(answers.path, rule.place)
            if rule.spec.standard_file:
                self.standard_paths.add(path)
            if not rule.spec.standard_file or path in self._standard_files:
                texts = self._renderer.texts(rule, context)
                yield Candidate(rule, element, path, answers, self._renderings.take(key, *texts))

    def _applications(self, fcs: Fcs, seen: View, around: Surroundings) -> Iterator[_Application]:
        fingerprints = Fingerprints()
        for rule in self._book.rules.values():
            made_by = self._book.digest, rule.name, rule.digest
            for element, item in _items(rule, fcs, seen):
                context = self._context(rule, seen, item, partial(around.own, element))
                key = fingerprints.of(made_by, context)
                yield _Application(rule, element, item, context, key, known=key in self._renderings.known)

    def _context(self, rule: Rule, seen: View, item: Any, own_of: OwnOf) -> Mapping[str, Any]:
        context: dict[str, Any] = {"project": seen.project, rule.spec.for_each: item}
        for kind in rule.spec.reads:
            own = rule.spec.for_each == "entity" and kind in ("endpoint", "rules")
            found = getattr(item if own else seen, PLURALS[kind])
            if kind in STATEMENTS and (told := own_of(kind)) is not None:
                found = tuple(it for it in found if ElementId(f"{kind}:{it.id}") in told)
            context[PLURALS[kind]] = found
        if rule.spec.merge == "lines":
            context["ignore_rules"] = self._book.ignore_rules
        return context

    def _used(self, candidate: Candidate, candidates: Candidates, around: Surroundings) -> dict[Place, Part]:
        found: dict[Place, Part] = {}
        for use, holds in zip(candidate.rule.spec.uses, candidate.answers.uses, strict=True):
            if not holds:
                continue
            kind = self._book.rules[use.rule].spec.for_each
            for element in around.counterparts(candidate.element, kind, use.of):
                place = (use.rule, element)
                if place in candidates and place != candidate.place:
                    found[place] = Part.FULL if Part.FULL in (use.part, found.get(place)) else Part.FACE
        return found

    def _target(self, candidate: Candidate, used: Used, around: Surroundings, contracts: "_Contracts") -> Target:
        rule, spec = candidate.rule, candidate.rule.spec
        origin = self._origins.of(rule, candidate.answers)
        return Target(
            path=candidate.path,
            rule=rule.name,
            rule_version=spec.version,
            rule_digest=rule.digest,
            phase=spec.phase,
            role=spec.role,
            origin=origin,
            element=candidate.element,
            title=spec.title,
            slice=around.slice_of(candidate.element, spec.reads),
            uses=dict(contracts[it] for it in sorted(used[candidate.place].items())),
            rendering=candidate.rendering,
            merge=spec.merge if spec.merge == "lines" or around.has_modules else "",
            hollow=candidate.answers.skeleton,
            general=origin is Origin.MODEL and not rule.has_prompt,
        )


def _items(rule: Rule, fcs: Fcs, seen: View) -> Iterable[tuple[ElementId, Any]]:
    """Return the elements that a rule may apply to, each with what templates see of it."""
    if rule.spec.for_each == "project":
        return [(ElementId("project"), seen.project)]
    if rule.spec.for_each == "entity":
        named = zip(fcs.entities, seen.entities, strict=True)
        return [(ElementId(f"entity:{entity.name}"), item) for entity, item in named]
    if rule.spec.for_each == "endpoint":
        served = zip(fcs.endpoints, seen.endpoints, strict=True)
        return [(endpoint_id(endpoint), item) for endpoint, item in served]
    packages = zip(fcs.packages, seen.packages, strict=True)
    return [(ElementId(f"package:{package.name}"), item) for package, item in packages]


def _awaited(seen: View, origins: Mapping[Place, Origin]) -> Iterator[Place]:
    """Return the files of packages whose contract nobody gave, where a model is to write them."""
    unknown = {
        f"package:{package.element}" for package in seen.packages if package.is_free and not package.declarations
    }
    return (place for place, origin in origins.items() if place[1] in unknown and origin is Origin.MODEL)


def _wanted(candidates: Candidates, used: Used) -> list[Place]:
    """Return the candidates that are planned: those wanted for themselves, and what these bring along."""
    pending = [place for place, it in candidates.items() if not (it.rule.spec.on_demand or it.rule.spec.along)]
    along: dict[Place, list[Place]] = {}
    for place, it in candidates.items():
        along.setdefault((it.rule.spec.along, it.element), []).append(place)
    wanted: dict[Place, None] = {}
    while pending:
        place = pending.pop()
        if place in wanted:
            continue
        wanted[place] = None
        pending += used[place]
        pending += along.get(place, ())
    return list(wanted)
