"""The calls that a run needs: groups of elements times rules, each call some files of one group.

Grouping says which files travel together. It enters no key: a file that travelled in another call is the same file.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise

from gocreator.plan.target import Plan, Target
from gocreator.prompt.grouping import groups
from gocreator.values import ElementId, RuleName

_MANY = 10
"""A rule with more files than this may have smaller groups, where otherwise not all workers had a call."""


@dataclass(frozen=True)
class Ask:
    """What one call asks for."""

    group: int
    targets: tuple[Target, ...]
    """The files that it brings, in the order of rules, then of elements."""
    members: tuple[Target, ...]
    """All files of the group, in all of its calls: their contracts and slices are what its calls share."""

    @property
    def rules(self) -> tuple[RuleName, ...]:
        """Return the kinds of its files."""
        return tuple(dict.fromkeys(target.rule for target in self.targets))


@dataclass(frozen=True)
class Grid:
    """How calls are cut."""

    size: int
    """So many files may one call bring."""
    similarity: float
    """From 0 to 1: how alike the contracts of files must be that share a call."""
    workers: int
    """So many calls may be in flight."""
    fits: Callable[[Sequence[Target]], bool] = lambda _: True
    """Tells whether the prompt for some files is not too large, in whatever sense."""
    answers: Callable[[Sequence[Target]], bool] = lambda _: True
    """Tells whether one answer has room for some files."""

    def asks(self, plan: Plan, targets: Sequence[Target]) -> list[Ask]:
        """Return the calls for some targets of a plan; equal targets, equal calls."""
        by_element: dict[ElementId, list[Target]] = {}
        for target in targets:
            by_element.setdefault(target.element, []).append(target)
        together = groups(plan, by_element, size=self._size(targets), threshold=self.similarity, room=self._has_room)
        files = ([target for element in group for target in by_element[element]] for group in together)
        members = (part for its in files for part in self._parted(its))
        return self._merged([ask for number, its in enumerate(members) for ask in _cut(number, its)])

    def _has_room(self, targets: Sequence[Target]) -> bool:
        """Tell whether the files of several elements may share a prompt, and those of each kind an answer."""
        return all(self.answers(ask.targets) for ask in _cut(0, targets)) and self.fits(targets)

    def _parted(self, files: Sequence[Target]) -> list[list[Target]]:
        """Part the files of an element that together need too large a prompt; one that needs it by itself is alone."""
        if self.fits(files):
            return [list(files)]
        parts: list[list[Target]] = []
        alone: list[list[Target]] = []
        for target in files:
            if not self.fits([target]):
                alone.append([target])
            elif part := next((it for it in parts if self.fits([*it, target])), None):
                part.append(target)
            else:
                parts.append([target])
        return [*parts, *alone]

    def _size(self, targets: Sequence[Target]) -> int:
        """Return how many elements a group may have: fewer than calls may have files only where workers had none."""
        counts = [sum(1 for _ in its) for _, its in groupby(sorted(target.rule for target in targets))]
        largest = max(counts, default=0)
        calls = sum(-(-count // self.size) for count in counts)
        if calls >= self.workers or largest <= _MANY:
            return self.size
        wanted = -(-self.workers // len(counts))
        return min(self.size, max(2, -(-largest // wanted)))

    def _merged(self, asks: list[Ask]) -> list[Ask]:
        """Let rules of a group share calls while there are more calls than workers: few files, or few workers."""
        while len(asks) > self.workers:
            pairs = [
                (len(one.targets) + len(other.targets), at)
                for at, (one, other) in enumerate(pairwise(asks))
                if one.group == other.group and self._may_join(one, other)
            ]
            if not pairs:
                break
            _, at = min(pairs)
            joined = replace(asks[at], targets=(*asks[at].targets, *asks[at + 1].targets))
            asks = [*asks[:at], joined, *asks[at + 2 :]]
        return asks

    def _may_join(self, one: Ask, other: Ask) -> bool:
        files = [*one.targets, *other.targets]
        return len(files) <= self.size and self.answers(files)


def _cut(number: int, members: Sequence[Target]) -> Iterator[Ask]:
    """Yield a call for each rule of a group."""
    for rule in dict.fromkeys(target.rule for target in members):
        yield Ask(number, tuple(target for target in members if target.rule == rule), tuple(members))
