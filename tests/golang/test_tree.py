import os
from pathlib import Path

import pytest

from gocreator.errors import Failed
from gocreator.golang.verify import tree_digest, tree_files

FILES = ("go.mod", "a.go", "internal/b.go", "internal/testdata/in.txt")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return fill(tmp_path / "one")


def fill(root: Path) -> Path:
    for path in FILES:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(path)
    return root


def test_files_are_listed_in_order_of_their_paths(project: Path) -> None:
    assert tree_files(project) == sorted(FILES)


def test_a_tree_is_the_same_wherever_it_lies(project: Path, tmp_path: Path) -> None:
    assert tree_digest(project) == tree_digest(fill(tmp_path / "two" / "deeper"))


@pytest.mark.parametrize("path", FILES)
def test_every_file_counts(project: Path, path: str) -> None:
    before = tree_digest(project)
    (project / path).write_text("changed")
    assert tree_digest(project) != before


def test_a_renamed_or_an_added_file_counts(project: Path) -> None:
    digests = {tree_digest(project)}
    (project / "a.go").rename(project / "c.go")
    digests.add(tree_digest(project))
    (project / "embed.txt").write_text("")
    digests.add(tree_digest(project))
    assert len(digests) == 3


@pytest.mark.parametrize("folder", [".git", ".gocreator", ".cache", "internal/.pytest_cache"])
def test_state_and_caches_do_not_count(project: Path, folder: str) -> None:
    before = tree_digest(project)
    (project / folder).mkdir(parents=True)
    (project / folder / "a.go").write_text("x")
    assert tree_digest(project) == before


def test_a_link_counts_as_a_link_and_is_not_followed(project: Path, tmp_path: Path) -> None:
    before = tree_digest(project)
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "x.go").write_text("x")
    (project / "link").symlink_to(outside)
    (project / "loop").symlink_to(project)
    linked = tree_digest(project)
    assert linked != before
    assert tree_files(project) == sorted(FILES)
    (outside / "x.go").write_text("y")
    assert tree_digest(project) == linked


def test_strange_entries_are_survived(project: Path) -> None:
    os.mkfifo(project / "pipe")
    Path(os.fsdecode(os.fsencode(project) + b"/\xff.txt")).write_text("x")
    assert len(tree_files(project)) == len(FILES) + 1
    assert tree_digest(project)


def test_a_tree_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(Failed, match="cannot be read"):
        tree_digest(tmp_path / "nothing")
