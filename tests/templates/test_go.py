"""What the templates write is Go as gofmt, go build, go vet and go test want it."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from gocreator.fcs.model import Fcs

Go = Callable[..., subprocess.CompletedProcess[str]]
Tree = Callable[[Fcs], Path]

pytestmark = pytest.mark.go


@pytest.fixture(params=["chinook", "demanding"])
def root(request: pytest.FixtureRequest, tree: Tree) -> Path:
    fcs: Fcs = request.getfixturevalue(request.param)
    return tree(fcs)


def test_it_is_formatted_as_rendered(root: Path, go: Go) -> None:
    done = go(root, "gofmt", "-s", "-d", ".")
    assert (done.stdout, done.stderr) == ("", "")


def test_it_builds_and_is_vetted(root: Path, go: Go) -> None:
    for command in (["build", "./..."], ["vet", "./..."]):
        done = go(root, *command)
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.sample(1)
def test_it_passes_its_own_tests(root: Path, go: Go, race: list[str]) -> None:
    done = go(root, "test", *race, "./...")
    assert done.returncode == 0, done.stdout + done.stderr
