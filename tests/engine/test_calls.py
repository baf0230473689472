"""Calls that wait for their turn say so, and end when the run does."""

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest

from gocreator.config.models import RateLimits
from gocreator.engine.calls import Answer, Calls
from gocreator.engine.jobs import Phase
from gocreator.engine.models import Models
from gocreator.llm.provider import Block, Cancelled, Endpoint, Request, Rung, Turn
from gocreator.observe.events import Bus, CallWaiting, Event
from gocreator.values import RelPath
from tests.emulator.server import Emulator

PATH = RelPath("a.go")


class Run:
    """Makes calls of a provider of which one request a minute is allowed."""

    def __init__(self, emulator: Emulator) -> None:
        emulator.settings.source = {PATH: "package a\n"}
        limits = RateLimits(requests=1)
        endpoint = Endpoint("anthropic", "anthropic", "k", emulator.url, limits=limits)
        self.events: list[Event] = []
        self.waits = threading.Event()
        self.cancelled = threading.Event()
        self.calls = Calls(Models(endpoints={"anthropic": endpoint}), Bus(self._hear), self.cancelled)

    def _hear(self, event: Event) -> None:
        self.events.append(event)
        if isinstance(event, CallWaiting):
            self.waits.set()

    def ask(self, signal: Callable[[Phase], None]) -> list[Any]:
        turns = (Turn("user", (Block(f'<file path="{PATH}"/>\n'),)),)
        request = Request(Rung("anthropic", "claude-sonnet-5-5"), (), turns, 1000)
        return list(self.calls.ask([PATH], request, Answer(), signal))


def test_a_call_that_waits_for_its_turn_lets_nobody_wait_for_it_and_ends_with_the_run(emulator: Emulator) -> None:
    run = Run(emulator)
    phases: list[Phase] = []
    assert len(run.ask(phases.append)) == 1
    assert phases == [Phase.BEGAN]
    ended: list[float] = []

    def interrupt() -> None:
        if run.waits.wait(30):
            ended.append(time.monotonic())
        run.cancelled.set()

    thread = threading.Thread(target=interrupt)
    thread.start()
    with pytest.raises(Cancelled):
        run.ask(phases.append)
    assert time.monotonic() - ended[0] < 1
    assert phases == [Phase.BEGAN, Phase.PAUSED]
    (waiting,) = [event for event in run.events if isinstance(event, CallWaiting)]
    assert waiting.provider == "anthropic"
    assert 1 < waiting.seconds <= 62
    assert waiting.message == "1 requests a minute are allowed"
    assert len(emulator.calls) == 1
    thread.join()
    run.calls.close()
