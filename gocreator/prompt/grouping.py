"""Which elements share calls: of one kind, as even groups as their number allows."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from gocreator.plan.target import Plan, Target
from gocreator.values import ElementId


def groups(
    plan: Plan,  # noqa: ARG001
    by_element: Mapping[ElementId, Sequence[Target]],
    *,
    size: int,
    threshold: float,  # noqa: ARG001
    room: Callable[[Sequence[Target]], bool],
) -> list[tuple[ElementId, ...]]:
    """Return the elements in groups; `room` tells whether the files of some fit into one prompt."""
    kinds: dict[str, list[ElementId]] = {}
    for element in by_element:
        kinds.setdefault(element.partition(":")[0], []).append(element)
    return [group for elements in kinds.values() for group in _even(elements, by_element, size, room)]


def _even(
    elements: Sequence[ElementId],
    by_element: Mapping[ElementId, Sequence[Target]],
    size: int,
    room: Callable[[Sequence[Target]], bool],
) -> Iterator[tuple[ElementId, ...]]:
    while True:
        cut = _cut(elements, -(-len(elements) // size))
        full = [group for group in cut if len(group) > 1 and not room([it for one in group for it in by_element[one]])]
        if not full:
            yield from cut
            return
        size -= 1


def _cut(elements: Sequence[ElementId], count: int) -> list[tuple[ElementId, ...]]:
    return [tuple(elements[at * len(elements) // count : (at + 1) * len(elements) // count]) for at in range(count)]
