"""What is known of one output from its local state: a copy, in plain values, taken without leaving a trace."""

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from gocreator.plan.record import Record
from gocreator.values import Checksum, Digest, RelPath

FORMAT = 2
"""The version of the tables, as `pragma user_version`."""
BUSY_SECONDS = 30.0
DAMAGE = (ValueError, KeyError, TypeError, AttributeError)
"""What reading a row of another shape raises."""

_RECORDS = TypeAdapter(list[Record])


@dataclass(frozen=True)
class Sighting:
    """What a file held when it was last looked at, and the stat data by which it is known again."""

    stat: tuple[int, int, int, int]
    """Modified and changed, in nanoseconds since the epoch, size in bytes, inode."""
    digest: Digest
    checksum: Checksum


@dataclass(frozen=True)
class Memory:
    """What a state says; empty where there is none."""

    records: Mapping[RelPath, Record] = field(default_factory=dict)
    intents: Mapping[RelPath, Checksum] = field(default_factory=dict)
    """What a build that was cut off was about to write."""
    sightings: Mapping[RelPath, Sighting] = field(default_factory=dict)
    others: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """What is remembered of tasks that make no target, by their names."""
    elements: Mapping[Digest, str] = field(default_factory=dict)
    """The JSON of the elements that targets were made from."""

    def element(self, digest: Digest) -> Mapping[str, Any] | None:
        """Return the data of an element as it was, or None."""
        text = self.elements.get(digest)
        return json.loads(text) if text else None


def read_state(path: Path) -> Memory:
    """Read the state without writing; a state that is missing, damaged or of another version is an empty one."""
    if not path.is_file():
        return Memory()
    try:
        with _reading(path) as db:
            return recall(db)
    except (sqlite3.DatabaseError, *DAMAGE):
        return Memory()


def recall(db: sqlite3.Connection) -> Memory:
    """Read everything; raise one of `DAMAGE` for rows of another shape."""
    rows = db.execute("select name, result from tasks where target").fetchall()
    # One text for all: many times faster than a text each.
    records = _RECORDS.validate_json(f"[{','.join(result for _, result in rows)}]")
    others = db.execute("select name, result from tasks where not target")
    seen = db.execute("select path, modified, changed, size, inode, digest, checksum from sightings")
    return Memory(
        records={RelPath(name): record for (name, _), record in zip(rows, records, strict=True)},
        intents={RelPath(name): Checksum(it) for name, it in db.execute("select path, checksum from intents")},
        sightings={RelPath(path): Sighting((a, b, c, d), Digest(e), Checksum(f)) for path, a, b, c, d, e, f in seen},
        others={name: _mapping(result) for name, result in others},
        elements={Digest(found): data for found, data in db.execute("select digest, data from elements")},
    )


def _mapping(text: str) -> Mapping[str, Any]:
    found = json.loads(text)
    if not isinstance(found, dict):
        raise TypeError(f"{text!r} is no mapping")
    return found


@contextmanager
def _reading(path: Path) -> Iterator[sqlite3.Connection]:
    # After a kill a journal may be left that only a writer can roll back: then the database is opened for writing.
    mode = "rw" if path.with_name(f"{path.name}-journal").exists() else "ro"
    db = sqlite3.connect(f"{path.absolute().as_uri()}?mode={mode}", uri=True, timeout=BUSY_SECONDS)
    try:
        yield db
    finally:
        db.close()
