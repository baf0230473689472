"""Whether, and how, generated tests can be kept off the network."""

import subprocess
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path

_SCRIPT = Path(__file__).with_name("loopback.py")
_LAUNCH = (sys.executable, "-I", "-S", str(_SCRIPT))


def isolated(command: Sequence[str]) -> list[str]:
    """Return the command that runs another with nothing but the loopback interface."""
    return [*_LAUNCH, *command]


@cache
def why_not_isolated() -> str:
    """Try once whether isolation works here; return the reason if not, nothing if it does."""
    if not sys.platform.startswith("linux"):
        return f"not available on {sys.platform}"
    try:
        tried = subprocess.run(_LAUNCH, env={}, stdin=subprocess.DEVNULL, capture_output=True, timeout=20, check=False)
    except (OSError, subprocess.TimeoutExpired) as problem:
        return str(problem)
    return "" if tried.returncode == 0 else tried.stderr.decode(errors="replace").strip() or "the attempt failed"
