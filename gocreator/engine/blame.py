"""Which files a problem of a verification is about, so that these alone are repaired.

A compiler names the file. A test that fails names itself, and is about what it tests: what its plan says that it uses,
the file of its own name first, then what that uses. A crash names the lines that it passed, the nearest to its cause
first.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from posixpath import dirname

from gocreator.golang.verify import GoProblem
from gocreator.plan.target import Plan, UsedContract
from gocreator.values import Part, RelPath

_TEST = "_test.go"
_ENVIRONMENT = re.compile(rb"\bos\.(?:Getenv|LookupEnv|Environ|ExpandEnv)\b")
_PLACE = re.compile(r":\d+(?::\d+)?(?=:|\s|$)")
_PASSING = re.compile(r"0x[0-9a-f]+|\bgoroutine \d+|\(?\b\d+(?:\.\d+)?m?s\b\)?")
"""What is different each time: addresses, numbers of goroutines, how long it took."""


def signature(check: str, problem: GoProblem) -> str:
    """Return what tells a problem from others, wherever in its file it stands by now."""
    said = _PASSING.sub("", _PLACE.sub("", problem.message))
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
        return [path for path in dict.fromkeys(self._in_turn(named)) if self.repairable(path)]

    def _in_turn(self, named: Sequence[RelPath]) -> Iterator[RelPath]:
        tests = [path for path in named if path.endswith(_TEST)]
        # A test sees the closed environment, and what it tests need not know of any.
        odd = [path for path in tests if self.repairable(path) and _ENVIRONMENT.search(self.read(path) or b"")]
        yield from odd
        yield from (path for path in named if not path.endswith(_TEST))
        yield from (tested for test in tests for tested in self._tested(test))
        yield from tests

    def _tested(self, test: RelPath) -> Iterator[RelPath]:
        """Return what a test is about: what it uses, and what that uses in turn."""
        namesake = RelPath(f"{test.removesuffix(_TEST)}.go")
        known = {test, namesake}
        yield namesake
        edge = [test, namesake]
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
