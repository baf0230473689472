import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from gocreator.llm.attempts import Attempts, Faults, Patience, Waiting
from gocreator.llm.provider import (
    Began,
    Block,
    CallFailed,
    Cancelled,
    Ended,
    Fault,
    Piece,
    Request,
    Rung,
    Stop,
    Text,
    Turn,
)  # fmt: skip

REQUEST = Request(Rung("p", "m"), (), (Turn("user", (Block("hi"),)),), 10)
DONE: list[Piece | Exception] = [Began(), Text("a"), Ended(Stop.DONE, None)]


class Scripted:
    """Plays answers in turn; an error in one is raised."""

    def __init__(self, *answers: list[Piece | Exception]) -> None:
        self.answers = list(answers)

    @contextmanager
    def stream(self, request: Request) -> Iterator[Iterator[Piece]]:  # noqa: ARG002
        yield self._play(self.answers.pop(0))

    def _play(self, answer: list[Piece | Exception]) -> Iterator[Piece]:
        for piece in answer:
            if isinstance(piece, Exception):
                raise piece
            yield piece

    def close(self) -> None:
        pass


class Stage:
    """Attempts in a time that passes only by sleeping."""

    def __init__(self, *answers: list[Piece | Exception], patience: Patience | None = None) -> None:
        self.now = 0.0
        self.slept: list[float] = []
        self.told: list[Waiting] = []
        self.attempts = Attempts(
            Scripted(*answers), "p", threading.Event(), patience=patience, told=self.told.append,
            clock=lambda: self.now, sleep=self._sleep, chance=lambda: 1.0,
        )  # fmt: skip

    def _sleep(self, seconds: float) -> bool:
        self.slept.append(seconds)
        self.now += seconds
        return False

    def ask(self, faults: Faults | None = None) -> list[Piece]:
        with self.attempts.stream(REQUEST, faults) as pieces:
            return list(pieces)


def failed(fault: Fault, after: float | None = None) -> CallFailed:
    return CallFailed(fault, "it failed", retry_after=after)


def test_what_fails_for_the_moment_is_tried_again_ever_later() -> None:
    stage = Stage([failed(Fault.CONNECTION)], [Began(), failed(Fault.OVERLOADED)], [failed(Fault.MALFORMED)], DONE)
    assert stage.ask() == DONE
    assert stage.slept == [1, 2, 4]
    assert [(told.attempt, told.fault) for told in stage.told] == [
        (1, Fault.CONNECTION), (2, Fault.OVERLOADED), (3, Fault.MALFORMED),
    ]  # fmt: skip


@pytest.mark.parametrize("fault", [Fault.KEY, Fault.MONEY, Fault.INVALID])
def test_what_will_not_pass_is_not_tried_again(fault: Fault) -> None:
    stage = Stage([failed(fault)], DONE)
    with pytest.raises(CallFailed):
        stage.ask()
    assert not stage.slept


def test_patience_ends() -> None:
    answers: list[list[Piece | Exception]] = [[failed(Fault.OVERLOADED)]] * 9
    stage = Stage(*answers)
    with pytest.raises(CallFailed):
        stage.ask()
    assert stage.slept == [1, 2, 4, 8]


def test_a_limit_holds_all_calls_of_the_provider() -> None:
    stage = Stage([Began(), Text("x"), failed(Fault.LIMITED, 20)], DONE)
    with pytest.raises(CallFailed):
        stage.ask()
    assert stage.ask() == DONE
    assert stage.slept == [21]


def test_a_wait_that_is_too_long_is_a_failure() -> None:
    stage = Stage([failed(Fault.LIMITED, 3600)], DONE)
    with pytest.raises(CallFailed):
        stage.ask()


def test_after_text_the_caller_decides_and_the_count_goes_on() -> None:
    cut: list[Piece | Exception] = [Began(), Text("a"), failed(Fault.CONNECTION)]
    stage = Stage(cut, cut, cut, patience=Patience(max_attempts=3))
    faults = Faults()
    for count in (1, 2, 3):
        with pytest.raises(CallFailed) as raised:
            stage.ask(faults)
        assert (raised.value.transient, faults.count) == (True, count)
    assert stage.slept == [1, 2]
    with pytest.raises(CallFailed):
        stage.ask(faults)


@pytest.mark.parametrize("fault", [Fault.OVERLOADED, Fault.LIMITED])
def test_a_wait_ends_when_it_is_cancelled(fault: Fault) -> None:
    cancelled = threading.Event()
    attempts = Attempts(Scripted([failed(fault, 60)], DONE), "p", cancelled)
    timer = threading.Timer(0.1, cancelled.set)
    timer.start()
    ask: Callable[[], list[Piece]] = Stage.ask.__get__(type("S", (), {"attempts": attempts})())
    with pytest.raises(Cancelled):
        ask()
    timer.join()
