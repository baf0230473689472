"""Stores that are damaged, hostile or out of reach: a build warns, goes on, and writes the right files."""

import contextlib
import os
import pickle
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gocreator.store.artifacts import Kind, open_artifacts
from gocreator.store.entry import Entry, encode
from gocreator.values import RelPath, digest
from tests.emulator.server import Emulator

SETTINGS = "llm: {provider: anthropic}\ngeneration: {origin: template, origins: {service: llm}}\n"
PATH = "internal/service/order.go"
STORE = ".gocreator/store"


@pytest.fixture
def filled(project: Any, served: dict[str, str]) -> Any:
    """Give a project whose store holds its services, and whose output is gone."""
    assert served
    project.write(".gocreator.yaml", SETTINGS)
    assert project("build", "--no-verify").code == 0
    shutil.rmtree(project.root / "generated")
    return project


def served(emulator: Emulator) -> dict[str, bytes]:
    """Return the files that are wanted."""
    source = emulator.settings.source
    assert isinstance(source, dict)
    return {path: text.encode() for path, text in source.items()}


def _sql(statement: str, *values: object) -> Callable[[Path], None]:
    def run(store: Path) -> None:
        db = sqlite3.connect(store / "artifacts/cache.db")
        db.execute(statement, values)
        db.commit()
        db.close()

    return run


def _swap(store: Path) -> None:
    """Give each artifact the value of another one."""
    db = sqlite3.connect(store / "artifacts/cache.db")
    rows = db.execute("select rowid, value from Cache where key like 'artifact:%' order by rowid").fetchall()
    for (row, _), (_, value) in zip(rows, [*rows[1:], rows[0]], strict=True):
        db.execute("update Cache set value = ? where rowid = ?", (value, row))
    db.commit()
    db.close()


def _in_place_of_the_store(store: Path) -> None:
    shutil.rmtree(store)
    store.write_text("mine\n")


def _in_place_of_its_folder(store: Path) -> None:
    shutil.rmtree(store / "artifacts")
    (store / "artifacts").write_text("mine\n")


def _garbage(store: Path) -> None:
    (store / "artifacts/cache.db").write_bytes(random.Random(1).randbytes(50_000))  # noqa: S311 - a sample


def _half(store: Path) -> None:
    """Leave half of the database, in a copy: this process may still have the first one open."""
    place, copy = store / "artifacts/cache.db", store / "copy.db"
    with contextlib.closing(sqlite3.connect(place)) as db, contextlib.closing(sqlite3.connect(copy)) as other:
        db.backup(other)
    shutil.rmtree(store / "artifacts")
    place.parent.mkdir()
    copy.rename(place)
    os.truncate(place, place.stat().st_size // 2)


class Bomb:
    """Makes a file where it is unpickled."""

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[str]]:
        return open, ("ran", "w")  # type: ignore[return-value]


NEWER = encode(Entry(kind=Kind.ARTIFACT, key=digest("x"), content=b"x")).replace(b"entry 1", b"entry 9")
# What happened to a store, and what is said of it.
DAMAGED: dict[str, tuple[Callable[[Path], None], str]] = {
    "a file in its place": (_in_place_of_the_store, "cannot be opened"),
    "a file in its folder's place": (_in_place_of_its_folder, "what it held lies in"),
    "garbage": (_garbage, "what it held lies in"),
    "half of it": (_half, "what it held lies in"),
    "truncated values": (_sql("update Cache set value = substr(value, 1, 100)"), "are not what was stored"),
    "swapped values": (_swap, "are not what was stored"),
    "pickles": (_sql("update Cache set mode = 4, value = ?", pickle.dumps(Bomb())), "are not what was stored"),
    "newer entries": (_sql("update Cache set value = ?", NEWER), "were written by another version of gocreator"),
    "newer tables": (_sql("create table Cache2 (a)"), "what it held lies in"),
}


@pytest.mark.sample(2)
@pytest.mark.parametrize("name", DAMAGED)
def test_a_damaged_store_is_said_and_costs_no_more_than_calls(filled: Any, emulator: Emulator, name: str) -> None:
    damage, warning = DAMAGED[name]
    damage(filled.root / STORE)
    count = len(emulator.calls)
    built = filled("build", "--no-verify")
    assert built.code == 0, built.err
    assert warning in built.err
    assert "Traceback" not in built.err
    assert filled.files("generated") == served(emulator)
    assert len(emulator.calls) == 2 * count, "what cannot be read is asked for"
    assert not (filled.root / "ran").exists()
    shutil.rmtree(filled.root / "generated")
    if name == "a file in its place":
        assert (filled.root / STORE).read_text() == "mine\n"
        return
    again = filled("build", "--no-verify")
    assert (again.code, len(emulator.calls)) == (0, 2 * count), "the next build finds it mended"
    assert "the store" not in again.err


@pytest.mark.sample(3)
@pytest.mark.parametrize("name", DAMAGED)
def test_commands_about_a_damaged_store_say_so(filled: Any, name: str) -> None:
    damage, _ = DAMAGED[name]
    damage(filled.root / STORE)
    ran = [
        filled("cache", *command)
        for command in (["export", "e.jsonl"], ["show", PATH], ["stats"], ["clear", "--yes"], ["import", "e.jsonl"])
    ]
    assert all("Traceback" not in it.err and it.code in (0, 1, 2) for it in ran)
    assert any(it.code and "store" in it.err for it in ran)
    assert not (filled.root / "ran").exists()


HINDERED = {
    "read-only": ('mount --bind "$STORE" "$STORE"; mount -o remount,ro,bind "$STORE"', "cannot be opened"),
    "full": ('mount -t tmpfs -o size=40k none "$STORE"', "store"),
    "nearly full": ('mount -t tmpfs -o size=160k none "$STORE"', "could not be kept|cannot be opened"),
}


@pytest.mark.sample(1)
@pytest.mark.parametrize("name", HINDERED)
def test_a_store_that_cannot_be_written_is_done_without(filled: Any, emulator: Emulator, name: str) -> None:
    if (
        shutil.which("unshare") is None
        or subprocess.run(
            ["unshare", "--mount", "sh", "-c", "mount -t tmpfs none /mnt"], capture_output=True, check=False
        ).returncode
    ):
        pytest.skip("a namespace of mounts is not permitted here")
    obstacle, warning = HINDERED[name]
    command = f'{obstacle}; exec "$PYTHON" -m gocreator build --no-verify --refresh'
    environment = os.environ | {"STORE": str(filled.root / STORE), "PYTHON": sys.executable}
    ran = subprocess.run(
        ["unshare", "--mount", "sh", "-c", command],
        cwd=filled.root,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    assert any(word in ran.stderr for word in warning.split("|")), ran.stderr
    assert "Traceback" not in ran.stderr
    assert filled.files("generated") == served(emulator)


def test_two_projects_share_a_store_at_once(filled: Any, emulator: Emulator, new_project: Any, tmp_path: Path) -> None:
    others = [new_project(tmp_path / name) for name in ("one", "two", "three")]
    shared = f"{SETTINGS}store: {{dir: {tmp_path / 'shared'}}}\n"
    for other in others:
        other.write(".gocreator.yaml", shared)
        shutil.copy(filled.root / "fcs.yaml", other.root)
    running = [other.start("build", "--no-verify", "-n", "4") for other in others]
    for other, process in zip(others, running, strict=True):
        _, err = process.communicate(timeout=60)
        assert process.returncode == 0, err
        assert "the store" not in err
        assert other.files("generated") == served(emulator)
    count = len(emulator.calls)
    filled.write(".gocreator.yaml", shared)
    assert filled("build", "--no-verify").code == 0
    assert len(emulator.calls) == count, "each finds what another one paid for"


WRITER = """\
import sys
from pathlib import Path
from gocreator.store.artifacts import Entry, Kind, open_artifacts
from gocreator.values import digest

store = open_artifacts(Path(sys.argv[1]))
for number in range(int(sys.argv[2]), 10**9):
    content = digest(str(number)).encode() * (1 if number % 2 else 2000)
    store.put(Entry(kind=Kind.ARTIFACT, key=digest(str(number)), content=content))
    print(number, flush=True)
"""


def test_a_kill_while_entries_are_put_loses_no_other(tmp_path: Path, seed: str) -> None:
    chance, expected = random.Random(seed), 0  # noqa: S311 - it chooses moments
    for number in range(8):
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(tmp_path / "store"), str(1000 * number)],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert writer.stdout
        assert writer.stdout.readline(), "it is at work"
        time.sleep(chance.random() / 20)
        writer.send_signal(signal.SIGKILL)
        expected += 1 + len(writer.stdout.read().splitlines())
        writer.wait()
        writer.stdout.close()
    store = open_artifacts(tmp_path / "store")
    found = [held.entry for held in store.entries()]
    assert store.take_warnings() == []
    assert store.counts.damaged == 0
    assert expected <= len(found) <= expected + 8, "all that was said to be kept, and perhaps what was just being put"
    assert store.put(Entry(kind=Kind.ARTIFACT, key=digest("after"), content=b"x", path=RelPath("a.go")))
    store.close()
