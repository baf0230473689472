"""Which elements share calls."""

import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from gocreator.plan.target import Plan, Target
from gocreator.prompt.grouping import groups
from gocreator.values import ElementId, Origin
from tests.benchmarks.specifications import earlier, specification
from tests.prompt.test_commons import ROOT, planned, written

Groups = list[tuple[ElementId, ...]]


def everything(_: Sequence[Target]) -> bool:
    return True


def elements(plan: Plan, *rules: str) -> dict[ElementId, list[Target]]:
    found: dict[ElementId, list[Target]] = {}
    for target in plan.targets.values():
        if target.origin is Origin.MODEL and (not rules or target.rule in rules):
            found.setdefault(target.element, []).append(target)
    return found


@pytest.mark.parametrize(("count", "sizes"), [(1, [1]), (5, [5]), (6, [3, 3]), (11, [3, 4, 4]), (16, [4, 4, 4, 4])])
def test_groups_are_few_and_even(tmp_path: Path, count: int, sizes: list[int]) -> None:
    plan = written(tmp_path, specification(count))
    found = groups(plan, elements(plan), size=5, threshold=0.7, room=everything)
    assert sorted(map(len, found)) == sizes
    assert sorted(it for group in found for it in group) == sorted(elements(plan))


def test_what_is_linked_is_together(tmp_path: Path) -> None:
    plan = written(tmp_path, specification(16))
    found = groups(plan, elements(plan), size=4, threshold=0.7, room=everything)
    place = {element: at for at, group in enumerate(found) for element in group}
    linked = sum(
        place[ElementId(f"entity:Thing{it}")] == place[ElementId(f"entity:Thing{earlier(it)}")] for it in range(1, 16)
    )
    assert linked >= 8


def test_what_is_unlike_is_apart() -> None:
    plan = planned(ROOT / "examples/tickets/fcs.yaml")
    found = groups(plan, elements(plan), size=5, threshold=0.7, room=everything)
    kinds = [{element.partition(":")[0] for element in group} for group in found]
    assert all(len(kind) == 1 for kind in kinds)
    assert all(len(group) == 1 for group, kind in zip(found, kinds, strict=True) if kind == {"package"})
    assert [len(group) for group, kind in zip(found, kinds, strict=True) if kind == {"endpoint"}] == [4, 4]
    alike = groups(plan, elements(plan), size=5, threshold=0.0, room=everything)
    assert len(alike) < len(found)


def test_an_entity_of_which_less_is_asked_may_be_with_others(tmp_path: Path) -> None:
    plan = written(tmp_path, specification(3))
    asked = elements(plan)
    asked[ElementId("entity:Thing1")] = [it for it in asked[ElementId("entity:Thing1")] if it.rule == "service"]
    assert len(groups(plan, asked, size=5, threshold=0.7, room=everything)) == 1


def test_groups_are_smaller_where_they_do_not_fit(tmp_path: Path) -> None:
    plan = written(tmp_path, specification(10))

    def two(targets: Sequence[Target]) -> bool:
        return len({target.element for target in targets}) <= 2

    found = groups(plan, elements(plan), size=5, threshold=0.7, room=two)
    assert [len(group) for group in found] == [2] * 5
    alone = groups(plan, elements(plan), size=5, threshold=0.7, room=lambda _: False)
    assert [len(group) for group in alone] == [1] * 10


def test_one_that_does_not_fit_leaves_the_others_together(tmp_path: Path) -> None:
    plan = written(tmp_path, specification(20))

    def without_third(targets: Sequence[Target]) -> bool:
        return "entity:Thing3" not in {target.element for target in targets}

    found = groups(plan, elements(plan), size=5, threshold=0.7, room=without_third)
    assert sorted(map(len, found)) == [1, 4, 5, 5, 5]
    assert ("entity:Thing3",) in found


@pytest.mark.parametrize("name", ["Linux", "Test", "ApiKey", "IoTDevice"])
def test_a_name_that_files_or_go_write_otherwise_groups_like_all(tmp_path: Path, name: str) -> None:
    plan = written(tmp_path, specification(3, served=False).replace("Thing2", name))
    assert len(groups(plan, elements(plan), size=5, threshold=0.7, room=everything)) == 1


def test_equal_input_gives_equal_groups(tmp_path: Path) -> None:
    plan = written(tmp_path, specification(30))
    first, second = (groups(plan, elements(plan), size=5, threshold=0.7, room=everything) for _ in range(2))
    assert first == second


def test_many_are_grouped_without_delay(tmp_path: Path) -> None:
    plan = written(tmp_path, specification(200, served=False))
    asked = elements(plan)
    began = time.process_time()
    found = groups(plan, asked, size=5, threshold=0.7, room=everything)
    assert len(found) == 40
    assert time.process_time() - began < 2
