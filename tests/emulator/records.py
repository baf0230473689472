"""Everything that arrived, as it arrived, and what became of it."""

import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from tests.emulator.prompts import Bill

BLOCK = re.compile(r'<file path="([^"\n]*)">\n.*?^</file>\n', re.DOTALL | re.MULTILINE)
"""A file in an answer, with the end of line that closes it."""


@dataclass
class Call:
    """A request that arrived."""

    number: int
    """1, 2, 3 ... in the order of arrival, whatever was asked."""
    connection: int
    """1, 2, 3 ...: which TCP connection it came over."""
    method: str
    path: str
    headers: dict[str, str]
    """Names in lower case."""
    raw: bytes
    """The whole request as it came over the wire."""
    arrived: float
    """By the machine's monotonic clock."""
    body: Any = None
    """The parsed body."""
    key: str = ""
    operation: str = ""
    """`messages`, `responses`, `chat`, `count_tokens`, `input_tokens`, `models`; empty: there is no such path."""
    generation: int = 0
    """1, 2, 3 ... among the calls that ask a model for an answer; 0: another call."""
    model: str = ""
    wanted: tuple[str, ...] = ()
    status: int = 0
    """0: it is not yet decided how the call is answered and billed."""
    request_id: str = ""
    usage: dict[str, Any] = field(default_factory=dict)
    """As it was reported."""
    bill: Bill | None = None
    """How its input is charged if the answer begins; None: there is none."""
    output: int = 0
    """Output tokens, thinking included."""
    answer: str = ""
    """The text of the whole answer, even if it was not all sent."""
    began: float | None = None
    """When the answer's first byte was sent."""
    ended: float | None = None
    closed: dict[str, float] = field(default_factory=dict)
    """When the block of a file was sent to its end, by the file's path."""
    gone: bool = False
    """The connection ended, by a fault or by the client, before everything was sent."""

    @cached_property
    def ends(self) -> dict[str, int]:
        """Return after how many characters of the answer the block of a file is closed, by the file's path."""
        return {found[1]: found.end() for found in BLOCK.finditer(self.answer)}


class Records:
    """The calls of an emulator, and counts of connections; `told` is given each call that is over."""

    def __init__(self, told: Callable[[Call], None] = lambda _: None) -> None:
        self._told = told
        self.calls: list[Call] = []
        self.opened = 0
        """TCP connections so far."""
        self.open = 0
        """TCP connections now."""
        self.most_open = 0
        self.in_flight = 0
        self.most_in_flight = 0
        self._generations = 0
        self._changed = threading.Condition()

    @property
    def generations(self) -> list[Call]:
        """Return the calls that asked a model for an answer."""
        return [call for call in self.calls if call.generation]

    @property
    def decided(self) -> int:
        """Return of how many calls it is decided how they are answered."""
        return sum(1 for call in self.calls if call.status)

    @contextmanager
    def connection(self) -> Iterator[int]:
        """Count a connection while it is open."""
        with self._changed:
            self.opened += 1
            self.open += 1
            self.most_open = max(self.most_open, self.open)
            number = self.opened
        try:
            yield number
        finally:
            with self._changed:
                self.open -= 1
                self._changed.notify_all()

    def begin(self, *, connection: int, method: str, path: str, headers: dict[str, str], raw: bytes) -> Call:
        """Record that a request arrived."""
        with self._changed:
            call = Call(len(self.calls) + 1, connection, method, path, headers, raw, time.monotonic())
            self.calls.append(call)
            self.in_flight += 1
            self.most_in_flight = max(self.most_in_flight, self.in_flight)
            self._changed.notify_all()
        return call

    def generates(self, call: Call) -> None:
        """Number a call as one that asks a model."""
        with self._changed:
            self._generations += 1
            call.generation = self._generations
            self._changed.notify_all()

    def decides(self, call: Call, status: int) -> None:
        """Record that it is decided how a call is answered and billed: what happens later changes that no more."""
        with self._changed:
            call.status = status
            self._changed.notify_all()

    def starts(self, call: Call) -> None:
        """Record that the first byte of an answer is about to be sent."""
        with self._changed:
            call.began = time.monotonic()
            self._changed.notify_all()

    def sent(self, call: Call, characters: int) -> None:
        """Record that so much of an answer's text was sent."""
        now = time.monotonic()
        with self._changed:
            for path, end in call.ends.items():
                if end <= characters:
                    call.closed.setdefault(path, now)

    def end(self, call: Call) -> None:
        """Record that a call is over; said before the last byte is sent, so that the client cannot be ahead of it."""
        with self._changed:
            if call.ended is None:
                call.ended = time.monotonic()
                self.in_flight -= 1
                self._told(call)
                self._changed.notify_all()

    def wait(self, *, calls: int = 0, in_flight: int | None = None, timeout: float = 10.0) -> None:
        """Wait until it is decided how so many calls are answered and billed, and until so many are in flight."""

        def there() -> bool:
            return self.decided >= calls and in_flight in (None, self.in_flight)

        with self._changed:
            if not self._changed.wait_for(there, timeout):
                said = f"{len(self.calls)} calls have arrived, {self.decided} are decided"
                raise AssertionError(f"{said}, {self.in_flight} are in flight")
