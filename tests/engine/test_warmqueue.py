"""Which call leaves next: one writes what calls share, the others wait until that can be read."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pytest

from gocreator.engine.jobs import Job, Phase, Signal
from gocreator.engine.steps import Made, NotMade
from gocreator.engine.warmqueue import WarmQueue
from gocreator.plan.target import Target


@dataclass(frozen=True, eq=False)
class Call:
    """A call that is never made."""

    name: str
    prefixes: Sequence[str]
    lifetime: float = 300.0
    targets: Sequence[Target] = ()
    asks: bool = True
    pool: str = ""

    def results(self, signal: Signal) -> Iterator[Made | NotMade | Job]:  # noqa: ARG002
        """Bring nothing."""
        return iter(())


class Clock:
    """Stands still until a test moves it."""

    now = 1000.0

    def __call__(self) -> float:
        """Return the time."""
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def calls(*rows: str) -> list[Job]:
    """Make calls of words such as `a1:head,a`: a name, and the prefixes."""
    return [
        Call(name, tuple(filter(None, prefixes.split(",")))) for name, _, prefixes in (it.partition(":") for it in rows)
    ]


def taken(queue: WarmQueue) -> list[str]:
    """Take all that may leave now."""
    found = []
    while (call := queue.take()) is not None:
        assert isinstance(call, Call)
        found.append(call.name)
    return found


def test_the_first_leads_and_the_others_follow_when_its_answer_begins(clock: Clock) -> None:
    first, *others = calls("a1:head,a", "a2:head,a", "b1:head,b", "b2:head,b", "c:head")
    queue = WarmQueue([first, *others], clock)
    assert taken(queue) == ["a1"]
    queue.told(first, Phase.BEGAN)
    assert taken(queue) == ["a2", "b1", "c"], "b2 waits for b1"
    queue.told(others[1], Phase.BEGAN)
    assert taken(queue) == ["b2"]


def test_what_shares_nothing_waits_for_nobody(clock: Clock) -> None:
    assert taken(WarmQueue(calls("a:", "b:", "c:own"), clock)) == ["a", "b", "c"]


def test_a_leader_that_fails_hands_over(clock: Clock) -> None:
    first, *others = calls("a:head", "b:head", "c:head")
    queue = WarmQueue([first, *others], clock)
    assert taken(queue) == ["a"]
    queue.ended(first)
    assert taken(queue) == ["b"], "another leads, and one alone"


def test_nobody_waits_for_a_leader_that_waits(clock: Clock) -> None:
    first, *others = calls("a:head", "b:head", "c:head")
    queue = WarmQueue([first, *others], clock)
    assert taken(queue) == ["a"]
    queue.told(first, Phase.PAUSED)
    assert taken(queue) == ["b"]
    queue.told(first, Phase.BEGAN)
    assert taken(queue) == ["c"], "whoever wrote it, it can be read"


def test_what_was_kept_too_long_is_cold_again(clock: Clock) -> None:
    first, second, third = calls("a:head", "b:head", "c:head")
    queue = WarmQueue([first], clock)
    assert queue.take() is first
    clock.now += 200
    queue.told(first, Phase.BEGAN)  # the time counts from when the request was sent
    queue.ended(first)
    queue.first(second)
    clock.now += 101
    queue.calls.append(third)
    assert taken(queue) == ["b"]
    queue.told(second, Phase.BEGAN)
    clock.now += 299
    assert taken(queue) == ["c"], "each use counts anew"


def test_what_failed_goes_before_what_was_not_asked_for(clock: Clock) -> None:
    again, *others = calls("again:head", "a:head", "b:head")
    queue = WarmQueue([*others], clock)
    queue.first(again)
    assert taken(queue) == ["again"]


def test_of_several_pools_the_one_with_the_fewest_calls_is_served(clock: Clock) -> None:
    writes, reviews = calls("w1:", "w2:"), [Call("r1", (), pool="reviewer"), Call("r2", (), pool="reviewer")]
    queue = WarmQueue([*reviews, *writes], clock)
    busy = {"reviewer": 1, "": 0}
    first = queue.take(lambda job: busy[job.pool])
    assert first is writes[0]
    busy[""] = 1
    assert queue.take(lambda job: busy[job.pool]) is reviews[0], "in turn where both are as busy"
