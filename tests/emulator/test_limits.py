"""Limits are told in headers, and enforced where that is wanted."""

import time
from typing import Any

import anthropic
import openai
import pytest

from tests.emulator.clock import ManualClock
from tests.emulator.latency import Latency
from tests.emulator.limits import Limits, duration
from tests.emulator.server import Emulator
from tests.emulator.settings import Settings

SONNET, SOL = "claude-sonnet-5-5", "gpt-6.1-sol"
HI: Any = [{"role": "user", "content": "Hi"}]
SHARED: Any = [{"type": "text", "text": "s" * 4000, "cache_control": {"type": "ephemeral"}}]


def limited(limits: Limits) -> tuple[Emulator, ManualClock]:
    clock = ManualClock()
    return Emulator(Settings(clock=clock, limits=limits)), clock


def test_headers_of_anthropic(claude: anthropic.Anthropic) -> None:
    headers = claude.messages.with_raw_response.create(model=SONNET, max_tokens=9, messages=HI).headers
    assert headers["anthropic-ratelimit-requests-limit"] == "1000"
    assert headers["anthropic-ratelimit-requests-remaining"] == "999"
    assert headers["anthropic-ratelimit-input-tokens-remaining"] == "2000000"
    assert headers["anthropic-ratelimit-output-tokens-reset"].endswith("Z")


def test_headers_of_openai(gpt: openai.OpenAI) -> None:
    headers = gpt.responses.with_raw_response.create(model=SOL, input="Hi").headers
    assert headers["x-ratelimit-remaining-requests"] == "999"
    assert headers["x-ratelimit-reset-requests"] == "60ms"
    assert headers["x-request-id"].startswith("req_")


def test_requests_per_minute() -> None:
    emulator, clock = limited(Limits(requests=2, enforced=True))
    with emulator, anthropic.Anthropic(api_key="k", base_url=emulator.url, max_retries=0) as claude:
        for _ in range(2):
            claude.messages.create(model=SONNET, max_tokens=9, messages=HI)
        with pytest.raises(anthropic.RateLimitError) as refused:
            claude.messages.create(model=SONNET, max_tokens=9, messages=HI)
        assert refused.value.response.headers["retry-after"] == "30"
        clock.advance(30)
        claude.messages.create(model=SONNET, max_tokens=9, messages=HI)


def test_what_was_read_from_the_cache_counts_at_openai_alone() -> None:
    emulator, _ = limited(Limits(input_tokens=1100, tokens=1100, enforced=True))
    with emulator, anthropic.Anthropic(api_key="k", base_url=emulator.url, max_retries=0) as claude:
        for _ in range(3):
            claude.messages.create(model=SONNET, max_tokens=9, messages=HI, system=SHARED)
        with pytest.raises(anthropic.RateLimitError):
            claude.messages.create(model=SONNET, max_tokens=9, messages=[{"role": "user", "content": "x" * 4000}])
    emulator, clock = limited(Limits(tokens=1100, enforced=True))
    with emulator, openai.OpenAI(api_key="k", base_url=emulator.openai_url, max_retries=0) as gpt:
        gpt.responses.create(model=SOL, input="s" * 4096)
        with pytest.raises(openai.RateLimitError) as refused:
            gpt.responses.create(model=SOL, input="s" * 4096)
        clock.advance(float(refused.value.response.headers["retry-after"]))
        gpt.responses.create(model=SOL, input="s" * 4096)


def test_durations() -> None:
    assert [duration(seconds) for seconds in (0.12, 1, 59.2, 360)] == ["120ms", "1s", "1m0s", "6m0s"]


def test_latency(emulator: Emulator, claude: anthropic.Anthropic) -> None:
    emulator.settings.otherwise = "x" * 400
    emulator.settings.latency = Latency(first=10, tokens_per_second=10, scale=0.01)
    before = time.monotonic()
    with claude.messages.stream(model=SONNET, max_tokens=999, messages=HI) as stream:
        stream.get_final_message()
    assert 0.2 <= time.monotonic() - before < 5
