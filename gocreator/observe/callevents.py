"""What can be observed of calls of models before they end: how they were planned, and what is under way."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, ClassVar

from gocreator.observe.events import Event, Level, Purpose


@dataclass(frozen=True, kw_only=True)
class CallsPlanned(Event):
    """The calls of a run are known, and may be made: about what they take, and what they may."""

    level: ClassVar[Level] = Level.DEBUG
    calls: int
    targets: int
    """So many files are asked for."""
    input_tokens: int
    output_tokens: int
    seconds: float
    cost: float | None
    """Dollars; None where nobody knows the prices."""
    max_tokens: int | None = None
    """The limit of the run; None: there is none."""
    max_cost: float | None = None


class Decision(StrEnum):
    """How tokens, calls and seconds are saved, or why they are not."""

    REUSED = "reused"
    GROUPED = "grouped"
    ALONE = "alone"
    HOISTED = "hoisted"
    MARKED = "marked"
    UNMARKED = "unmarked"
    ORDERED = "ordered"


@dataclass(frozen=True, kw_only=True)
class OptimizationDecided(Event):
    """A decision about a call, or about a file that needs none, and why it was made."""

    level: ClassVar[Level] = Level.DEBUG
    decision: str
    """One of `Decision`."""
    targets: tuple[str, ...]
    why: str
    call: str = ""
    """The name of the call in the run; empty where none is made."""
    figures: Mapping[str, Any]
    """What it was decided by: counts of files, tokens, dollars."""


@dataclass(frozen=True, kw_only=True)
class AttemptStarted(Event):
    """A request of a call is sent; `attempt` counts from 1."""

    level: ClassVar[Level] = Level.DEBUG
    call: str
    attempt: int
    provider: str
    model: str
    paths: tuple[str, ...]
    purpose: str = Purpose.WRITE.value


@dataclass(frozen=True, kw_only=True)
class AnswerGrew(Event):
    """More of an answer came in: so many characters of it are there."""

    level: ClassVar[Level] = Level.DEBUG
    passing: ClassVar[bool] = True
    call: str
    characters: int


@dataclass(frozen=True, kw_only=True)
class AttemptFinished(Event):
    """A request was answered, or failed."""

    level: ClassVar[Level] = Level.DEBUG
    call: str
    attempt: int
    seconds: float
    failure: str = ""
    status: int | None = None
    """The HTTP status of a failure, if there was one."""
    request_id: str = ""
    """The provider's name for it."""
