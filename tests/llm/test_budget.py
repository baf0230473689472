"""No limit is ever exceeded, whatever goes wrong and however many calls are under way, and nothing waits for ever."""

import random
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from typing import Any

import pytest

from gocreator.config.terms import Keep, Terms, terms_of
from gocreator.llm.attempts import Attempts, Patience
from gocreator.llm.budget import Budget, Limits, OverLimit, Spend
from gocreator.llm.budgeted import Budgeted, most_of
from gocreator.llm.opening import open_provider
from gocreator.llm.provider import Block, CallFailed, Cancelled, Ended, Endpoint, Request, Rung, Turn
from tests.emulator.faults import BAD_JSON, BAD_SSE, HTML_502, Cut, ErrorEvent, Refuse, Status, Truncate
from tests.emulator.faults import Fault as Occurring
from tests.emulator.prices import PRICES
from tests.emulator.server import Emulator
from tests.emulator.tokens import count

NEVER = threading.Event()
FAULTS: list[Occurring] = [
    Status(429, retry_after=0),
    Status(529),
    Status(500),
    Status(401),
    Cut(None),
    Cut(10),
    Cut(200, clean=True),
    ErrorEvent(50),
    Truncate(20),
    Refuse(),
    HTML_502,
    BAD_JSON,
    BAD_SSE,
]
MODELS = {"anthropic": "claude-sonnet-5-5", "responses": "gpt-6.1-sol", "chat": "gpt-6.1-sol"}
HEAD = "head " * 2000


class Running:
    """A run of random calls at one provider, with limits."""

    def __init__(self, emulator: Emulator, chance: random.Random) -> None:
        self.emulator, self.chance = emulator, chance
        self.way = chance.choice(list(MODELS))
        self.model = MODELS[self.way]
        source = {f"f{number}.go": "package a // " + "x" * chance.randrange(4000) for number in range(8)}
        emulator.settings.source = source
        emulator.settings.thinking = "hm " * chance.choice([0, 50])
        for generation in range(1, 30):
            if chance.random() < 0.3:
                emulator.on(chance.choice(FAULTS), generation=len(emulator.records.generations) + generation)
        tokens = chance.choice([None, chance.randrange(1, 40_000)])
        dollars = chance.choice([None, chance.uniform(0.0001, 0.2)]) if tokens else chance.uniform(0.0001, 0.2)
        self.budget = Budget(Limits(tokens, dollars))

    def request(self, number: int) -> Request:
        mark = self.chance.choice([None, Keep.SHORT, Keep.LONG])
        text = "ask " * self.chance.randrange(500) + f'\n<file path="f{number}.go"/>\n'
        most = count(HEAD) + count(text) + self.chance.randrange(200)
        return Request(
            Rung("mine", self.model),
            (Block(HEAD, mark),),
            (Turn("user", (Block(text),)),),
            max_output=self.chance.randrange(20, 3000),
            most_input=most,
        )

    def run(self) -> int:
        """Make eight calls side by side; return how many came to an end."""
        anthropic = self.way == "anthropic"
        url = self.emulator.url if anthropic else self.emulator.openai_url
        kind: Any = "anthropic" if anthropic else "openai"
        api: Any = "auto" if anthropic else self.way
        provider = open_provider(Endpoint("mine", kind, "k", url, api=api), NEVER)
        budgeted = Budgeted(provider, self.budget, lambda rung: terms_of(kind, rung.model), NEVER)
        attempts = Attempts(budgeted, "mine", NEVER, patience=Patience(first=0.001, longest=0.002))
        requests = [self.request(number) for number in range(8)]

        def ask(request: Request) -> int:
            with suppress(CallFailed, OverLimit), attempts.stream(request) as pieces:
                return sum(isinstance(piece, Ended) for piece in pieces)
            return 0

        with ThreadPoolExecutor(self.chance.choice([1, 2, 4, 8])) as pool:
            ended = sum(pool.map(ask, requests))
        attempts.close()
        return ended


def test_no_limit_is_exceeded_on_the_wire(emulator: Emulator, seed: str, long: bool) -> None:  # noqa: FBT001
    ended = limited = 0
    for number in range(1000 if long else 60):
        before = len(emulator.calls)
        running = Running(emulator, random.Random(f"{seed} {number}"))  # noqa: S311 - it makes cases
        ended += running.run()
        emulator.records.wait(in_flight=0)
        emulator.script.rules.clear()
        billed = [(call, call.bill) for call in emulator.calls[before:] if call.bill]
        tokens = sum(bill.total + call.output for call, bill in billed)
        dollars = sum(PRICES[running.model].cost(bill, call.output) for call, bill in billed)
        limits, spent = running.budget.limits, running.budget.spent
        assert limits.tokens is None or tokens <= limits.tokens
        assert limits.dollars is None or dollars <= limits.dollars
        assert spent.tokens >= tokens
        assert spent.dollars is not None
        assert spent.dollars >= dollars - 1e-9
        limited += sum(1 for call in range(8)) - len({call.wanted for call, _ in billed})
    # Otherwise nothing would have been limited, or everything.
    assert ended > 60
    assert limited > 60


def share(tokens: int) -> Spend:
    return Spend(tokens, tokens / 1024)


def test_what_does_not_fit_beside_others_waits_for_what_they_leave() -> None:
    budget, waited = Budget(Limits(tokens=100)), threading.Event()
    first = budget.take(share(80), NEVER)
    with ThreadPoolExecutor(1) as pool:
        second = pool.submit(budget.take, share(40), NEVER, waited.set)
        assert waited.wait(10)
        assert not second.done()
        budget.settle(first, share(50))
        budget.settle(second.result(10), share(10))
    assert budget.spent == share(60)


def test_what_fits_in_no_case_is_refused_at_once_and_says_why() -> None:
    budget = Budget(Limits(tokens=100, dollars=0.05))
    budget.settle(budget.take(Spend(30, 0.03), NEVER))
    with pytest.raises(OverLimit, match=r"limits.max_tokens is 100 tokens: 30 are spent, and this call may take 80"):
        budget.take(Spend(80, 0.0), NEVER)
    with pytest.raises(OverLimit, match=r"limits.max_cost_usd is \$0.05: \$0.0300 is spent, and .* \$0.0250"):
        budget.take(Spend(10, 0.025), NEVER)


def test_whoever_waits_ends_with_the_run() -> None:
    budget, cancelled, waited = Budget(Limits(tokens=100)), threading.Event(), threading.Event()
    budget.take(share(80), NEVER)
    with ThreadPoolExecutor(1) as pool:
        second = pool.submit(budget.take, share(40), cancelled, waited.set)
        assert waited.wait(10)
        cancelled.set()
        with pytest.raises(Cancelled):
            second.result(10)


def test_an_unknown_price_is_no_obstacle_but_to_a_limit_of_dollars() -> None:
    unknown = Spend(10, None)
    budget = Budget(Limits(tokens=100))
    budget.settle(budget.take(unknown, NEVER), unknown)
    assert budget.spent == unknown
    with pytest.raises(OverLimit, match="nobody knows what the model costs"):
        Budget(Limits(dollars=1)).take(unknown, NEVER)


def test_frozen_means_no_call() -> None:
    with pytest.raises(OverLimit, match="--frozen"):
        Budget(Limits(calls=False)).take(Spend(), NEVER)


@pytest.mark.parametrize(
    ("model", "tokens", "mark", "dollars"),
    [
        ("claude-sonnet-5-5", 1000, None, 0.0025 + 0.01),
        ("claude-sonnet-5-5", 1000, Keep.LONG, 0.004 + 0.01),
        ("claude-haiku-5-5", 200_000, None, (200_000 * 1.25 * 0.5 + 1000 * 2.5) / 1e6),
    ],
)
def test_the_most_that_an_attempt_takes(model: str, tokens: int, mark: Keep | None, dollars: float) -> None:
    of: Callable[[str], Terms] = partial(terms_of, "anthropic")
    asked = Request(Rung("mine", model), (Block("a", mark),), (), max_output=1000, most_input=tokens)
    found = most_of(asked, of(model))
    assert found.tokens == tokens + 1000
    assert found.dollars == pytest.approx(dollars)
