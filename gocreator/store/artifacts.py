"""The artifact store: what models answered, kept so that nobody pays for it twice.

Artifacts are found again by a key that the caller makes of what a file means and how it was asked for. Prompts and
responses are kept for reading. Losing any of it costs money and time, never correctness: whatever cannot be read, kept
or opened is a miss, and a warning. diskcache is imported when a store is first used.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from gocreator.store.entry import Entry, Held, Kind
from gocreator.values import Digest

__all__ = ["ArtifactStore", "Counts", "Entry", "Held", "Kind", "Limits", "NoStore", "Summary", "open_artifacts"]


@dataclass
class Counts:
    """What happened in this process."""

    hits: int = 0
    misses: int = 0
    """The damaged and the expired ones included."""
    stored: int = 0
    evicted: int = 0
    """Removed to make room, the least recently used first."""
    expired: int = 0
    """Found, but not used for too long."""
    damaged: int = 0
    """Found, but not what was stored; they were dropped."""
    unknown: int = 0
    """Found, but written by another gocreator; they were dropped."""
    secret: int = 0
    """Not stored because they hold a secret."""
    skipped: int = 0
    """Not stored for any other reason: too large, no space, another process is writing."""


@dataclass(frozen=True)
class Limits:
    """What is kept, and how long somebody waits for another process that writes."""

    size: int = 2**30
    """In bytes."""
    age: float = 90 * 86400.0
    """In seconds since the last use."""
    patience: float = 20.0
    """In seconds."""


@dataclass(frozen=True)
class Share:
    """A part of what is kept."""

    entries: int = 0
    bytes: int = 0


@dataclass(frozen=True)
class Summary:
    """What a store holds; times are those of storing, in seconds since the epoch."""

    shares: Mapping[tuple[str, str], Share] = field(default_factory=dict)
    """By kind and model."""
    disk_bytes: int = 0
    oldest: float | None = None
    newest: float | None = None

    @property
    def total(self) -> Share:
        """Return all together."""
        shares = self.shares.values()
        return Share(sum(share.entries for share in shares), sum(share.bytes for share in shares))


class ArtifactStore(Protocol):
    """Keeps entries; one object serves all threads. No method raises for what is wrong with the store."""

    @property
    def counts(self) -> Counts:
        """Return what happened in this process."""
        ...

    def get(self, kind: Kind, key: Digest) -> Entry | None:
        """Return an entry that is as it was stored, or None."""
        ...

    def look(self, kind: Kind, key: Digest) -> Entry | None:
        """Return an entry that is as it was stored, or None; to look is no use."""
        ...

    def put(self, entry: Entry, *, secret: bool = False) -> bool:
        """Keep an entry in the place of a former one; one that holds a secret is not kept. Tell whether it is."""
        ...

    def entries(self, kind: Kind | None = None) -> Iterator[Held]:
        """Return everything, or all of a kind, in the order of kinds and keys; to look is no use."""
        ...

    def summary(self) -> Summary:
        """Return how much is held."""
        ...

    def clear(self) -> int:
        """Remove everything, and return how many entries that was."""
        ...

    def take_warnings(self) -> list[str]:
        """Return what the user should know and was not told yet."""
        ...

    def close(self) -> None:
        """Write down what was used, and close; a store that is used again opens again."""
        ...


class NoStore:
    """A store that holds nothing."""

    def __init__(self) -> None:
        self.counts = Counts()

    def get(self, kind: Kind, key: Digest) -> Entry | None:  # noqa: ARG002
        """Miss."""
        self.counts.misses += 1
        return None

    def look(self, kind: Kind, key: Digest) -> Entry | None:  # noqa: ARG002
        """Hold nothing."""
        return None

    def put(self, entry: Entry, *, secret: bool = False) -> bool:  # noqa: ARG002
        """Keep nothing."""
        self.counts.skipped += 1
        return False

    def entries(self, kind: Kind | None = None) -> Iterator[Held]:  # noqa: ARG002
        """Return nothing."""
        return iter(())

    def summary(self) -> Summary:
        """Say that nothing is held."""
        return Summary()

    def clear(self) -> int:
        """Remove nothing."""
        return 0

    def take_warnings(self) -> list[str]:
        """Return nothing."""
        return []

    def close(self) -> None:
        """Do nothing."""


def open_artifacts(directory: Path, limits: Limits | None = None, *, create: bool = True) -> ArtifactStore:
    """Return the store of a directory; nothing is read or made before it is used.

    Without `create` a store that is not there yet is one that holds nothing.
    """
    from gocreator.store.diskstore import FOLDER, DiskStore  # noqa: PLC0415 - both import the other

    if not create and not (directory / FOLDER).exists():
        return NoStore()
    return DiskStore(directory, limits or Limits())
