"""What is outdated, decided from a record and from how its file would be asked for now."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from gocreator.fcs.load import load_fcs
from gocreator.plan.content import Content
from gocreator.plan.origins import Mix, Origins
from gocreator.plan.outdated import Asked, compared, is_comparable
from gocreator.plan.planner import Planner
from gocreator.plan.reasons import reasons
from gocreator.plan.record import LockEntry, Record, Writer
from gocreator.plan.rulebook import load_rulebook
from gocreator.plan.staleness import Facts, Finding, counts, judge, upgraded
from gocreator.plan.target import Plan, Target
from gocreator.resources import data_dir
from gocreator.values import Status, checksum

EXAMPLE = Path(__file__).parents[2] / "examples/blog/fcs.yaml"
TEXT = b"package service\n"
SONNET, GPT = ("sonnet", "medium"), ("gpt", "low")
WRITER = Writer("anthropic", *SONNET, "r1")


@pytest.fixture(scope="module")
def plan() -> Plan:
    return Planner(load_rulebook(data_dir("templates")), (), None, Origins(named=Mix.LLM)).plan(load_fcs(EXAMPLE).fcs)


@pytest.fixture(scope="module")
def target(plan: Plan) -> Target:
    return next(target for target in plan.targets.values() if target.rule == "service")


def _record(target: Target, writer: Writer | None = WRITER, text: bytes = TEXT, *, accepted: bool = False) -> Record:
    return Record.of(target, checksum(text, "sha256"), "", writer=writer, accepted=accepted)


def _found(target: Target, *records: LockEntry, text: bytes = TEXT) -> Finding:
    return judge(target, Facts(Content(lambda: text), records))


@pytest.mark.parametrize(
    ("recipe", "writers", "said"),
    [
        ("r1", [SONNET], []),
        ("r1", [GPT, SONNET], []),
        ("", [SONNET], []),
        ("r1", [], []),
        ("r2", [SONNET], ["the prompt of rule service changed"]),
        ("r1", [GPT], ["written by sonnet, now gpt is asked"]),
        ("r1", [GPT, ("sonnet", "high")], ["written by sonnet, now gpt is asked"]),
        ("r1", [("sonnet", "high")], ["written by sonnet with effort medium, now it is asked with effort high"]),
        ("r1", [("sonnet", "")], ["written by sonnet with effort medium, now it is asked with its own effort"]),
        ("r2", [GPT], ["the prompt of rule service changed", "written by sonnet, now gpt is asked"]),
    ],
)
def test_a_file_is_outdated_if_it_would_be_asked_for_otherwise(
    plan: Plan, target: Target, recipe: str, writers: Sequence[tuple[str, str]], said: list[str]
) -> None:
    found = _found(target, _record(target))
    assert is_comparable(found)
    now = compared(found, Asked(recipe, tuple(writers)))
    assert now.status is (Status.OUTDATED if said else Status.UP_TO_DATE)
    assert list(reasons(plan, now, lambda _: None)) == said
    assert not now.work
    assert now.settled
    assert upgraded(now).work is bool(said)
    assert counts([now]) == {str(now.status): 1}


def test_only_what_a_known_recipe_wrote_is_compared(plan: Plan, target: Target) -> None:
    template = next(it for it in plan.targets.values() if it.origin == "template")
    assert not is_comparable(_found(template, _record(template)))
    assert not is_comparable(_found(target, _record(target, Writer("anthropic", *SONNET, ""))))
    assert not is_comparable(_found(target, _record(target, accepted=True)))
    assert not is_comparable(_found(target, _record(target), text=b"package mine\n"))
    assert not is_comparable(judge(target, Facts(None, (_record(target),))))
    stale = _record(target).model_copy(update={"key": "another"})
    assert not is_comparable(_found(target, stale))


def test_of_one_text_that_was_written_twice_the_lock_knows_who_wrote_it_last(target: Target) -> None:
    own, other = _record(target), _record(target, WRITER._replace(recipe="r2"))
    assert _found(target, own, other.entry()).record == other.entry()
    assert _found(target, own, own.entry()).record is own
    assert _found(target, own, _record(target, WRITER._replace(recipe="")).entry()).record is own


def test_a_lock_entry_says_what_is_known_of_the_writer(target: Target) -> None:
    assert _record(target).entry().writer == WRITER
    assert _record(target, None).entry().writer is None
