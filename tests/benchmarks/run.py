"""`make bench`: gocreator against GNU make, ninja and plain doit on the same graph, in the same run.

With `--readme` the table replaces the one in README.md.
"""

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path

from tests.benchmarks import table
from tests.benchmarks.builders import BIN, GOCREATOR, PEERS, ROOT, Ours, Peer, make_peers, stamps
from tests.benchmarks.measuring import Measured, measure
from tests.benchmarks.table import CHANGE, COLD, FCS, HELP, IDLE, MEMORY, Case, Result

SERVED = "with three endpoints each"
SETTLING = 2.1
"""Seconds after which a file counts as old; younger ones are hashed instead of looked at."""


@dataclass(frozen=True)
class Runs:
    """How often each case is run."""

    cold: int
    idle: int
    change: int


RUNS = {100: Runs(5, 9, 5), 1_000: Runs(3, 9, 5), 10_000: Runs(1, 5, 2)}


@dataclass
class Comparison:
    """One size of project, built by all, each in a folder of its own below `root`."""

    root: Path
    entities: int
    runs: Runs
    served: bool = True
    peers: dict[str, Peer] = field(default_factory=dict)

    @cached_property
    def ours(self) -> Ours:
        """Return the project that gocreator builds."""
        made = Ours(self.root / "ours", self.entities, self.served)
        made.write()
        return made

    @property
    def targets(self) -> int:
        """Return how many files there are."""
        return len(stamps(self.ours.folder / "generated"))

    @property
    def changing(self) -> int:
        """Return in how many of them a change of one field shows."""
        return len(self.peers["make"].changing)

    def measured(self) -> Iterator[tuple[str, Result]]:
        """Yield each case; they follow on each other."""
        ours = self._ours(self.runs.cold, self.ours.forget)
        self.peers = make_peers(self.ours, self.root)
        peers = self._peers(self.runs.cold, Peer.forget)
        yield COLD, _seconds(ours, peers)
        yield MEMORY, Result(ours.megabytes, {name: peer.megabytes for name, peer in peers.items()})
        time.sleep(SETTLING)
        yield IDLE, _seconds(self._ours(self.runs.idle), self._peers(self.runs.idle))
        yield CHANGE, self._change()

    def _change(self) -> Result:
        """Change a field in ours, and for the peers the inputs of what was written then."""
        before = stamps(self.ours.folder / "generated")
        ours = self._ours(self.runs.change, self.ours.change)
        after = stamps(self.ours.folder / "generated")
        for peer in self.peers.values():
            peer.changing = [path for path, stamp in after.items() if before.get(path) != stamp]
        return _seconds(ours, self._peers(self.runs.change, Peer.change))

    def _ours(self, runs: int, before: Callable[[], None] = lambda: None) -> Measured:
        return measure(GOCREATOR, self.ours.folder, runs, before)

    def _peers(self, runs: int, before: Callable[[Peer], None] = lambda _: None) -> dict[str, Measured]:
        return {
            name: measure(PEERS[name], peer.folder, runs, partial(before, peer)) for name, peer in self.peers.items()
        }


def entities_for(size: int) -> int:
    """Return how many entities make about so many targets: nine each, beside what every project has."""
    return size // 9 - 4


def results_and_notes(root: Path) -> tuple[dict[Case, Result], list[str]]:
    """Measure everything."""
    found: dict[tuple[str, str], Result] = {}
    found[HELP, ""] = Result(measure([BIN / "gocreator", "--help"], root, 15).seconds, {})
    notes = [
        "Medians of whole processes; of memory, the peak. All build the same graph, that of the project as gocreator",
        "plans it; the peers copy prepared files, where gocreator renders and records them. Go's verification is no",
        "part of it (`--no-verify`). The aims are for two processors.",
        "",
    ]
    projects = {table.sized(size): (entities_for(size), RUNS[size]) for size in table.SIZES} | {
        FCS: (table.ENTITIES, RUNS[10_000])
    }
    for project, (entities, runs) in projects.items():
        comparison = Comparison(root / str(entities), entities, runs, served=project != FCS)
        began = time.monotonic()
        found |= {(project, what): result for what, result in comparison.measured()}
        notes.append(
            f"- {project}: {entities:,} entities {SERVED if comparison.served else 'without endpoints'}, "
            f"{comparison.targets:,} files, "
            f"of which {comparison.changing} change with the field; "
            f"runs: {runs.cold} cold, {runs.idle} with nothing to do, {runs.change} with a change."
        )
        shutil.rmtree(comparison.root)
        sys.stderr.write(f"measured {project} in {time.monotonic() - began:.0f} s\n")
    return {case: found[case.project, case.what] for case in table.CASES}, [*notes, "", table.machine(versions())]


def versions() -> dict[str, str]:
    """Return the versions of the peers."""
    found = {}
    for name, command in PEERS.items():
        text = subprocess.run([command[0], "--version"], check=True, capture_output=True, text=True).stdout
        number = re.search(r"\d+(\.\w+)+", text)
        found[name] = number[0] if number else text.strip()
    return found


def _seconds(ours: Measured, peers: dict[str, Measured]) -> Result:
    return Result(ours.seconds, {name: peer.seconds for name, peer in peers.items()})


def main() -> None:
    """Measure, print the table, and write it into the README if that is wanted."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--readme", action="store_true", help="replace the table in README.md")
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        new = table.block(*results_and_notes(Path(folder)))
    sys.stdout.write(f"{new}\n")
    if wanted.readme:
        readme = ROOT / "README.md"
        readme.write_text(table.replaced(readme.read_text(), new))


if __name__ == "__main__":
    main()
