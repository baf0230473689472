"""How far a run is: files of each phase, calls under way, tokens and dollars so far. Others look at it meanwhile."""

import threading
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from gocreator.observe.callevents import AnswerGrew, AttemptFinished, AttemptStarted, CallsPlanned
from gocreator.observe.events import (
    CallFinished,
    CallWaiting,
    Event,
    RunFinished,
    RunResumed,
    RunStarted,
    TargetBuilt,
    TargetFailed,
    VerifyFinished,
    VerifyStarted,
)

_CHARACTERS = 4
"""About so many characters make a token."""


@dataclass
class Flight:
    """A call that is under way."""

    call: str
    model: str
    purpose: str
    paths: Sequence[str]
    since: float
    """When its request was sent, in seconds since the epoch."""
    characters: int = 0
    waits: str = ""
    """What it waits for before it is sent, or sent again; empty: it does not."""

    @property
    def tokens(self) -> int:
        """Return about how many tokens of its answer are there."""
        return self.characters // _CHARACTERS


@dataclass
class Progress:
    """A subscriber that knows how far a run is; whoever looks at it from another thread holds its `lock`."""

    began: float | None = None
    """When there was something to show; None: not yet."""
    ended: bool = False
    work: int = 0
    """So many files are to be made."""
    done: int = 0
    failed: int = 0
    planned: dict[str, int] = field(default_factory=dict)
    """So many files are to be made in each phase."""
    built: Counter[str] = field(default_factory=Counter)
    """So many are, of each phase."""
    flights: dict[str, Flight] = field(default_factory=dict)
    calls: int = 0
    """So many are over."""
    of_models: int = 0
    """So many files came of models."""
    foreseen: CallsPlanned | None = None
    tokens: Counter[str] = field(default_factory=Counter)
    """By kind: `uncached`, `cache_read`, `cache_write`, `output`."""
    cost: float = 0.0
    unpriced: int = 0
    """So many calls cost something that nobody knows."""
    verifying: str = ""
    """Who judges the tree just now; empty: nobody does."""
    before: str = ""
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, event: Event) -> None:
        """Note what an event changes."""
        with self.lock:
            self._note(event)

    def _note(self, event: Event) -> None:
        match event:
            case RunStarted():
                self.began = self.began or event.at
                self.work, self.planned = event.work, dict(event.phases)
            case RunResumed():
                self.before = f"{event.built} files and {event.calls} calls before"
            case CallsPlanned():
                self.foreseen = event
            case TargetBuilt():
                self.done += 1
                self.built[event.phase] += 1
                self.of_models += event.origin == "model"
            case TargetFailed():
                self.failed += 1
            case AttemptStarted() | AttemptFinished() | AnswerGrew() | CallWaiting() | CallFinished():
                self._called(event)
            case VerifyStarted():
                self.began = self.began or event.at
                self.verifying = event.go_version
            case VerifyFinished():
                self.verifying = ""
            case RunFinished():
                self.ended = True

    def _called(self, event: Event) -> None:
        match event:
            case AttemptStarted():
                self.began = self.began or event.at
                self.flights[event.call] = Flight(event.call, event.model, event.purpose, event.paths, event.at)
            case AnswerGrew() if event.call in self.flights:
                self.flights[event.call].characters = event.characters
            case CallWaiting():
                new = Flight(event.call, event.provider, "", (), event.at)
                self.flights.setdefault(event.call, new).waits = event.message
            case CallFinished():
                self.flights.pop(event.call, None)
                self.calls += event.attempts
                for kind in ("uncached", "cache_read", "cache_write", "output"):
                    self.tokens[kind] += getattr(event, kind) or 0
                self.cost += event.cost or 0.0
                self.unpriced += event.cost is None
            case _:
                pass

    @property
    def input(self) -> int:
        """Return all input tokens so far."""
        return self.tokens["uncached"] + self.tokens["cache_read"] + self.tokens["cache_write"]

    def left(self, now: float) -> float | None:
        """Return for about how many seconds models will write; None where that cannot be said.

        The plan says so until files came; from then on the speed at which they did.
        """
        if self.foreseen is None or self.began is None or not self.foreseen.targets:
            return None
        part, elapsed = min(1.0, self.of_models / self.foreseen.targets), now - self.began
        return max(0.0, elapsed * (1 - part) / part if part else self.foreseen.seconds - elapsed)
