"""A build that dies, a lock that lies, a tree that changes meanwhile: nothing is taken for what it is not."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

PRODUCT = "internal/models/product.go"
DYING = """\
import os, signal, sys
from gocreator.cli.ending import run
from gocreator.output.tree import Tree
write = Tree.write
def dying(self, batch):
    failures = write(self, batch)
    if self.root.name == "generated" and "internal/models/product.go" in batch:
        os.kill(os.getpid(), signal.SIGKILL)
    return failures
Tree.write = dying
run(sys.argv[1:])
"""


def _die(project: Any) -> None:
    died = subprocess.run(
        [sys.executable, "-c", DYING, "build", "--no-verify"], cwd=project.root, check=False, capture_output=True
    )
    assert died.returncode == -signal.SIGKILL


def _longer(project: Any, before: str, after: str) -> None:
    project.edit("fcs.yaml", f"title: {before}", f"title: {after}")


@pytest.mark.parametrize("first", [True, False])
def test_files_of_a_build_that_died_are_ours_although_the_specification_changed(project: Any, *, first: bool) -> None:
    if not first:
        project("build", "--no-verify")
        _longer(project, "string", "{type: string, max_length: 7}")
    _die(project)
    left = project.root / f"generated/.{PRODUCT}.gocreator-tmp"
    project.edit("fcs.yaml", "- name: Product\n", "- name: Product\n    description: Something for sale.\n")
    assert "cut off" in project("why", PRODUCT).out
    built = project("build", "--no-verify")
    assert built.code == 0
    assert "kept 0" in built.out
    assert "Something for sale" in (project.root / "generated" / PRODUCT).read_text()
    assert not left.exists()
    assert project("check").code == 0


def test_files_of_a_build_that_died_are_removed_when_they_left_the_plan(project: Any) -> None:
    _die(project)
    project.edit("fcs.yaml", "  - name: Product\n    attributes:\n      title: string\n", "")
    assert project("build", "--no-verify").code == 0
    assert PRODUCT not in project.files("generated")


@pytest.mark.parametrize("path", ["../../secret", "../fcs.yaml", "/etc/hostname", "", "a\u0000b", "a/../../b"])
def test_a_lock_that_names_a_file_outside_is_refused(project: Any, path: str) -> None:
    project("build", "--no-verify")
    lock = json.loads((project.root / "gocreator.lock").read_text())
    targets = lock["outputs"]["generated"]["targets"]
    targets[path] = targets[PRODUCT]
    (project.root / "gocreator.lock").write_text(json.dumps(lock))
    before = project.files()
    refused = project("build", "--no-verify")
    assert refused.code == 2
    assert "gocreator.lock" in refused.err
    assert project.files().keys() == before.keys()


def test_a_pipe_in_the_place_of_a_file_hangs_nothing(project: Any) -> None:
    project("build", "--no-verify")
    (project.root / "generated/README.md").unlink()
    os.mkfifo(project.root / "generated/README.md")
    assert project("check").code == 1
    assert project("build", "--no-verify").code == 1


def test_an_ignored_target_is_neither_removed_nor_cleaned(project: Any) -> None:
    project("build", "--no-verify")
    project("ignore", "entity:Product", "README.md")
    project.edit("fcs.yaml", "  - name: Product\n    attributes:\n      title: string\n", "")
    project("build", "--no-verify")
    project("clean")
    assert {PRODUCT, "README.md"} <= project.files("generated").keys()


def test_the_state_file_takes_the_place_of_nothing_else(project: Any) -> None:
    project.write(".gocreator.yaml", "optimization: {incremental: {state_file: fcs.yaml}}\n")
    before = project.files()
    assert project("build", "--no-verify").code == 2
    assert project.files() == before
    project.write(".gocreator.yaml", "optimization: {incremental: {state_file: .gocreator/state.json}}\n")
    project.write("other.yaml", "name: other\nentities: {Thing: {attributes: {n: int}}}\n")
    assert project("build", "--no-verify").code == 0
    assert project("build", "-f", "other.yaml", "-o", "second", "--no-verify").code == 0
    first = json.loads((project.root / ".gocreator/state.json").read_text())
    second = json.loads((project.root / ".gocreator/state.second.json").read_text())
    assert PRODUCT in first["generated_files"]
    assert "internal/models/thing.go" in second["generated_files"]


def test_building_one_target_leaves_what_a_colleague_locked(project: Any, tmp_path: Path) -> None:
    project("build", "--no-verify")
    colleague = type(project)(tmp_path / "colleague")
    shutil.copytree(project.root, colleague.root)
    _longer(colleague, "string", "{type: string, max_length: 7}")
    colleague("build", "--no-verify")
    for name in ("fcs.yaml", "gocreator.lock"):
        shutil.copy(colleague.root / name, project.root / name)
    shutil.copytree(colleague.root / "generated", project.root / "generated", dirs_exist_ok=True)
    assert project("build", "entity:Order", "--no-verify").code == 0
    assert project.files()["gocreator.lock"] == colleague.files()["gocreator.lock"]


def _run(project: Any, *arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "gocreator", *arguments]
    return subprocess.Popen(command, cwd=project.root, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


@pytest.mark.go
def test_what_changes_while_a_build_verifies_is_not_remembered_as_built(project: Any) -> None:
    running = _run(project, "build")
    assert running.stdout is not None
    while "verifying" not in running.stdout.readline():
        assert running.poll() is None
    _longer(project, "string", "{type: string, max_length: 7}")
    project.write("generated/internal/slow/x.go", "package slow\n\nfunc broken( {\n")
    running.communicate(timeout=120)
    assert "verify: not run" in project("check").out
    time.sleep(2.1)
    again = _run(project, "build")
    said, _ = again.communicate(timeout=120)
    assert "built 0" not in said
    assert again.returncode == 1


def test_a_linked_specification_is_looked_at(project: Any) -> None:
    (project.root / "real").mkdir()
    (project.root / "fcs.yaml").rename(project.root / "real/fcs.yaml")
    (project.root / "fcs.yaml").symlink_to("real/fcs.yaml")
    for _ in range(2):
        _run(project, "build", "--no-verify").communicate(timeout=60)
    time.sleep(2.1)
    _run(project, "build", "--no-verify").communicate(timeout=60)
    project.edit("real/fcs.yaml", "title: string", "title: {type: string, max_length: 7}")
    said, _ = _run(project, "build", "--no-verify").communicate(timeout=60)
    assert "built 0" not in said


@pytest.mark.parametrize(
    "text", ["{{ [1, 2]|random }}", "{{ lipsum() }}", "{{ 'a' * 10**10 }}", "{{ '%1000000000d' % 1 }}"]
)
def test_a_template_can_be_neither_random_nor_huge(project: Any, text: str) -> None:
    project.write(
        "mine/rules/notes/rule.yaml", "version: 1\ntitle: N\nfor_each: project\npath: notes.md\nphase: docs\n"
    )
    project.write("mine/rules/notes/file.md.j2", f"{text}\n")
    project.write(".gocreator.yaml", "optimization: {templates: {template_dir: mine}}\n")
    refused = project("build", "--no-verify")
    assert refused.code == 2
    assert "mine/rules/notes/file.md.j2:1" in refused.err


def test_the_output_may_be_the_project_and_stays_verified(project: Any) -> None:
    assert project("build", "-o", ".git/x", "--no-verify").code == 2
    assert project("build", "-o", "\udcff", "--no-verify").code == 2
