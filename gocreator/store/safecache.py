"""diskcache without its dangers: no pickle is ever read, and no file outside its directory is touched.

diskcache runs whatever code a pickled key or value holds, and takes names of files from its database as they are.
Whoever can write that database, or commit one into a repository, could run code and read and remove files. Hence a disk
that refuses all that. Reading takes no lock here: what was used is noted later, in one transaction.
"""

import os
import re
import sqlite3
import stat
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import diskcache
from diskcache.core import DEFAULT_SETTINGS, METADATA, MODE_BINARY, MODE_RAW

from gocreator.store.packing import LARGEST

SETTINGS = frozenset(DEFAULT_SETTINGS) | frozenset(METADATA)
"""The names of the settings that a database of diskcache holds."""
_FILE = re.compile(r"[0-9a-f]{2}/[0-9a-f]{2}/[0-9a-f]{28}\.val")
_COLUMNS = "rowid, store_time, access_time, access_count, mode, filename, value"


class Unsafe(ValueError):
    """A row that this disk has not written."""


class Row(NamedTuple):
    """A row of diskcache's table."""

    id: int
    stored_at: float
    used_at: float
    hits: int
    mode: int
    filename: str | None
    value: bytes | None


class SafeDisk(diskcache.Disk):  # type: ignore[misc]
    """Keys are texts, values bytes."""

    def put(self, key: object) -> tuple[str, bool]:
        """Return a key as it is stored."""
        if type(key) is not str:
            raise TypeError("keys are texts")
        return key, True

    def get(self, key: object, raw: object) -> str:
        """Return a key as it was given."""
        if raw != 1 or type(key) is not str:
            raise Unsafe("a key that is no text")
        return key

    def store(self, value: object, read: bool, key: object = None) -> Any:  # noqa: FBT001 - diskcache's signature
        """Return the columns for a value; a large one is written to a file."""
        if read or type(value) is not bytes:
            raise TypeError("values are bytes")
        return super().store(value, read, key)

    def fetch(self, mode: object, filename: object, value: object, read: bool) -> bytes:  # noqa: FBT001
        """Return a value; raise `Unsafe` for anything but bytes in the row or in a file of ours."""
        if not read and mode == MODE_RAW and filename is None and type(value) is bytes:
            return value
        if not read and mode == MODE_BINARY and value is None:
            return self._read(self._place(filename))
        raise Unsafe("a value that is not bytes")

    def filename(self, key: object = None, value: object = None) -> tuple[str, str]:
        """Return a new name, and the place that it means."""
        name, _ = super().filename(key, value)
        return name, self._place(name)

    def remove(self, file_path: object) -> None:
        """Remove a file of ours, if it is there."""
        try:
            place = self._place(file_path)
        except Unsafe:
            return
        super().remove(os.path.relpath(place, self._directory))

    def _place(self, filename: object) -> str:
        """Return where a file lies, if that is inside the directory, links followed."""
        if type(filename) is not str or not _FILE.fullmatch(filename):
            raise Unsafe("a file with a name that is not ours")
        place = Path(self._directory, filename)
        if not place.parent.resolve().is_relative_to(Path(self._directory).resolve()):
            raise Unsafe("a file outside the directory")
        return str(place)

    def _read(self, place: str) -> bytes:
        with os.fdopen(os.open(place, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb") as file:
            status = os.fstat(file.fileno())
            if not stat.S_ISREG(status.st_mode) or status.st_size > LARGEST:
                raise Unsafe("what is no file, or too large a one")
            return file.read()


class SafeCache(diskcache.Cache):  # type: ignore[misc]
    """diskcache's table and files; the least recently used entries are evicted, exactly as many as must be."""

    def __init__(self, folder: Path, size_limit: int, patience: float, clock: Callable[[], float]) -> None:
        self._clock = clock
        self.evicted = 0
        settings = {**DEFAULT_SETTINGS, "eviction_policy": "least-recently-used", "size_limit": size_limit}
        super().__init__(str(folder), timeout=patience, disk=SafeDisk, **settings)

    def look(self, name: str) -> Row | None:
        """Return a row, without a lock and without a trace."""
        rows = self._sql(f"select {_COLUMNS} from Cache where key = ? and raw = 1", (name,)).fetchall()  # noqa: S608
        return Row(*rows[0]) if rows else None

    def fetch(self, row: Row) -> bytes:
        """Return a row's value; raise `Unsafe` or `OSError`."""
        data: bytes = self._disk.fetch(row.mode, row.filename, row.value, False)  # noqa: FBT003
        return data

    def drop(self, row: Row) -> None:
        """Remove a row, unless somebody has written it again."""
        with self._transact() as (sql, cleanup):
            same = (row.id, row.stored_at)
            for (filename,) in sql("select filename from Cache where rowid = ? and store_time = ?", same).fetchall():
                sql("delete from Cache where rowid = ?", (row.id,))
                cleanup(filename)

    def drop_unused(self, since: float) -> int:
        """Remove the rows that were not used since a time, and return how many those were."""
        select = "select rowid, filename from Cache where access_time < ? and rowid > ? order by rowid limit ?"
        count: int = self._select_delete(select, [since, 0, 100], arg_index=1)
        return count

    def note(self, uses: Mapping[str, tuple[float, int]]) -> None:
        """Write down, for names, when they were last used and how often since that was written last."""
        change = "update Cache set access_time = max(access_time, ?), access_count = access_count + ?"
        with self._transact() as (sql, _):
            for name, (when, hits) in uses.items():
                sql(f"{change} where key = ? and raw = 1", (when, hits, name))

    def names(self, beginning: str) -> list[str]:
        """Return the names of the rows that begin so; one that is no text is none of ours."""
        select = "select cast(key as blob) from Cache where raw = 1 and substr(key, 1, ?) = ? order by key"
        rows = self._sql(select, (len(beginning), beginning)).fetchall()
        return [bytes(key).decode(errors="replace") for (key,) in rows if key is not None]

    def sizes(self) -> Iterator[tuple[str, str, int, float]]:
        """Return name, tag, bytes and time of storing of all rows."""
        select = "select cast(key as blob), cast(tag as blob), size + coalesce(length(value), 0), store_time from Cache"
        for key, tag, size, stored_at in self._sql(select).fetchall():
            name, known = (bytes(it or b"").decode(errors="replace") for it in (key, tag))
            yield name, known, size, stored_at

    def empty(self, since: float) -> int:
        """Remove everything, files that no row knows included if they were written before a time; count the rows."""
        count: int = self.clear()
        folder = Path(self._directory)
        for place in folder.glob("??/??/*.val"):
            if place.lstat().st_mtime < since:
                self._disk.remove(place.relative_to(folder).as_posix())
        return count

    @contextmanager
    def _transact(self, retry: bool = False, filename: str | None = None) -> Iterator[Any]:  # noqa: FBT001, FBT002
        """Do as diskcache does, but say why a transaction could not begin: it takes every reason for a timeout."""
        try:
            with super()._transact(retry, filename) as both:
                yield both
        except diskcache.Timeout as error:
            raise error.__context__ or sqlite3.OperationalError("database is locked") from None

    def _row_insert(self, key: str, raw: bool, now: float, columns: Any) -> None:  # noqa: ARG002, FBT001
        super()._row_insert(key, raw, self._clock(), columns)

    def _row_update(self, rowid: int, now: float, columns: Any) -> None:  # noqa: ARG002
        super()._row_update(rowid, self._clock(), columns)

    def _cull(self, now: float, sql: Any, cleanup: Any, limit: int | None = None) -> None:  # noqa: ARG002
        """Make room, in the transaction that took it. diskcache removes ten rows however small they are."""
        while self._excess(sql) > 0:
            rows = sql("select rowid, filename from Cache order by access_time, rowid limit 1").fetchall()
            if not rows:
                return
            ((rowid, filename),) = rows
            sql("delete from Cache where rowid = ?", (rowid,))
            cleanup(filename)
            self.evicted += 1

    def _excess(self, sql: Any) -> int:
        """Return how many bytes are too many; pages that a transaction frees are given back at its end."""
        ((free,),) = sql("pragma freelist_count").fetchall()
        return int(self.volume() - free * self._page_size - self.size_limit)
