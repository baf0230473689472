"""The real make on the Makefile that gocreator gives: it builds when something changed, and else does nothing."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")
PROGRAM = Path(sys.executable).with_name("gocreator")


def make(project: Any, *arguments: str) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join([os.environ["PATH"], str(PROGRAM.parent)])
    return subprocess.run(
        ["make", *arguments], cwd=project.root, env=os.environ | {"PATH": path, "GOCREATOR_FLAGS": "--no-verify"},
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip


def built(ran: subprocess.CompletedProcess[str]) -> bool:
    assert ran.returncode == 0, ran.stderr
    return "gocreator build" in ran.stdout


def idle(ran: subprocess.CompletedProcess[str]) -> bool:
    assert ran.returncode == 0, ran.stderr
    return ran.stdout == "make: Nothing to be done for 'generate'.\n"


def test_make_follows_what_a_build_reads(project: Any) -> None:
    assert project("init", "--makefile").code == 0
    assert built(make(project))
    assert idle(make(project))
    project.edit("fcs.yaml", "title: string", "title: int")
    assert built(make(project))
    assert idle(make(project))
    (project.root / "generated/go.mod").unlink()
    assert built(make(project))
    assert "go.mod" in project.files("generated")
    assert idle(make(project))
    project.write(".gocreator.yaml", "optimization: {templates: {template_dir: gocreator-templates}}\n")
    notes = "gocreator-templates/rules/notes"
    project.write(f"{notes}/rule.yaml", "version: 1\ntitle: Notes\nfor_each: project\npath: notes.md\nphase: docs\n")
    project.write(f"{notes}/file.md.j2", "one\n")
    assert built(make(project))
    project.write(f"{notes}/file.md.j2", "two\n")
    assert built(make(project))
    assert project.files("generated")["notes.md"] == b"two\n"
    assert idle(make(project))


def test_a_build_that_failed_is_tried_again(project: Any) -> None:
    assert project("init", "--makefile").code == 0
    project.edit("fcs.yaml", "title: string", "title: strong")
    ran = make(project)
    assert ran.returncode == 2
    assert "fcs.yaml:" in ran.stderr
    assert make(project).returncode == 2
    project.edit("fcs.yaml", "title: strong", "title: string")
    assert built(make(project))


def test_it_is_included_by_another_makefile(project: Any) -> None:
    project.write("Makefile", "all: generate\n\t@echo compiled\n\ninclude gocreator.mk\n")
    assert project("init", "--makefile").code == 0
    assert make(project).stdout.endswith("compiled\n")
    assert make(project).stdout == "compiled\n"


def test_the_other_targets(project: Any) -> None:
    assert project("init", "--makefile").code == 0
    assert "would build" in make(project, "generate-plan", "GOCREATOR_FLAGS=").stdout
    assert make(project, "generate-check", "GOCREATOR_FLAGS=").returncode == 2
    assert built(make(project))
    assert make(project, "generate-check", "GOCREATOR_FLAGS=").returncode == 0
    assert make(project, "generate-clean", "GOCREATOR_FLAGS=").returncode == 0
    assert project.files("generated") == {}
    assert built(make(project))
