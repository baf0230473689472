"""SIGINT, SIGTERM, SIGHUP: within a second everything ends, what was finished is kept, what is left is said."""

import json
import random
import re
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
MOMENTS = 30
SLOW_TEST = """\
package models_test

import (
	"os"
	"testing"
	"time"
)

func TestSlow(t *testing.T) {
	if err := os.WriteFile("STARTED", nil, 0o600); err != nil {
		t.Log(err)
	}
	time.Sleep(50 * time.Second)
}
"""


def _handles(pid: int, number: signal.Signals) -> bool:
    """Tell whether a process handles a signal."""
    caught = re.findall(r"^SigCgt:\s*(\w+)$", Path(f"/proc/{pid}/status").read_text(), re.MULTILINE)
    return bool(int(caught[0], 16) & 1 << number - 1)


def _wait(condition: Any) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.001)


def _ended(running: subprocess.Popen[str], number: signal.Signals) -> tuple[int, str]:
    """Send a signal and return the exit code and what was said, if that took no more than a second."""
    began = time.monotonic()
    running.send_signal(number)
    _, err = running.communicate(timeout=60)
    assert time.monotonic() - began < 1
    assert "Traceback" not in err
    assert "Exception ignored" not in err
    return running.returncode, err


def _whole_and_settled(project: Any, whole: dict[str, bytes], *arguments: str) -> None:
    assert project("build", "--no-verify", *arguments).code == 0
    assert project.files("generated") == whole
    assert project("check").code == 0


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory, new_project: Any) -> tuple[float, dict[str, bytes]]:
    """Give how long a build takes, and what it makes."""
    project, began = new_project(tmp_path_factory.mktemp("whole") / "project"), time.monotonic()
    project.start("build", "--no-verify").communicate(timeout=60)
    return time.monotonic() - began, project.files("generated")


@pytest.mark.sample(2)
@pytest.mark.parametrize("number", range(MOMENTS))
def test_a_signal_at_any_moment_ends_a_build(
    project: Any, whole: tuple[float, dict[str, bytes]], seed: str, number: int
) -> None:
    running = project.start("build", "--no-verify", "-n", str(1 + number // 2 % 4))
    _wait(lambda: _handles(running.pid, signal.SIGHUP))
    time.sleep(random.Random(f"{seed} {number}").uniform(0, whole[0]))  # noqa: S311 - it picks a moment
    code, err = _ended(running, SIGNALS[number % 3])
    assert code in (0, 130), err
    if code == 130:
        assert re.search(r"^interrupted: ", err, re.MULTILINE)
    _whole_and_settled(project, whole[1])


def _children(home: str) -> list[str]:
    """Return the command lines of the processes whose HOME is one that gocreator made for its commands."""
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        try:
            if f"TMPDIR={home}/gocreator-home-" in (place / "environ").read_text():
                found.append((place / "cmdline").read_text())
        except OSError:
            continue
    return found


def _slow(project: Any, tmp_path: Path) -> Path:
    """Write a test that takes long, and tells when it began."""
    (tmp_path / "homes").mkdir()
    text = SLOW_TEST.replace("STARTED", str(tmp_path / "homes/started"))
    place: Path = project.write("generated/internal/models/slow_test.go", text)
    return place


def _wait_for_tests(running: subprocess.Popen[str], homes: Path) -> None:
    _wait(lambda: (homes / "started").exists() or running.poll() is not None)
    (homes / "started").unlink()
    assert any("models.test" in command for command in _children(str(homes)))


@pytest.mark.go
@pytest.mark.sample(1)
@pytest.mark.parametrize("number", [*SIGNALS, signal.SIGKILL])
def test_a_signal_while_tests_run_leaves_no_process_behind(
    project: Any, whole: tuple[float, dict[str, bytes]], tmp_path: Path, number: signal.Signals
) -> None:
    homes, slow = tmp_path / "homes", _slow(project, tmp_path)
    running = project.start("build", TMPDIR=str(homes))
    _wait_for_tests(running, homes)
    code, err = _ended(running, number)
    _wait(lambda: not _children(str(homes)))
    if number != signal.SIGKILL:
        assert code == 130
        assert re.search(
            r"^interrupted: (\d+) of \1 targets were built and are recorded, 0 were not", err, re.MULTILINE
        )
        report = json.loads((project.root / ".gocreator/reports/latest/report.json").read_text())
        assert (report["exit_code"], report["left"], report["verify"]["status"]) == (130, 0, "not run")
        assert list(homes.iterdir()) == []
    slow.unlink()
    assert "verify: not run" in project("check").out
    _whole_and_settled(project, whole[1])


@pytest.mark.go
@pytest.mark.sample(1)
@pytest.mark.parametrize("number", SIGNALS)
def test_a_signal_to_doit_leaves_no_process_behind(
    project: Any, whole: tuple[float, dict[str, bytes]], tmp_path: Path, number: signal.Signals
) -> None:
    project.write("dodo.py", "from gocreator import doit_tasks\ndef task_gocreator():\n    yield from doit_tasks()\n")
    homes, slow = tmp_path / "homes", _slow(project, tmp_path)
    running = project.start("-n", "4", "-P", "thread", python=("-m", "doit"), TMPDIR=str(homes))
    _wait_for_tests(running, homes)
    began = time.monotonic()
    running.send_signal(number)
    running.communicate(timeout=60)
    _wait(lambda: not _children(str(homes)))
    assert time.monotonic() - began < 1
    assert running.returncode != 0
    slow.unlink()
    _whole_and_settled(project, whole[1])
