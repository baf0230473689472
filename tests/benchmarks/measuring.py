"""Time and memory of whole processes."""

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

# The kernel counts in kilobytes; that of macOS in bytes.
UNITS_PER_MEGABYTE = 1e6 if sys.platform == "darwin" else 1e6 / 1024

_AS_INSTALLED = {
    name: value
    for name, value in os.environ.items()
    if name != "PYTHONDONTWRITEBYTECODE" and not name.startswith("GOCREATOR_")
}
"""pip compiles what it installs; without its bytecode kept, each process would compile gocreator, or doit, anew.

What is said to gocreator, or to its tests, in the environment is not meant for what is measured.
"""


@dataclass(frozen=True)
class Measured:
    """What a command takes: seconds, and the most memory that it or a process of its held at once."""

    seconds: float
    megabytes: float


def measure(
    command: Sequence[str | Path],
    folder: Path,
    runs: int = 1,
    before: Callable[[], object] = lambda: None,
    environment: Mapping[str, str] = MappingProxyType({}),
) -> Measured:
    """Run a command some times, each after what brings its folder into the state wanted; return medians.

    `environment` is what the command finds beside this process's own variables.

    Keep the process that measures small: a child's memory begins with what its parent holds when it is started.
    """
    each = []
    for _ in range(runs):
        before()
        each.append(_once([str(word) for word in command], folder, environment))
    return Measured(statistics.median(one.seconds for one in each), statistics.median(one.megabytes for one in each))


def _once(command: list[str], folder: Path, environment: Mapping[str, str]) -> Measured:
    log = folder / ".bench.log"
    with log.open("wb") as output:
        began = time.perf_counter()
        child = subprocess.Popen(
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            env={**_AS_INSTALLED, **environment},
        )
        _, status, usage = os.wait4(child.pid, 0)
        seconds = time.perf_counter() - began
        child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        sys.exit(f"{command} fails with {child.returncode}:\n{log.read_text(errors='replace')[-2000:]}")
    return Measured(seconds, usage.ru_maxrss / UNITS_PER_MEGABYTE)
