"""The artifact store on the disk: any number of threads and processes at once.

Nothing here raises for what is wrong with the store. A damaged entry is dropped, a damaged store is set aside and begun
anew, once; where that does not help, this process goes on without it.
"""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from gocreator.store.artifacts import Counts, Limits, Share, Summary
from gocreator.store.aside import drop_aside
from gocreator.store.entry import Entry, Held, Kind, UnknownFormat, Unreadable, name_of
from gocreator.store.packing import pack, unpack
from gocreator.values import Digest

if TYPE_CHECKING:
    from gocreator.store.safecache import Row, SafeCache

FOLDER = "artifacts"
"""The store's own directory below the one that the settings name, which may hold anything."""
_MOST_USES = 200
"""So many uses are written down at once."""
_WRITING_SECONDS = 60.0
"""A file that no row knows may be one that is just being written; after this time it is one that was left behind."""
_DROPPED = {"damaged": "are not what was stored", "unknown": "were written by another version of gocreator"}
T = TypeVar("T")


class DiskStore:
    """See `ArtifactStore`."""

    def __init__(self, directory: Path, limits: Limits, clock: Callable[[], float] = time.time) -> None:
        self.place = directory / FOLDER
        self.counts = Counts()
        self._limits = replace(limits, size=min(limits.size, 2**60))
        self._clock = clock
        self._lock = threading.RLock()
        self._cache: SafeCache | None = None
        self._inode: int | None = None
        self._known_damaged: int | None = None
        self._mended = self._given_up = self._blocked = False
        self._uses: dict[str, tuple[float, int]] = {}
        self._warnings: list[str] = []
        self._said: set[str] = set()

    def get(self, kind: Kind, key: Digest) -> Entry | None:
        """Return an entry that is as it was stored, or None."""
        name = name_of(kind, key)
        found = self._work(lambda cache: self._held(cache, name), None)
        with self._lock:
            if found is None:
                self.counts.misses += 1
                return None
            self.counts.hits += 1
            self._uses[name] = (self._clock(), self._uses.get(name, (0.0, 0))[1] + 1)
            many = len(self._uses) >= _MOST_USES
        if many:
            self._note_uses()
        return found.entry

    def look(self, kind: Kind, key: Digest) -> Entry | None:
        """Return an entry that is as it was stored, or None; to look is no use."""
        name = name_of(kind, key)
        found = self._work(lambda cache: self._held(cache, name), None)
        return None if found is None else found.entry

    def put(self, entry: Entry, *, secret: bool = False) -> bool:
        """Keep an entry in the place of a former one; one that holds a secret is not kept. Tell whether it is."""
        stamped = entry if entry.created_at else replace(entry, created_at=self._clock())
        data = None if secret else pack(stamped)
        kept = data is not None and len(data) <= self._limits.size // 2 and self._kept(entry, data)
        with self._lock:
            self.counts.secret += secret
            self.counts.stored += kept
            self.counts.skipped += not kept and not secret
        return kept

    def entries(self, kind: Kind | None = None) -> Iterator[Held]:
        """Return everything, or all of a kind, in the order of kinds and keys; to look is no use."""
        nothing: list[str] = []
        wanted = f"{kind}:" if kind else ""
        for name in self._work(lambda cache: cache.names(wanted), nothing):
            found = self._work(partial(self._held, name=name), None)
            if found is not None:
                yield found

    def summary(self) -> Summary:
        """Return how much is held."""
        return self._work(_summary, Summary())

    def clear(self) -> int:
        """Remove everything, what was set aside included, and return how many entries that was."""
        with self._lock:
            self._uses.clear()
        for place in self.place.parent.glob(f"{FOLDER}.corrupt-*"):
            drop_aside(place)
        return self._work(lambda cache: cache.empty(time.time() - _WRITING_SECONDS), 0)

    def take_warnings(self) -> list[str]:
        """Return what the user should know and was not told yet."""
        with self._lock:
            taken, self._warnings = self._warnings, []
        return taken

    def close(self) -> None:
        """Write down what was used, and close; a store that is used again opens again."""
        self._note_uses()
        with self._lock:
            if self._cache is not None:
                self._cache.close()
                self._cache = None

    def _held(self, cache: "SafeCache", name: str) -> Held | None:
        """Return what a row holds; one that is too old, or is no entry, is dropped."""
        row = cache.look(name)
        if row is None:
            return None
        if row.used_at + self._limits.age < self._clock():
            self._drop(cache, row, "expired")
            return None
        try:
            entry = unpack(_data(cache, name, row))
            if entry.name != name:
                raise Unreadable("it belongs to another key")
        except (ValueError, OSError) as error:
            self._drop(cache, row, "unknown" if isinstance(error, UnknownFormat) else "damaged")
            return None
        return Held(entry, row.stored_at, row.used_at, row.used_at + self._limits.age, row.hits)

    def _drop(self, cache: "SafeCache", row: "Row", why: str) -> None:
        with self._lock:
            setattr(self.counts, why, getattr(self.counts, why) + 1)
            if why in _DROPPED:
                self._warn(f"entries of the store in {self.place} {_DROPPED[why]}: they were dropped")
        cache.drop(row)

    def _kept(self, entry: Entry, data: bytes) -> bool:
        if self._blocked:
            return False
        self._note_uses()
        return self._work(lambda cache: self._set(cache, entry, data), otherwise=False)

    def _set(self, cache: "SafeCache", entry: Entry, data: bytes) -> bool:
        cache.set(entry.name, data, tag=entry.model)
        with self._lock:
            self.counts.evicted, cache.evicted = self.counts.evicted + cache.evicted, 0
        return True

    def _note_uses(self) -> None:
        with self._lock:
            uses, self._uses = self._uses, {}
        if uses and not self._blocked:
            self._work(lambda cache: cache.note(uses), None)

    def _work(self, work: "Callable[[SafeCache], T]", otherwise: T) -> T:
        """Do something with the cache; if it fails, see what can be done about that, and return something else."""
        from gocreator.store.opening import TROUBLES  # noqa: PLC0415 - it imports diskcache

        cache = None
        try:
            cache = self._opened()
            return otherwise if cache is None else work(cache)
        except TROUBLES as error:
            with self._lock:
                self._trouble(cache or self._cache, error)
            return otherwise

    def _opened(self) -> "SafeCache | None":
        from gocreator.store.opening import inode_of, open_cache  # noqa: PLC0415 - it imports diskcache

        with self._lock:
            if self._cache is None and not self._given_up:
                limits = (self._limits.size, self._limits.patience, self._clock)
                self._cache, warnings = open_cache(self.place, *limits, damaged=self._known_damaged)
                self._warnings += warnings
                self._inode, self._known_damaged = inode_of(self.place), None
                self.counts.expired += self._cache.drop_unused(self._clock() - self._limits.age)
            return self._cache

    def _trouble(self, cache: "SafeCache | None", error: Exception) -> None:
        from gocreator.store.opening import Trouble, trouble_of  # noqa: PLC0415 - it imports diskcache

        trouble = trouble_of(error)
        if cache is None:
            self._given_up = True
            self._warn(
                f"the store in {self.place} cannot be opened ({_why(error)}): nothing is found in it, nothing kept"
            )
        elif trouble is Trouble.BUSY:
            self._blocked = True
            self._warn(
                f"the store in {self.place} is being written by another process: nothing more is kept in this run"
            )
        elif trouble is Trouble.SURROUNDINGS:
            self._warn(f"something could not be kept in the store in {self.place} ({_why(error)})")
        elif cache is self._cache:
            cache.close()
            self._cache, self._given_up = None, self._mended
            self._mended, self._known_damaged = True, self._inode
            if self._given_up:
                self._warn(f"the store in {self.place} is damaged again ({_why(error)}): this run goes on without it")

    def _warn(self, message: str) -> None:
        if message not in self._said:
            self._said.add(message)
            self._warnings.append(message)


def _data(cache: "SafeCache", name: str, row: "Row") -> bytes:
    """Return a row's value; a file that is gone may only have been written anew."""
    try:
        return cache.fetch(row)
    except FileNotFoundError:
        again = cache.look(name)
        if again is None:
            raise
        return cache.fetch(again)


def _summary(cache: "SafeCache") -> Summary:
    shares: dict[tuple[str, str], Share] = {}
    times = []
    for name, tag, size, stored_at in cache.sizes():
        kind, known = name.partition(":")[0], shares.get((name.partition(":")[0], tag), Share())
        shares[kind, tag] = Share(known.entries + 1, known.bytes + size)
        times.append(stored_at)
    return Summary(dict(sorted(shares.items())), cache.volume(), min(times, default=None), max(times, default=None))


def _why(error: Exception) -> str:
    return (isinstance(error, OSError) and error.strerror) or str(error) or type(error).__name__
