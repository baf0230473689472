"""Run a command that is not trusted to end, to be brief, or to clean up after itself."""

import os
import selectors
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from gocreator.interrupts import postponed

MAX_OUTPUT = 32_000_000
"""Bytes of output after which a command is taken to run wild."""

_STEP_SECONDS = 0.1


class End(StrEnum):
    """How a command came to its end."""

    EXITED = "exited"
    TIMED_OUT = "timed out"
    TOO_LOUD = "printed without end"


@dataclass(frozen=True)
class Finished:
    """What a command left behind."""

    code: int
    stdout: str
    stderr: str
    seconds: float
    end: End = End.EXITED

    @property
    def succeeded(self) -> bool:
        """Tell whether it ended by itself, and well."""
        return self.end is End.EXITED and self.code == 0

    @property
    def output(self) -> str:
        """Return everything that it said."""
        return "\n".join(text for text in (self.stdout.rstrip(), self.stderr.rstrip()) if text)


def run(command: Sequence[str], *, cwd: Path, env: Mapping[str, str], seconds: float) -> Finished:
    """Run a command in a process group of its own, and leave none of the group alive, whatever happens."""
    began = time.monotonic()
    process = watch = None
    try:
        # An interrupt in the midst of this would leave a process that nobody knows of.
        with postponed():
            process = subprocess.Popen(
                command,
                cwd=cwd,
                env=dict(env),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                start_new_session=True,
            )
            watch = _watch(process.pid)
        end, stdout, stderr = _listen(process, began + seconds)
    finally:
        with postponed():
            for ended in filter(None, (process, watch)):
                _end(ended)
    return Finished(process.returncode, stdout, stderr, time.monotonic() - began, end)


def _watch(group: int) -> subprocess.Popen[bytes]:
    """Start what kills a process group when this process dies, of which it learns by the end of its input."""
    return subprocess.Popen(
        ["/bin/sh", "-c", f"read -r _; kill -9 -{group}"],
        env={},
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def _listen(process: subprocess.Popen[bytes], deadline: float) -> tuple[End, str, str]:
    """Gather the output until the command ends or must be ended."""
    texts = {process.stdout: bytearray(), process.stderr: bytearray()}
    end = End.EXITED
    with selectors.DefaultSelector() as selector:
        for stream in texts:
            if stream is not None:
                selector.register(stream, selectors.EVENT_READ)
        while end is End.EXITED and selector.get_map():
            ready = selector.select(_STEP_SECONDS)
            # A child that outlives the command holds the pipes open: silence after its end is the end.
            if not ready and process.poll() is not None:
                break
            for key, _ in ready:
                data = os.read(key.fd, 65536)
                texts[key.fileobj].extend(data)  # type: ignore[index]
                if not data:
                    selector.unregister(key.fileobj)
            end = _verdict(sum(map(len, texts.values())), deadline)
    if end is End.EXITED:
        end = _await_exit(process, deadline)
    stdout, stderr = (bytes(text).decode(errors="replace") for text in texts.values())
    return end, stdout, stderr


def _verdict(size: int, deadline: float) -> End:
    """Tell whether a command has gone too far."""
    if size > MAX_OUTPUT:
        return End.TOO_LOUD
    return End.TIMED_OUT if time.monotonic() > deadline else End.EXITED


def _await_exit(process: subprocess.Popen[bytes], deadline: float) -> End:
    """Wait for a command that has closed its output."""
    try:
        process.wait(max(0.0, deadline - time.monotonic()))
    except subprocess.TimeoutExpired:
        return End.TIMED_OUT
    return End.EXITED


def _end(process: subprocess.Popen[bytes]) -> None:
    """Kill whatever is left of the process group of a command, and take note of its end."""
    with process, suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
