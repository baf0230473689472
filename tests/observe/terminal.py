"""A real terminal: tmux, in which a command runs while somebody looks, and changes the size of the window."""

import os
import re
import shlex
import shutil
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Self

import pytest


class Terminal:
    """A window in which one command runs; `with` ends it, and all that runs in it."""

    def __init__(self, folder: Path, width: int, height: int = 30) -> None:
        if shutil.which("tmux") is None:
            pytest.skip("tmux is not installed")
        self._folder = folder
        self._socket = folder / "tmux"
        self._size = ["-x", str(width), "-y", str(height)]
        self.raw = folder / "raw"
        """Everything that was written to the terminal."""
        self._code = folder / "code"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._tmux("kill-server", check=False)

    def start(self, command: Sequence[str], directory: Path, **more: str) -> None:
        """Run a command; when it ends, its exit code is known and the window stays."""
        line = f"{shlex.join(command)}; echo $? > {self._code}.half; mv {self._code}.half {self._code}; sleep 600"
        self._tmux(
            "-f", os.devnull, "new-session", "-d", "-s", "t", *self._size, "-c", str(directory), "cat", TERM="xterm"
        )
        self._tmux("set-option", "-g", "history-limit", "50000")
        self._tmux("set-option", "-g", "default-size", f"{self._size[1]}x{self._size[3]}")
        kept = [it for name, value in more.items() for it in ("-e", f"{name}={value}")]
        self._tmux("new-window", "-d", "-t", "t:1", *kept, "-c", str(directory), "sh", "-c", f"sleep 0.3; {line}")
        self._tmux("pipe-pane", "-t", "t:1", f"cat > {self.raw}")

    def resize(self, width: int, height: int = 30) -> None:
        """Make the window wider or narrower."""
        self._tmux("resize-window", "-t", "t:1", "-x", str(width), "-y", str(height))

    def shown(self) -> list[str]:
        """Return the lines that are on the screen."""
        return self._tmux("capture-pane", "-p", "-t", "t:1").splitlines()

    def coloured(self) -> list[str]:
        """Return the lines that are on the screen, with their colours as escapes."""
        return self._tmux("capture-pane", "-p", "-e", "-t", "t:1").splitlines()

    def all(self) -> list[str]:
        """Return all lines that were ever shown and not taken away; what was wrapped is one line."""
        return self._tmux("capture-pane", "-p", "-J", "-S", "-", "-t", "t:1").rstrip().splitlines()

    @property
    def code(self) -> int | None:
        """Return the exit code; None while the command runs."""
        return int(self._code.read_text()) if self._code.exists() else None

    def until(self, pattern: str, seconds: float = 60) -> list[str]:
        """Return the screen as soon as it shows something."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            lines = self.shown()
            if re.search(pattern, "\n".join(lines)):
                return lines
            time.sleep(0.05)
        raise AssertionError(f"no {pattern} in {lines}")

    def _tmux(self, *arguments: str, check: bool = True, **more: str) -> str:
        ran = subprocess.run(
            ["tmux", "-S", str(self._socket), *arguments],
            env={name: value for name, value in os.environ.items() if name not in {"COLUMNS", "LINES"}}
            | {"LC_ALL": "C.UTF-8"}
            | more,
            capture_output=True,
            text=True,
            check=check,
            timeout=20,
        )
        return ran.stdout
