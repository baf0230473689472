"""The store behind both providers' prompt caches, and how a request is billed against it."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tests.emulator.prompts import Bill, Prompt


@dataclass
class Entry:
    """A prefix that is kept."""

    expires: float
    ttl: float


@dataclass(frozen=True)
class Mark:
    """A place up to which a prefix is to be written: after so many blocks."""

    end: int
    ttl: int


@dataclass(frozen=True)
class Plan:
    """What a request does with the cache: how it is billed, and what it writes once its answer begins."""

    bill: Bill
    commit: Callable[[], None]


class Store:
    """Prefixes by name, with the time when each is dropped."""

    def __init__(self) -> None:
        self._entries: dict[str, Entry] = {}
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._entries)

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._entries.clear()

    def live(self, name: str, now: float) -> bool:
        """Tell whether a prefix can be read."""
        entry = self._entries.get(name)
        return entry is not None and now < entry.expires

    def refresh(self, name: str, now: float) -> None:
        """Count a prefix's time anew, because it was used."""
        with self._lock:
            entry = self._entries.get(name)
            if entry is not None and now < entry.expires:
                entry.expires = max(entry.expires, now + entry.ttl)

    def write(self, name: str, started: float, ttl: float) -> None:
        """Keep a prefix, measured from the start of the request that wrote it."""
        with self._lock:
            old = self._entries.get(name)
            if old is None or old.expires < started + ttl:
                self._entries[name] = Entry(started + ttl, ttl)


def settle(
    prompt: Prompt, names: Sequence[str], marks: Sequence[Mark], *, hit: int, long: int, store: Store, now: float
) -> Plan:
    """Bill a request: read up to the hit, long writes up to the last long mark, short ones up to the last mark."""
    totals = prompt.totals
    beyond = [mark for mark in marks if mark.end > hit]
    middle = max((mark.end for mark in beyond if mark.ttl >= long), default=hit)
    last = max((mark.end for mark in beyond), default=hit)
    bill = Bill(
        read=totals[hit],
        long=totals[middle] - totals[hit],
        short=totals[last] - totals[middle],
        plain=totals[-1] - totals[last],
    )
    used = {hit, *(mark.end for mark in marks if mark.end <= hit)}
    absent = [mark for mark in marks if not store.live(names[mark.end], now)]

    def commit() -> None:
        for end in used - {0}:
            store.refresh(names[end], now)
        for mark in absent:
            store.write(names[mark.end], now, mark.ttl)

    return Plan(bill, commit)
