"""kill -9 at random moments of a build that is paid for, then `build --resume`: nothing is paid for twice.

The emulator runs as a process of its own and writes down when it had sent each file, what it was asked for, and by its
own clock, which is this test's too.
"""

import json
import os
import random
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from gocreator.store.journal import read_journal
from tests.benchmarks.asking import serving
from tests.emulator.journal import Entry, entries

KILLS = 50
MARGIN, SHARED = 0.05, 1.0
"""So many seconds before a kill must a file have been sent to be safe: on a machine that does nothing else (the long
run, in one process), and on one that tests share, where Go may wait longer than that to judge a file."""
SCALE = 0.06
"""What a second of the emulator lasts."""
BUILD = ("build", "--no-verify", "--log-level", "warn")
PAID = (*BUILD, "--provider", "anthropic", "-n", "3")
ONE_BY_ONE = "optimization: {batching: {enabled: false}}\n"


@dataclass(frozen=True)
class Case:
    """How a build is called, in which project."""

    name: str
    call: tuple[str, ...]
    settings: str = ""
    built: bool = False
    """It was built before."""


CASES = (
    Case("together", PAID),
    Case("alone", PAID, ONE_BY_ONE),
    Case("anew", (*PAID, "--refresh", "rule:model", "rule:service"), ONE_BY_ONE, built=True),
)


@dataclass(frozen=True)
class Whole:
    """What a build of a case does if nobody kills it."""

    prepared: Path
    answers: Path
    first: float
    """Seconds from the start of the process to its first call."""
    last: float
    """Seconds from there to its end."""
    tree: dict[str, bytes]
    built: int


Wholes = Callable[[Case], Whole]


@pytest.fixture(scope="module")
def wholes(tmp_path_factory: pytest.TempPathFactory, new_project: Callable[[Path], Any]) -> Wholes:
    """Give what the build of a case does."""
    known: dict[Case, Whole] = {}

    def whole(case: Case) -> Whole:
        if case not in known:
            known[case] = _measured(case, new_project, tmp_path_factory.mktemp(case.name))
        return known[case]

    return whole


def _measured(case: Case, new_project: Callable[[Path], Any], folder: Path) -> Whole:
    templates, prepared = new_project(folder / "templates"), new_project(folder / "prepared")
    assert templates(*BUILD).code == 0
    answers = templates.root / "generated"
    prepared.write(".gocreator.yaml", case.settings)
    with serving(answers, folder / "before.journal", 0) as variables:
        if case.built:
            _run(prepared, PAID, variables)
    timed, journal = type(prepared)(folder / "timed"), folder / "timed.journal"
    shutil.copytree(prepared.root, timed.root, symlinks=True)
    with serving(answers, journal, SCALE) as variables:
        began = time.monotonic()
        _run(timed, case.call, variables)
        ended = time.monotonic()
    first = min(entry.arrived for entry in entries(journal))
    built = _report(timed)["counts"]["built"]
    return Whole(prepared.root, answers, first - began, ended - first, _tree(timed), built)


@pytest.mark.sample(1)
@pytest.mark.parametrize("number", range(KILLS))
def test_what_was_sent_before_a_kill_is_not_asked_for_again(
    wholes: Wholes, new_project: Callable[[Path], Any], tmp_path: Path, request: pytest.FixtureRequest, number: int
) -> None:
    seed, long = request.getfixturevalue("seed"), request.getfixturevalue("long")
    margin = MARGIN if long and "PYTEST_XDIST_WORKER" not in os.environ else SHARED
    case = CASES[number % len(CASES)]
    whole, project, journal = wholes(case), new_project(tmp_path / "project"), tmp_path / "journal"
    shutil.copytree(whole.prepared, project.root, symlinks=True, dirs_exist_ok=True)
    delay = whole.first + random.Random(f"resume {seed} {number}").uniform(0, whole.last)  # noqa: S311 - a moment
    with serving(whole.answers, journal, SCALE) as variables:
        running = project.start(*case.call, **variables)
        time.sleep(delay)
        killed_at = time.monotonic()
        running.kill()
        running.communicate(timeout=60)
        former = read_journal(project.root / ".gocreator/run.jsonl")
        # Without a journal it had not begun, or had ended with success: who asks anew then, asks for all of it again.
        again = () if former else (PAID if entries(journal) else case.call)[len(BUILD) :]
        _run(project, (*BUILD, "--resume", *again), variables)
    calls = entries(journal)
    before, after = [[it for it in calls if (it.arrived < killed_at) is early] for early in (True, False)]
    sent = _sent(before, killed_at - margin)
    assert not sent & {path for entry in after for path in entry.wanted}
    assert _tree(project) == whole.tree
    assert not (project.root / ".gocreator/run.jsonl").exists()
    report = _report(project)
    if former is None:
        return
    assert report["run"] == former.header.run
    assert report["counts"]["built"] == whole.built
    ended = [it for it in before if it.closed.keys() >= set(it.wanted) and it.ended < killed_at - margin]
    assert len(ended) + len(after) <= report["metrics"]["total_llm_calls"] <= len(before) + len(after)


def _sent(calls: list[Entry], until: float) -> set[str]:
    """Return the files that were sent to their end by then."""
    return {path for entry in calls for path, closed in entry.closed.items() if closed <= until}


def _run(project: Any, call: tuple[str, ...], variables: dict[str, str]) -> None:
    running = project.start(*call, **variables)
    _, err = running.communicate(timeout=120)
    assert running.returncode == 0, err
    assert "warning" not in err


def _report(project: Any) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((project.root / ".gocreator/reports/latest/report.json").read_text())
    return found


def _tree(project: Any) -> dict[str, bytes]:
    """Return the output, and the lock, in which nothing tells the time."""
    return {**project.files("generated"), "gocreator.lock": (project.root / "gocreator.lock").read_bytes()}
