"""What is damaged of gocreator's own is recognised, set aside with a warning, and written anew; no file is lost."""

import json
import sqlite3
import subprocess
import sys
import time
from typing import Any

import pytest

STATE = ".gocreator/generated/state.db"
INCREMENTAL = ".gocreator/generated/state.json"


def _halved(data: bytes) -> bytes:
    return data[: len(data) // 2]


def _scribbled(data: bytes) -> bytes:
    """Spoil the middle of a file, as a bad block does."""
    middle = len(data) // 2
    return data[:middle] + b"\xa5" * 3000 + data[middle + 3000 :]


DAMAGES = {
    "halved": _halved,
    "garbage": lambda _: b"garbage\n",
    "zeros": lambda data: bytes(len(data)),
    "scribbled": _scribbled,
}


def _aside(project: Any, place: str) -> list[bytes]:
    path = project.root / place
    return [found.read_bytes() for found in path.parent.glob(f"{path.name}.corrupt-*")]


def _run(project: Any, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "gocreator", *arguments]
    return subprocess.run(command, cwd=project.root, text=True, capture_output=True, check=False, timeout=60)


@pytest.mark.sample(4)
@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("place", [STATE, INCREMENTAL, "gocreator.lock"])
def test_it_is_set_aside_and_written_anew(project: Any, place: str, damage: str) -> None:
    project("build", "--no-verify")
    before, path = project.files("generated"), project.root / place
    whole = path.read_bytes()
    spoilt = DAMAGES[damage](whole)
    path.write_bytes(spoilt)
    checked = project("check")
    assert checked.code == (2 if place == "gocreator.lock" else 0)
    assert path.read_bytes() == spoilt
    built = project("build", "--no-verify")
    assert built.code == 0
    assert "built 0" in built.out
    assert "kept 0" in built.out
    assert f"{path.name} is damaged" in built.err
    assert _aside(project, place) == [spoilt]
    assert project.files("generated") == before
    if place == "gocreator.lock":
        assert path.read_bytes() == whole
    assert project("check").code == 0
    assert "damaged" not in project("build", "--no-verify").err


def test_an_empty_state_is_a_new_one(project: Any) -> None:
    project("build", "--no-verify")
    (project.root / STATE).write_bytes(b"")
    assert project("check").code == 0
    assert "built 0" in project("build", "--no-verify").out


@pytest.mark.parametrize("command", [["forget"], ["adopt", "README.md"]])
def test_a_command_that_is_no_build_leaves_a_damaged_state_to_it(project: Any, command: list[str]) -> None:
    project("build", "--no-verify")
    project.write("generated/README.md", "my own words\n")
    (project.root / STATE).write_bytes(b"garbage")
    refused = project(*command)
    assert refused.code == 1
    assert str(project.root / STATE) in refused.err
    assert "hint: build" in refused.err
    assert project("build", "--no-verify").code == 0
    assert project(*command).code == 0
    assert (project.root / "generated/README.md").read_text() == "my own words\n"


def test_a_lock_that_is_lost_with_the_state_costs_no_edit(project: Any) -> None:
    project("build", "--no-verify")
    mine = (project.root / "generated/README.md").read_text() + "my own words\n"
    project.write("generated/README.md", mine)
    for place in ("gocreator.lock", STATE, INCREMENTAL):
        project.write(place, "garbage")
    project.edit("fcs.yaml", "enum(open|paid)", "enum(open|paid|sent)")
    built = project("build", "--no-verify")
    assert built.err.count("is damaged") == 3
    assert (project.root / "generated/README.md").read_text() == mine
    assert "kept" in built.err


@pytest.mark.parametrize(
    "text", ["", "[]", "null", '{"version": 1}', '{"version": 1, "outputs": {"generated": 3}}', "[" * 100_000]
)
def test_a_lock_of_another_shape_is_set_aside(project: Any, text: str) -> None:
    project("build", "--no-verify")
    whole = (project.root / "gocreator.lock").read_bytes()
    project.write("gocreator.lock", text)
    refused = project("check")
    assert refused.code == 2
    assert "gocreator.lock" in refused.err
    assert project("build", "--no-verify").code == 0
    assert _aside(project, "gocreator.lock") == [text.encode()]
    assert (project.root / "gocreator.lock").read_bytes() == whole


@pytest.mark.parametrize("row", ["{bad", '{"checksum": "x"}', "[]", '{"checksum": 3}', "1, 2"])
def test_a_state_of_another_shape_is_set_aside(project: Any, row: str) -> None:
    project("build", "--no-verify")
    db = sqlite3.connect(project.root / STATE)
    db.execute("update tasks set result = ?", (row,))
    db.commit()
    db.close()
    assert project("check").code == 0
    built = project("build", "--no-verify")
    assert "built 0" in built.out
    assert "state.db is damaged" in built.err
    assert len(_aside(project, STATE)) == 1


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_base_copy_does_not_reach_the_merge(project: Any, damage: str) -> None:
    project("build", "--no-verify")
    base = project.root / ".gocreator/generated/base/.gitignore"
    spoilt = DAMAGES[damage](base.read_bytes())
    base.write_bytes(spoilt)
    project.write("generated/.gitignore", (project.root / "generated/.gitignore").read_text() + "mine/\n")
    project.write("mine/.gitignore", "*.new\n")
    project.write(".gocreator.yaml", "optimization: {templates: {template_dir: mine}}\n")
    built = project("build", "--no-verify")
    assert built.code == 0
    assert ".gitignore is damaged" in built.err
    assert _aside(project, ".gocreator/generated/base/.gitignore") == [spoilt]
    lines = (project.root / "generated/.gitignore").read_text().splitlines()
    assert {"mine/", "*.new", "*.test"} <= set(lines)
    assert project("check").code == 0


@pytest.mark.sample(2)
@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_manifest_is_set_aside(project: Any, damage: str) -> None:
    _run(project, "build", "--no-verify")
    time.sleep(2.1)
    _run(project, "build", "--no-verify")
    (manifest,) = (project.root / ".gocreator/manifests").glob("*.json")
    whole = manifest.read_bytes()
    spoilt = DAMAGES[damage](whole)
    manifest.write_bytes(spoilt)
    built = _run(project, "build", "--no-verify")
    assert built.returncode == 0
    assert "built 0" in built.stdout
    assert "is damaged" in built.stderr
    assert manifest.with_name(f"{manifest.name}.corrupt").read_bytes() == spoilt
    assert json.loads(manifest.read_text())["entries"].keys() == json.loads(whole)["entries"].keys()
    assert "damaged" not in _run(project, "build", "--no-verify").stderr


def test_damaged_reports_are_left_and_a_new_one_is_written(project: Any) -> None:
    project("build", "--no-verify")
    reports = project.root / ".gocreator/reports"
    (former,) = reports.glob("2*/report.json")
    former.write_text("garbage")
    (reports / "latest").unlink()
    (reports / "latest").mkdir()
    (reports / "latest/note").write_text("mine")
    assert project("build", "--no-verify").code == 0
    assert json.loads((reports / "latest/report.json").read_text())["exit_code"] == 0
    assert former.read_text() == "garbage"
    assert [place.read_text() for place in reports.glob("corrupt-latest-*/note")] == ["mine"]


@pytest.mark.parametrize("place", [".gocreator", ".gocreator/generated", ".gocreator/reports", "generated"])
def test_a_file_where_a_directory_is_wanted_is_named(project: Any, place: str) -> None:
    project.write(place, "in the way\n")
    built = project("build", "--no-verify")
    assert built.code == (2 if place == "generated" else 1)
    assert place in built.err
    assert "hint: " in built.err
    assert (project.root / place).read_text() == "in the way\n"
    (project.root / place).unlink()
    assert project("build", "--no-verify").code == 0
    assert project("check").code == 0


@pytest.mark.parametrize("place", [STATE, INCREMENTAL, "gocreator.lock", ".gocreator/build.lock"])
def test_a_directory_where_a_file_is_wanted_is_named(project: Any, place: str) -> None:
    (project.root / place).mkdir(parents=True)
    built = project("build", "--no-verify")
    assert built.code == (2 if place == "gocreator.lock" else 1)
    assert place.rpartition("/")[2] in built.err
    assert "hint: " in built.err
    (project.root / place).rmdir()
    assert project("build", "--no-verify").code == 0
    assert project("check").code == 0
