"""Which elements share calls: of one kind, alike, and beside each other where they depend on each other.

The elements of one run are grouped, whatever others there are. Groups are as few and as even as their number allows.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from posixpath import basename

from gocreator import gonames
from gocreator.plan.target import Plan, Target
from gocreator.prompt.shapes import Names, similarity, units
from gocreator.values import ElementId, Part, RuleName

_NEAR = 8
"""With so many groups is a piece tried that must find a place."""

Shape = Mapping[RuleName, frozenset[str]]
"""What the contracts of an element declare, by rule, without its names."""


def groups(
    plan: Plan,
    by_element: Mapping[ElementId, Sequence[Target]],
    *,
    size: int,
    threshold: float,
    room: Callable[[Sequence[Target]], bool],
) -> list[tuple[ElementId, ...]]:
    """Return the elements in groups of at most `size`, in the order of the plan.

    `threshold` is how alike the contracts of a group are at least, from 0 to 1; `room` tells whether the files of some
    elements fit into one prompt; an element that does not is alone.
    """
    kinds: dict[str, _Kind] = {}
    for element, targets in by_element.items():
        kind = kinds.setdefault(element.partition(":")[0], _Kind(plan, size, threshold, room, {}))
        kind.targets[element] = targets
    return [group for kind in kinds.values() for group in kind.groups()]


@dataclass
class _Kind:
    """The elements of one kind."""

    plan: Plan
    size: int
    threshold: float
    room: Callable[[Sequence[Target]], bool]
    targets: dict[ElementId, Sequence[Target]]

    def groups(self) -> Iterator[tuple[ElementId, ...]]:
        for alike in self._alike():
            yield from self._fitting(alike)

    def _alike(self) -> list[list[ElementId]]:
        """Return the elements apart that are not alike; each is compared with the first of its like."""
        if self.size == 1:
            return [[element] for element in self.targets]
        found: list[tuple[Shape, list[ElementId]]] = []
        for element, targets in self.targets.items():
            shape = self._shape(targets)
            near = next((its for other, its in found if _likeness(shape, other) >= self.threshold), None)
            if near is None:
                found.append((shape, [element]))
            else:
                near.append(element)
        return [its for _, its in found]

    def _shape(self, targets: Sequence[Target]) -> Shape:
        found: dict[RuleName, frozenset[str]] = {}
        for target in targets:
            names = Names.of(_name(target), "")
            declared = {names.abstracted(it.name) for it in units(target.contract(Part.FULL)) if it.declares}
            for field in self._fields.get(target.element, ()):
                declared = {name.replace(field, "{Field}") for name in declared}
            found[target.rule] = frozenset(declared)
        return found

    @cached_property
    def _fields(self) -> dict[str, list[str]]:
        """Return the names of entities' fields in Go, the long ones first."""
        return {
            f"entity:{entity.name}": sorted({gonames.exported(it.name) for it in entity.attributes}, key=len)[::-1]
            for entity in self.plan.fcs.entities
        }

    def _fitting(self, elements: Sequence[ElementId]) -> Iterator[tuple[ElementId, ...]]:
        """Cut elements into groups; what does not fit is halved until it does, and joined again where it can be."""
        groups: list[tuple[ElementId, ...]] = []
        for group in self._cut(elements, -(-len(elements) // self.size)):
            pieces = list(self._pieces(group))
            for piece in pieces:
                at, joined = self._joined(groups, piece) if len(pieces) > 1 else (len(groups), piece)
                groups[at : at + 1] = [joined]
        order = {element: at for at, element in enumerate(elements)}
        yield from (tuple(sorted(group, key=order.__getitem__)) for group in groups)

    def _pieces(self, group: tuple[ElementId, ...]) -> Iterator[tuple[ElementId, ...]]:
        """Halve a group until each piece fits."""
        if self._fits(group):
            yield group
            return
        for piece in self._cut(group, 2):
            yield from self._pieces(piece)

    def _joined(
        self, groups: Sequence[tuple[ElementId, ...]], piece: tuple[ElementId, ...]
    ) -> tuple[int, tuple[ElementId, ...]]:
        """Return a piece with the group that has room for it, and that one's place; else by itself, at the end."""
        for at in range(len(groups) - 1, max(len(groups) - _NEAR, 0) - 1, -1):
            joined = (*groups[at], *piece)
            if len(joined) <= self.size and self._fits(joined):
                return at, joined
        return len(groups), piece

    def _fits(self, group: Sequence[ElementId]) -> bool:
        """Tell whether elements may share prompts; one element always may be by itself."""
        return len(group) == 1 or self.room([it for one in group for it in self.targets[one]])

    def _cut(self, elements: Sequence[ElementId], count: int) -> Iterator[tuple[ElementId, ...]]:
        """Yield so many even groups: each begins with the first that is left, and takes what is linked with it."""
        order = {element: at for at, element in enumerate(elements)}
        left = dict.fromkeys(elements)
        for number in range(count):
            size = len(left) // (count - number)
            group = [next(iter(left))]
            del left[group[0]]
            links = dict.fromkeys(left, 0)
            while len(group) < size:
                for near in self._links.get(group[-1], ()):
                    if near in links:
                        links[near] += 1
                nearest = max(links, key=lambda it: (links[it], -order[it]))
                group.append(nearest)
                del left[nearest], links[nearest]
            yield tuple(sorted(group, key=order.__getitem__))

    @cached_property
    def _links(self) -> dict[ElementId, set[ElementId]]:
        """Return which elements depend on each other, either way."""
        found: dict[ElementId, set[ElementId]] = {}
        for element, targets in self.targets.items():
            for item in (item for target in targets for item in target.slice):
                if item.element in self.targets and item.element != element:
                    found.setdefault(element, set()).add(item.element)
                    found.setdefault(item.element, set()).add(element)
        return found


def _name(target: Target) -> str:
    """Return what an entity is called; other elements have no names that Go has too."""
    kind, _, name = target.element.partition(":")
    return name if kind == "entity" else basename(target.path).partition(".")[0]


def _likeness(one: Shape, other: Shape) -> float:
    """Compare the contracts of those rules that both have files of."""
    rules = one.keys() & other.keys()
    return similarity(*(frozenset(f"{rule} {name}" for rule in rules for name in its[rule]) for its in (one, other)))
