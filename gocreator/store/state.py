"""The local state of one output: a durable doit back end, and the elements that targets were made from.

doit writes its database once, at the end of a run, so that a killed run forgets everything it did. This back end
commits each task as it finishes. doit sets `deps:` last (`doit.dependency.Dependency.save_success`), so that
is the commit point. The rollback journal, not the write-ahead log, because reading must leave no trace.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from gocreator.errors import Failed
from gocreator.plan.record import Record
from gocreator.store.aside import set_aside
from gocreator.values import Checksum, Digest, RelPath

_SCHEMA = (
    "create table if not exists tasks (name text primary key, row text not null)",
    "create table if not exists elements (digest text primary key, data text not null)",
    "create table if not exists intents (path text primary key, checksum text not null)",
)
_COMMITTING = ("deps:", "ignore:")
BUSY_SECONDS = 30.0
_DAMAGE = (ValueError, KeyError, TypeError, AttributeError)
"""What reading a row of another shape raises."""


class StateDb:
    """A doit back end (`set`, `get`, `in_`, `remove`, `remove_all`, `dump`) that commits per task."""

    def __init__(self, name: str, *, mend: bool = True, **_: object) -> None:
        """Open or create the database; doit also passes a codec and a module name, which are of no use here.

        A damaged one costs only knowledge, because the lock file has the rest: to `mend` it is to begin anew.
        """
        self.name = name
        self.aside: Path | None = None
        """Where a damaged database lies now; None if it was not damaged."""
        try:
            self._db = _open(Path(name))
        except _Damaged as error:
            if not mend:
                raise Failed(str(error), hint="build: that sets it aside and begins anew") from error
            self.aside = _move_aside(Path(name))
            self._db = _open(Path(name))
        self._rows: dict[str, dict[str, Any]] = {}
        self._batching = False
        for task, row in self._db.execute("select name, row from tasks"):
            self._rows[task] = json.loads(row)

    def get(self, task_id: str, dependency: str) -> Any:
        """Return a value of a task's row, or None."""
        return self._rows.get(task_id, {}).get(dependency)

    def set(self, task_id: str, dependency: str, value: Any) -> None:
        """Set a value of a task's row; the row is committed with its last value."""
        row = self._rows.setdefault(task_id, {})
        row[dependency] = value
        if dependency in _COMMITTING:
            self._save(task_id, _without_former_deps(row))

    def in_(self, task_id: str) -> bool:
        """Tell whether a task has a row."""
        return task_id in self._rows

    def remove(self, task_id: str) -> None:
        """Forget a task at once."""
        if self._rows.pop(task_id, None) is not None:
            self._db.execute("delete from tasks where name = ?", (task_id,))
        self._db.execute("delete from intents where path = ?", (task_id,))
        self._commit()

    def remove_all(self) -> None:
        """Forget all tasks."""
        self._rows.clear()
        self._db.execute("delete from tasks")
        self._commit()

    def dump(self) -> None:
        """Do what doit wants at the end of a run: everything is saved already."""
        self._db.commit()

    def close(self) -> None:
        """Close the database; elements that no task was made from are dropped first."""
        self._drop_elements()
        self._db.commit()
        self._db.close()

    @contextmanager
    def batch(self) -> Iterator[None]:
        """Commit everything that is set inside as one transaction."""
        self._batching = True
        try:
            yield
        finally:
            self._batching = False
            self._db.commit()

    def records(self) -> dict[RelPath, Record]:
        """Return what is remembered of all targets."""
        return {RelPath(name): _record(row) for name, row in self._rows.items() if _is_target(row)}

    def intend(self, checksums: Mapping[RelPath, Checksum]) -> None:
        """Say, durably, which bytes are about to be written: if the process dies, they are known as ours."""
        self._db.executemany("insert or replace into intents values (?, ?)", checksums.items())
        self._db.commit()

    def remember(self, elements: Mapping[Digest, str]) -> None:
        """Keep the JSON of elements, for telling later what changed."""
        self._db.executemany("insert or ignore into elements values (?, ?)", elements.items())
        self._commit()

    def element(self, digest: Digest) -> Mapping[str, Any] | None:
        """Return the data of an element as it was, or None if no target was made from it."""
        row = self._db.execute("select data from elements where digest = ?", (digest,)).fetchone()
        return json.loads(row[0]) if row else None

    def _save(self, task_id: str, row: Mapping[str, Any]) -> None:
        text = json.dumps(row, ensure_ascii=False, sort_keys=True)
        self._db.execute("insert or replace into tasks values (?, ?)", (task_id, text))
        self._db.execute("delete from intents where path = ?", (task_id,))
        self._commit()

    def _commit(self) -> None:
        if not self._batching:
            self._db.commit()

    def _drop_elements(self) -> None:
        used = {digest for record in self.records().values() for digest in record.slice.values()}
        kept = {row[0] for row in self._db.execute("select digest from elements")}
        self._db.executemany("delete from elements where digest = ?", [(digest,) for digest in kept - used])


class Memory:
    """What reading commands know of the state: a copy, taken without leaving a trace."""

    def __init__(
        self,
        records: Mapping[RelPath, Record] | None = None,
        intents: Mapping[RelPath, Checksum] | None = None,
        verdict: Mapping[str, str] | None = None,
        elements: Mapping[Digest, str] | None = None,
    ) -> None:
        self.records = records or {}
        self.intents = intents or {}
        """What a build that was cut off was about to write."""
        self.verdict = verdict or {}
        """The key of the last verification and whether it `passed` or `failed`; empty if there was none."""
        self._elements = elements or {}

    def element(self, digest: Digest) -> Mapping[str, Any] | None:
        """Return the data of an element as it was, or None."""
        text = self._elements.get(digest)
        return json.loads(text) if text else None


def read_state(path: Path, verify_task: str) -> Memory:
    """Read the state without writing; a state that is missing or damaged is an empty one."""
    if not path.is_file():
        return Memory()
    try:
        with _reading(path) as db:
            rows = {name: json.loads(row) for name, row in db.execute("select name, row from tasks")}
            elements = {Digest(found): data for found, data in db.execute("select digest, data from elements")}
            intents = {RelPath(name): Checksum(it) for name, it in db.execute("select path, checksum from intents")}
        records = {RelPath(name): _record(row) for name, row in rows.items() if _is_target(row)}
    except (sqlite3.DatabaseError, *_DAMAGE):
        return Memory()
    return Memory(records, intents, rows.get(verify_task, {}).get("_values_:"), elements)


@contextmanager
def _reading(path: Path) -> Iterator[sqlite3.Connection]:
    # After a kill a journal may be left that only a writer can roll back: then the database is opened for writing.
    mode = "rw" if path.with_name(f"{path.name}-journal").exists() else "ro"
    db = sqlite3.connect(f"{path.absolute().as_uri()}?mode={mode}", uri=True, timeout=BUSY_SECONDS)
    try:
        yield db
    finally:
        db.close()


class _Damaged(Exception):
    """The database cannot be read."""


def _open(path: Path) -> sqlite3.Connection:
    path.parent.mkdir(parents=True, exist_ok=True)
    db = None
    try:
        db = sqlite3.connect(path, timeout=BUSY_SECONDS)
        _examine(db)
    except sqlite3.OperationalError as error:
        hint = "check the permissions and the space of the directory; another gocreator may be at work"
        raise Failed(f"{path}: the state cannot be opened: {error}", hint=hint) from error
    except (sqlite3.DatabaseError, *_DAMAGE) as error:
        if db is not None:
            db.close()
        raise _Damaged(f"{path}: the state is damaged: {error}") from error
    return db


def _move_aside(path: Path) -> Path:
    journal = path.with_name(f"{path.name}-journal")
    if journal.exists():
        set_aside(journal)
    return set_aside(path)


def _examine(db: sqlite3.Connection) -> None:
    db.execute("pragma synchronous = normal")
    if (found := db.execute("pragma quick_check(1)").fetchone()) != ("ok",):
        raise ValueError(found[0])
    for statement in _SCHEMA:
        db.execute(statement)
    for (row,) in db.execute("select row from tasks"):
        if _is_target(found := json.loads(row)):
            _record(found)


def _without_former_deps(row: dict[str, Any]) -> dict[str, Any]:
    """Drop the states of files that are no longer dependencies, which doit keeps for ever."""
    deps: Iterable[str] = row.get("deps:") or ()
    kept = {name: value for name, value in row.items() if name.endswith(":") or name in deps}
    row.clear()
    row.update(kept)
    return row


def _is_target(row: Mapping[str, Any]) -> bool:
    return "checksum" in (row.get("_values_:") or {})


def _record(row: Mapping[str, Any]) -> Record:
    return Record.model_validate(row["_values_:"])
