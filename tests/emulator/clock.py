"""Time as the emulator sees it: the machine's, or one that a test moves."""

import threading
import time
from typing import Protocol


class Clock(Protocol):
    """Tells the time in seconds."""

    def now(self) -> float:
        """Return the time; only differences mean anything, and it is near the time of day."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> float:
        """Return the time of day in seconds."""
        return time.time()


class ManualClock:
    """Stands still until a test moves it: caches and limits age without waiting."""

    def __init__(self, start: float = 1_800_000_000.0) -> None:
        self._now = start
        self._lock = threading.Lock()

    def now(self) -> float:
        """Return the time that was set."""
        with self._lock:
            return self._now

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        with self._lock:
            self._now += seconds
