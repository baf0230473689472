import os
import signal
import time
from pathlib import Path

import pytest

from gocreator.golang.process import End, Finished, run


def sh(script: str, tmp_path: Path, seconds: float = 10) -> Finished:
    return run(["/bin/sh", "-c", script], cwd=tmp_path, env={"PATH": "/usr/bin:/bin"}, seconds=seconds)


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    status = Path(f"/proc/{pid}/status")
    return not (status.exists() and "State:\tZ" in status.read_text())


def dies(pid_file: Path) -> bool:
    pid = int(pid_file.read_text())
    deadline = time.monotonic() + 5
    while is_alive(pid) and time.monotonic() < deadline:
        time.sleep(0.02)
    return not is_alive(pid)


def test_output_and_code_are_kept_apart(tmp_path: Path) -> None:
    finished = sh("echo out; echo err >&2; exit 3", tmp_path)
    assert (finished.code, finished.stdout, finished.stderr, finished.end) == (3, "out\n", "err\n", End.EXITED)
    assert not finished.succeeded


def test_a_command_past_its_time_is_killed_with_its_children(tmp_path: Path) -> None:
    finished = sh("sleep 60 & echo $! > pid; wait", tmp_path, seconds=0.5)
    assert finished.end is End.TIMED_OUT
    assert finished.seconds < 5
    assert dies(tmp_path / "pid")


def test_a_command_that_hides_its_output_is_killed_too(tmp_path: Path) -> None:
    assert sh("exec >&- 2>&-; sleep 60", tmp_path, seconds=0.5).end is End.TIMED_OUT


def test_a_child_that_stays_behind_holds_nobody_up(tmp_path: Path) -> None:
    finished = sh("sleep 60 & echo $! > pid; echo done", tmp_path)
    assert (finished.stdout, finished.end) == ("done\n", End.EXITED)
    assert finished.seconds < 5
    assert dies(tmp_path / "pid")


def test_a_command_that_prints_without_end_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gocreator.golang.process.MAX_OUTPUT", 1_000_000)
    finished = sh("yes", tmp_path)
    assert finished.end is End.TOO_LOUD
    assert not finished.succeeded


def test_an_interrupt_leaves_nothing_alive(tmp_path: Path) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGALRM, interrupt)
    signal.setitimer(signal.ITIMER_REAL, 0.5)
    try:
        with pytest.raises(KeyboardInterrupt):
            sh("sleep 60 & echo $! > pid; wait", tmp_path)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    assert dies(tmp_path / "pid")
