"""`make bench`: gocreator against make and plain doit on the same files, in the same run, as ratios.

Each project has N files with one input each. Times are medians of whole processes, in milliseconds.
"""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

SIZES = (100, 500)
RUNS = 5
PYTHON = sys.executable
DODO = """\
import shutil
from pathlib import Path
def copy(source, target):
    shutil.copyfile(source, target)
def task_copy():
    for source in sorted(Path("in").iterdir()):
        target = Path("out") / source.name
        yield {"name": source.name, "file_dep": [source], "targets": [target],
               "actions": [(copy, [source, target])]}
"""
MAKEFILE = """\
SOURCES := $(wildcard in/*)
TARGETS := $(SOURCES:in/%=out/%)
all: $(TARGETS)
out/%: in/%
\tcp $< $@
"""


def specification(size: int) -> str:
    """Return a specification from which about `size` files follow: three to an entity."""
    entities = "\n".join(f"  - name: Thing{number}\n    attributes: {{name: string}}" for number in range(size // 3))
    return f"name: bench\nmodule: example.com/bench\nentities:\n{entities}\n"


def timed(command: list[str], folder: Path, before: Callable[[], None] = lambda: None) -> float:
    """Return the median time of a command in milliseconds."""
    times = []
    for _ in range(RUNS):
        before()
        began = time.perf_counter()
        subprocess.run(command, cwd=folder, check=True, capture_output=True)
        times.append(1000 * (time.perf_counter() - began))
    return statistics.median(times)


def prepare(root: Path, size: int) -> tuple[Path, Path]:
    """Make a project for gocreator and one for make and doit."""
    ours, theirs = root / f"ours{size}", root / f"theirs{size}"
    ours.mkdir()
    (ours / "fcs.yaml").write_text(specification(size))
    (theirs / "in").mkdir(parents=True)
    (theirs / "out").mkdir()
    for number in range(size):
        (theirs / "in" / f"{number}.go").write_text(f"package a{number}\n" * 50)
    (theirs / "Makefile").write_text(MAKEFILE)
    (theirs / "dodo.py").write_text(DODO)
    return ours, theirs


def removing(*paths: Path, making: Path | None = None) -> Callable[[], None]:
    """Return what brings a project back to the state before a command."""

    def remove() -> None:
        for path in paths:
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)
        if making is not None:
            making.mkdir()

    return remove


def measure(root: Path, size: int) -> list[tuple[str, float, float, float]]:
    """Return a row for each case: ours, make, doit."""
    ours, theirs = prepare(root, size)
    build = [PYTHON, "-m", "gocreator", "build", "--no-verify", "--log-level", "error"]
    make, doit = ["make", "-s", "-j4"], [PYTHON, "-m", "doit", "-v0", "-n", "4", "-P", "thread"]
    anew = removing(ours / "generated", ours / ".gocreator", ours / "gocreator.lock")
    copies = removing(*(theirs / name for name in ("out", ".doit.db", ".doit.db.db")), making=theirs / "out")
    cold = timed(build, ours, anew), timed(make, theirs, copies), timed(doit, theirs, copies)
    time.sleep(2.1)  # younger files are hashed instead of looked at
    subprocess.run(build, cwd=ours, check=True, capture_output=True)
    idle = timed(build, ours), timed(make, theirs), timed(doit, theirs)
    return [
        (f"{size} files, cold", *cold),
        (f"{size} files, nothing to do", *idle),
        (
            f"{size} files, nothing to do, no manifest",
            timed(build, ours, removing(ours / ".gocreator/manifests")),
            *idle[1:],
        ),
        (f"{size} files, list", timed([PYTHON, "-m", "gocreator", "list"], ours), *idle[1:]),
    ]


def main() -> None:
    """Print the table."""
    print(f"{'':<42}{'gocreator':>10}{'make':>8}{'doit':>8}{'/make':>8}{'/doit':>8}")
    with tempfile.TemporaryDirectory() as folder:
        for size in SIZES:
            for name, ours, make, doit in measure(Path(folder), size):
                print(f"{name:<42}{ours:>10.0f}{make:>8.0f}{doit:>8.0f}{ours / make:>8.1f}{ours / doit:>8.1f}")
    print(
        f"milliseconds, medians of {RUNS} whole processes; make and doit copy files, gocreator renders and records them"
    )
    print(f"{os.cpu_count()} processors, Python {sys.version.split()[0]}")


if __name__ == "__main__":
    main()
