"""What a build with models cost: tokens, money, calls, seconds."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from tests.emulator.journal import Entry


@dataclass(frozen=True)
class Spent:
    """What the calls of a build came to."""

    calls: float
    billed: float
    """Input in tokens that were uncached, had they cost as much: reads and writes count at their rates."""
    cost: float
    """Dollars."""
    hits: float
    """Percent of all input that was read from a cache."""
    prompt: float
    """Mean tokens of a prompt, cached parts included."""


def spent(calls: Sequence[Entry]) -> Spent:
    """Add up calls."""
    tokens = sum(call.bill.total for call in calls)
    read = sum(call.bill.read for call in calls)
    return Spent(
        calls=len(calls),
        billed=sum(call.billed for call in calls),
        cost=sum(call.cost for call in calls),
        hits=100 * read / max(tokens, 1),
        prompt=tokens / max(len(calls), 1),
    )


def saved(before: float, after: float) -> float:
    """Return by how many percent a figure fell."""
    return 100 * (1 - after / before)


@dataclass(frozen=True)
class Run:
    """A build that was measured."""

    calls: tuple[Entry, ...]
    lasted: float
    """Seconds of the process."""
    megabytes: float
    scale: float
    """What a second of the emulator lasted; 0: it took no time, so nothing follows for seconds."""

    @cached_property
    def spent(self) -> Spent:
        """Return what its calls came to."""
        return spent(self.calls)

    @property
    def seconds(self) -> float:
        """Return how long it would take had the models not been hurried.

        What passes between the first call and the end of the last counts as the models' time, what gocreator does
        then included; the rest is taken as it was.
        """
        if not self.calls:
            return self.lasted
        calling = max(call.ended for call in self.calls) - min(call.arrived for call in self.calls)
        return self.lasted - calling + calling / self.scale

    def least(self, jobs: int) -> float:
        """Return the seconds that no order of its calls can undercut with so many in flight."""
        each = [call.seconds / self.scale for call in self.calls]
        return max(*each, sum(each) / jobs)

    @property
    def most_in_flight(self) -> int:
        """Return how many calls were under way at once."""
        changes = sorted(
            [(call.arrived, 1) for call in self.calls] + [(call.ended, -1) for call in self.calls],
        )
        most = now = 0
        for _, change in changes:
            now += change
            most = max(most, now)
        return most
