"""Sending an answer: at the model's pace, in as few writes as can be, and broken off where that is wanted."""

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from tests.emulator.faults import Break, Cut, ErrorEvent, Hang
from tests.emulator.latency import Latency
from tests.emulator.saying import Event
from tests.emulator.wire import Gone, Line, chunk, head

LAST = b"0\r\n\r\n"
"""Ends a body in chunks."""


@dataclass(frozen=True)
class Reply:
    """What is to be sent."""

    status: int
    headers: tuple[tuple[str, str], ...]
    events: Sequence[Event]
    streamed: bool = False
    before: float = 0.0
    """Seconds before the first byte."""
    error: Event | None = None
    """What an `ErrorEvent` sends."""

    @property
    def head(self) -> bytes:
        """Return everything before the body."""
        if self.streamed:
            return head(self.status, [*self.headers, ("transfer-encoding", "chunked")])
        length = sum(len(event.data) for event in self.events)
        return head(self.status, [*self.headers, ("content-length", str(length))])


@dataclass
class Delivery:
    """Sends one reply over one connection."""

    line: Line
    reply: Reply
    latency: Latency
    breaks: Break | None
    """What happens on the way; None once it has happened."""
    began: Callable[[], None]
    ended: Callable[[], None]
    sent: Callable[[int], None] = lambda _: None
    """Is told how many characters of the answer's text were sent, and of the last ones just before they are."""
    _buffer: bytearray = field(default_factory=bytearray)
    _sent: int = 0
    """Characters of the answer's text so far."""

    def run(self) -> None:
        """Send everything; raise `Gone` where the connection ends before."""
        if self.breaks is not None and self.breaks.after is None:
            self._break()
        self.line.wait(self.reply.before)
        self.began()
        self._buffer += self.reply.head
        for event in self.reply.events:
            if self.reply.streamed and self._breaks_before(event) and not self._break():
                return
            self._add(event)
        self.sent(self._sent if self.reply.streamed else sys.maxsize)
        self.ended()
        self.line.send(bytes(self._buffer) + (LAST if self.reply.streamed else b""))

    def _breaks_before(self, event: Event) -> bool:
        if self.breaks is None:
            return False
        after = self.breaks.after or 0
        return self._sent + event.characters > after or 0 < self._sent >= after

    def _add(self, event: Event) -> None:
        if delay := self.latency.during(event.tokens):
            self._flush()
            self.line.wait(delay)
        self._sent += event.characters
        if self.reply.streamed:
            self._buffer += chunk(event.data)
            return
        after = self.breaks.after or 0 if self.breaks else len(event.data)
        self._buffer += event.data[:after]
        if after < len(event.data):
            self._break()
            self._buffer += event.data[after:]

    def _break(self) -> bool:
        """Let happen what is to happen; return whether it goes on afterwards."""
        breaks, self.breaks = self.breaks, None
        if isinstance(breaks, ErrorEvent) and self.reply.error is not None:
            self._buffer += chunk(self.reply.error.data)
            return self._finish()
        if isinstance(breaks, Cut) and breaks.clean and self.reply.streamed and self._buffer:
            return self._finish()
        self._flush()
        if not isinstance(breaks, Hang):
            raise Gone
        self.line.wait(breaks.seconds, breaks.until)
        return True

    def _finish(self) -> bool:
        self.ended()
        self.line.send(bytes(self._buffer) + LAST)
        return False

    def _flush(self) -> None:
        if self._buffer:
            self.line.send(bytes(self._buffer))
            self._buffer.clear()
            self.sent(self._sent)
