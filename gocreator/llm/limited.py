"""Calls wait here until their provider would take them: for their turn, and while it wants quiet.

This stands inside `Attempts`, so that each attempt waits, repetitions too.
"""

import threading
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import AbstractContextManager, closing
from math import ceil

from gocreator.llm.allowances import Allowance, Counted
from gocreator.llm.attempts import Hold, Waiting
from gocreator.llm.buckets import Amounts, Buckets, Ticket, Wait, amounts
from gocreator.llm.provider import (
    CallFailed,
    Cancelled,
    Direct,
    Ended,
    Endpoint,
    Expected,
    Fault,
    Piece,
    Request,
    Usage,
)

_FADES = 0.9
"""So much of a correction of estimates is left with each call that does not need it."""
LOOK = 0.25
"""Seconds between two looks of who waits: it may be earlier than was thought, or the provider closed."""
_TOLD = 1.0
"""Seconds of a wait that is worth a word."""
_CHARACTERS = 3
"""A token has so many at least, where nobody has thought about what a call will take."""


class Limited:
    """Makes calls of one provider no faster than it allows, for all threads; itself a `Provider`."""

    def __init__(  # noqa: PLR0913 - time is a parameter so that tests decide about it
        self,
        provider: Direct,
        endpoint: Endpoint,
        cancelled: threading.Event,
        *,
        buckets: Buckets | None = None,
        hold: Hold | None = None,
        told: Callable[[Waiting], None] = lambda _: None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], bool] | None = None,
    ) -> None:
        """Take `sleep`, which waits for seconds or until it is cancelled, and tells which it was (`Event.wait`)."""
        self._provider = provider
        self._endpoint = endpoint
        self._cancelled = cancelled
        self._closed = threading.Event()
        self._scales: dict[str, float] = {}
        """How much more input calls of a model took than was expected."""
        self._buckets = buckets or new_buckets(endpoint, clock())
        self._hold = hold or Hold(clock)
        self._told = told
        self._clock = clock
        self._sleep = sleep or cancelled.wait

    def stream(self, request: Request) -> AbstractContextManager[Iterator[Piece]]:
        """Make one attempt when its turn has come (see `Provider.stream`)."""
        return closing(self._pieces(request))

    def close(self) -> None:
        """Close the provider; who waits for a turn is cancelled."""
        self._closed.set()
        self._provider.close()

    def _pieces(self, request: Request) -> Generator[Piece, None, None]:
        ticket = self._turn(request)
        used: Amounts | None = None
        said: Sequence[Allowance] = ()
        try:
            with self._provider.stream(request, lambda it: self._buckets.learn(ticket, it, self._clock())) as pieces:
                for piece in pieces:
                    if isinstance(piece, Ended) and piece.usage is not None:
                        used = self._used(request, piece.usage)
                    yield piece
        except CallFailed as failed:
            # What was refused took no tokens; that it was asked may count.
            used, said = (amounts(0, 0) if failed.free else None), failed.allowances
            raise
        finally:
            self._buckets.settle(ticket, used)
            self._buckets.learn(ticket, said, self._clock())

    def _turn(self, request: Request) -> Ticket:
        """Wait until a call may be made."""
        ticket = self._buckets.join(request.rung.model, self._wanted(request), self._clock())
        try:
            self._wait(ticket)
        except BaseException:
            self._buckets.leave(ticket)
            raise
        return ticket

    def _wait(self, ticket: Ticket) -> None:
        told = False
        while True:
            if self._cancelled.is_set() or self._closed.is_set():
                raise Cancelled("the call was cancelled")
            held = self._hold.left
            wait = Wait(held) if held > 0 else self._buckets.turn(ticket, self._clock())
            if wait.seconds <= 0:
                return
            if wait.seconds >= _TOLD and not told:
                told = True
                self._told(Waiting(self._endpoint.name, Fault.LIMITED, wait.seconds, 0, _why(wait)))
            self._sleep(min(wait.seconds, LOOK))

    def _wanted(self, request: Request) -> Amounts:
        """Return what a call will take by estimate; where estimates proved too low, more than was expected."""
        it = _expected(request)
        read = it.cache_read if self._reads_count else 0
        scale = self._scales.get(request.rung.model, 1.0)
        return amounts(ceil((it.uncached + read + it.cache_write) * scale), it.output)

    def _used(self, request: Request, usage: Usage) -> Amounts:
        """Return what a call took, and learn how good estimates are."""
        model, it = request.rung.model, _expected(request)
        ratio = usage.input / max(it.uncached + it.cache_read + it.cache_write, 1)
        self._scales[model] = max(1.0, ratio, self._scales.get(model, 1.0) * _FADES)
        return amounts(usage.input if self._reads_count else usage.input - usage.cache_read, usage.output)

    @property
    def _reads_count(self) -> bool:
        """Tell whether tokens that were read from the cache count: not at Anthropic (its docs, API, rate limits)."""
        return self._endpoint.kind != "anthropic"


def _expected(request: Request) -> Expected:
    """Return about what a call will take."""
    if request.expected is not None:
        return request.expected
    blocks = (block for blocks in (request.system, *(it.blocks for it in request.turns)) for block in blocks)
    return Expected(sum(len(block.text) for block in blocks) // _CHARACTERS, output=request.max_output)


def _why(wait: Wait) -> str:
    """Say what a call waits for."""
    return f"{wait.limit:,.0f} {wait.counted} a minute are allowed" if wait.limit else "it asked for quiet"


def new_buckets(endpoint: Endpoint, now: float) -> Buckets:
    """Return full buckets with the limits that a user set."""
    limits = endpoint.limits
    return Buckets(
        {
            Counted.REQUESTS: limits.requests,
            Counted.INPUT: limits.input_tokens,
            Counted.OUTPUT: limits.output_tokens,
        },
        now,
    )


_BUCKETS: dict[Endpoint, Buckets] = {}
_LOCK = threading.Lock()


def buckets_of(endpoint: Endpoint) -> Buckets:
    """Return the buckets of an endpoint, which live as long as the process: a planner's calls count for the coder's."""
    with _LOCK:
        if endpoint not in _BUCKETS:
            _BUCKETS[endpoint] = new_buckets(endpoint, time.monotonic())
        return _BUCKETS[endpoint]
