"""What is predicted is what the providers bill: random plans are sent through the SDKs to the emulator."""

import random
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from gocreator.config.terms import Keep, Terms, terms_of
from gocreator.llm.opening import open_provider
from gocreator.llm.provider import Block, Ended, Endpoint, Provider, Request, Rung, Turn
from gocreator.prompt.cost import Billed, Marks, Piece, best_marks, simulate
from tests.emulator.server import Emulator
from tests.emulator.tokens import count

MARKED = [
    ("anthropic", "claude-sonnet-5-5"),
    ("anthropic", "claude-sonnet-5"),
    ("anthropic", "claude-opus-4-7"),
    ("anthropic", "claude-haiku-4-5"),
    ("responses", "gpt-6.1-sol"),
    ("chat", "gpt-5.6-luna"),
]
UNASKED = [("responses", "gpt-5.5"), ("chat", "gpt-5.4"), ("responses", "gpt-4.1")]
Calls = list[list[str]]


def pieces(calls: Calls) -> list[list[Piece]]:
    return [[Piece(text, count(text)) for text in call] for call in calls]


def drawn(chance: random.Random, terms: Terms) -> Calls:
    """Draw calls, each of which begins as another one: some of many blocks, with prefixes around the minimum."""
    near = terms.minimum
    sizes = [1, 9, 33, 128, near // 2, near - 1, near, near + 1, near + 700]
    calls: Calls = []
    for _ in range(10):
        known = chance.choice(calls) if calls else []
        kept = known[: chance.randint(0, len(known))] if chance.random() < 0.8 else []
        more = max(3 - len(kept), chance.choice([1, 2, 3, 4, 25]))
        sized = [chance.choice(sizes if more < 10 else sizes[:4]) for _ in range(more)]
        calls.append([*kept, *(text(chance, size) for size in sized)])
    return calls


def text(chance: random.Random, tokens: int) -> str:
    """Return a block of so many tokens, unlike all others from its first token on."""
    return f"{chance.randrange(10**16):016}{'-' * 4 * tokens}"[: 4 * tokens]


def marked(chance: random.Random, size: int) -> Marks:
    """Draw marks that a provider takes."""
    ends = sorted(chance.sample(range(1, size + 1), min(size, chance.randint(0, 4))))
    long = chance.randint(0, len(ends)) if chance.random() < 0.5 else 0
    return {end: Keep.LONG if at < long else Keep.SHORT for at, end in enumerate(ends)}


class Sending:
    """Sends plans to the emulator, each with a cache of its own."""

    def __init__(self, emulator: Emulator) -> None:
        self._emulator = emulator
        self._plans = 0
        emulator.settings.keys = frozenset()

    def __call__(self, way: str, model: str, calls: Calls, marks: Sequence[Marks]) -> list[Billed]:
        """Make calls one after another; return how they were billed."""
        self._plans += 1
        provider = self._open(way)
        before = len(self._emulator.calls)
        for call, its in zip(calls, marks, strict=True):
            with provider.stream(request(model, call, its)) as answer:
                assert isinstance(list(answer)[-1], Ended)
        provider.close()
        bills = [made.bill for made in self._emulator.calls[before:] if made.bill]
        return [Billed(bill.plain, bill.read, bill.short, bill.long) for bill in bills]

    def _open(self, way: str) -> Provider:
        anthropic = way == "anthropic"
        kind: Any = "anthropic" if anthropic else "openai"
        url = self._emulator.url if anthropic else self._emulator.openai_url
        api: Any = "auto" if anthropic else way
        return open_provider(Endpoint("mine", kind, key=f"plan {self._plans}", base_url=url, api=api))


def request(model: str, call: list[str], marks: Marks) -> Request:
    blocks = [Block(text, marks.get(end)) for end, text in enumerate(call, 1)]
    return Request(Rung("mine", model), tuple(blocks[:2]), (Turn("user", tuple(blocks[2:])),), 100, "lane")


@pytest.fixture
def send(emulator: Emulator) -> Sending:
    return Sending(emulator)


@pytest.fixture
def plans(seed: str, *, long: bool) -> Callable[[str], list[random.Random]]:
    return lambda model: [random.Random(f"{model} {seed} {number}") for number in range(12 if long else 4)]  # noqa: S311


@pytest.mark.parametrize(("way", "model"), MARKED)
def test_marks_are_billed_as_predicted(send: Sending, plans: Any, way: str, model: str) -> None:
    terms = terms_of("anthropic" if way == "anthropic" else "openai", model)
    seen = Billed()
    for chance in plans(model):
        calls = drawn(chance, terms)
        boundaries = marked(chance, 8)
        for marks in ([marked(chance, len(call)) for call in calls], best_marks(pieces(calls), boundaries, terms)):
            predicted = simulate(pieces(calls), marks, terms)
            assert send(way, model, calls, marks) == predicted
            seen = sum(predicted, seen)
    assert min(seen.uncached, seen.cache_read, seen.cache_write, seen.cache_write_long) > 0


@pytest.mark.parametrize(("way", "model"), UNASKED)
def test_what_is_cached_unasked_is_billed_as_predicted(send: Sending, plans: Any, way: str, model: str) -> None:
    terms = terms_of("openai", model)
    reads = 0
    for chance in plans(model):
        calls = drawn(chance, terms)
        marks = [marked(chance, len(call)) for call in calls]
        predicted = simulate(pieces(calls), marks, terms)
        assert send(way, model, calls, marks) == predicted
        reads += sum(predicted, Billed()).cache_read
    assert reads > 0


@pytest.mark.parametrize(("way", "model"), UNASKED)
def test_blocks_that_begin_alike_are_billed_an_interval_less_at_most(
    send: Sending, seed: str, way: str, model: str
) -> None:
    chance, terms = random.Random(seed), terms_of("openai", model)  # noqa: S311
    head = [f"# Rules\n{text(chance, 3000)}", f"# Project\n{text(chance, 300)}"]
    groups = [f"# The specification\n{text(chance, chance.randint(600, 1500))}" for _ in range(4)]
    calls = [[*head, group, f"Write these files: {text(chance, 40)}"] for group in groups for _ in range(4)]
    predicted = simulate(pieces(calls), [{}] * 16, terms)
    for bill, expected in zip(send(way, model, calls, [{}] * 16), predicted, strict=True):
        assert bill.total == expected.total
        assert 0 <= bill.cache_read - expected.cache_read <= terms.interval
    assert sum(predicted, Billed()).cache_read > sum(predicted, Billed()).uncached
