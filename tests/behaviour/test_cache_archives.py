"""`gocreator cache import` of files that somebody prepared, and `cache clear` before a person and before none."""

import base64
import json
import os
import pty
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from blake3 import blake3

from gocreator.store.artifacts import open_artifacts
from gocreator.store.entry import Entry, Kind, encode
from gocreator.values import RelPath, digest

HEAD = {"gocreator_store": 1}
GOOD = Entry(kind=Kind.ARTIFACT, key=digest("a"), content=b"package a\n", path=RelPath("a.go"), created_at=1.0)
SECRET = "ghp_" + "aB3dE6gH9jK2mN5pQ8sT1vW4yZ7bC0eF3hJ6"


def line(entry: Entry, **header: object) -> dict[str, Any]:
    """Return an entry's line, its header changed, its hash right."""
    plain = entry.header() | header
    body = json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode() + b"\n" + entry.content
    spelled = f"gocreator-entry 1 {blake3(body).hexdigest()}\n".encode() + body
    assert header or spelled == encode(entry)
    return {"digest": blake3(spelled).hexdigest(), "entry": plain, "text": entry.content.decode()}


def other(content: bytes) -> Entry:
    """Return another entry than the good one."""
    return Entry(kind=Kind.ARTIFACT, key=digest("b"), content=content, created_at=1.0)


HOSTILE: dict[str, dict[str, Any]] = {
    "a path that leads up": line(GOOD, path="../../outside.go", key=digest("b")),
    "an absolute path": line(GOOD, path="/tmp/outside.go", key=digest("b")),  # noqa: S108 - nothing is written there
    "a key that is a path": line(GOOD, key="../../../outside"),
    "another hash": line(other(b"x")) | {"text": "y"},
    "no hash": {name: it for name, it in line(other(b"x")).items() if name != "digest"},
    "another part": line(other(b"x")) | {"mode": 4},
    "a pickle": line(other(b"x")) | {"text": None, "pickle": base64.b64encode(b"cos\nsystem\n").decode()},
    "base64 that is none": {"digest": "0" * 64, "entry": GOOD.header(), "base64": "!!!"},
    "a large entry": line(other(b"x" * (17 * 2**20))),
    "a secret": line(other(f'const key = "{SECRET}"'.encode())),
    "numbers without end": line(other(b"x")) | {"entry": GOOD.header() | {"created_at": 1e400}},
}


def archive(project: Any, *lines: object, end: int | None = None) -> None:
    """Write a file as `cache export` does."""
    documents = [HEAD, *lines, {"entries": len(lines) if end is None else end}]
    project.write("store.jsonl", "".join(json.dumps(it) + "\n" for it in documents))


def held(project: Any) -> list[Entry]:
    """Return what the store holds."""
    return [it.entry for it in open_artifacts(project.root / ".gocreator/store", create=False).entries()]


@pytest.mark.sample(4)
@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_wrong_is_refused_and_the_rest_taken(project: Any, tmp_path: Path, name: str) -> None:
    before = {path: data for path, data in _around(tmp_path).items() if ".gocreator" not in path}
    archive(project, HOSTILE[name], line(GOOD))
    ran = project("cache", "import", "store.jsonl")
    assert ran.code == 1
    assert "imported 1 entries" in ran.out
    assert "1 refused" in ran.out or "1 not kept" in ran.out
    assert "Traceback" not in ran.err
    assert held(project) == [GOOD]
    after = {path: data for path, data in _around(tmp_path).items() if ".gocreator" not in path}
    assert after.keys() - before.keys() == {"project/store.jsonl"}, "nothing lies outside of the store"


def _around(root: Path) -> dict[str, bytes]:
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def test_what_is_there_twice_is_taken_once_and_what_is_there_stays(project: Any) -> None:
    changed = Entry(kind=GOOD.kind, key=GOOD.key, content=b"package b\n", created_at=1.0)
    archive(project, line(GOOD), line(GOOD), line(changed))
    ran = project("cache", "import", "store.jsonl")
    assert (ran.code, ran.out) == (0, "imported 1 entries, 2 were there already, 0 refused\n")
    assert held(project) == [GOOD]


@pytest.mark.parametrize("end", [0, 2])
def test_an_archive_that_does_not_end_as_it_should_is_said(project: Any, end: int) -> None:
    archive(project, line(GOOD), end=end)
    ran = project("cache", "import", "store.jsonl")
    assert ran.code == 1
    assert "store.jsonl is not complete" in ran.err
    assert held(project) == [GOOD]


def _link(place: Path) -> None:
    place.symlink_to("/etc/passwd")


@pytest.mark.parametrize("make", [_link, os.mkfifo, Path.mkdir], ids=["a link", "a pipe", "a directory"])
def test_what_is_no_archive_is_told(project: Any, make: Callable[[Path], None]) -> None:
    make(project.root / "store.jsonl")
    ran = project("cache", "import", "store.jsonl")
    assert ran.code == 2
    assert "store.jsonl" in ran.err
    assert "root:" not in ran.err
    assert held(project) == []


def test_an_export_does_not_write_through_a_link(project: Any, tmp_path: Path) -> None:
    archive(project, line(GOOD))
    project("cache", "import", "store.jsonl")
    (tmp_path / "outside").write_text("mine\n")
    (project.root / "export.jsonl").symlink_to(tmp_path / "outside")
    assert project("cache", "export", "export.jsonl").code == 4
    assert (tmp_path / "outside").read_text() == "mine\n"


@pytest.mark.parametrize(("answer", "code", "left"), [("y", 0, 0), ("n", 4, 1), ("", 4, 1)])
def test_a_person_is_asked_before_everything_goes(project: Any, answer: str, code: int, left: int) -> None:
    archive(project, line(GOOD))
    project("cache", "import", "store.jsonl")
    mine, its = pty.openpty()
    command = [sys.executable, "-m", "gocreator", "cache", "clear"]
    with subprocess.Popen(command, cwd=project.root, stdin=its, stdout=its, stderr=its) as running:
        os.close(its)
        os.write(mine, f"{answer}\n".encode())
        said = b""
        while running.poll() is None or b"removed" not in said:
            try:
                said += os.read(mine, 1000)
            except OSError:
                break
    os.close(mine)
    assert b"Remove everything from the store in " in said
    assert running.returncode == code
    assert len(held(project)) == left


def test_where_nobody_can_be_asked_the_way_is_told(project: Any) -> None:
    archive(project, line(GOOD))
    project("cache", "import", "store.jsonl")
    running = project.start("cache", "clear")
    _, err = running.communicate(timeout=30)
    assert running.returncode == 4
    assert "--yes" in err
    assert len(held(project)) == 1
