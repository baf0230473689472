"""Projects of one size, one for gocreator and one for each peer, and what brings them into the state to begin with."""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.benchmarks.specifications import LIMIT, specification

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
JOBS = str(os.cpu_count() or 1)
GOCREATOR = (BIN / "gocreator", "build", "--no-verify", "--log-level", "error")
PEERS: Mapping[str, Sequence[str | Path]] = {
    "make": ("make", "-r", "-s", "-j", JOBS),  # without its built-in rules, which it would try on every input
    "ninja": (BIN / "ninja", "--quiet", "-j", JOBS),
    "doit": (BIN / "doit", "-v0", "-n", JOBS, "-P", "thread"),
}
"""How each peer is run."""


@dataclass
class Ours:
    """A project that gocreator builds."""

    folder: Path
    entities: int
    served: bool = True
    _limit: int = LIMIT

    def write(self) -> None:
        """Write the specification."""
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / "fcs.yaml").write_text(specification(self.entities, self._limit, served=self.served))

    def forget(self) -> None:
        """Leave nothing but the specification."""
        for name in ("generated", ".gocreator"):
            shutil.rmtree(self.folder / name, ignore_errors=True)
        (self.folder / "gocreator.lock").unlink(missing_ok=True)

    def change(self) -> None:
        """Change one field of one entity into what it never was before."""
        self._limit -= 1
        self.write()

    def files(self) -> dict[str, bytes]:
        """Return what was generated."""
        return files_of(self.folder / "generated")


@dataclass
class Peer:
    """A project that a peer builds."""

    folder: Path
    changing: Sequence[str] = field(default_factory=list)
    """The targets whose inputs change together."""

    def forget(self) -> None:
        """Leave the inputs, and the directories of the targets, which make does not create."""
        shutil.rmtree(self.folder / "out", ignore_errors=True)
        for remembered in (*self.folder.glob(".doit.db*"), *self.folder.glob(".ninja_*")):
            remembered.unlink()
        for source in self.folder.glob("in/**/"):
            (self.folder / "out" / source.relative_to(self.folder / "in")).mkdir(parents=True, exist_ok=True)

    def change(self) -> None:
        """Change the inputs of those targets that change in ours."""
        for path in self.changing:
            with (self.folder / "in" / path).open("ab") as source:
                source.write(b"\n")

    def files(self) -> dict[str, bytes]:
        """Return what was copied."""
        return files_of(self.folder / "out")

    def stamps(self) -> dict[str, int]:
        """Return when each file was copied."""
        return stamps(self.folder / "out")


def make_peers(ours: Ours, root: Path) -> dict[str, Peer]:
    """Make a project for each peer from the plan of ours, in a process of its own: this one must stay small."""
    first = root / "make"
    first.mkdir(parents=True)
    writing = [sys.executable, "-m", "tests.benchmarks.peers", str(ours.folder), str(first)]
    subprocess.run(writing, cwd=ROOT, check=True)
    for name in PEERS:
        if name != "make":
            shutil.copytree(first, root / name)
    return {name: Peer(root / name) for name in PEERS}


def files_of(folder: Path) -> dict[str, bytes]:
    """Return all files below a folder."""
    found = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


def stamps(folder: Path) -> dict[str, int]:
    """Return when each file below a folder was written."""
    found = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.stat().st_mtime_ns for path in found}
