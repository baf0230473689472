"""Builds under rate limits, as a user sees them."""

import json
import signal
import time
from typing import Any

import pytest

from tests.emulator.server import Emulator

ONE_BY_ONE = "optimization: {batching: {enabled: false}}\n"


def limits(text: str) -> str:
    return f"llm:\n  provider: anthropic\n  rate_limits: {text}\n"


@pytest.mark.usefixtures("served")
def test_an_interrupt_ends_a_build_that_waits_for_its_turn(project: Any, emulator: Emulator) -> None:
    project.write(".gocreator.yaml", ONE_BY_ONE + limits("{anthropic: {requests_per_minute: 1}}"))
    running = project.start("build", "--no-verify", "-n", "3")
    try:
        assert any(line.startswith("waiting ") for line in iter(running.stderr.readline, ""))
        running.send_signal(signal.SIGINT)
        began = time.monotonic()
        running.communicate(timeout=30)
        assert time.monotonic() - began < 1
    finally:
        running.kill()
    assert running.returncode == 130
    assert len(emulator.calls) == 1


def test_limits_are_shown(project: Any) -> None:
    project.write(".gocreator.yaml", limits("{openai: {input_tokens_per_minute: 40000}}"))
    shown = json.loads(project("config", "--json").out)["settings"]
    (found,) = [line for line in shown if line["key"] == "llm.rate_limits"]
    assert found == {
        "key": "llm.rate_limits",
        "value": {"openai": {"input_tokens_per_minute": 40000}},
        "source": ".gocreator.yaml:3:16",
    }
