"""Several commands at once in one directory: one that writes keeps the others out, and nothing is damaged."""

import random
import re
import time
from collections.abc import Collection, Mapping
from typing import Any

import pytest

ROUNDS = 16
CODES: Mapping[tuple[str, ...], Collection[int]] = {
    ("build", "--no-verify"): {0, 4},
    ("build", "--no-verify", "-n", "1"): {0, 4},
    ("build", "--no-verify", "--force"): {0, 4},
    ("build", "--no-verify", "entity:Order"): {0, 4},
    ("clean",): {0, 4},
    ("adopt", "README.md"): {0, 4},
    ("ignore", "Makefile"): {0, 4},
    ("forget", "Makefile"): {0, 4},
    ("check",): {0, 1},
    ("list", "--json"): {0},
    ("why", "README.md"): {0},
}
"""How each command may end while others are at work."""


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory, new_project: Any) -> tuple[dict[str, bytes], bytes]:
    """Give what a build makes where nothing else is at work: the output and the lock."""
    project = new_project(tmp_path_factory.mktemp("clean") / "project")
    assert project("build", "--no-verify").code == 0
    return project.files("generated"), project.files()["gocreator.lock"]


@pytest.mark.sample(1)
@pytest.mark.parametrize("number", range(ROUNDS))
def test_commands_at_once_damage_nothing(
    project: Any, clean: tuple[dict[str, bytes], bytes], seed: str, number: int
) -> None:
    chance = random.Random(f"{seed} {number}")  # noqa: S311 - it picks commands and moments
    if number % 2:
        project("build", "--no-verify")
        project.edit("fcs.yaml", "title: string", "title: int")
        project("build", "--no-verify")
        project.edit("fcs.yaml", "title: int", "title: string")
    commands = [("build", "--no-verify"), *chance.choices(list(CODES), k=6)]
    running = []
    for command in commands:
        running.append(project.start(*command))
        time.sleep(chance.uniform(0, 0.1))
    for command, process in zip(commands, running, strict=True):
        out, err = process.communicate(timeout=120)
        assert process.returncode in CODES[command], (command, out, err)
        assert "Traceback" not in err
        assert "damaged" not in err
        if process.returncode == 4:
            assert re.search(r"error: another gocreator is at work in this project.*\n {2}hint: ", err)
    _ends_clean(project, clean)


def _ends_clean(project: Any, clean: tuple[dict[str, bytes], bytes]) -> None:
    project("forget", "Makefile")
    built = project("build", "--no-verify")
    assert built.code == 0, built.err
    assert project.files("generated") == clean[0]
    assert project.files()["gocreator.lock"] == clean[1]
    assert project("check").code == 0
    assert not [name for name in project.files() if "tmp" in name or ".half-" in name or "corrupt" in name]


def test_of_many_builds_at_once_one_builds_and_the_others_are_refused_or_find_nothing_to_do(
    project: Any, clean: tuple[dict[str, bytes], bytes]
) -> None:
    edited = project.write("generated/README.md", "Mine.\n")
    running = [project.start("build", "--no-verify") for _ in range(6)]
    ends = [(*process.communicate(timeout=120), process.returncode) for process in running]
    assert {code for *_, code in ends} <= {0, 4}
    built = [int(re.findall(r"^built (\d+),", out, re.MULTILINE)[0]) for out, _, code in ends if code == 0]
    assert max(built) == len(clean[0]) - 1
    assert sum(built) == len(clean[0]) - 1
    assert edited.read_text() == "Mine.\n"
    assert project.files("generated") == clean[0] | {"README.md": b"Mine.\n"}


def test_a_build_that_waits_for_nobody_says_who_is_at_work(project: Any) -> None:
    project.write(
        "fcs.yaml",
        "name: many\nmodule: example.com/many\nentities:\n"
        + "".join(f"  - {{name: Thing{number}, attributes: {{name: string}}}}\n" for number in range(150)),
    )
    first = project.start("build", "--no-verify", "-n", "1")
    while not (project.root / "generated/go.mod").exists():
        time.sleep(0.001)
    second = project("build", "--no-verify")
    assert (second.code, first.poll()) == (4, None)
    assert f"another gocreator is at work in this project (process {first.pid})" in second.err
    first.communicate(timeout=120)
    assert first.returncode == 0
