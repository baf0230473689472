"""How much of a provider may be used now: token buckets that calls draw from in the order in which they come.

Whoever comes reserves at once what it needs of all buckets, and goes when there is as much. So nothing is half taken,
nobody overtakes, and who waits for much is not starved by those who want little. What is told of time here is a
number of seconds that a caller's clock shows.
"""

import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import count

from gocreator.llm.allowances import Allowance, Counted

MINUTE = 60.0
MARGIN = 2.0
"""A request counts at the provider when it arrives, and here when it leaves. Buckets are filled up to where so many
seconds are missing, so that one which took longer to arrive than the next does no harm."""
_SOON = 1e-6
"""So few seconds are none: sums of floats are off by less."""

Amounts = Mapping[Counted, float]


def amounts(tokens_in: int, tokens_out: int, *, requests: int = 1) -> Amounts:
    """Return what counts for each limit."""
    both = tokens_in + tokens_out
    return {
        Counted.REQUESTS: requests,
        Counted.INPUT: tokens_in,
        Counted.OUTPUT: tokens_out,
        Counted.TOKENS: both,
        Counted.PROJECT: both,
    }


@dataclass
class Bucket:
    """So much for each minute, refilled steadily. Nothing is waited for while the limit is not known."""

    at: float
    limit: float | None = None
    credit: float = 0.0
    """All that could be used since the beginning; what is used less than was reserved, too."""
    taken: float = 0.0
    """All that was reserved since then."""
    waiting: float = 0.0
    """The part of it that is still waited for."""

    @property
    def capacity(self) -> float:
        """Return how much there is at most."""
        return (self.limit or 0) * (1 - MARGIN / MINUTE)

    def bound(self, limit: float, now: float) -> None:
        """Take note of the limit; one that is learnt late held from the beginning, when the bucket was full."""
        first, self.limit = self.limit is None, limit
        if first:
            self.credit += self.capacity
        self.fill(now)

    def fill(self, now: float) -> None:
        """Let time pass."""
        if self.limit is not None:
            full = self.taken - self.waiting + self.capacity
            self.credit = min(self.credit + (now - self.at) * self.limit / MINUTE, full)
            self.at = now

    def wait(self, before: float, amount: float) -> float:
        """Return the seconds until there was so much more; who wants more than the bucket holds needs a full one."""
        if self.limit is None:
            return 0.0
        return (before + min(amount, self.capacity) - self.credit) * MINUTE / self.limit


@dataclass(eq=False)
class Place:
    """What one call reserved."""

    number: int
    amounts: Amounts
    before: dict[Counted, float] = field(default_factory=dict)
    """All that was reserved when it came."""
    gone: bool = False


@dataclass(frozen=True)
class Wait:
    """How long a call has to wait."""

    seconds: float = 0.0
    counted: Counted = Counted.REQUESTS
    """What it waits for most."""
    limit: float = 0.0


class Line:
    """The buckets of one model, or of all, and the calls that were made or wait for them."""

    def __init__(self, now: float, limits: Mapping[Counted, float | None] | None = None) -> None:
        self._buckets = {counted: Bucket(now) for counted in Counted}
        for counted, limit in (limits or {}).items():
            if limit is not None:
                self._buckets[counted].bound(limit, now)
        self._numbers = count(1)
        self._open: list[Place] = []
        self._newest = 0
        """Whose response told most lately of the limits."""

    def join(self, wanted: Amounts, now: float) -> Place:
        """Reserve."""
        place = Place(next(self._numbers), wanted)
        for counted, bucket in self._buckets.items():
            bucket.fill(now)
            place.before[counted] = bucket.taken
            bucket.taken += wanted[counted]
            bucket.waiting += wanted[counted]
        self._open.append(place)
        return place

    def wait(self, place: Place, now: float) -> Wait:
        """Return how long a call has to wait, as far as is known now."""
        longest = Wait()
        for counted, bucket in self._buckets.items():
            bucket.fill(now)
            seconds = bucket.wait(place.before[counted], place.amounts[counted])
            if seconds > max(longest.seconds, _SOON):
                longest = Wait(seconds, counted, bucket.limit or 0.0)
        return longest

    def go(self, place: Place) -> None:
        """Take note that a call is made."""
        place.gone = True
        for counted, amount in place.amounts.items():
            self._buckets[counted].waiting -= amount

    def leave(self, place: Place) -> None:
        """Let a call go that will not be made: those behind it move up."""
        self._open.remove(place)
        for counted, amount in place.amounts.items():
            self._buckets[counted].taken -= amount
            self._buckets[counted].waiting -= amount
            for behind in (it for it in self._open if it.number > place.number):
                behind.before[counted] -= amount

    def settle(self, place: Place, used: Amounts) -> None:
        """Put what a call really took in the place of what it reserved; it is over."""
        self._open.remove(place)
        for counted, amount in place.amounts.items():
            self._buckets[counted].credit += amount - used[counted]

    def learn(self, place: Place, said: Iterable[Allowance], now: float) -> None:
        """Take note of what the response to a call says."""
        news = place.number > self._newest
        for it in said:
            if it.limit is not None:
                self._buckets[it.counted].bound(it.limit, now)
                if news and it.remaining is not None:
                    self._correct(place, it, it.remaining)
        self._newest = max(self._newest, place.number)

    def _correct(self, place: Place, said: Allowance, remaining: int) -> None:
        """Correct a bucket where it cannot be as is thought here: others use the key too, or estimates were wrong.

        The provider may have counted those who went after this one, or not; nor is it known what those will take that
        are not over. So there is a range in which our own account is believed.
        """
        bucket = self._buckets[said.counted]
        level = bucket.credit - bucket.taken
        if remaining > said.slack:  # else it may be less than nothing
            behind = bucket.taken - place.before[said.counted] - place.amounts[said.counted]
            before = sum(it.amounts[said.counted] for it in self._open if it.gone and it.number <= place.number)
            level = max(level, remaining - said.slack - behind - before)
        bucket.credit = bucket.taken + min(level, remaining - said.slack - bucket.waiting)


@dataclass(frozen=True)
class Ticket:
    """What a call reserved, in each line where it stands."""

    places: tuple[tuple[Line, Place], ...]
    """The model's own first."""


class Buckets:
    """All buckets of one provider: those of each model, and those that a user set for all together.

    Serves all threads.
    """

    def __init__(self, limits: Mapping[Counted, float | None], now: float) -> None:
        self._lock = threading.Lock()
        self._all = Line(now, limits)
        self._models: dict[str, Line] = {}

    def join(self, model: str, wanted: Amounts, now: float) -> Ticket:
        """Reserve for a call of a model."""
        with self._lock:
            lines = (self._models.setdefault(model, Line(now)), self._all)
            return Ticket(tuple((line, line.join(wanted, now)) for line in lines))

    def turn(self, ticket: Ticket, now: float) -> Wait:
        """Return how long a call has still to wait; if it has not, it goes."""
        with self._lock:
            longest = max((line.wait(place, now) for line, place in ticket.places), key=lambda it: it.seconds)
            if longest.seconds <= 0:
                for line, place in ticket.places:
                    line.go(place)
            return longest

    def leave(self, ticket: Ticket) -> None:
        """Let a call go that waited and will not be made."""
        with self._lock:
            for line, place in ticket.places:
                line.leave(place)

    def settle(self, ticket: Ticket, used: Amounts | None) -> None:
        """Take note that a call is over; None: nobody knows what it took, so it is believed to be as was thought."""
        with self._lock:
            for line, place in ticket.places:
                line.settle(place, place.amounts if used is None else used)

    def learn(self, ticket: Ticket, said: Iterable[Allowance], now: float) -> None:
        """Take note of what the response to a call says of its model's limits."""
        with self._lock:
            line, place = ticket.places[0]
            line.learn(place, said, now)
