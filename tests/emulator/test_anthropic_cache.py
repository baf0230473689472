"""What Anthropic's prompt cache does, checked against the numbers that its rules give by hand."""

import threading
from typing import Any

import anthropic
import pytest

from tests.emulator.clock import ManualClock
from tests.emulator.faults import Hang, Status
from tests.emulator.server import Emulator

SONNET = "claude-sonnet-5-5"
SHORT, LONG = {"type": "ephemeral"}, {"type": "ephemeral", "ttl": "1h"}


def block(name: str, tokens: int, mark: dict[str, str] | None = None) -> dict[str, Any]:
    """Return a block of exactly so many tokens."""
    text = (name + "." * tokens * 4)[: tokens * 4]
    return {"type": "text", "text": text, **({"cache_control": mark} if mark else {})}


def used(client: anthropic.Anthropic, *blocks: dict[str, Any], system: Any = (), **more: Any) -> tuple[int, ...]:
    """Return what was read, written for 5 minutes, for 1 hour, and neither."""
    asked = {"model": SONNET, "max_tokens": 100, "messages": [{"role": "user", "content": list(blocks)}], **more}
    usage = client.messages.create(**asked, system=list(system)).usage
    assert usage.cache_creation is not None
    read, plain = usage.cache_read_input_tokens or 0, usage.input_tokens
    short, long = usage.cache_creation.ephemeral_5m_input_tokens, usage.cache_creation.ephemeral_1h_input_tokens
    assert usage.cache_creation_input_tokens == short + long
    return read, short, long, plain


def clock(emulator: Emulator) -> ManualClock:
    assert isinstance(emulator.settings.clock, ManualClock)
    return emulator.settings.clock


def test_a_marked_prefix_is_written_once_and_read_after(claude: anthropic.Anthropic) -> None:
    shared = [block("shared", 600, SHORT)]
    assert used(claude, block("one", 7), system=shared) == (0, 600, 0, 7)
    assert used(claude, block("two", 9), system=shared) == (600, 0, 0, 9)


def test_a_mark_on_what_varies_never_reads(claude: anthropic.Anthropic) -> None:
    shared = [block("shared", 600)]
    for name in ("one", "two"):
        assert used(claude, block(name, 7), system=shared, cache_control=SHORT) == (0, 607, 0, 0)


@pytest.mark.parametrize(("model", "minimum"), [(SONNET, 512), ("claude-opus-4-8", 1024), ("claude-haiku-4-5", 4096)])
def test_a_prefix_below_the_minimum_is_not_cached(claude: anthropic.Anthropic, model: str, minimum: int) -> None:
    for name, size, written in (("small", minimum - 1, 0), ("large", minimum, minimum)):
        shared = [block(name, size, SHORT)]
        assert used(claude, block("a", 1), system=shared, model=model) == (0, written, 0, size - written + 1)
        assert used(claude, block("b", 1), system=shared, model=model) == (written, 0, 0, size - written + 1)


def many(count: int, *, marks: tuple[int, ...] = ()) -> list[dict[str, Any]]:
    return [block(f"b{number}", 40, SHORT if number in marks else None) for number in range(1, count + 1)]


def test_twenty_places_are_looked_back(claude: anthropic.Anthropic) -> None:
    assert used(claude, *many(15, marks=(15,))) == (0, 600, 0, 0)
    assert used(claude, *many(34, marks=(34,))) == (600, 19 * 40, 0, 0)


def test_the_twenty_first_place_is_too_far(claude: anthropic.Anthropic) -> None:
    assert used(claude, *many(15, marks=(15,))) == (0, 600, 0, 0)
    assert used(claude, *many(35, marks=(35,))) == (0, 35 * 40, 0, 0)


def test_an_earlier_mark_has_a_window_of_its_own(claude: anthropic.Anthropic) -> None:
    assert used(claude, *many(15, marks=(15,))) == (0, 600, 0, 0)
    assert used(claude, *many(35, marks=(20, 35))) == (600, 20 * 40, 0, 0)


def test_mixed_lifetimes_are_billed_by_position(claude: anthropic.Anthropic) -> None:
    first = block("first", 600, LONG)
    assert used(claude, block("x", 3), system=[first]) == (0, 0, 600, 3)
    blocks = [first, block("second", 200, LONG), block("third", 50, SHORT)]
    assert used(claude, block("x", 3), system=blocks) == (600, 50, 200, 3)
    assert used(claude, block("y", 4), system=blocks) == (850, 0, 0, 4)


def test_time_runs_from_the_start_of_the_request_and_anew_with_each_use(
    emulator: Emulator, claude: anthropic.Anthropic
) -> None:
    shared = [block("shared", 600, SHORT)]
    used(claude, block("a", 1), system=shared)
    for _ in range(3):
        clock(emulator).advance(299)
        assert used(claude, block("a", 1), system=shared) == (600, 0, 0, 1)
    clock(emulator).advance(300)
    assert used(claude, block("a", 1), system=shared) == (0, 600, 0, 1)


def test_an_hour_is_an_hour(emulator: Emulator, claude: anthropic.Anthropic) -> None:
    shared = [block("shared", 600, LONG)]
    used(claude, block("a", 1), system=shared)
    clock(emulator).advance(3599)
    assert used(claude, block("a", 1), system=shared)[0] == 600
    clock(emulator).advance(3600)
    assert used(claude, block("a", 1), system=shared)[0] == 0


@pytest.mark.parametrize(
    "change",
    [
        {"output_config": {"effort": "low"}},
        {"thinking": {"type": "between_tools"}},
        {"model": "claude-opus-5"},
        {"tools": [{"name": "t", "input_schema": {"type": "object"}}]},
    ],
)
def test_what_is_a_part_of_the_prefix(claude: anthropic.Anthropic, change: dict[str, Any]) -> None:
    shared = [block("shared", 600, SHORT)]
    used(claude, block("a", 1), system=shared)
    assert used(claude, block("a", 1), system=shared, **change)[0] == 0
    assert used(claude, block("a", 1), system=shared, output_config={"effort": "high"})[0] == 600


def test_another_key_is_another_workspace(emulator: Emulator, claude: anthropic.Anthropic) -> None:
    shared = [block("shared", 600, SHORT)]
    used(claude, block("a", 1), system=shared)
    with anthropic.Anthropic(api_key="k2", base_url=emulator.url, max_retries=0) as other:
        assert used(other, block("a", 1), system=shared)[0] == 0


def test_requests_in_parallel_all_pay_the_write(emulator: Emulator, claude: anthropic.Anthropic) -> None:
    shared, results, go = [block("shared", 600, SHORT)], list[tuple[int, ...]](), threading.Event()
    emulator.on(Hang(until=go), times=4)
    ask = [
        threading.Thread(target=lambda: results.append(used(claude, block("a", 1), system=shared))) for _ in range(4)
    ]
    for thread in ask:
        thread.start()
    emulator.records.wait(calls=4)
    go.set()
    for thread in ask:
        thread.join()
    assert results == [(0, 600, 0, 1)] * 4
    assert emulator.records.most_in_flight == 4
    assert used(claude, block("a", 1), system=shared) == (600, 0, 0, 1)


def test_a_prefix_can_be_read_once_the_first_answer_has_begun(emulator: Emulator, claude: anthropic.Anthropic) -> None:
    shared, go = [block("shared", 600, SHORT)], threading.Event()
    emulator.on(Hang(after=0, until=go))
    asked: Any = {"model": SONNET, "max_tokens": 9, "messages": [{"role": "user", "content": "Hi"}], "system": shared}
    with claude.messages.stream(**asked) as stream:
        assert next(iter(stream)).type == "message_start"
        assert used(claude, block("a", 1), system=shared) == (600, 0, 0, 1)
        go.set()


def test_a_request_that_failed_wrote_nothing(emulator: Emulator, claude: anthropic.Anthropic) -> None:
    shared = [block("shared", 600, SHORT)]
    emulator.on(Status(529))
    with pytest.raises(anthropic.InternalServerError):
        used(claude, block("a", 1), system=shared)
    assert used(claude, block("a", 1), system=shared) == (0, 600, 0, 1)


def test_a_request_for_no_output_warms_the_cache(claude: anthropic.Anthropic) -> None:
    shared: Any = [block("shared", 600, SHORT)]
    asked: Any = [{"role": "user", "content": "warm"}]
    message = claude.messages.create(model=SONNET, max_tokens=0, messages=asked, system=shared)
    assert (message.content, message.stop_reason, message.usage.output_tokens) == ([], "max_tokens", 0)
    assert message.usage.cache_creation_input_tokens == 600
    assert used(claude, block("a", 1), system=shared) == (600, 0, 0, 1)
