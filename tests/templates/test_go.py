"""What the templates write is Go as gofmt, go build, go vet and go test want it."""

from pathlib import Path

import pytest

from gocreator.fcs.model import Fcs

pytestmark = pytest.mark.go


@pytest.fixture(params=["chinook", "demanding"])
def root(request: pytest.FixtureRequest, tree) -> Path:  # type: ignore[no-untyped-def]
    return tree(request.getfixturevalue(request.param))  # type: ignore[no-any-return]


def test_it_is_formatted_as_rendered(root, go) -> None:  # type: ignore[no-untyped-def]
    done = go(root, "gofmt", "-s", "-d", ".")
    assert (done.stdout, done.stderr) == ("", "")


def test_it_builds_and_is_vetted(root, go) -> None:  # type: ignore[no-untyped-def]
    for command in (["build", "./..."], ["vet", "./..."]):
        done = go(root, *command)
        assert done.returncode == 0, done.stdout + done.stderr


def test_it_passes_its_own_tests(root, go) -> None:  # type: ignore[no-untyped-def]
    race = ["-race"] if go.env["CGO_ENABLED"] == "1" else []
    done = go(root, "test", *race, "./...")
    assert done.returncode == 0, done.stdout + done.stderr


def test_its_tests_cover_it(tree, chinook: Fcs, go) -> None:  # type: ignore[no-untyped-def]
    root = tree(chinook)
    done = go(root, "test", "-coverpkg=./...", "-coverprofile=cover.out", "./...")
    assert done.returncode == 0, done.stdout + done.stderr
    total = go(root, "tool", "cover", "-func=cover.out").stdout.split()[-1]
    assert float(total.rstrip("%")) >= 80
