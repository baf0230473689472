"""`gocreator init`: what it writes works as it is, and nothing that is there is ever overwritten."""

from pathlib import Path
from typing import Any

import pytest
import yaml

ALL = ("--makefile", "--pre-commit", "--github", "--dodo")
WRITTEN = {
    ".github/workflows/gocreator.yml",
    ".pre-commit-config.yaml",
    "Makefile",
    "dodo.py",
    "doit.cfg",
    "fcs.yaml",
}


@pytest.fixture
def empty(project: Any) -> Any:
    (project.root / "fcs.yaml").unlink()
    return project


@pytest.mark.go
def test_the_starter_builds_verifies_and_warns_of_nothing(empty: Any, go: Any) -> None:  # noqa: ARG001  # skips without Go
    ran = empty("init")
    assert (ran.code, ran.err) == (0, "")
    assert list(empty.files()) == ["fcs.yaml"]
    assert ran.out.startswith("wrote    fcs.yaml\n")
    assert "next: `gocreator build`" in ran.out
    built = empty("build")
    assert built.code == 0
    assert "warning" not in built.err
    assert "verify: passed" in built.out
    assert empty("check").code == 0


def test_everything_on_request_and_a_second_time_nothing(empty: Any) -> None:
    assert empty("init", *ALL).code == 0
    files = empty.files()
    assert set(files) == WRITTEN
    again = empty("init", *ALL)
    assert again.code == 0
    assert "wrote" not in again.out
    assert again.out.count("present") == len(WRITTEN)
    assert empty.files() == files
    assert all(yaml.safe_load(text) for name, text in files.items() if name.endswith((".yaml", ".yml")))


def test_a_specification_is_never_replaced(project: Any) -> None:
    before = project.files()
    ran = project("init")
    assert ran.code == 4
    assert "there is a specification already: fcs.yaml" in ran.err
    assert project.files() == before
    assert project("init", "--dodo").code == 0
    assert project.files()["fcs.yaml"] == before["fcs.yaml"]


def test_files_use_the_names_of_the_project(project: Any) -> None:
    (project.root / "fcs.yaml").rename(project.root / "fcs.yml")
    project.write(".gocreator.yaml", "workflow: {root_dir: ./build/code}\n")
    assert project("init", *ALL).code == 0
    files = {name: text.decode() for name, text in project.files().items()}
    assert "GOCREATOR_FCS ?= fcs.yml\nGOCREATOR_OUTPUT ?= build/code\n" in files["Makefile"]
    assert r"fcs\.yml|" in files[".pre-commit-config.yaml"]
    assert "build/code/.*" in files[".pre-commit-config.yaml"]
    assert "go-version-file: build/code/go.mod" in files[".github/workflows/gocreator.yml"]
    assert "Is the generated code as" in files[".github/workflows/gocreator.yml"]


def test_an_existing_makefile_gets_a_neighbour(empty: Any) -> None:
    empty.write("Makefile", "all:\n\techo mine\n")
    ran = empty("init", "--makefile")
    assert ran.code == 0
    assert "add `include gocreator.mk` at the end of Makefile" in ran.out
    assert set(empty.files()) == {"Makefile", "fcs.yaml", "gocreator.mk"}
    assert empty.files()["Makefile"] == b"all:\n\techo mine\n"
    empty.write("Makefile", "all: generate\n\ninclude gocreator.mk\n")
    assert "add `include" not in empty("init", "--makefile").out


@pytest.mark.parametrize("name", ["dodo.py", ".pre-commit-config.yaml", ".github/workflows/gocreator.yml", "doit.cfg"])
def test_a_file_in_the_way_stops_everything(empty: Any, name: str) -> None:
    empty.write(name, "# mine\n")
    ran = empty("init", *ALL)
    assert ran.code == 4
    assert f"already there, with other content: {name}" in ran.err
    assert "nothing was written" in ran.err
    assert ("- id: gocreator-check" in ran.err) == (name == ".pre-commit-config.yaml"), "what to add is said"
    assert list(empty.files()) == [name]


def test_nothing_is_half_written(empty: Any) -> None:
    empty.write(".github/workflows", "a file where a directory is wanted\n")
    ran = empty("init", *ALL)
    assert ran.code == 1
    assert ".github/workflows" in ran.err
    assert list(empty.files()) == [".github/workflows"]


def test_links_are_not_written_through(empty: Any, tmp_path: Path) -> None:
    (empty.root / "dodo.py").symlink_to(tmp_path / "elsewhere")
    assert empty("init", "--dodo").code == 1
    assert not (tmp_path / "elsewhere").exists()
    assert empty.files() == {}


def test_wrong_usage(project: Any) -> None:
    assert project("init", "--cmake").code == 2
    assert project("init", "-C", "nowhere").code == 2
    project.write("fcs.json", "{}")
    ran = project("init", "--dodo")
    assert ran.code == 4
    assert "several specifications" in ran.err


def test_who_has_no_specification_is_told_of_init(empty: Any) -> None:
    assert "`gocreator init`" in empty("build").err
