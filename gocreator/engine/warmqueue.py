"""Which call leaves next, so that what calls share is written to the provider's cache once and read by all others.

A prefix can be read as soon as the first answer to it has begun, not before. So the first call of a cold prefix leads,
and the others wait until it is warm. Nobody owns a group: a worker that is free takes the first call that may go.
"""

import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field

from gocreator.engine.jobs import Job, Phase


@dataclass
class WarmQueue:
    """Calls in the order in which they should leave; one thread uses it."""

    calls: list[Job] = field(default_factory=list)
    clock: Callable[[], float] = time.monotonic
    _leaders: dict[Hashable, Job] = field(default_factory=dict)
    """Who is writing a prefix."""
    _warm: dict[Hashable, float] = field(default_factory=dict)
    """Until when a prefix can be read."""
    _left: dict[int, float] = field(default_factory=dict)
    """When a call left, by its identity."""

    def first(self, call: Job) -> None:
        """Let a call go before all others: what it shares with them is warm."""
        self.calls.insert(0, call)

    def take(self, busy: Callable[[Job], int] = lambda _: 0) -> Job | None:
        """Return the first call that may leave now, of those for whom the fewest are `busy`.

        None if there is none, or if all wait for one that is under way.
        """
        ready = (it for it in self.calls if not any(prefix in self._leaders for prefix in it.prefixes))
        call = min(ready, key=busy, default=None)
        if call is not None:
            self._leave(call)
            self.calls.remove(call)
        return call

    def _leave(self, call: Job) -> None:
        now = self.clock()
        self._left[id(call)] = now
        self._leaders |= {prefix: call for prefix in call.prefixes if self._warm.get(prefix, now) <= now}

    def told(self, call: Job, phase: Phase) -> None:
        """Take note of what became known of a call that left."""
        self._let_go(call)
        if phase is Phase.BEGAN:
            until = self._left[id(call)] + call.lifetime
            self._warm |= {it: max(until, self._warm.get(it, until)) for it in call.prefixes}
            # One that paused may begin when another leads already: what is written now can be read.
            self._leaders = {it: leader for it, leader in self._leaders.items() if it not in call.prefixes}

    def ended(self, call: Job) -> None:
        """Take note that a call is over: if its answer never began, another leads."""
        self._let_go(call)
        self._left.pop(id(call), None)

    def _let_go(self, call: Job) -> None:
        """Let nobody wait for a call any more."""
        self._leaders = {prefix: leader for prefix, leader in self._leaders.items() if leader is not call}
