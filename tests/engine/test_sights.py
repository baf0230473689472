"""Files are known again by their stat data, and any that was touched is read."""

import os
from pathlib import Path

import pytest

from gocreator.engine import sights
from gocreator.engine.sights import Sights
from gocreator.output.tree import Tree, Unwritable
from gocreator.store.memory import Sighting
from gocreator.values import Checksum, Digest, RelPath, checksum, digest

PATH = RelPath("a/b.go")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    place = tmp_path / PATH
    place.parent.mkdir()
    place.write_bytes(b"package b\n")
    return place


def _sights(root: Path, known: dict[RelPath, Sighting] | None = None) -> Sights:
    return Sights(Tree(root), known or {}, "sha256")


def _digest(look: Sights) -> Digest:
    content = look.look(PATH)
    assert content is not None
    return content.digest


@pytest.fixture
def learnt(file: Path, monkeypatch: pytest.MonkeyPatch) -> dict[RelPath, Sighting]:
    """Give what a session remembers of a file that was left alone for a while."""
    monkeypatch.setattr(sights, "RACY_NS", -1)
    first = _sights(file.parents[1])
    _digest(first)
    return first.fresh()


def test_what_is_remembered_is_what_the_file_holds(learnt: dict[RelPath, Sighting]) -> None:
    found = learnt[PATH]
    assert (found.digest, found.checksum) == (digest(b"package b\n"), checksum(b"package b\n", "sha256"))


def test_a_file_that_was_left_alone_is_not_read(file: Path, learnt: dict[RelPath, Sighting]) -> None:
    said = Sighting(learnt[PATH].stat, Digest("as remembered"), Checksum("sha256:0"))
    again = _sights(file.parents[1], {PATH: said})
    assert _digest(again) == "as remembered"
    assert again.fresh() == {}


def test_a_change_of_the_same_size_and_time_is_seen(file: Path, learnt: dict[RelPath, Sighting]) -> None:
    before = file.stat()
    file.write_bytes(b"package c\n")
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert _digest(_sights(file.parents[1], learnt)) == digest(b"package c\n")


def test_a_file_that_was_replaced_is_read(file: Path, learnt: dict[RelPath, Sighting]) -> None:
    other = file.with_name("other")
    other.write_bytes(b"package c\n")
    other.replace(file)
    assert _digest(_sights(file.parents[1], learnt)) == digest(b"package c\n")


def test_a_young_file_is_not_remembered(file: Path) -> None:
    looking = _sights(file.parents[1])
    _digest(looking)
    looking.wrote(PATH, b"package b\n", Checksum("sha256:0"))
    assert looking.fresh() == {}


def test_what_was_written_and_then_changed_is_not_remembered(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    looking = _sights(file.parents[1])
    looking.wrote(PATH, b"package b\n", Checksum("sha256:0"))
    file.write_bytes(b"package bb\n")
    monkeypatch.setattr(sights, "RACY_NS", -1)
    assert looking.fresh() == {}


def test_links_and_directories_are_refused(file: Path, learnt: dict[RelPath, Sighting]) -> None:
    file.unlink()
    file.symlink_to("/etc/hostname")
    with pytest.raises(Unwritable):
        _sights(file.parents[1], learnt).look(PATH)
    file.unlink()
    file.mkdir()
    with pytest.raises(Unwritable):
        _sights(file.parents[1], learnt).look(PATH)
    file.rmdir()
    assert _sights(file.parents[1], learnt).look(PATH) is None
