"""A real browser that opens a file, without a screen and without a network."""

import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome")
QUIET = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-extensions")


@dataclass(frozen=True)
class Opened:
    """What came of opening a file."""

    dom: str
    said: str
    """What the console said: what a policy forbids is told there."""


def browser() -> str:
    """Return the browser; skip where there is none."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        pytest.skip(f"there is no browser here: install one of {', '.join(NAMES)}")
    return found


def opened(page: Path, *flags: str) -> Opened:
    """Open a page and return what the browser makes of it."""
    with tempfile.TemporaryDirectory() as profile:
        ran = subprocess.run(
            [browser(), *QUIET, f"--user-data-dir={profile}", "--enable-logging=stderr", *flags, page.as_uri()],
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        )
    console = [line for line in ran.stderr.splitlines() if "CONSOLE" in line]
    return Opened(ran.stdout, "\n".join(console))
