"""Interrupts, rivals, damage and hostile trees: nothing is lost, nothing half written, no traceback."""

import fcntl
import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

ORDER = "internal/models/order.go"


def _start(project: Any, *arguments: str, **more: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "gocreator", *arguments]
    environment = os.environ | more
    return subprocess.Popen(
        command, cwd=project.root, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


def _many(count: int) -> str:
    entities = "\n".join(f"  - name: Thing{number}\n    attributes: {{name: string}}" for number in range(count))
    return f"name: many\nmodule: example.com/many\nentities:\n{entities}\n"


@pytest.mark.sample(1)
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_a_build_that_is_cut_off_keeps_what_it_finished(project: Any, number: signal.Signals) -> None:
    project.write("fcs.yaml", _many(150))
    running = _start(project, "build", "--no-verify", "-n", "1")
    deadline = time.monotonic() + 60
    # Files are recorded in batches of 64, so the first batch is.
    while not len(list(project.root.glob("generated/internal/**/*.go"))) > 2 * 64:
        assert time.monotonic() < deadline
        time.sleep(0.002)
    cut_off = time.monotonic()
    running.send_signal(number)
    _, err = running.communicate(timeout=60)
    if running.returncode == 0:
        pytest.fail("the build ended before it could be cut off")
    assert "Traceback" not in err
    if number != signal.SIGKILL:
        assert time.monotonic() - cut_off < 1
        assert running.returncode == 130
        built, total, left = map(int, re.findall(r"\d+", err[err.index("interrupted: ") :])[:3])
        assert built + left == total
        assert built > 5
        assert left > 0
        report = json.loads((project.root / ".gocreator/reports/latest/report.json").read_text())
        assert (report["exit_code"], report["left"]) == (130, left)
    whole = project.files("generated")
    statuses = {target["path"]: target["status"] for target in json.loads(project("list", "--json").out)["targets"]}
    assert all(statuses[path] == "up-to-date" for path in whole if path in statuses)
    assert project("build", "--no-verify").code == 0
    assert project("check").code == 0
    assert not [path for path in project.files("generated") if "tmp" in path]


def test_a_second_build_at_the_same_time_is_refused(project: Any) -> None:
    project("build", "--no-verify")
    with (project.root / ".gocreator/build.lock").open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        refused = project("build")
        assert refused.code == 4
        assert "another gocreator" in refused.err
        assert project("list").code == 0
    assert project("build", "--no-verify").code == 0


@pytest.mark.parametrize(
    "text",
    ["<<<<<<< ours\n", '{"version": 1, "outputs": {}, "outputs": {}}', '{"version": 9, "outputs": {}}'],
)
def test_a_lock_that_somebody_must_look_at_is_said_and_left_alone(project: Any, text: str) -> None:
    project("build", "--no-verify")
    place = project.write("gocreator.lock", text)
    failed = project("build", "--no-verify")
    assert failed.code == 2
    assert "gocreator.lock" in failed.err
    assert "hint" in failed.err
    assert place.read_text() == text


def test_nothing_is_written_through_a_link(project: Any, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (project.root / "generated").mkdir()
    (project.root / "generated/internal").symlink_to(outside)
    built = project("build", "--no-verify")
    assert built.code == 1
    assert "symbolic link" in built.err
    assert not list(outside.iterdir())


def test_a_directory_in_the_place_of_a_target_fails_that_target_alone(project: Any) -> None:
    (project.root / "generated" / ORDER).mkdir(parents=True)
    built = project("build", "--no-verify")
    assert built.code == 1
    assert "order.go" in built.err
    assert "Traceback" not in built.err
    assert "internal/models/product.go" in project.files("generated")


@pytest.mark.parametrize("output", ["/proc/gocreator", "/dev/null/gocreator"])
def test_an_output_that_cannot_be_written_is_said(project: Any, output: str) -> None:
    built = project("build", "--no-verify", "-o", output)
    assert built.code == 1
    assert "hint: " in built.err
    assert "Traceback" not in built.err


def test_after_a_failure_independent_targets_are_finished_unless_told_otherwise(project: Any) -> None:
    project.write("mine/rules/model/file.go.j2", "package models\n\nfunc broken( {\n")
    project.write(".gocreator.yaml", "optimization: {templates: {template_dir: mine}}\n")
    built = project("build", "--no-verify")
    assert built.code == 1
    assert "failed 3" in built.out
    assert "go.mod" in project.files("generated")
    assert ORDER not in project.files("generated")
    fast = project("build", "--no-verify", "--fail-fast", "-n", "1")
    assert fast.code == 1
    assert "failed 1" in fast.out


def test_a_target_that_fails_leaves_the_last_good_file(project: Any) -> None:
    project("build", "--no-verify")
    good = project.files("generated")[ORDER]
    project.write("mine/rules/model/file.go.j2", "package models\n\nfunc broken( {\n")
    project.write(".gocreator.yaml", "optimization: {templates: {template_dir: mine}}\n")
    assert project("build", "--no-verify").code == 1
    assert project.files("generated")[ORDER] == good
    (project.root / ".gocreator.yaml").unlink()
    assert project("check").code == 0


def test_a_moved_project_is_up_to_date(project: Any, tmp_path: Path) -> None:
    project("build", "--no-verify")
    moved = tmp_path / "elsewhere" / "deep"
    moved.parent.mkdir()
    project.root.rename(moved)
    there = type(project)(moved)
    assert there("check").code == 0
    assert "built 0" in there("build", "--no-verify").out


def test_output_may_be_the_project_directory_or_lie_outside(project: Any, tmp_path: Path) -> None:
    assert project("build", "-o", ".", "--no-verify").code == 0
    assert (project.root / ORDER).exists()
    assert project("check", "-o", ".").code == 0
    outside = tmp_path / "out"
    assert project("build", "-o", str(outside), "--no-verify").code == 0
    assert (outside / ORDER).exists()
    assert project("check", "-o", "../out").code == 0
    assert project("build", "-o", ".gocreator/x").code == 2
    assert project("build", "-o", "fcs.yaml").code == 2
