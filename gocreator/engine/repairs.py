"""Which files are repaired next, for what, and by whom: bounded, and no longer than it helps.

Each file is repaired so many times at most. Where the same problem is back after a repair, somebody else is asked,
once: the next model of the ladder, for the next file that it may be about. Where it is back again, that is the end.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from gocreator.engine.blame import Blame, signature
from gocreator.golang.verify import GoProblem, Verification
from gocreator.values import RelPath


@dataclass(frozen=True)
class Repair:
    """One file that is to be repaired, and why."""

    path: RelPath
    attempt: int
    """The first is 1."""
    rung: int
    """Who is asked: a place in the ladder of those who can be."""
    messages: tuple[str, ...]
    signatures: frozenset[str]
    """Of the problems that it is repaired for."""


@dataclass
class _Case:
    """What is known of the repairs of one file."""

    attempts: int = 0
    refusal: str = ""
    """Why the last answer was not taken."""
    over: bool = False


@dataclass
class Repairs:
    """Decides, verification by verification."""

    blame: Blame
    most: int
    """So many times may a file be repaired."""
    rungs: int
    """So many models can be asked."""
    first: Callable[[RelPath], int]
    """Returns who is asked first for a file: whoever wrote it."""
    _tried: Counter[str] = field(default_factory=Counter)
    """How often something was done about a problem."""
    _cases: dict[RelPath, _Case] = field(default_factory=dict)

    def next(self, found: Verification) -> list[Repair]:
        """Return what to repair now; nothing if there is nothing more to be tried."""
        charged: dict[RelPath, list[tuple[str, GoProblem, bool]]] = {}
        for check, problem in _problems(found):
            for path, again in self._charged(check, problem):
                charged.setdefault(path, []).append((check, problem, again))
        return [repair for path, charges in charged.items() if (repair := self._repair(path, charges))]

    def refused(self, repair: Repair, why: str, *, final: bool) -> None:
        """Take note of an answer that was not taken: that is told, and is no problem that came back."""
        case = self._cases[repair.path]
        case.over |= final or why == case.refusal
        case.refusal = why
        self._tried.subtract(repair.signatures)

    def is_fixed(self, repair: Repair, found: Verification) -> bool:
        """Tell whether a file is as it should be after a repair: what it was repaired for is gone, nothing new came."""
        problems = list(_problems(found))
        remain = {signature(check, problem) for check, problem in problems}
        blamed = (path for _, problem in problems for path in self.blame.suspects(problem)[:1])
        return not repair.signatures & remain and repair.path not in blamed

    def _charged(self, check: str, problem: GoProblem) -> Iterator[tuple[RelPath, bool]]:
        """Yield the file that is repaired for a problem, if any, and whether the problem came back."""
        suspects, tried = self.blame.suspects(problem), self._tried[signature(check, problem)]
        if not suspects or tried > 1 or (tried and len(suspects) == 1 and self._top(suspects[0])):
            return
        yield suspects[min(tried, len(suspects) - 1)], bool(tried)

    def _top(self, path: RelPath) -> bool:
        return self.first(path) + 1 >= self.rungs

    def _repair(self, path: RelPath, charges: Sequence[tuple[str, GoProblem, bool]]) -> Repair | None:
        case = self._cases.setdefault(path, _Case())
        if case.over or case.attempts >= self.most:
            return None
        case.attempts += 1
        signatures = frozenset(signature(check, problem) for check, problem, _ in charges)
        self._tried.update(signatures)
        rung = min(self.first(path) + any(again for *_, again in charges), self.rungs - 1)
        told = [f"{check}: {problem}" for check, problem, _ in charges]
        if case.refusal:
            told.append(f"what was written to repair it was not accepted: {case.refusal}")
        return Repair(path, case.attempts, rung, tuple(told), signatures)


def _problems(found: Verification) -> Iterator[tuple[str, GoProblem]]:
    for check in found.checks:
        yield from ((check.name, problem) for problem in check.problems)
