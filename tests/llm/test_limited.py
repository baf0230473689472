"""Waiting for a turn: at the pace that a provider allows, with few refusals and little time lost."""

import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from gocreator.config.models import RateLimits
from gocreator.llm.allowances import Allowance, Counted
from gocreator.llm.attempts import Attempts, Hold, Waiting
from gocreator.llm.limited import Limited, new_buckets
from gocreator.llm.opening import open_provider
from gocreator.llm.provider import (
    Began,
    Block,
    CallFailed,
    Cancelled,
    Direct,
    Ended,
    Endpoint,
    Expected,
    Fault,
    Heard,
    Piece,
    Provider,
    Request,
    Rung,
    Stop,
    Turn,
    Usage,
)  # fmt: skip
from tests.emulator.limits import Limits
from tests.emulator.server import Emulator
from tests.emulator.settings import Settings
from tests.llm.virtual import VirtualClock

MODELS = {"anthropic": "claude-sonnet-5-5", "openai": "gpt-6.1-sol"}
Answer = CallFailed | Usage | None


def request(kind: str = "anthropic", *, expected: Expected | None = None, text: str = "hi") -> Request:
    turns = (Turn("user", (Block(text),)),)
    return Request(Rung("mine", MODELS[kind]), (), turns, 1000, expected=expected or Expected(100, output=10))


class Scripted:
    """Plays answers in turn: what each took, or how it fails; with what its headers say."""

    def __init__(self) -> None:
        self.answers: list[tuple[Answer, list[Allowance]]] = []

    @contextmanager
    def stream(self, request: Request, heard: Heard = lambda _: None) -> Iterator[Iterator[Piece]]:  # noqa: ARG002
        yield self._play(heard)

    def _play(self, heard: Heard) -> Iterator[Piece]:
        answer, said = self.answers.pop(0) if self.answers else (Usage(100, output=10), [])
        if isinstance(answer, CallFailed):
            answer.allowances = said
            raise answer
        heard(said)
        yield Began()
        yield Ended(Stop.DONE, answer)

    def close(self) -> None:
        pass


class Stage:
    """A limited provider in a time that passes only by sleeping."""

    def __init__(self, limits: RateLimits | None = None, kind: Any = "anthropic") -> None:
        self.now = 0.0
        self.told: list[Waiting] = []
        self.scripted = Scripted()
        self.hold = Hold(lambda: self.now)
        endpoint = Endpoint("mine", kind, "k", limits=limits or RateLimits())
        self.limited = Limited(
            self.scripted, endpoint, threading.Event(), hold=self.hold, told=self.told.append,
            clock=lambda: self.now, sleep=self._sleep,
        )  # fmt: skip

    def _sleep(self, seconds: float) -> bool:
        self.now += seconds
        return False

    def ask(self, answer: Answer = Usage(100, output=10), *said: Allowance, **more: int) -> float:  # noqa: B008
        """Make a call; return how long it waited."""
        self.scripted.answers.append((answer, list(said)))
        before, expected = self.now, Expected(**({"uncached": 100, "output": 10} | more))
        try:
            with self.limited.stream(request(expected=expected)) as pieces:
                list(pieces)
        except CallFailed:
            pass
        return self.now - before


def said(counted: Counted, limit: int, remaining: int, slack: int = 0) -> Allowance:
    return Allowance(counted, limit, remaining, slack=slack)


def test_without_limits_nobody_waits() -> None:
    stage = Stage()
    assert [stage.ask() for _ in range(50)] == [0] * 50


@pytest.mark.parametrize(
    ("limits", "usage"),
    [
        (RateLimits(requests=10), {}),
        (RateLimits(input_tokens=40_000), {"uncached": 4_000}),
        (RateLimits(output_tokens=40_000), {"output": 4_000}),
    ],
)
def test_a_limit_of_the_user_holds(limits: RateLimits, usage: dict[str, int]) -> None:
    stage = Stage(limits)
    waits = [stage.ask(Usage(**({"uncached": 100, "output": 10} | usage)), **usage) for _ in range(30)]
    assert waits[:9] == [0] * 9
    assert waits[9] == pytest.approx(2)  # a bucket is not filled to the brim
    assert waits[10:] == [pytest.approx(6)] * 20
    assert stage.told[0].seconds == pytest.approx(2)
    assert "a minute are allowed" in stage.told[0].message


def test_what_was_expected_and_not_used_is_given_back() -> None:
    stage = Stage(RateLimits(input_tokens=40_000))
    assert [stage.ask(Usage(100, cache_read=9_900), cache_write=10_000) for _ in range(50)] == [0] * 50
    stage = Stage(RateLimits(input_tokens=40_000), "openai")
    assert sum(stage.ask(Usage(100, cache_read=9_900), cache_write=10_000) > 0 for _ in range(50)) == 47


def test_a_call_whose_usage_is_unknown_stays_at_its_estimate() -> None:
    stage = Stage(RateLimits(input_tokens=40_000))
    cut = CallFailed(Fault.CONNECTION, "cut")
    assert [stage.ask(it, uncached=19_000) > 0 for it in (None, cut, None)] == [False, False, True]


def test_what_was_refused_took_no_tokens() -> None:
    stage = Stage(RateLimits(input_tokens=40_000))
    for _ in range(9):
        refused = CallFailed(Fault.OVERLOADED, "busy")
        refused.status = 529
        assert stage.ask(refused, uncached=19_000) == 0


def test_a_call_that_is_larger_than_the_bucket_waits_until_that_is_full() -> None:
    stage = Stage(RateLimits(input_tokens=6_000))
    assert stage.ask(Usage(1_800), uncached=1_800) == 0
    assert stage.ask(Usage(12_000), uncached=12_000) == pytest.approx(18)
    assert stage.ask(Usage(100), uncached=100) == pytest.approx(6_300 / 100)


def test_limits_are_learnt_from_headers_and_the_smaller_one_counts() -> None:
    stage = Stage(RateLimits(requests=20))
    waits = [stage.ask(Usage(100), said(Counted.REQUESTS, 10, max(9 - n, 0))) for n in range(12)]
    assert waits[:8] == [0] * 8
    assert waits[10:] == [pytest.approx(6)] * 2
    stage = Stage(RateLimits(requests=10))
    waits = [stage.ask(Usage(100), said(Counted.REQUESTS, 1000, 999)) for n in range(12)]
    assert waits[10:] == [pytest.approx(6)] * 2


def test_what_others_use_of_the_same_key_counts() -> None:
    stage = Stage()
    stage.ask(Usage(100), said(Counted.REQUESTS, 60, 0))
    assert stage.ask(Usage(100), said(Counted.REQUESTS, 60, 30)) == pytest.approx(1)
    assert [stage.ask() for _ in range(20)] == [0] * 20


def test_rounded_remainders_are_not_believed_to_the_last_token() -> None:
    stage = Stage()
    stage.ask(Usage(100), said(Counted.INPUT, 60_000, 1_000, slack=500))
    assert stage.ask(uncached=1_000) == pytest.approx(0.5)


def test_headers_that_say_half_are_taken_for_what_they_say() -> None:
    stage = Stage()
    for _ in range(20):
        assert stage.ask(Usage(100), Allowance(Counted.REQUESTS, None, 0), Allowance(Counted.TOKENS, 10**6)) == 0


def test_while_the_provider_wants_quiet_nobody_goes() -> None:
    stage = Stage()
    stage.hold.extend(20)
    assert stage.ask() == 20
    assert stage.told[0].message == "it asked for quiet"


def test_estimates_that_proved_too_low_are_corrected() -> None:
    stage = Stage(RateLimits(input_tokens=6_000))
    stage.ask(Usage(2_000), uncached=1_000)
    stage.ask(Usage(2_000), uncached=1_000)
    assert stage.ask(Usage(2_000), uncached=1_000) == pytest.approx(2)


def test_a_wait_that_is_cancelled_gives_its_place_away() -> None:
    cancelled = threading.Event()
    endpoint = Endpoint("mine", "anthropic", "k", limits=RateLimits(requests=1))
    buckets = new_buckets(endpoint, 0)
    limited = Limited(Scripted(), endpoint, cancelled, buckets=buckets, clock=lambda: 0.0)
    with limited.stream(request()) as pieces:
        list(pieces)
    timer = threading.Timer(0.1, cancelled.set)
    timer.start()
    began = time.monotonic()
    with limited.stream(request()) as pieces, pytest.raises(Cancelled):
        list(pieces)
    assert time.monotonic() - began < 1
    timer.join()
    again = Limited(Scripted(), endpoint, threading.Event(), buckets=buckets, clock=lambda: 60.0)
    with again.stream(request()) as pieces:
        assert isinstance(list(pieces)[-1], Ended)


def test_a_wait_ends_when_the_provider_is_closed() -> None:
    endpoint = Endpoint("mine", "anthropic", "k", limits=RateLimits(requests=1))
    limited = Limited(Scripted(), endpoint, threading.Event())
    with limited.stream(request()) as pieces:
        list(pieces)
    timer = threading.Timer(0.1, limited.close)
    timer.start()
    with limited.stream(request()) as pieces, pytest.raises(Cancelled):
        list(pieces)
    timer.join()


class Late:
    """A provider whose responses begin late: it has counted a call long before its headers arrive."""

    def __init__(self, inner: Direct, wait: Callable[[], object]) -> None:
        self._inner = inner
        self._wait = wait

    @contextmanager
    def stream(self, request: Request, heard: Heard = lambda _: None) -> Iterator[Iterator[Piece]]:
        said: list[Allowance] = []
        with self._inner.stream(request, said.extend) as pieces:
            yield self._play(pieces, said, heard)

    def _play(self, pieces: Iterator[Piece], said: list[Allowance], heard: Heard) -> Iterator[Piece]:
        first = next(pieces)
        self._wait()
        heard(said)
        yield first
        yield from pieces

    def close(self) -> None:
        self._inner.close()


class Traffic:
    """Many calls at once over the real SDKs, in virtual time, of a provider that enforces its limits."""

    def __init__(self, kind: Any, limits: Limits, limited: RateLimits | None = None, latest: float = 10) -> None:
        self._latest = latest
        self.kind = kind
        self.clock = VirtualClock()
        self.decided: list[tuple[float, int]] = []
        """When calls ended, and their status."""
        self.began: list[float] = []
        """When answers began."""
        settings = Settings(clock=self.clock, limits=limits, otherwise="x" * 400)
        settings.told = lambda call: self.decided.append((self.clock.passed, call.status))
        self.emulator = Emulator(settings)
        self._limited = limited or RateLimits()
        self._chance = random.Random(7)  # noqa: S311 - the same traffic each time

    def run(self, workers: int, minutes: float, tokens: int, *, wrong: float) -> None:
        """Make calls all the time, of about so many tokens each; estimates are `wrong` times that."""
        cancelled, clock = threading.Event(), lambda: self.clock.passed
        url = self.emulator.url if self.kind == "anthropic" else self.emulator.openai_url
        endpoint = Endpoint("mine", self.kind, "k", url, limits=self._limited)
        more: dict[str, Any] = {"hold": Hold(clock), "clock": clock, "sleep": self.clock.sleep}
        late = Late(open_provider(endpoint, cancelled), lambda: self.clock.sleep(self._chance.uniform(0, self._latest)))
        limited = Limited(late, endpoint, cancelled, **more)
        attempts = Attempts(limited, "mine", cancelled, **more)

        def work() -> None:
            while self.clock.passed < minutes * 60:
                self._call(attempts, round(tokens * self._chance.uniform(0.7, 1.3)), wrong)

        with self.emulator:
            self.clock.run([work] * workers)
            attempts.close()
        assert not self.emulator.bugs

    def _call(self, provider: Provider, tokens: int, wrong: float) -> None:
        """Make a call; after its answer has begun it takes a while."""
        begins = f"{self._chance.random()}"
        text = f"{begins}{'x' * (4 * tokens - len(begins))}"
        expected = Expected(round(tokens * wrong), output=round(100 * wrong))
        with provider.stream(request(self.kind, expected=expected, text=text)) as pieces:
            assert isinstance(next(pieces), Began)
            self.began.append(self.clock.passed)
            self.clock.sleep(self._chance.uniform(1, 30))
            assert isinstance(list(pieces)[-1], Ended)

    @property
    def refused(self) -> float:
        """Return which share of the calls was refused; those left out that went before any headers were known."""
        later = [status for at, status in self.decided if at >= min(self.began)]
        return later.count(429) / len(later)

    @property
    def rate(self) -> float:
        """Return how many calls came in a minute; the first one, which has full buckets, left out."""
        steady = [at for at in self.began if at > 60]
        return (len(steady) - 1) / (max(steady) - min(steady)) * 60


@pytest.mark.sample(4)
@pytest.mark.parametrize(("workers", "wrong"), [(4, 0.8), (12, 1.0), (12, 1.6)])
@pytest.mark.parametrize(("tokens", "calls"), [(2_000, 10.0), (8_000, 5.0)], ids=["requests", "tokens"])
@pytest.mark.parametrize("kind", MODELS)
def test_few_calls_are_refused_and_the_limit_is_used(
    kind: str, tokens: int, calls: float, workers: int, wrong: float
) -> None:
    traffic = Traffic(kind, Limits(requests=10, input_tokens=40_000, tokens=40_000, enforced=True))
    traffic.run(workers, 8, tokens, wrong=wrong)
    assert len(traffic.decided) > 35
    assert traffic.refused < 0.01
    assert traffic.rate > 0.9 * calls


def test_a_lower_limit_of_the_user_holds_for_many_calls_at_once() -> None:
    limits = Limits(requests=10, input_tokens=40_000, enforced=True)
    traffic = Traffic("anthropic", limits, RateLimits(requests=8, input_tokens=40_000))
    traffic.run(12, 6, 2_000, wrong=1.0)
    assert not any(status == 429 for _, status in traffic.decided)
    assert 0.9 * 8 < traffic.rate < 1.05 * 8
