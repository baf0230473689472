"""A store in a temporary directory, with a clock that the test turns."""

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gocreator.store.artifacts import Entry, Kind, Limits
from gocreator.store.diskstore import DiskStore
from gocreator.values import digest

DAY = 86400.0


class Clock:
    """Says what time it is."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


def artifact(number: int, size: int = 100, **more: Any) -> Entry:
    """Return an entry that its number decides."""
    # What cannot be compressed, so that sizes are what they seem to be.
    content = random.Random(number).randbytes(size)  # noqa: S311 - it makes samples, it keeps no secrets
    given = {"path": f"internal/models/{number}.go", "rule": "model", "provider": "anthropic", "model": "claude"}
    return Entry(kind=Kind.ARTIFACT, key=digest(str(number)), content=content, created_at=5.0, **given | more)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def make_artifact() -> Callable[..., Entry]:
    return artifact


@pytest.fixture
def open_store(tmp_path: Path, clock: Clock) -> Callable[..., DiskStore]:
    """Give a function that opens the store of the test, as a process does."""

    def opened(directory: Path = tmp_path / "store", **limits: Any) -> DiskStore:
        return DiskStore(directory, Limits(**limits), clock)

    return opened
