"""Whatever is asked in whatever order: each input token is billed once, and only what was written is read."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.emulator import anthropic_cache, anthropic_read, openai_cache, openai_read
from tests.emulator.caching import Store
from tests.emulator.prompts import Bill, Prompt

SIZES = st.sampled_from([1, 300, 600, 1100])
BLOCKS = st.lists(st.tuples(st.sampled_from("abc"), SIZES, st.booleans()), min_size=1, max_size=30)
REQUESTS = st.lists(st.tuples(BLOCKS, st.integers(0, 400)), max_size=6)


def anthropic(blocks: Any) -> Prompt:
    marked = [at for at, (_, _, mark) in enumerate(blocks) if mark][-4:]
    content = [
        {"type": "text", "text": name * size * 4, **({"cache_control": {"type": "ephemeral"}} if at in marked else {})}
        for at, (name, size, _) in enumerate(blocks)
    ]
    body = {"model": "claude-sonnet-5-5", "max_tokens": 9, "messages": [{"role": "user", "content": content}]}
    return anthropic_read.read(body)


def openai(blocks: Any) -> Prompt:
    content = [
        {
            "type": "input_text",
            "text": name * size * 4,
            **({"prompt_cache_breakpoint": {"mode": "explicit"}} if mark else {}),
        }
        for name, size, mark in blocks
    ]
    return openai_read.read_responses({"model": "gpt-6.1-sol", "input": [{"role": "user", "content": content}]})


def holds(bill: Bill, prompt: Prompt, written: set[str], names: list[str]) -> None:
    assert bill.total == prompt.totals[-1]
    assert min(bill.read, bill.short, bill.long, bill.plain) >= 0
    if bill.read:
        assert names[prompt.totals.index(bill.read)] in written


@settings(max_examples=60, deadline=None)
@given(REQUESTS)
def test_anthropic(requests: Any) -> None:
    store, now, written = Store(), 0.0, set[str]()
    for blocks, pause in requests:
        prompt = anthropic(blocks)
        names = prompt.hashes("k")
        plan = anthropic_cache.plan(prompt, "k", store, now)
        holds(plan.bill, prompt, written, names)
        plan.commit()
        written |= {names[at] for at, piece in enumerate(prompt.pieces, 1) if piece.ttl}
        again = anthropic_cache.plan(prompt, "k", store, now).bill
        assert (again.written, again.read) == (0, plan.bill.read + plan.bill.written)
        now += pause


@settings(max_examples=60, deadline=None)
@given(REQUESTS)
def test_openai(requests: Any) -> None:
    store, now, written = Store(), 0.0, set[str]()
    for blocks, pause in requests:
        prompt = openai(blocks)
        names = prompt.hashes("k")
        plan = openai_cache.plan(prompt, "k", store, now)
        holds(plan.bill, prompt, written, names)
        plan.commit()
        written |= set(names)
        again = openai_cache.plan(prompt, "k", store, now).bill
        assert (again.written, again.read) == (0, plan.bill.read + plan.bill.written)
        now += pause * 10
