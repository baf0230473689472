"""Faults on demand: what can go wrong, and the script that says when."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from tests.emulator.answers import Draft
from tests.emulator.records import Call


@dataclass(frozen=True)
class Status:
    """The request is answered with an HTTP error in the provider's shape."""

    code: int
    retry_after: float | str | None = None
    quota: bool = False
    """A 429 that says that money or a quota is used up; never with `retry-after`."""
    message: str = ""
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Raw:
    """The request is answered with these bytes, whatever was asked."""

    body: bytes
    status: int = 200
    content_type: str = "application/json"


@dataclass(frozen=True)
class ErrorEvent:
    """After so many characters of text an SSE event says that an error occurred, and the stream ends.

    An answer that is not streamed is an error of that status instead.
    """

    after: int = 0
    code: int = 529
    failed: bool = False
    """/v1/responses alone: the event is `response.failed` rather than `error`."""


@dataclass(frozen=True)
class Cut:
    """The connection is closed after so many characters; None: before the first byte.

    Of an answer that is not streamed, characters are bytes of its body.
    """

    after: int | None = 0
    clean: bool = False
    """The body of a stream ends as it should, but the events that would end the answer are missing."""


@dataclass(frozen=True)
class Hang:
    """Nothing more comes after so many characters; None: before the first byte.

    It goes on after so many seconds, or when `until` is set; else only the client, or the emulator's end, ends it.
    """

    after: int | None = None
    seconds: float | None = None
    until: threading.Event | None = None


@dataclass(frozen=True)
class Truncate:
    """The answer stops at so many output tokens, as if that were the limit."""

    tokens: int


@dataclass(frozen=True)
class Refuse:
    """The model refuses, after having said something or not."""

    text: str = ""


@dataclass(frozen=True)
class Spoil:
    """The answer is written differently; `tests.emulator.damages` has many ways."""

    change: Callable[[Draft], None]


T = TypeVar("T")
Fault = Status | Raw | ErrorEvent | Cut | Hang | Truncate | Refuse | Spoil
Break = ErrorEvent | Cut | Hang

HTML_502 = Raw(
    b"<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n"
    b"</body>\r\n</html>\r\n",
    502,
    "text/html",
)
"""What a proxy in between says."""
BAD_JSON = Raw(b'{"id": "msg_1", "type": "mess')
FOREIGN_404 = Raw(b'{"detail":"Not Found"}', 404)
"""What a compatible server of another make says of a path that it lacks."""
BAD_SSE = Raw(b"event: message_start\ndata: {nonsense\n\n", content_type="text/event-stream")


@dataclass
class Rule:
    """When which faults occur. What is not given does not matter."""

    faults: tuple[Fault, ...]
    times: int | None = 1
    """So often, then all is well; None: always."""
    skip: int = 0
    """So often all is well before."""
    generation: int | None = None
    """Only at the call of this number, 1 being the first that asks a model."""
    model: str | None = None
    path: str | None = None
    """Only where this file is wanted."""
    operation: str | None = None
    when: Callable[[Call], bool] | None = None

    def matches(self, call: Call) -> bool:
        """Tell whether a call is meant; how often does not matter here."""
        return (
            self.generation in (None, call.generation)
            and self.model in (None, call.model)
            and (self.path is None or self.path in call.wanted)
            and self.operation in (None, call.operation)
            and (self.when is None or self.when(call))
        )


@dataclass
class Script:
    """Rules in order: of those that match a call and are not used up, the first one applies.

    Only calls that ask a model, and that the provider would accept, are matched.
    """

    rules: list[Rule] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def pick(self, call: Call) -> tuple[Fault, ...]:
        """Return what goes wrong with a call, and count it."""
        with self._lock:
            for rule in self.rules:
                if rule.times == 0 or not rule.matches(call):
                    continue
                if rule.skip:
                    rule.skip -= 1
                    continue
                if rule.times is not None:
                    rule.times -= 1
                return rule.faults
        return ()


def first(faults: Sequence[Fault], kind: type[T]) -> T | None:
    """Return the first fault of a kind."""
    return next((fault for fault in faults if isinstance(fault, kind)), None)
