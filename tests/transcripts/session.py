"""Sessions on a command line: a transcript is replayed, and what was printed is compared with what it says.

A transcript holds commands, each after `$ `, and below each what it printed. All run in one shell.
"""

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterable, Mapping
from itertools import groupby
from pathlib import Path

PROMPT = "$ "
SAME_EVERYWHERE = {
    r" +\d+\.\d+ ?s\b": " N s",  # how long something took, in a column too
    r"\b(?=[0-9a-f]*\d)[0-9a-f]{7,40}\b": "HASH",
    r"\bgo1\.\d+(\.\d+)?\b": "goN",
    r"(?m)^\w+ +lint .*": "LINT",  # golangci-lint is not everywhere
}
"""What differs from run to run, and what it is compared as."""


def environment(home: Path) -> dict[str, str]:
    """Return the environment of somebody who has gocreator, doit, pre-commit and Go on the PATH, and no network."""
    nobody = {
        f"GIT_{who}_{what}": "nobody@example.com" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")
    }
    own = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    more = {
        "PATH": path,
        "PYTHONUNBUFFERED": "1",  # as on a terminal: what is said first stands first
        "PRE_COMMIT_HOME": str(home / "pre-commit"),
        "PRE_COMMIT_COLOR": "never",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "PIP_NO_INDEX": "1",
        "PIP_QUIET": "1",
        "LC_ALL": "C.UTF-8",
    }
    return own | nobody | more


def commands(transcript: str) -> list[str]:
    """Return what somebody typed."""
    return [line.removeprefix(PROMPT) for line in transcript.splitlines() if line.startswith(PROMPT)]


def replay(typed: Iterable[str], folder: Path, env: Mapping[str, str]) -> str:
    """Run commands in one shell, and return what its terminal would show."""
    script = ["exec 2>&1", "status=0"]
    for command in typed:
        # A command sees the exit code of the one before as $?.
        script += [f"printf '%s\\n' {shlex.quote(PROMPT + command)}", "(exit $status)", command, "status=$?"]
    ran = subprocess.run(
        ["bash", "-c", "\n".join(script)], cwd=folder, env=env, stdin=subprocess.DEVNULL, capture_output=True,
        text=True, timeout=300, check=False,
    )  # fmt: skip
    return ran.stdout.replace(str(folder), "~/library")


def comparable(transcript: str) -> str:
    """Return a transcript without what differs from run to run; files, and so phases, are done in any order."""
    lines = transcript.splitlines(keepends=True)
    runs = (
        sorted(run) if built else run
        for built, run in groupby(lines, lambda line: line.startswith(("built    ", "phase    ")))
    )
    transcript = "".join(line for run in runs for line in run)
    for pattern, name in SAME_EVERYWHERE.items():
        transcript = re.sub(pattern, name, transcript)
    return transcript
