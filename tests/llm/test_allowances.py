"""What responses say of rate limits, over the real SDKs and as it is read."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from typing import Any

import pytest

from gocreator.llm.allowances import Allowance, Counted, allowances
from gocreator.llm.opening import open_provider
from gocreator.llm.provider import (
    Began,
    Block,
    CallFailed,
    Direct,
    Ended,
    Endpoint,
    Fault,
    Piece,
    Request,
    Rung,
    Turn,
)  # fmt: skip
from tests.emulator.faults import Status
from tests.emulator.server import Emulator

NOW = datetime(2026, 11, 24, 12, 0, 0, tzinfo=UTC)
WAYS = ["anthropic", "responses", "chat"]
MODELS = {"anthropic": "claude-sonnet-5-5", "responses": "gpt-6.1-sol", "chat": "gpt-6.1-sol"}


@pytest.fixture(params=WAYS)
def way(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def direct(way: str, emulator: Emulator) -> Iterator[Direct]:
    kind: Any = "anthropic" if way == "anthropic" else "openai"
    url = emulator.url if kind == "anthropic" else emulator.openai_url
    api: Any = "auto" if kind == "anthropic" else way
    with closing(open_provider(Endpoint("mine", kind, "k", url, api=api))) as provider:
        yield provider


def ask(provider: Direct, way: str) -> tuple[list[Piece], list[Allowance]]:
    """Make a call; return what came, and what was said of limits by the time it began."""
    said: list[Allowance] = []
    wanted = Request(Rung("mine", MODELS[way]), (), (Turn("user", (Block("hi"),)),), 100)
    with provider.stream(wanted, said.extend) as pieces:
        first = next(pieces)
        heard = list(said)
        return [first, *pieces], heard


def fails(provider: Direct, way: str) -> CallFailed:
    with pytest.raises(CallFailed) as raised:
        ask(provider, way)
    return raised.value


def test_limits_are_told_when_an_answer_begins(direct: Direct, way: str) -> None:
    pieces, said = ask(direct, way)
    assert isinstance(pieces[0], Began)
    assert isinstance(pieces[-1], Ended)
    found = {it.counted: (it.limit, it.remaining) for it in said}
    assert found[Counted.REQUESTS] == (1000, 999)
    if way == "anthropic":
        assert found[Counted.INPUT] == (2_000_000, 2_000_000)  # rounded
        assert found[Counted.OUTPUT] == (400_000, 400_000)
        assert {it.slack for it in said} == {0, 500}
    else:
        assert found.keys() == {Counted.REQUESTS, Counted.TOKENS}
        assert found[Counted.TOKENS][1] in range(1_999_900, 2_000_000)


def test_a_failure_tells_them_too(direct: Direct, way: str, emulator: Emulator) -> None:
    emulator.on(Status(429, retry_after=7))
    failed = fails(direct, way)
    assert (failed.fault, failed.retry_after) == (Fault.LIMITED, 7)
    assert Allowance(Counted.REQUESTS, 1000, 1000, failed.allowances[0].reset) == failed.allowances[0]


def test_a_provider_says_what_is_worth_trying_again(direct: Direct, way: str, emulator: Emulator) -> None:
    for status, said, expected in (
        (429, "false", False),
        (529, "false", False),
        (500, None, True),
        (400, None, False),
        (400, "true", True),
        (401, "true", False),
        (402, "true", False),
        (429, "perhaps", True),
    ):
        emulator.on(Status(status, headers=(("x-should-retry", said),) if said else ()))
        assert fails(direct, way).transient is expected, (status, said)


@pytest.mark.parametrize(("headers", "found"), [
    ({}, []),
    ({"x-ratelimit-limit-requests": "60"}, [Allowance(Counted.REQUESTS, 60)]),
    (
        {
            "x-ratelimit-limit-project-tokens": "60",
            "x-ratelimit-remaining-project-tokens": "1",
            "x-ratelimit-reset-project-tokens": "1m0s",
        },
        [Allowance(Counted.PROJECT, 60, 1, 60)],
    ),
    ({"x-ratelimit-limit-tokens": "0", "x-ratelimit-remaining-tokens": "-1"}, [Allowance(Counted.TOKENS)]),
    ({"x-ratelimit-limit-tokens": "many"}, [Allowance(Counted.TOKENS)]),
    (
        {
            "anthropic-ratelimit-input-tokens-limit": "40000",
            "anthropic-ratelimit-input-tokens-remaining": "0",
            "anthropic-ratelimit-input-tokens-reset": "2026-11-24T12:00:05Z",
        },
        [Allowance(Counted.INPUT, 40_000, 0, 5, 500)],
    ),
])  # fmt: skip
def test_headers_are_optional(headers: dict[str, str], found: list[Allowance]) -> None:
    assert allowances(headers, NOW) == found
