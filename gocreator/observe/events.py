"""What can be observed of a run. Whoever wants to know subscribes; whoever acts knows no subscriber."""

import dataclasses
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, ClassVar


class Level(StrEnum):
    """How much a reader of the log wants to know."""

    DEBUG = "debug"
    INFO = "info"
    WARN = "warn"
    ERROR = "error"


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something that happened; `at` is in seconds since the epoch."""

    level: ClassVar[Level] = Level.INFO
    passing: ClassVar[bool] = False
    """True: it is worth nothing once the next one is there, so it stands in no log."""
    at: float = field(default_factory=time.time)

    def plain(self) -> dict[str, Any]:
        """Return the event as plain data, its kind first."""
        return {"event": type(self).__name__, "level": self.level.value, **dataclasses.asdict(self)}


@dataclass(frozen=True, kw_only=True)
class RunStarted(Event):
    """A command that may write began its work."""

    command: str
    fcs: str
    output: str
    targets: int
    work: int
    phases: Mapping[str, int] = field(default_factory=dict)
    """So many files are to be made in each phase."""


@dataclass(frozen=True, kw_only=True)
class RequirementTraced(Event):
    """A requirement of the specification, the files that are made with it in view, and the tests of these."""

    level: ClassVar[Level] = Level.DEBUG
    requirement: str
    said: str
    """What it says, on one line."""
    targets: tuple[str, ...]
    tests: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class RunResumed(Event):
    """A run that did not come to its end goes on; the numbers are those of its parts so far."""

    run: str
    built: int
    work: int
    """So many targets were to be made."""
    calls: int
    tokens: int
    """Input and output of these calls."""


@dataclass(frozen=True, kw_only=True)
class NothingToResume(Event):
    """A build was to go on where another one stopped, and there is none, so it is one like any other."""


@dataclass(frozen=True, kw_only=True)
class TargetBuilt(Event):
    """A file was made and written."""

    path: str
    rule: str
    phase: str
    origin: str
    reasons: tuple[str, ...]
    seconds: float
    skeleton: bool = False


@dataclass(frozen=True, kw_only=True)
class TargetUpToDate(Event):
    """A file is as planned; `adopted` if that had not been recorded before."""

    level: ClassVar[Level] = Level.DEBUG
    path: str
    phase: str
    adopted: bool = False


@dataclass(frozen=True, kw_only=True)
class TargetOutdated(Event):
    """A model's file is as planned, but would be asked for otherwise now; it was kept."""

    level: ClassVar[Level] = Level.DEBUG
    path: str
    phase: str
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class TargetKept(Event):
    """A file was left alone because of the user's edits; if it is stale, `planned` is where its new text lies."""

    level: ClassVar[Level] = Level.WARN
    path: str
    phase: str
    reasons: tuple[str, ...]
    stale: bool = False
    """The specification asks for another text."""
    planned: str = ""


@dataclass(frozen=True, kw_only=True)
class TargetFailed(Event):
    """A file could not be made or written."""

    level: ClassVar[Level] = Level.ERROR
    path: str
    message: str
    refused: bool = False
    """Nobody tried: it would have taken a provider, a key, or a permission that was not given."""
    code: str = ""
    """What `gocreator explain` says more about."""


class Purpose(StrEnum):
    """What a model is called for."""

    WRITE = "write"
    PLAN = "plan"
    REPAIR = "repair"
    REVIEW = "review"


@dataclass(frozen=True, kw_only=True)
class RepairStarted(Event):
    """A file that does not pass is asked for once more; `most` is how often that may be."""

    path: str
    attempt: int
    most: int
    provider: str
    model: str
    messages: tuple[str, ...]
    """What is wrong with it."""


@dataclass(frozen=True, kw_only=True)
class RepairWritten(Event):
    """A repaired file was written; whether that helped is not known yet."""

    level: ClassVar[Level] = Level.DEBUG
    path: str


@dataclass(frozen=True, kw_only=True)
class RepairFinished(Event):
    """A repair came to its end, and the tree was judged anew."""

    path: str
    attempt: int
    fixed: bool
    """Nothing is wrong with the file any more."""
    message: str = ""
    """Why there is no repaired file; empty if there is one."""


@dataclass(frozen=True, kw_only=True)
class ReviewFinished(Event):
    """A file was reviewed, or somebody had reviewed the same text before (`reused`)."""

    path: str
    provider: str
    model: str
    findings: tuple[Mapping[str, Any], ...]
    """Each has `severity` (`error`, `warning`, `info`), `line` (0: all of the file), `what` and `why`."""
    reused: bool = False


@dataclass(frozen=True, kw_only=True)
class ReviewFailed(Event):
    """A file was to be reviewed, and was not."""

    level: ClassVar[Level] = Level.WARN
    path: str
    message: str


@dataclass(frozen=True, kw_only=True)
class CallFinished(Event):
    """A call of a model came to its end; counts of tokens are None where the provider did not say."""

    level: ClassVar[Level] = Level.DEBUG
    provider: str
    model: str
    paths: tuple[str, ...]
    """The files that were asked for."""
    seconds: float
    stop: str
    """Why the answer ended: `done`, `length`, `refused`, `other`; `failed` if there is none, or only its beginning."""
    failure: str = ""
    uncached: int | None = None
    """Input that was neither read from the provider's cache nor written to it."""
    cache_read: int | None = None
    cache_write: int | None = None
    output: int | None = None
    cost: float | None = None
    """Dollars; None where the provider did not say what was used, or nobody knows the model's prices."""
    purpose: str = Purpose.WRITE.value
    ttft: float | None = None
    """Seconds until the answer's first text; None where none came."""
    saved: float | None = None
    """Dollars that the provider's cache saved, less what it took to write there; None where nobody knows the prices."""
    call: str = ""
    """Its name in the run."""
    attempts: int = 1
    """So many requests were sent for it; 0: it did not come to its turn."""


@dataclass(frozen=True, kw_only=True)
class CallWaiting(Event):
    """A call waits before it is tried again, or for its turn where a provider's rate limits are reached."""

    level: ClassVar[Level] = Level.WARN
    provider: str
    seconds: float
    message: str
    call: str = ""


@dataclass(frozen=True, kw_only=True)
class ArtifactReused(Event):
    """A file that a model wrote before was in the store, so nobody was asked."""

    path: str
    model: str


@dataclass(frozen=True, kw_only=True)
class ContractWritten(Event):
    """The planner's contract of a package was written, before the build that follows from it."""

    path: str
    """From the project directory."""
    package: str
    model: str


@dataclass(frozen=True, kw_only=True)
class TargetRemoved(Event):
    """A file left the plan and was removed."""

    path: str


@dataclass(frozen=True, kw_only=True)
class OrphanKept(Event):
    """A file left the plan but holds edits: from now on it is the user's."""

    level: ClassVar[Level] = Level.WARN
    path: str


@dataclass(frozen=True, kw_only=True)
class BackedUp(Event):
    """An edited file was copied before it was written over."""

    path: str
    backup: str


@dataclass(frozen=True, kw_only=True)
class VerifyStarted(Event):
    """The Go toolchain begins to judge the tree."""

    go_version: str


@dataclass(frozen=True, kw_only=True)
class VerifyFinished(Event):
    """The tree was judged by the Go toolchain, or the last verdict still holds (`reused`)."""

    ok: bool
    reused: bool
    checks: tuple[Mapping[str, Any], ...]
    seconds: float


@dataclass(frozen=True, kw_only=True)
class ApiChanged(Event):
    """A file that was made again takes away, or changes, what others may use of it."""

    level: ClassVar[Level] = Level.WARN
    path: str
    changes: tuple[str, ...]
    allowed: bool = False
    """Nobody wants to be warned of it."""


@dataclass(frozen=True, kw_only=True)
class ModulesTidied(Event):
    """go.mod and go.sum were brought to what the code imports."""

    paths: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class VerifySkipped(Event):
    """The tree was not judged; `lasting` if the next build would not judge it either."""

    reason: str
    lasting: bool = False


@dataclass(frozen=True, kw_only=True)
class Warned(Event):
    """Something that the user should know and that stops nothing."""

    level: ClassVar[Level] = Level.WARN
    message: str


@dataclass(frozen=True, kw_only=True)
class MetricsServed(Event):
    """Prometheus is answered at an address while the run goes on."""

    address: str


@dataclass(frozen=True, kw_only=True)
class RunFinished(Event):
    """The run is over; `error` is what ended it before its time, and `code` that of the error."""

    exit_code: int
    seconds: float
    error: str = ""
    code: str = ""


Subscriber = Callable[[Event], None]


class Bus:
    """Hands every event to every subscriber, one event at a time."""

    def __init__(self, *subscribers: Subscriber) -> None:
        self._subscribers = list(subscribers)
        self._lock = threading.Lock()

    def subscribe(self, subscriber: Subscriber, *, first: bool = False) -> None:
        """Add a subscriber; the `first` one is told before all others, whatever these may raise."""
        self._subscribers.insert(0 if first else len(self._subscribers), subscriber)

    def emit(self, event: Event) -> None:
        """Tell all subscribers."""
        with self._lock:
            for subscriber in self._subscribers:
                subscriber(event)
