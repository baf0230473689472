"""Merging a planned go.mod into the one that is there."""

import pytest

from gocreator.output.merge import merge_requirements

PLANNED = "module example.com/a\n\ngo 1.24\n\nrequire example.org/x v1.0.0\n"
MINE = """\
module example.com/a

go 1.25.1

require (
\texample.org/x v1.0.0
\texample.org/y v0.3.0 // indirect
)

replace example.org/x v1.0.0 => ../x

exclude (
\texample.org/x v0.9.0
)
"""


def test_nothing_changes_where_the_plan_does_not() -> None:
    assert merge_requirements(PLANNED, MINE, PLANNED) == MINE
    assert merge_requirements(None, MINE, PLANNED) == MINE


@pytest.mark.parametrize(
    ("old", "new", "was", "now"),
    [
        ("x v1.0.0", "x v1.1.0", "\texample.org/x v1.0.0\n", "\texample.org/x v1.1.0\n"),
        ("example.com/a", "example.com/b", "module example.com/a", "module example.com/b"),
        ("go 1.24", "go 1.26", "go 1.25.1", "go 1.26"),
        ("go 1.24", "go 1.25", "", ""),
        ("require example.org/x v1.0.0\n", "", "", ""),
    ],
)
def test_what_changed_in_the_plan_changes(old: str, new: str, was: str, now: str) -> None:
    assert merge_requirements(PLANNED, MINE, PLANNED.replace(old, new)) == MINE.replace(was, now, 1)


def test_a_lower_go_is_taken_where_it_is_the_planned_one() -> None:
    mine = MINE.replace("1.25.1", "1.24")
    assert "\ngo 1.23\n" in merge_requirements(PLANNED, mine, PLANNED.replace("1.24", "1.23"))


def test_what_is_new_in_the_plan_is_added() -> None:
    planned = PLANNED.replace(
        "require example.org/x v1.0.0", "require (\n\texample.org/x v1.0.0\n\texample.org/z v2.0.0\n)"
    )
    assert merge_requirements(PLANNED, MINE, planned) == f"{MINE}\nrequire example.org/z v2.0.0\n"


def test_what_was_taken_out_stays_out() -> None:
    mine = "module example.com/a\n\ngo 1.24\n"
    assert merge_requirements(PLANNED, mine, PLANNED.replace("1.24", "1.25")) == mine.replace("1.24", "1.25")
