"""Check what only the whole specification shows: packages that need each other, names that nobody bears."""

from collections.abc import Iterator, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise

from gocreator.fcs.entities import Draft
from gocreator.fcs.model import Entity, Package, Pattern, Type
from gocreator.fcs.packages import Places
from gocreator.fcs.report import ROOT, At, Report
from gocreator.fcs.types import close


def check_cycles(
    packages: Sequence[Package], entities: Sequence[Entity], drafts: Sequence[Draft], places: Places, report: Report
) -> None:
    """Refuse packages that would import each other, whether declared so or because entities refer to each other."""
    edges = {package.name: set(package.dependencies) for package in packages}
    reasons = {
        (package.name, name): places[package.name].at / "dependencies"
        for package in packages
        for name in package.dependencies
        if package.name in places
    }
    for source, target, at in induced(entities, drafts):
        if target not in edges.setdefault(source, set()):
            edges[source].add(target)
            reasons[source, target] = at
    for cycle in cycles(edges):
        at = max((reasons.get(step, ROOT) for step in pairwise(cycle)), key=lambda place: report.source.at(place.loc))
        path = " -> ".join(cycle)
        report.error(at, f"packages need each other: {path}", "move what both need into a package of its own")


def induced(entities: Sequence[Entity], drafts: Sequence[Draft]) -> Iterator[tuple[str, str, At]]:
    """Return the imports that references between entities bring about."""
    homes = {entity.name: entity.package for entity in entities}
    for entity, draft in zip(entities, drafts, strict=True):
        for attribute in entity.attributes:
            target = homes.get(referred(attribute.type), entity.package)
            if target != entity.package:
                yield entity.package, target, draft.places.get(attribute.name, draft.thing.name_at)


def referred(kind: Type) -> str:
    """Return the entity that a type refers to, also inside a list or a map."""
    while kind.item is not None:
        kind = kind.item
    return kind.entity


def cycles(edges: Mapping[str, set[str]]) -> Iterator[list[str]]:
    """Return one cycle after another, each cut where it begins."""
    rest = {name: sorted(targets) for name, targets in sorted(edges.items())}
    while True:
        try:
            TopologicalSorter(rest).prepare()
        except CycleError as error:
            # graphlib lists a cycle against the direction of the edges.
            cycle = _from_least(list(reversed(error.args[1]))[:-1])
            yield [*cycle, cycle[0]]
            rest[cycle[0]] = [name for name in rest[cycle[0]] if name != cycle[1 % len(cycle)]]
        else:
            return


def _from_least(cycle: list[str]) -> list[str]:
    """Turn a cycle so that it begins with its first name."""
    start = cycle.index(min(cycle))
    return cycle[start:] + cycle[:start]


def check_patterns(patterns: Sequence[Pattern], packages: Sequence[Package], report: Report) -> None:
    """Warn of patterns that apply to what is no package."""
    names = {package.name for package in packages}
    for pattern in patterns:
        for name in pattern.applies_to:
            if names and name not in names and name != "*":
                message = f"the pattern `{pattern.name}` applies to `{name}`, which is no package"
                report.warn(ROOT / "patterns", message, close(name, names))
