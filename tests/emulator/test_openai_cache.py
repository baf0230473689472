"""What OpenAI's prompt caches do, checked against the numbers that their rules give by hand."""

from typing import Any

import openai
import pytest

from tests.emulator.clock import ManualClock
from tests.emulator.server import Emulator

SOL = "gpt-6.1-sol"
EXPLICIT = {"mode": "explicit"}


def part(name: str, tokens: int, mark: dict[str, str] | None = None) -> dict[str, Any]:
    """Return a part of exactly so many tokens."""
    text = (name + "." * tokens * 4)[: tokens * 4]
    return {"type": "input_text", "text": text, **({"prompt_cache_breakpoint": mark} if mark else {})}


def asked(*parts: dict[str, Any], user: str = "user") -> list[dict[str, Any]]:
    return [{"role": "developer", "content": list(parts)}, {"role": "user", "content": [part(user, 10)]}]


def used(client: openai.OpenAI, items: Any, **more: Any) -> tuple[int, ...]:
    """Return the input, and what of it was read, written for 30 minutes, and for 12 hours."""
    usage = client.responses.create(**{"model": SOL, "input": items, **more}).usage
    assert usage is not None
    details = usage.input_tokens_details
    kept = details.cache_write_tokens_details
    assert kept is not None
    assert details.cache_write_tokens == kept.ttl_30m_tokens + kept.ttl_12h_tokens
    return usage.input_tokens, details.cached_tokens, kept.ttl_30m_tokens, kept.ttl_12h_tokens


def test_an_explicit_mark_is_exact(gpt: openai.OpenAI) -> None:
    shared = part("shared", 1030, EXPLICIT)
    options = {"mode": "explicit"}
    assert used(gpt, asked(shared, user="a"), prompt_cache_options=options) == (1040, 0, 1030, 0)
    assert used(gpt, asked(shared, user="b"), prompt_cache_options=options) == (1040, 1030, 0, 0)


def test_explicit_without_marks_caches_nothing(gpt: openai.OpenAI) -> None:
    for _ in range(2):
        assert used(gpt, asked(part("s", 2000)), prompt_cache_options={"mode": "explicit"}) == (2010, 0, 0, 0)


def test_the_implicit_mark_falls_behind_what_varies(gpt: openai.OpenAI) -> None:
    assert used(gpt, asked(part("s", 2000), user="a")) == (2010, 0, 2010, 0)
    assert used(gpt, asked(part("s", 2000), user="b")) == (2010, 0, 2010, 0)
    assert used(gpt, asked(part("s", 2000), user="b")) == (2010, 2010, 0, 0)


def test_a_conversation_that_grows_is_read(gpt: openai.OpenAI) -> None:
    turns = asked(part("s", 2000))
    assert used(gpt, turns) == (2010, 0, 2010, 0)
    more = [*turns, {"role": "assistant", "content": "x" * 40}, {"role": "user", "content": [part("more", 20)]}]
    assert used(gpt, more) == (2040, 2010, 30, 0)


def test_the_implicit_mark_stands_behind_the_user_or_the_leading_developer(gpt: openai.OpenAI) -> None:
    late = {"role": "developer", "content": [part("late", 50)]}
    said = {"role": "assistant", "content": "x" * 200}
    assert used(gpt, [*asked(part("s", 2000)), late]) == (2060, 0, 2010, 0)
    assert used(gpt, [*asked(part("s", 2000)), said]) == (2060, 2010, 0, 0)
    leading = [{"role": "developer", "content": [part(name, 1100)]} for name in ("one", "two")]
    assert used(gpt, [*leading, said]) == (2250, 0, 2200, 0)
    assert used(gpt, [*leading[:1], said]) == (1150, 0, 1100, 0)


def test_an_explicit_mark_helps_in_implicit_mode(gpt: openai.OpenAI) -> None:
    assert used(gpt, asked(part("s", 2000, EXPLICIT), user="a")) == (2010, 0, 2010, 0)
    assert used(gpt, asked(part("s", 2000, EXPLICIT), user="b")) == (2010, 2000, 10, 0)


def test_so_many_marks_are_written(gpt: openai.OpenAI) -> None:
    parts = [part(f"p{number}", 1100, EXPLICIT) for number in range(6)]
    options = {"mode": "explicit"}
    assert used(gpt, asked(*parts), prompt_cache_options=options) == (6610, 0, 6600, 0)
    assert used(gpt, asked(*parts[:2], part("other", 5)), prompt_cache_options=options)[1] == 0
    assert used(gpt, asked(*parts[:3], part("other", 5)), prompt_cache_options=options)[1] == 3300


def test_below_the_minimum_nothing_is_cached(gpt: openai.OpenAI) -> None:
    for size, read in ((1013, 0), (1014, 1024)):
        used(gpt, asked(part(f"s{size}", size)))
        assert used(gpt, asked(part(f"s{size}", size)))[1] == read


def test_lifetimes(emulator: Emulator, gpt: openai.OpenAI) -> None:
    clock = emulator.settings.clock
    assert isinstance(clock, ManualClock)
    parts = [part("long", 1100, {"mode": "explicit", "ttl": "12h"}), part("short", 200, EXPLICIT)]
    options = {"mode": "explicit", "ttl": "30m"}
    assert used(gpt, asked(*parts), prompt_cache_options=options) == (1310, 0, 200, 1100)
    clock.advance(1799)
    assert used(gpt, asked(*parts), prompt_cache_options=options) == (1310, 1300, 0, 0)
    clock.advance(1800)
    assert used(gpt, asked(*parts), prompt_cache_options=options) == (1310, 1100, 200, 0)
    clock.advance(12 * 3600)
    assert used(gpt, asked(*parts), prompt_cache_options=options) == (1310, 0, 200, 1100)


@pytest.mark.parametrize(
    ("change", "read"),
    [
        ({"user": "other"}, 2000),
        ({"reasoning": {"effort": "medium"}}, 2000),
        ({"prompt_cache_key": "other"}, 0),
        ({"service_tier": "flex"}, 0),
        ({"reasoning": {"effort": "low"}}, 0),
        ({"text": {"verbosity": "low"}}, 0),
        ({"model": "gpt-6.1-terra"}, 0),
    ],
)
def test_what_is_a_part_of_the_prefix(gpt: openai.OpenAI, change: dict[str, Any], read: int) -> None:
    used(gpt, asked(part("s", 2000, EXPLICIT), user="a"))
    assert used(gpt, asked(part("s", 2000, EXPLICIT), user="b"), **change)[1] == read


def test_a_prewarming_request_writes_and_says_nothing(gpt: openai.OpenAI) -> None:
    items: Any = asked(part("s", 2000, EXPLICIT), user="a")
    response = gpt.responses.create(model=SOL, input=items, prompt_cache_options={"prewarm": True, "mode": "explicit"})
    assert response.usage is not None
    assert (response.output, response.usage.output_tokens) == ([], 0)
    assert response.usage.input_tokens_details.cache_write_tokens == 2000
    assert used(gpt, asked(part("s", 2000, EXPLICIT), user="b"))[1] == 2000


def test_chat_reports_the_same(gpt: openai.OpenAI) -> None:
    seen = []
    for user in ("a", "b"):
        shared: Any = {"type": "text", "text": "s" * 8000, "prompt_cache_breakpoint": {"mode": "explicit"}}
        messages: Any = [{"role": "developer", "content": [shared]}, {"role": "user", "content": user}]
        options: Any = {"mode": "explicit", "ttl": "30m"}
        usage = gpt.chat.completions.create(model=SOL, messages=messages, prompt_cache_options=options).usage
        assert usage is not None
        assert usage.prompt_tokens_details is not None
        details = usage.prompt_tokens_details
        seen.append((usage.prompt_tokens, details.cached_tokens, details.cache_write_tokens))
    assert seen == [(2001, 0, 2000), (2001, 2000, 0)]


def test_the_first_generation_caches_whole_intervals_for_nothing(gpt: openai.OpenAI) -> None:
    assert used(gpt, asked(part("s", 5000), user="a"), model="gpt-5.5") == (5010, 0, 0, 0)
    assert used(gpt, asked(part("s", 5000), user="b"), model="gpt-5.5") == (5010, 4096, 0, 0)


def test_the_first_generation_tells_roles_apart_but_not_parts(gpt: openai.OpenAI) -> None:
    assert used(gpt, asked(part("s", 2000)), model="gpt-5.4") == (2010, 0, 0, 0)
    halves = [{"type": "input_text", "text": part("s", 2000)["text"][at : at + 4000]} for at in (0, 4000)]
    assert used(gpt, asked(*halves), model="gpt-5.4") == (2010, 1920, 0, 0)
    moved = [{"role": "user", "content": [part("s", 2000)]}, {"role": "user", "content": [part("user", 10)]}]
    assert used(gpt, moved, model="gpt-5.4") == (2010, 0, 0, 0)
    assert used(gpt, asked(part("s", 2000)), model="gpt-5.4", prompt_cache_key="other") == (2010, 0, 0, 0)


@pytest.mark.parametrize(("model", "retention", "seconds"), [
    ("gpt-5.5", {}, 1800),
    ("gpt-5.4", {}, 1800),
    ("gpt-5.4", {"prompt_cache_retention": "in_memory"}, 300),
    ("gpt-5.4-mini", {}, 300),
])  # fmt: skip
def test_how_long_the_first_generation_keeps(
    emulator: Emulator, gpt: openai.OpenAI, model: str, retention: dict[str, str], seconds: int
) -> None:
    clock = emulator.settings.clock
    assert isinstance(clock, ManualClock)
    reads = []
    for pause in (0, seconds - 1, seconds - 1, seconds):
        clock.advance(pause)
        reads.append(used(gpt, asked(part("s", 5000)), model=model, **retention)[1] > 0)
    assert reads == [False, True, True, False]


def test_a_model_that_keeps_extended_alone_refuses_else(gpt: openai.OpenAI) -> None:
    with pytest.raises(openai.BadRequestError, match="only with 24h"):
        used(gpt, asked(part("s", 5000)), model="gpt-5.5", prompt_cache_retention="in_memory")


def test_another_key_is_another_cache(emulator: Emulator, gpt: openai.OpenAI) -> None:
    used(gpt, asked(part("s", 2000)))
    with openai.OpenAI(api_key="k2", base_url=emulator.openai_url, max_retries=0) as other:
        assert used(other, asked(part("s", 2000)))[1] == 0
