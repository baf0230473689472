"""kill -9 at any moment, then build: everything is there, and it is what a build that nobody killed makes.

Moments are spread twice: over the time of a whole run, most of which is reading and planning, and over the
calls with which a run changes files, which are the moments at which something could break.
"""

import random
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

KILLS = 50
CHANGES = """
  - name: Invoice
    attributes: {number: {type: int, min: 1}, paid: bool}
relationships:
"""
PRODUCT = "  - name: Product\n    attributes:\n      title: string\n"
KILLED_AT = """\
import os, signal, sys
left = int(sys.argv.pop(1))
CHANGING = {"os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.symlink", "os.truncate", "sqlite3.connect"}
def count(event, arguments):
    global left
    writing = os.O_WRONLY | os.O_RDWR | os.O_CREAT
    if event in CHANGING or (event == "open" and isinstance(arguments[2], int) and arguments[2] & writing):
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
sys.dont_write_bytecode = True
sys.addaudithook(count)
from gocreator.__main__ import main
code = main()
print("changes", -left, file=sys.stderr)
sys.exit(code)
"""
"""Runs gocreator and kills it just before it changes a file for the so-manieth time."""


@dataclass(frozen=True)
class Case:
    """What was there before a build, and how it is called."""

    name: str
    jobs: int

    @property
    def call(self) -> tuple[str, ...]:
        """Return the arguments."""
        return ("build", "--no-verify", "-n", str(self.jobs), *(["--force"] if self.name == "forced" else []))


CASES = [Case(name, jobs) for name in ("cold", "changed", "edited", "forced", "settled") for jobs in (1, 4)]


@dataclass(frozen=True)
class Whole:
    """What a build of a case does if nobody kills it."""

    seconds: float
    changes: int
    """So many calls of it change files."""
    code: int
    before: dict[str, bytes | None]
    after: dict[str, bytes | None]
    own: list[str]
    check: str


def _prepare(project: Any, case: Case) -> None:
    """Bring a project into the state in which the build of a case finds it."""
    if case.name != "cold":
        assert project("build", "--no-verify").code == 0
    if case.name != "settled":
        project.edit("fcs.yaml", PRODUCT, "")
        project.edit("fcs.yaml", "\nrelationships:\n", CHANGES)
        project.edit("fcs.yaml", "total: {type: decimal, min: 0}", "total: {type: decimal, min: 1}")
    if case.name in ("edited", "forced"):
        for path in ("models/customer.go", "models/order.go", "models/product.go", "service/service.go"):
            _append(project.root / "generated/internal" / path, "\n// Mine.\n")
        _append(project.root / "generated/.gitignore", "mine\n")


def _append(place: Path, text: str) -> None:
    place.write_text((place.read_text() if place.exists() else "package service\n") + text)


def _tree(project: Any) -> dict[str, bytes | None]:
    """Return what the user sees: all files of the output, its directories, the lock."""
    lock = project.root / "gocreator.lock"
    found: dict[str, bytes | None] = {"gocreator.lock": lock.read_bytes()} if lock.exists() else {}
    for place in sorted((project.root / "generated").rglob("*")):
        found[place.relative_to(project.root).as_posix()] = None if place.is_dir() else place.read_bytes()
    return found


def _own(project: Any) -> list[str]:
    """Return the names of what gocreator keeps for itself, those of runs made alike.

    Whether there is a manifest is left out: a killed build may have done what keeps a whole one from writing it.
    """
    names = (place.relative_to(project.root).as_posix() for place in project.root.glob(".gocreator/**/*"))
    made_alike = {re.sub(r"/[0-9]{8}T[^/]*Z-[0-9]+", "/RUN", name) for name in names}
    return sorted(name for name in made_alike if not re.search(r"/manifests(/[0-9a-f]{24}\.json)?$", name))


Wholes = Callable[[Case], tuple[Any, Whole]]


@pytest.fixture(scope="module")
def wholes(tmp_path_factory: pytest.TempPathFactory, new_project: Callable[[Path], Any]) -> Wholes:
    """Give, for a case, the project before the build, and what the build does."""
    known: dict[Case, tuple[Any, Whole]] = {}

    def whole(case: Case) -> tuple[Any, Whole]:
        if case not in known:
            folder = tmp_path_factory.mktemp("whole")
            known[case] = _measured(case, new_project(folder / "project"), folder)
        return known[case]

    return whole


def _measured(case: Case, prepared: Any, folder: Path) -> tuple[Any, Whole]:
    _prepare(prepared, case)
    timed, counted = (_copy(prepared, folder / name, case) for name in ("timed", "counted"))
    before, began = _tree(timed), time.monotonic()
    running = timed.start(*case.call)
    running.communicate(timeout=60)
    seconds = time.monotonic() - began
    _, err = counted.start("0", *case.call, python=("-c", KILLED_AT)).communicate(timeout=60)
    changes = int(re.findall(r"changes (\d+)", err)[0])
    return prepared, Whole(
        seconds, changes, running.returncode, before, _tree(timed), _own(timed), timed("check", "--json").out
    )


def _copy(prepared: Any, place: Path, case: Case) -> Any:
    shutil.copytree(prepared.root, place, symlinks=True)
    project = type(prepared)(place)
    if case.name == "settled":
        # The fast path knows a project by its place.
        project.start(*case.call).communicate(timeout=60)
    return project


@pytest.mark.sample(2)
@pytest.mark.parametrize("number", range(KILLS))
def test_a_build_after_a_kill_at_any_time_makes_what_a_clean_one_makes(
    wholes: Wholes, tmp_path: Path, seed: str, number: int
) -> None:
    case = CASES[number % len(CASES)]
    prepared, whole = wholes(case)
    project = _copy(prepared, tmp_path / "project", case)
    delay = random.Random(f"{seed} {number}").uniform(0, whole.seconds)  # noqa: S311 - it picks a moment
    running = project.start(*case.call)
    time.sleep(delay)
    running.kill()
    _is_mended(project, case, whole, running)


@pytest.mark.sample(3)
@pytest.mark.parametrize("number", range(KILLS))
def test_a_build_after_a_kill_before_any_change_of_a_file_makes_what_a_clean_one_makes(
    wholes: Wholes, tmp_path: Path, seed: str, number: int
) -> None:
    case = CASES[number % len(CASES)]
    prepared, whole = wholes(case)
    project = _copy(prepared, tmp_path / "project", case)
    change = random.Random(f"change {seed} {number}").randint(1, whole.changes)  # noqa: S311 - it picks a moment
    running = project.start(str(change), *case.call, python=("-c", KILLED_AT))
    _is_mended(project, case, whole, running)
    assert running.returncode == -signal.SIGKILL


def _is_mended(project: Any, case: Case, whole: Whole, killed: subprocess.Popen[str]) -> None:
    _, err = killed.communicate(timeout=60)
    assert killed.returncode in (-signal.SIGKILL, whole.code)
    assert "Traceback" not in err
    _nothing_is_half_written(project, whole)
    mending = project.start(*case.call)
    out, err = mending.communicate(timeout=60)
    assert mending.returncode == whole.code, out + err
    assert "damaged" not in err
    assert _tree(project) == whole.after
    _edits_are_kept(project, whole)
    assert _own(project) == whole.own
    assert project("check", "--json").out == whole.check
    again = project(*case.call)
    assert (again.code, again.out.partition(",")[0]) == (whole.code, "built 0")
    assert _tree(project) == whole.after


def _edits_are_kept(project: Any, whole: Whole) -> None:
    """What was edited by hand is in its place, or in a copy if a build was forced to write over it."""
    kept = {*_tree(project).values(), *project.files(".gocreator").values()}
    edited = [content for content in whole.before.values() if content is not None and b"// Mine." in content]
    assert kept.issuperset(edited)


def _nothing_is_half_written(project: Any, whole: Whole) -> None:
    """What stands at a path is what stood there before the build, or what it was to write."""
    found = {path: content for path, content in _tree(project).items() if not path.endswith(".gocreator-tmp")}
    for path in found.keys() | whole.before.keys() | whole.after.keys():
        was, will = (path in them and (them[path],) for them in (whole.before, whole.after))
        assert (path in found and (found[path],)) in (was, will), path
