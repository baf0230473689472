"""The fixtures that give a test an emulator."""

import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest

from tests.emulator.clock import ManualClock
from tests.emulator.server import Emulator
from tests.emulator.settings import Settings


@pytest.fixture
def emulator(monkeypatch: pytest.MonkeyPatch) -> Iterator[Emulator]:
    """Give an emulator with a clock that a test moves (`emulator.settings.clock`), keys `k` and `k2`.

    `emulator.settings.source = {"a.go": "package a"}` says what is answered, `emulator.on(Status(529), times=2)` what
    goes wrong, `emulator.url` and `emulator.openai_url` where the SDKs find it, `emulator.calls` what arrived. Builds
    are not asked whether they may.
    """
    monkeypatch.setenv("NO_PROXY", "127.0.0.1,localhost")
    monkeypatch.setenv("GOCREATOR_YES", "1")
    settings = Settings(clock=ManualClock(), keys=frozenset({"k", "k2"}))
    with Emulator(settings) as made:
        yield made
    assert not made.bugs, "\n".join(made.bugs)


@pytest.fixture
def served(project: Any, emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Let the emulator answer with what the templates write; the keys and addresses of both providers are set."""
    for name, url in (("ANTHROPIC", emulator.url), ("OPENAI", emulator.openai_url)):
        monkeypatch.setenv(f"{name}_BASE_URL", url)
        monkeypatch.setenv(f"{name}_API_KEY", "k")
    return serve(project, emulator)


_WRITTEN: dict[str, dict[str, str]] = {}
"""What the templates write, by what lies in a project and how gocreator is set: many tests begin with the same."""


def serve(project: Any, emulator: Emulator) -> dict[str, str]:
    """Let the emulator answer with what the templates write for a project, which is as new afterwards."""
    own = sorted((name, value) for name, value in os.environ.items() if name.startswith("GOCREATOR_"))
    begins_with = repr((sorted(project.files().items()), own))
    if begins_with not in _WRITTEN:
        project("build", "--no-verify")
        _WRITTEN[begins_with] = {path: data.decode() for path, data in project.files("generated").items()}
    for place in ("generated", ".gocreator"):
        shutil.rmtree(project.root / place, ignore_errors=True)
    (project.root / "gocreator.lock").unlink(missing_ok=True)
    emulator.settings.source = dict(_WRITTEN[begins_with])
    return emulator.settings.source
