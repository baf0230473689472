"""Signals that end a run become an interrupt: SIGINT from the keyboard, SIGTERM, SIGHUP when a terminal goes away.

One that is ignored, as `nohup` has it, stays ignored.
"""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Interrupted(KeyboardInterrupt):
    """What the signals raise.

    Not KeyboardInterrupt itself: Python remembers one that passed an `exec` of a text, such as a dataclass makes,
    and kills itself with SIGINT at the end, whatever the exit code is to be.
    """


def accept() -> None:
    """Let the signals raise an interrupt from now on."""
    for number in ENDING:
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _interrupt)


def ignore() -> None:
    """Let the signals do nothing from now on: the process is ending already."""
    for number in ENDING:
        signal.signal(number, signal.SIG_IGN)


@contextmanager
def postponed() -> Iterator[None]:
    """Let what raises an interrupt wait until the block is left, and raise it then."""
    import threading  # noqa: PLC0415  # the fast path needs none of it

    if threading.current_thread() is not threading.main_thread():
        yield  # interrupts are raised in the main thread alone
        return
    came: list[int] = []
    handlers = {number: handler for number in ENDING if callable(handler := signal.getsignal(number))}
    for number in handlers:
        signal.signal(number, lambda number, _frame: came.append(number))
    try:
        yield
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
        for each in came:
            signal.raise_signal(each)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise Interrupted
