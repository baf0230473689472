"""An answer as both providers' shapes are made from it, and the events in which it is sent."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from tests.emulator.prompts import Bill, Prompt
from tests.emulator.tokens import compact, count


class Stop(StrEnum):
    """Why an answer ended."""

    DONE = "done"
    LENGTH = "length"
    MARKER = "marker"
    """A stop sequence of the request."""
    REFUSED = "refused"


@dataclass(frozen=True)
class Said:
    """An answer."""

    id: str
    """Digits, to which each shape gives its prefix."""
    prompt: Prompt
    thinking: str
    text: str
    stop: Stop
    bill: Bill
    created: float
    pieces: tuple[str, ...]
    """The text as it is streamed."""
    marker: str = ""
    """The stop sequence that ended it."""

    @property
    def reasoning(self) -> int:
        """Return the tokens of the thinking."""
        return count(self.thinking)

    @property
    def output(self) -> int:
        """Return all output tokens."""
        return self.reasoning + count(self.text)


@dataclass(frozen=True)
class Event:
    """A piece of a stream."""

    data: bytes
    characters: int = 0
    """How much of the answer's text it holds."""
    tokens: float = 0.0
    """How many tokens had to be made for it."""


def named(kind: str, data: dict[str, Any], *, characters: int = 0, tokens: float = 0.0) -> Event:
    """Return an event with a name, which its data repeat."""
    text = f"event: {kind}\ndata: {compact({'type': kind, **data})}\n\n"
    return Event(text.encode(), characters, tokens)


def split(text: str, size: int, at: int | None = None) -> tuple[str, ...]:
    """Cut a text into pieces of a size, with one more cut where it is asked for."""
    if at is not None and 0 < at < len(text):
        return (*split(text[:at], size), *split(text[at:], size))
    return tuple(text[start : start + size] for start in range(0, len(text), size))
