"""Turn what Go tools print into problems with places."""

import re
from dataclasses import dataclass, replace
from pathlib import Path

from gocreator.golang.verdict import GoProblem

_PLACED = re.compile(
    r"(?:vet: )?(?P<file>\S[^:]*\.(?:go|mod|sum|s|c|h)):(?P<line>\d+)(?::(?P<column>\d+))?: (?P<text>.*)"
)
_CHATTER = re.compile(r"#|go: (finding|downloading|found|added|upgraded|warning)|exit status|\d+ issues|FAIL\b|ok\b")
_TAIL_LINES = 40
_TAIL_CHARACTERS = 8000


@dataclass(frozen=True)
class Places:
    """The folders of a run, whose names say nothing to the reader of a message."""

    root: Path
    goroot: Path
    home: Path
    caches: tuple[Path, ...] = ()

    def tidy(self, text: str) -> str:
        """Name files relative to the root, and other folders by what they are, not by whose machine it is."""
        text = text.replace(f"{self.home}/module/", "").replace(f"{self.root}/", "").replace(str(self.root), ".")
        others = [(self.home, "$HOME"), (self.goroot, "$GOROOT"), *((cache, "$CACHE") for cache in self.caches)]
        for folder, name in others:
            text = text.replace(str(folder), name)
        return text


def read_messages(text: str, places: Places) -> list[GoProblem]:
    """Read the output of a compiler, of vet, gofmt or a linter: one problem a line, details indented below it."""
    problems: list[GoProblem] = []
    for line in places.tidy(text).splitlines():
        if line[:1] in ("\t", " ") and problems:
            problems[-1] = _extended(problems[-1], line)
        elif line.strip() and not _CHATTER.match(line):
            problems.append(read_message(line))
    return list(dict.fromkeys(problems))


def read_message(line: str) -> GoProblem:
    """Read one line; what names no place is a problem of the whole."""
    found = _PLACED.fullmatch(line.strip())
    if not found:
        return GoProblem("", 0, 0, line.strip())
    file = found["file"].removeprefix("./")
    return GoProblem(file, int(found["line"]), int(found["column"] or 0), found["text"])


def tail(text: str, places: Places) -> str:
    """Return the end of an output, for people."""
    lines = places.tidy(text).rstrip().splitlines()[-_TAIL_LINES:]
    return "\n".join(lines)[-_TAIL_CHARACTERS:]


def _extended(problem: GoProblem, line: str) -> GoProblem:
    """Add a line of details to a problem, and the file that they stand in."""
    place = read_message(line)
    others = (*problem.others, place.file) if place.file not in ("", problem.file, *problem.others) else problem.others
    return replace(problem, message=f"{problem.message}\n{line.rstrip()}", others=others)
