"""Stores that somebody prepared: no code runs, nothing outside is read or removed, and each trick is a miss."""

import pickle
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import diskcache
import pytest

from gocreator.store.artifacts import Kind
from gocreator.store.entry import encode
from gocreator.values import digest

KEY = digest("1")


class Bomb:
    """Makes a file where it is unpickled."""

    def __init__(self, place: Path) -> None:
        self.place = place

    def __reduce__(self) -> tuple[Callable[..., None], tuple[Path]]:
        return Path.touch, (self.place,)


@pytest.fixture
def bomb(tmp_path: Path) -> bytes:
    return pickle.dumps(Bomb(tmp_path / "ran"))


@pytest.fixture
def alter(open_store: Any, make_artifact: Any) -> Callable[..., None]:
    """Give a function that changes the row of one entry behind the store's back."""
    store = open_store()
    for number in (1, 2):
        assert store.put(make_artifact(number, size=50_000 * number - 49_000))
    store.close()

    def altered(change: str, *values: object, name: str = f"artifact:{KEY}") -> None:
        db = sqlite3.connect(store.place / "cache.db")
        db.execute(f"update Cache set {change} where key = ?", (*values, name))  # noqa: S608 - the test's own words
        db.commit()
        db.close()

    return altered


def exercise(open_store: Any, make_artifact: Any) -> Any:
    """Do everything that a store does."""
    store = open_store()
    store.get(Kind.ARTIFACT, KEY)
    store.get(Kind.ARTIFACT, digest("2"))
    list(store.entries())
    store.summary()
    assert store.put(make_artifact(3))
    assert store.get(Kind.ARTIFACT, digest("3")) is not None
    store.clear()
    store.close()
    return store


def test_the_tricks_work_on_diskcache_itself(tmp_path: Path, bomb: bytes) -> None:
    with diskcache.Cache(str(tmp_path / "plain")) as plain:
        plain["a"] = 1
        plain._sql("update Cache set mode = 4, value = ?", (bomb,))  # noqa: SLF001 - what diskcache itself does
        plain.get("a")
    assert (tmp_path / "ran").exists()


@pytest.mark.parametrize("place", ["a row", "a file"])
def test_a_pickled_value_is_not_run(  # noqa: PLR0917 - fixtures
    open_store: Any, make_artifact: Any, alter: Any, bomb: bytes, tmp_path: Path, place: str
) -> None:
    if place == "a row":
        alter("mode = 4, value = ?", bomb)
    else:
        (tmp_path / "store/artifacts/ab/cd").mkdir(parents=True)
        (tmp_path / f"store/artifacts/ab/cd/{'0' * 28}.val").write_bytes(bomb)
        alter("mode = 4, value = null, filename = ?", f"ab/cd/{'0' * 28}.val")
    store = open_store()
    assert store.get(Kind.ARTIFACT, KEY) is None
    assert store.counts.damaged == 1
    assert "are not what was stored: they were dropped" in "".join(store.take_warnings())
    store.close()
    assert exercise(open_store, make_artifact).counts.damaged == 0, "it was dropped"
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize("raw", [0, 1, None, "x"])
def test_a_pickled_key_is_not_run(  # noqa: PLR0917 - fixtures
    open_store: Any, make_artifact: Any, alter: Any, bomb: bytes, tmp_path: Path, raw: object
) -> None:
    alter("key = ?, raw = ?", bomb, raw)
    store = exercise(open_store, make_artifact)
    assert store.take_warnings() == []
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize(
    "name", ["{outside}", "../../outside", "../outside", "ab/../../../outside", "cache.db", "link"]
)
def test_a_file_outside_is_neither_read_nor_removed(
    open_store: Any, make_artifact: Any, alter: Any, tmp_path: Path, name: str
) -> None:
    outside = tmp_path / "outside"
    outside.write_bytes(encode(make_artifact(1)))
    (tmp_path / "folder/cd").mkdir(parents=True)
    value = tmp_path / f"folder/cd/{'0' * 28}.val"
    value.write_bytes(outside.read_bytes())
    shutil.rmtree(tmp_path / "store/artifacts/ab", ignore_errors=True)
    (tmp_path / "store/artifacts/ab").symlink_to(tmp_path / "folder")
    found = f"ab/cd/{'0' * 28}.val" if name == "link" else name.format(outside=outside)
    alter("mode = 2, value = null, filename = ?", found)
    store = open_store()
    assert store.get(Kind.ARTIFACT, KEY) is None
    assert store.counts.damaged == 1
    exercise(open_store, make_artifact)
    assert outside.exists()
    assert value.exists()


@pytest.mark.parametrize(
    ("change", "values"),
    [
        ("mode = 3", ()),
        ("mode = 99", ()),
        ("value = 'text'", ()),
        ("value = 5", ()),
        ("value = null", ()),
        ("value = substr(value, 1, 50)", ()),
        ("value = zeroblob(100)", ()),
        ("key = ?", (f"artifact:{digest('other')}",)),
    ],
)
def test_an_altered_row_is_a_miss(open_store: Any, alter: Any, change: str, values: tuple[object, ...]) -> None:
    alter(change, *values)
    store = open_store()
    keys = [KEY, digest("other"), digest("2")]
    assert [store.get(Kind.ARTIFACT, key) is not None for key in keys] == [False, False, True]
    assert store.counts.damaged == 1
    assert "are not what was stored: they were dropped" in "".join(store.take_warnings())
    assert store.summary().total.entries == 1


@pytest.mark.parametrize("damage", ["altered", "shortened", "emptied", "gone", "a directory", "a pipe", "a link"])
def test_an_altered_file_is_a_miss(open_store: Any, alter: Any, tmp_path: Path, damage: str) -> None:  # noqa: ARG001
    store = open_store()
    (place,) = store.place.rglob("*.val")
    data = place.read_bytes()
    place.unlink()
    match damage:
        case "altered":
            place.write_bytes(data[:30_000] + b"!" + data[30_001:])
        case "shortened":
            place.write_bytes(data[:30_000])
        case "emptied":
            place.touch()
        case "a directory":
            place.mkdir()
        case "a pipe":
            import os  # noqa: PLC0415 - in a process of its own

            os.mkfifo(place)
        case "a link":
            (tmp_path / "elsewhere").write_bytes(data)
            place.symlink_to(tmp_path / "elsewhere")
    assert store.get(Kind.ARTIFACT, digest("2")) is None
    assert store.counts.damaged == 1
    assert "are not what was stored: they were dropped" in "".join(store.take_warnings())
    assert store.get(Kind.ARTIFACT, KEY) is not None
    assert store.summary().total.entries == 1


def test_an_entry_of_another_format_is_dropped(open_store: Any, make_artifact: Any, alter: Any) -> None:
    alter("value = ?", encode(make_artifact(1)).replace(b"entry 1", b"entry 2"))
    store = open_store()
    assert store.get(Kind.ARTIFACT, KEY) is None
    assert (store.counts.unknown, store.counts.damaged, store.counts.misses) == (1, 0, 1)
    assert store.get(Kind.ARTIFACT, KEY) is None
    assert (store.counts.unknown, store.counts.misses) == (1, 2)


@pytest.mark.usefixtures("alter")
@pytest.mark.parametrize(
    "script",
    [
        "insert into Settings values ('_directory', '/nowhere')",
        "insert into Settings values ('disk__directory', '/nowhere')",
        "insert into Settings values ('get', 'x')",
        "drop table Settings; create table Settings (a)",
        "drop table Cache; create table Cache (a)",
        "drop table Cache; create view Cache as select 1 as rowid",
        "create table mine (a)",
        "create trigger mine after insert on Cache begin delete from Cache; end",
        "update Cache set access_time = 'x', key = cast(x'ff' as text) where rowid = 1",
        "update Cache set filename = cast(x'ff' as text)",
    ],
)
def test_a_database_of_another_shape_is_set_aside(
    open_store: Any,
    make_artifact: Any,
    script: str,
) -> None:
    place = open_store().place
    db = sqlite3.connect(place / "cache.db")
    db.executescript(script)
    db.close()
    exercise(open_store, make_artifact)
    store = open_store()
    assert store.put(make_artifact(1))
    assert store.get(Kind.ARTIFACT, KEY) == make_artifact(1)
    assert not Path("/nowhere").exists()
