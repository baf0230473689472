"""The table of `make bench`: its cases, their aims, and the block of the README that holds it."""

import os
import platform
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

BEGIN = "<!-- written by `make bench-readme`: -->"
END = "<!-- end of what `make bench-readme` writes -->"
PEERS = ("make", "ninja", "doit")
SIZES = (100, 1_000, 10_000)
ENTITIES = 1_000
COLD, IDLE, CHANGE, MEMORY = "cold build", "nothing to do", "one field changed", "cold build, peak memory"
HELP, FCS = "`--help`", f"{ENTITIES:,} entities"


@dataclass(frozen=True)
class Case:
    """A row of the table, and the most that gocreator means to take on two cores."""

    project: str
    what: str
    aim: float | None = None

    @property
    def name(self) -> str:
        """Return what stands in the first column."""
        return f"{self.project}: {self.what}" if self.what else self.project

    def shown(self, value: float) -> str:
        """Write a figure of this case."""
        if self.what == MEMORY:
            return f"{value:.0f} MB"
        number, unit = (1000 * value, "ms") if value < 1 else (value, "s")
        return f"{number:.{2 if number < 10 else 1 if number < 100 else 0}f} {unit}"


def sized(size: int) -> str:
    """Return the name of the project with so many targets."""
    return f"{size:,} targets"


CASES = (
    Case(HELP, "", 0.15),
    *(
        case
        for size in SIZES
        for case in (
            Case(sized(size), COLD),
            Case(sized(size), IDLE, {1_000: 0.10, 10_000: 0.25}.get(size)),
            Case(sized(size), CHANGE),
        )
    ),
    Case(FCS, COLD, 60),
    Case(FCS, MEMORY, 500),
    Case(FCS, CHANGE, 2),
)
HEADER = ("", "gocreator", *PEERS, *(f"/ {peer}" for peer in PEERS), "aim")


@dataclass(frozen=True)
class Result:
    """What was measured of a case: of gocreator, and of those peers that it can be compared with."""

    ours: float
    peers: Mapping[str, float]


def table(results: Mapping[Case, Result]) -> str:
    """Return the results as a table in Markdown."""
    rows = [HEADER, ("---", *("--:" for _ in HEADER[1:])), *(row(case, result) for case, result in results.items())]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in rows)


def row(case: Case, result: Result) -> Sequence[str]:
    """Return the cells of a case."""
    peers = [case.shown(result.peers[peer]) if peer in result.peers else "" for peer in PEERS]
    ratios = [_ratio(result.ours / result.peers[peer]) if peer in result.peers else "" for peer in PEERS]
    return (case.name, case.shown(result.ours), *peers, *ratios, _judged(case, result.ours))


def block(results: Mapping[Case, Result], notes: Sequence[str]) -> str:
    """Return what stands in the README: the table, and below it what was measured and where."""
    return "\n".join([BEGIN, "", table(results), "", *notes, "", END])


def machine(versions: Mapping[str, str]) -> str:
    """Say where the figures come from."""
    peers = ", ".join(f"{name} {version}" for name, version in versions.items())
    return f"Measured on {os.cpu_count()} processors with Python {platform.python_version()}, {peers}."


def replaced(document: str, new: str, begin: str = BEGIN, end: str = END) -> str:
    """Return a document with its block replaced."""
    changed, count = re.subn(f"{re.escape(begin)}.*?{re.escape(end)}", lambda _: new, document, flags=re.DOTALL)
    if count != 1:
        raise ValueError(f"there must be one block between {begin} and {end}, not {count}")
    return changed


def _ratio(value: float) -> str:
    return f"{value:.{3 if value < 0.1 else 2 if value < 1 else 1 if value < 10 else 0}f}"


def _judged(case: Case, value: float) -> str:
    if case.aim is None:
        return ""
    return f"{case.aim:g} {'MB' if case.what == MEMORY else 's'}: {'met' if value <= case.aim else 'not met'}"
