from pathlib import Path

import pytest

from gocreator.output.tree import Tree, Unwritable
from gocreator.values import RelPath

A = RelPath("deep/a.txt")


def test_equal_bytes_are_not_written(tmp_path: Path) -> None:
    tree = Tree(tmp_path)
    tree.write({A: b"x"})
    before = (tmp_path / A).stat()
    tree.write({A: b"x"})
    after = (tmp_path / A).stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)


def test_the_mode_of_a_file_survives(tmp_path: Path) -> None:
    tree = Tree(tmp_path)
    tree.write({A: b"#!/bin/sh\n"})
    (tmp_path / A).chmod(0o755)
    tree.write({A: b"#!/bin/sh\nexit 1\n"})
    assert (tmp_path / A).stat().st_mode & 0o777 == 0o755


def test_one_file_that_cannot_be_written_fails_alone(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    failures = Tree(tmp_path).write({A: b"x", RelPath("b"): b"y"})
    assert failures.keys() == {"b"}
    assert (tmp_path / A).read_bytes() == b"x"


@pytest.mark.parametrize("linked", ["deep", "deep/a.txt"])
def test_links_are_refused_for_reading_and_writing(tmp_path: Path, linked: str) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "a.txt").write_text("secret")
    root = tmp_path / "root"
    (root / linked).parent.mkdir(parents=True)
    (root / linked).symlink_to(outside if linked == "deep" else outside / "a.txt")
    tree = Tree(root)
    with pytest.raises(Unwritable, match="symbolic link"):
        tree.read(A)
    assert tree.write({A: b"x"}).keys() == {A}
    assert (outside / "a.txt").read_text() == "secret"


def test_a_left_over_of_an_interrupted_write_is_no_obstacle(tmp_path: Path) -> None:
    tree = Tree(tmp_path)
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep/.a.txt.gocreator-tmp").write_text("half")
    assert tree.write({A: b"whole"}) == {}
    assert [path.name for path in (tmp_path / "deep").iterdir()] == ["a.txt"]


def test_removing_prunes_empty_directories_but_not_the_root(tmp_path: Path) -> None:
    tree = Tree(tmp_path / "root")
    tree.write({A: b"x", RelPath("deep/er/b"): b"y"})
    tree.remove([RelPath("deep/er/b")])
    assert (tmp_path / "root/deep/a.txt").exists()
    assert not (tmp_path / "root/deep/er").exists()
    tree.remove([A])
    assert list((tmp_path / "root").iterdir()) == []
