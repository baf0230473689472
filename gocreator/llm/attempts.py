"""Trying again: what fails for the moment is asked for again, later, and nobody asks while a provider wants quiet.

Only a call that brought no text is repeated here. One that broke off has text, finished files in it, and what is to be
asked for again is its caller's decision; it passes the same `Faults` with the next request, which then waits as long as
a repetition would, and counts as one.
"""

import random
import threading
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass

from gocreator.llm.provider import Began, CallFailed, Cancelled, Ended, Fault, Piece, Provider, Request, Text


@dataclass(frozen=True)
class Patience:
    """How often and how long is waited."""

    max_attempts: int = 5
    """So many attempts, the first included, may fail in one call."""
    first: float = 1.0
    """Seconds of the first wait, where the provider says nothing; each further one is longer."""
    factor: float = 2.0
    longest: float = 30.0
    """Seconds of the longest wait of ours."""
    longest_asked: float = 300.0
    """Seconds of the longest wait that a provider may ask for; what asks for more has failed."""


@dataclass
class Faults:
    """What went wrong with one call and its continuations so far."""

    count: int = 0
    last: CallFailed | None = None


@dataclass(frozen=True)
class Waiting:
    """A call waits before it is tried again, or for its turn."""

    provider: str
    fault: Fault
    seconds: float
    attempt: int
    """The attempt that failed, counted from 1; 0: none did, the call waits for its turn."""
    message: str


class Hold:
    """When a provider may be asked again; all threads that ask it share one."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._until = float("-inf")

    def extend(self, seconds: float) -> None:
        """Ask nobody for so long, from now."""
        with self._lock:
            self._until = max(self._until, self._clock() + seconds)

    @property
    def left(self) -> float:
        """Return for how many seconds nobody may ask."""
        with self._lock:
            return self._until - self._clock()


class Attempts:
    """Makes attempts at calls of one provider, for all threads; itself a `Provider`."""

    def __init__(  # noqa: PLR0913 - time and chance are parameters so that tests decide about them
        self,
        provider: Provider,
        name: str,
        cancelled: threading.Event,
        *,
        patience: Patience | None = None,
        hold: Hold | None = None,
        told: Callable[[Waiting], None] = lambda _: None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], bool] | None = None,
        chance: Callable[[], float] = random.random,
    ) -> None:
        """Take `sleep`, which waits for seconds or until it is cancelled, and tells which it was (`Event.wait`)."""
        self._provider = provider
        self._name = name
        self._cancelled = cancelled
        self._patience = patience or Patience()
        self._told = told
        self._sleep = sleep or cancelled.wait
        self._chance = chance
        self._hold = hold or Hold(clock)

    def stream(self, request: Request, faults: Faults | None = None) -> AbstractContextManager[Iterator[Piece]]:
        """Make attempts until one brings text or an end (see `Provider.stream`).

        Raise `CallFailed` for what will not pass, when patience is over, and when an answer breaks off; the latter is
        `transient`, and may be followed by a call for what is missing, with the same `faults`.
        """
        return closing(self._pieces(request, Faults() if faults is None else faults))

    def close(self) -> None:
        """Close the provider."""
        self._provider.close()

    def _pieces(self, request: Request, faults: Faults) -> Generator[Piece, None, None]:
        began = False
        while True:
            self._wait(faults)
            delivered = False
            try:
                with self._provider.stream(request) as pieces:
                    for piece in pieces:
                        delivered = delivered or isinstance(piece, Text | Ended)
                        if not (began and isinstance(piece, Began)):
                            yield piece
                        began = began or isinstance(piece, Began)
            except CallFailed as failed:
                self._note(failed, faults)
                if delivered or not self._may_repeat(failed, faults):
                    raise
            else:
                return

    def _note(self, failed: CallFailed, faults: Faults) -> None:
        """Count a failure; a limit holds all callers of the provider."""
        faults.count, faults.last = faults.count + 1, failed
        if failed.fault is Fault.LIMITED:
            self._hold.extend(min(self._pause(failed, faults.count), self._patience.longest_asked))

    def _may_repeat(self, failed: CallFailed, faults: Faults) -> bool:
        """Tell whether a call may be tried again."""
        asked = failed.retry_after or 0.0
        return failed.transient and faults.count < self._patience.max_attempts and asked <= self._patience.longest_asked

    def _wait(self, faults: Faults) -> None:
        """Wait for this call's turn: after its own last failure, and while the provider wants quiet."""
        last = faults.last
        if last is not None:
            if not self._may_repeat(last, faults):
                raise last
            faults.last = None
            pause = self._pause(last, faults.count)
            self._told(Waiting(self._name, last.fault, pause, faults.count, last.message))
            if last.fault is not Fault.LIMITED:
                self._rest(pause)
        while (left := self._hold.left) > 0:
            self._rest(left)
        if self._cancelled.is_set():
            raise Cancelled("the call was cancelled")

    def _rest(self, seconds: float) -> None:
        if self._sleep(seconds):
            raise Cancelled("the call was cancelled")

    def _pause(self, failed: CallFailed, count: int) -> float:
        """Return how long to wait: as long as the provider asks, or exponentially longer, never the same for all."""
        patience = self._patience
        if failed.retry_after is not None:
            return failed.retry_after + self._chance() * min(1.0, failed.retry_after / 10)
        return min(patience.first * patience.factor ** (count - 1), patience.longest) * (0.5 + self._chance() / 2)
