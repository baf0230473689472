"""The local state of one output: a durable doit back end, and the elements that targets were made from.

doit writes its database once, at the end of a run, so that a killed run forgets everything it did. This back end
commits each task as it finishes. doit sets `deps:` last (`doit.dependency.Dependency.save_success`), so that
is the commit point. The rollback journal, not the write-ahead log, because reading must leave no trace.
"""

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from gocreator.errors import Code, Failed
from gocreator.plan.record import Record
from gocreator.store.aside import set_aside
from gocreator.store.memory import BUSY_SECONDS, DAMAGE, FORMAT, Memory, Sighting, recall
from gocreator.values import Checksum, Digest, RelPath

_SCHEMA = f"""\
begin;
create table tasks (name text primary key, target int not null, result text not null, rest text not null);
create table elements (digest text primary key, data text not null);
create table intents (path text primary key, checksum text not null);
create table sightings (path text primary key, modified int, changed int, size int, inode int, digest text not null,
    checksum text not null);
pragma user_version = {FORMAT};
commit;
"""
_COMMITTING = ("deps:", "ignore:")
_RESULT = "_values_:"


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
            self._db, self.memory = _open(Path(name))
        except _Damaged as error:
            if not mend:
                raise Failed(str(error), hint="build: that sets it aside and begins anew") from error
            self.aside = _move_aside(Path(name))
            self._db, self.memory = _open(Path(name))
        self._records = dict(self.memory.records)
        self._rows: dict[str, dict[str, Any]] = {}
        """Those that somebody asked for: most targets are settled before doit hears of them."""
        self._batching = False

    def get(self, task_id: str, dependency: str) -> Any:
        """Return a value of a task's row, or None."""
        return self._row(task_id).get(dependency)

    def set(self, task_id: str, dependency: str, value: Any) -> None:
        """Set a value of a task's row; the row is committed with its last value."""
        row = self._row(task_id)
        row[dependency] = value
        if dependency in _COMMITTING:
            self._save(task_id, _without_former_deps(row))
            del self._rows[task_id]  # nobody asks for what was just saved, and large plans have much of it

    def in_(self, task_id: str) -> bool:
        """Tell whether a task has a row."""
        return bool(self._row(task_id))

    def remove(self, task_id: str) -> None:
        """Forget a task at once."""
        self._rows[task_id] = {}
        self._records.pop(RelPath(task_id), None)
        self._db.execute("delete from tasks where name = ?", (task_id,))
        self._db.execute("delete from intents where path = ?", (task_id,))
        self._db.execute("delete from sightings where path = ?", (task_id,))
        self._commit()

    def remove_all(self) -> None:
        """Forget all tasks."""
        for (name,) in self._db.execute("select name from tasks").fetchall():
            self.remove(name)

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

    def records(self) -> Mapping[RelPath, Record]:
        """Return what is remembered of all targets."""
        return self._records

    def intend(self, checksums: Mapping[RelPath, Checksum]) -> None:
        """Say, durably, which bytes are about to be written: if the process dies, they are known as ours."""
        self._db.executemany("insert or replace into intents values (?, ?)", checksums.items())
        self._db.commit()

    def sight(self, sightings: Mapping[RelPath, Sighting]) -> None:
        """Remember what files hold, so that nobody need read them to know."""
        rows = ((path, *it.stat, it.digest, it.checksum) for path, it in sightings.items())
        self._db.executemany("insert or replace into sightings values (?, ?, ?, ?, ?, ?, ?)", rows)
        self._commit()

    def remember(self, elements: Mapping[Digest, str]) -> None:
        """Keep the JSON of elements, for telling later what changed."""
        rows = [row for row in elements.items() if row[0] not in self.memory.elements]
        self._db.executemany("insert or ignore into elements values (?, ?)", rows)
        self._commit()

    def _row(self, task_id: str) -> dict[str, Any]:
        if task_id not in self._rows:
            found = self._db.execute("select result, rest from tasks where name = ?", (task_id,)).fetchone()
            self._rows[task_id] = _parsed(*found) if found else {}
        return self._rows[task_id]

    def _save(self, task_id: str, row: Mapping[str, Any]) -> None:
        result = row.get(_RESULT) or {}
        target = "checksum" in result
        if target:
            self._records[RelPath(task_id)] = Record.model_validate(result)
        rest = {name: value for name, value in row.items() if name != _RESULT}
        values = (task_id, target, _text(result), _text(rest))
        self._db.execute("insert or replace into tasks values (?, ?, ?, ?)", values)
        self._db.execute("delete from intents where path = ?", (task_id,))
        self._commit()

    def _commit(self) -> None:
        if not self._batching:
            self._db.commit()

    def _drop_elements(self) -> None:
        used = {digest for record in self._records.values() for digest in record.slice.values()}
        kept = {row[0] for row in self._db.execute("select digest from elements")}
        self._db.executemany("delete from elements where digest = ?", [(digest,) for digest in kept - used])


class _Damaged(Exception):
    """The database cannot be read."""


def _open(path: Path) -> tuple[sqlite3.Connection, Memory]:
    path.parent.mkdir(parents=True, exist_ok=True)
    db = None
    try:
        db = sqlite3.connect(path, timeout=BUSY_SECONDS)
        return db, _examined(db)
    except sqlite3.OperationalError as error:
        hint = "check the permissions and the space of the directory; another gocreator may be at work"
        raise Failed(f"{path}: the state cannot be opened: {error}", hint=hint, code=Code.STATE) from error
    except (sqlite3.DatabaseError, *DAMAGE) as error:
        if db is not None:
            db.close()
        raise _Damaged(f"{path}: the state is damaged: {error}") from error


def _move_aside(path: Path) -> Path:
    journal = path.with_name(f"{path.name}-journal")
    if journal.exists():
        set_aside(journal)
    return set_aside(path)


def _examined(db: sqlite3.Connection) -> Memory:
    db.execute("pragma synchronous = normal")
    if (found := db.execute("pragma quick_check(1)").fetchone()) != ("ok",):
        raise ValueError(found[0])
    (version,) = db.execute("pragma user_version").fetchone()
    if version != FORMAT and db.execute("select 1 from sqlite_master").fetchone():
        raise ValueError(f"it has version {version}, and this gocreator writes {FORMAT}")
    if version != FORMAT:
        db.executescript(_SCHEMA)
    return recall(db)


def _parsed(result: str, rest: str) -> dict[str, Any]:
    """Return a row; what doit knew of files may be lost, because it decides nothing alone."""
    try:
        return {_RESULT: json.loads(result), **json.loads(rest)}
    except (ValueError, TypeError):
        return {}


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _without_former_deps(row: dict[str, Any]) -> dict[str, Any]:
    """Drop the states of files that are no longer dependencies, which doit keeps for ever."""
    deps = set(row.get("deps:") or ())
    kept = {name: value for name, value in row.items() if name.endswith(":") or name in deps}
    row.clear()
    row.update(kept)
    return row
