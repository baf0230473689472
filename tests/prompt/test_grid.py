"""Which files one call asks for."""

from pathlib import Path

import pytest

from gocreator.plan.target import Plan, Target
from gocreator.prompt.grid import Ask, Grid
from gocreator.values import Origin
from tests.benchmarks.specifications import specification
from tests.prompt.test_commons import written


def targets(plan: Plan, *rules: str) -> list[Target]:
    found = [it for it in plan.targets.values() if it.origin is Origin.MODEL]
    return [it for it in found if not rules or it.rule in rules]


def sizes(asks: list[Ask]) -> list[int]:
    return sorted(len(ask.targets) for ask in asks)


def test_a_call_brings_files_of_one_kind_for_a_group(tmp_path: Path) -> None:
    plan = written(tmp_path, specification(16))
    asks = Grid(5, 0.7, 4).asks(plan, targets(plan))
    assert sizes(asks) == [4] * 16
    assert all(len(ask.rules) == 1 for ask in asks)
    assert sorted(it.path for ask in asks for it in ask.targets) == sorted(it.path for it in targets(plan))
    assert all(it in ask.members for ask in asks for it in ask.targets)
    assert {len(ask.members) for ask in asks} == {16}


@pytest.mark.parametrize(
    ("count", "workers", "found"),
    [
        (10, 4, [5, 5]),  # not so many that it would matter
        (12, 4, [3, 3, 3, 3]),  # three calls, and a worker without any
        (12, 12, [2] * 6),  # never one by one for that
        (12, 2, [4, 4, 4]),
        (30, 4, [5] * 6),
    ],
)
def test_groups_are_smaller_only_where_workers_had_nothing_to_do(
    tmp_path: Path, count: int, workers: int, found: list[int]
) -> None:
    plan = written(tmp_path, specification(count))
    assert sizes(Grid(5, 0.7, workers).asks(plan, targets(plan, "model"))) == found


@pytest.mark.parametrize(("workers", "found"), [(1, [4]), (2, [2, 2]), (3, [1, 1, 2]), (4, [1, 1, 1, 1])])
def test_kinds_share_a_call_where_files_are_few_and_workers_fewer(
    tmp_path: Path, workers: int, found: list[int]
) -> None:
    plan = written(tmp_path, specification(1))
    asks = Grid(5, 0.7, workers).asks(plan, targets(plan))
    assert sizes(asks) == found
    assert len({ask.group for ask in asks}) == 1


def test_a_call_brings_no_more_than_it_may(tmp_path: Path) -> None:
    plan = written(tmp_path, specification(1))
    assert sizes(Grid(3, 0.7, 1).asks(plan, targets(plan))) == [2, 2]
    assert sizes(Grid(1, 0.7, 1).asks(plan, targets(plan))) == [1] * 4


def test_with_one_worker_small_groups_take_all_kinds_at_once(tmp_path: Path) -> None:
    plan = written(tmp_path, specification(3))
    asks = Grid(5, 0.7, 1).asks(plan, targets(plan))
    assert sizes(asks) == [3, 3, 3, 3], "six files would be too many"
