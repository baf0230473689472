"""The fixtures that give a test an emulator."""

from collections.abc import Iterator

import pytest

from tests.emulator.clock import ManualClock
from tests.emulator.server import Emulator
from tests.emulator.settings import Settings


@pytest.fixture
def emulator(monkeypatch: pytest.MonkeyPatch) -> Iterator[Emulator]:
    """Give an emulator with a clock that a test moves (`emulator.settings.clock`), keys `k` and `k2`.

    `emulator.settings.source = {"a.go": "package a"}` says what is answered, `emulator.on(Status(529), times=2)` what
    goes wrong, `emulator.url` and `emulator.openai_url` where the SDKs find it, `emulator.calls` what arrived.
    """
    monkeypatch.setenv("NO_PROXY", "127.0.0.1,localhost")
    settings = Settings(clock=ManualClock(), keys=frozenset({"k", "k2"}))
    with Emulator(settings) as made:
        yield made
    assert not made.bugs, "\n".join(made.bugs)
