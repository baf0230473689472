"""What an emulator is told when it starts, and what a test may change while it runs."""

from collections.abc import Callable
from dataclasses import dataclass, field

from tests.emulator.answers import Source
from tests.emulator.clock import Clock, SystemClock
from tests.emulator.latency import Latency
from tests.emulator.limits import Limits
from tests.emulator.records import Call


@dataclass
class Settings:
    """How the emulated providers behave."""

    source: Source = field(default_factory=dict)
    """Gives the source of each wanted file."""
    otherwise: str = "There is nothing to write."
    """What is said where no file is wanted."""
    thinking: str = ""
    """What the model thinks before each answer."""
    keys: frozenset[str] = frozenset({"k"})
    """The keys that are accepted; each is a workspace with a cache of its own. Empty: any."""
    clock: Clock = field(default_factory=SystemClock)
    limits: Limits = field(default_factory=Limits)
    latency: Latency = field(default_factory=Latency)
    refuses: frozenset[str] = frozenset()
    """Parameters that are refused with 400 wherever they stand, such as `cache_control`: an older server."""
    lacks: frozenset[str] = frozenset()
    """Paths that answer 404, such as `/v1/responses`: a compatible server that has only the old API."""
    piece: int = 100
    """Into how many characters a streamed text is cut."""
    told: Callable[[Call], None] = lambda _: None
    """Is given each call that is over, one at a time."""
