"""Which files a problem of a verification is about, so that these alone are repaired.

A compiler names the file. A test that fails names itself, and is about the file of its own name; where that is a
template's, about the nearest that it uses. A crash names the lines that it passed, the nearest to its cause first.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from posixpath import dirname

from gocreator.golang.verify import GoProblem
from gocreator.plan.target import Plan, UsedContract
from gocreator.values import Part, RelPath

_TEST = "_test.go"
_ENVIRONMENT = re.compile(rb"\bos\.(?:Getenv|LookupEnv|Environ|ExpandEnv)\b")
_CRASH = re.compile(r"panic: |fatal error: |DATA RACE")
_RACE = re.compile(r"DATA RACE|race detected during execution of test")
_PLACE = re.compile(r":\d+(?::\d+)?(?=:|\s|$)")
_PASSING = re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}\b|\b0x[0-9a-f]+|\d+")
"""What a test may say otherwise each time: keys, addresses, numbers."""


def signature(check: str, problem: GoProblem) -> str:
    """Return what tells a problem from others, wherever in its file it stands by now."""
    said = problem.message
    if _RACE.search(said):
        # Which test met it, and where, is chance.
        return f"{check}: {dirname(problem.file)}: a race"
    if _CRASH.search(said):
        said = said.partition("\n")[0]  # so is which lines it passed
    said = _PLACE.sub("", said)
    if check == "test":
        said = _PASSING.sub("", said)
    return f"{check}: {problem.file}: {said}"


@dataclass(frozen=True)
class Blame:
    """Finds who is to be repaired, among those that may be."""

    plan: Plan
    repairable: Callable[[RelPath], bool]
    read: Callable[[RelPath], bytes | None]

    def suspects(self, problem: GoProblem) -> list[RelPath]:
        """Return the files that a problem may be about, the most likely one first."""
        named = [RelPath(file) for file in (problem.file, *problem.others) if file]
        found = [path for path in dict.fromkeys(self._in_turn(problem, named)) if self.repairable(path)]
        return found or list(islice(filter(self.repairable, self._behind(named)), 1))

    def _in_turn(self, problem: GoProblem, named: Sequence[RelPath]) -> Iterator[RelPath]:
        tests = [path for path in named if path.endswith(_TEST)]
        # A test sees the closed environment, and what it tests need not know of any.
        odd = [path for path in tests if self.repairable(path) and _ENVIRONMENT.search(self.read(path) or b"")]
        yield from odd
        yield from named if _CRASH.search(problem.message) else (path for path in named if path not in tests)
        yield from map(_namesake, tests)
        yield from tests

    def _behind(self, named: Sequence[RelPath]) -> Iterator[RelPath]:
        """Return what tests are about where that is not what they are named after."""
        return (used for test in named if test.endswith(_TEST) for used in self._used_by(test))

    def _used_by(self, test: RelPath) -> Iterator[RelPath]:
        """Return what a test uses, and what that uses in turn."""
        edge = [test, _namesake(test)]
        known = set(edge)
        while edge:
            used = [it for path in edge for it in self._uses(path) if it.path not in known]
            edge = list(dict.fromkeys(it.path for it in sorted(used, key=lambda it: self._distance(test, it))))
            known.update(edge)
            yield from edge

    def _uses(self, path: RelPath) -> Iterable[UsedContract]:
        target = self.plan.targets.get(path)
        return target.uses if target else ()

    def _distance(self, test: RelPath, used: UsedContract) -> tuple[bool, bool, bool, str]:
        own, other = self.plan.targets.get(test), self.plan.targets[used.path]
        elsewhere = own is None or own.element != other.element
        return used.part is not Part.FULL, dirname(used.path) != dirname(test), elsewhere, used.path


def _namesake(test: RelPath) -> RelPath:
    return RelPath(f"{test.removesuffix(_TEST)}.go")
