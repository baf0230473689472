"""Opening the store's directory: made where it is missing, examined, and set aside where it is damaged.

diskcache takes over every setting that it finds in a database, names of attributes included. So a database is looked at
before diskcache sees it.
"""

import fcntl
import os
import sqlite3
import stat
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from enum import Enum, auto
from pathlib import Path

from gocreator.store.aside import set_aside
from gocreator.store.safecache import SETTINGS, SafeCache

DATABASE = "cache.db"
_BUSY = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
_SURROUNDINGS = frozenset(
    {sqlite3.SQLITE_PERM, sqlite3.SQLITE_NOMEM, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_INTERRUPT}
    | {sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PROTOCOL}
)
_OBJECTS = frozenset(
    {"Settings", "Cache", "Cache_key_raw", "Cache_expire_time", "Cache_store_time", "Cache_access_time"}
    | {f"Settings_{what}" for what in ("count_insert", "count_delete", "size_insert", "size_update", "size_delete")}
)
"""The tables, indices and triggers of diskcache."""


class Trouble(Enum):
    """What is wrong with a store."""

    BUSY = auto()
    """Another process writes."""
    SURROUNDINGS = auto()
    """Permissions, space, the disk: to begin anew would not help."""
    DAMAGE = auto()
    """What it holds cannot be right."""


TROUBLES = (sqlite3.Error, OSError, ValueError, TypeError, OverflowError)
"""What working on a store may raise."""


def trouble_of(error: BaseException) -> Trouble:
    """Tell what an error means."""
    if isinstance(error, OSError):
        return Trouble.SURROUNDINGS
    code = getattr(error, "sqlite_errorcode", None)
    if code is None or code == sqlite3.SQLITE_IOERR_SHORT_READ:
        return Trouble.DAMAGE
    primary = code & 0xFF
    return Trouble.BUSY if primary in _BUSY else Trouble.SURROUNDINGS if primary in _SURROUNDINGS else Trouble.DAMAGE


def open_cache(
    place: Path, size_limit: int, patience: float, clock: Callable[[], float], *, damaged: int | None = None
) -> tuple[SafeCache, list[str]]:
    """Open or make the cache in a directory of its own; return it with warnings, or raise one of `TROUBLES`.

    `damaged` is the inode of a database that is known to be damaged: another process may have set it aside since.
    """
    if os.path.expandvars(place) != str(place):
        raise OSError("its path holds a `$`, which diskcache takes for a variable")
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    warnings: list[str] = []
    with _only_one(place.parent, patience):
        try:
            if damaged is not None and inode_of(place) == damaged:
                raise ValueError("it turned out to be damaged")
            _prepare(place)
            return _opened(place, size_limit, patience, clock), warnings
        except TROUBLES as error:
            if trouble_of(error) is not Trouble.DAMAGE:
                raise
            warnings.append(f"the store is damaged ({error}): it begins anew, what it held lies in {set_aside(place)}")
        _prepare(place)
        return _opened(place, size_limit, patience, clock), warnings


def inode_of(place: Path) -> int | None:
    """Return what tells a database from one that took its place; None if there is none."""
    try:
        return (place / DATABASE).lstat().st_ino
    except OSError:
        return None


def _prepare(place: Path) -> None:
    """Make the directory, for its owner alone, and one that git does not see."""
    try:
        status = place.lstat()
    except FileNotFoundError:
        place.mkdir(mode=0o700)
        status = place.lstat()
    if not stat.S_ISDIR(status.st_mode):
        raise ValueError("it is no directory")
    if status.st_uid != os.geteuid() and os.geteuid() != 0:
        raise PermissionError("it belongs to another user")
    if stat.S_IMODE(status.st_mode) != 0o700:
        place.chmod(0o700)
    if not (place / ".gitignore").exists():
        (place / ".gitignore").write_text("*\n", encoding="utf-8")
    for name in (DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm"):
        if os.path.lexists(place / name) and not stat.S_ISREG((place / name).lstat().st_mode):
            raise ValueError(f"{name} is no file")


def _opened(place: Path, size_limit: int, patience: float, clock: Callable[[], float]) -> SafeCache:
    with closing(sqlite3.connect(place / DATABASE, timeout=patience, isolation_level=None)) as db:
        # Whoever cannot write now is told so by an error, where diskcache would go on trying for minutes.
        db.execute("begin immediate")
        _examine(db)
        db.execute("rollback")
    return SafeCache(place, size_limit, patience, clock)


def _examine(db: sqlite3.Connection) -> None:
    objects = dict(db.execute("select name, type from sqlite_master where name not like 'sqlite_%'").fetchall())
    if not objects.keys() <= _OBJECTS or any(objects.get(name, "table") != "table" for name in ("Settings", "Cache")):
        raise ValueError("its database is not diskcache's")
    if "Settings" in objects and not {name for (name,) in db.execute("select key from Settings")} <= SETTINGS:
        raise ValueError("its database has unknown settings")
    if "Cache" in objects:
        db.execute("select rowid, key, raw, access_time, filename, value from Cache order by rowid desc limit 1")


@contextmanager
def _only_one(directory: Path, patience: float) -> Iterator[None]:
    """Let one process at a time open or mend; where the file system has no such locks, all of them."""
    descriptor, end = os.open(directory, os.O_RDONLY | os.O_DIRECTORY), time.monotonic() + patience
    try:
        while not _locked(descriptor):
            if time.monotonic() > end:
                raise TimeoutError("another process has been opening it for too long")
            time.sleep(0.01)
        yield
    finally:
        os.close(descriptor)


def _locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return True
    return True
