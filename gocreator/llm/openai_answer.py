"""Answers of OpenAI's two APIs, event by event. Source: the SDK's types (3.54)."""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from gocreator.config.terms import Keep
from gocreator.llm.provider import Began, Ended, Piece, Request, Stop, Text, Usage

_CHAT_STOPS = {"stop": Stop.DONE, "length": Stop.LENGTH, "content_filter": Stop.REFUSED}
_INCOMPLETE = {"max_output_tokens": Stop.LENGTH, "content_filter": Stop.REFUSED}
_POLICIES = {"bio_policy", "misalignment_policy_violation"}

Fail = Callable[[str, str], Exception]
"""Makes the error of an answer that ends with one, from its words and its message."""


@dataclass
class Answer:
    """An answer as it comes in."""

    request: Request
    request_id: str
    fail: Fail
    heard: bool = False
    began: bool = False
    refused: bool = False
    ended: bool = False

    def responses(self, events: Iterable[Any]) -> Iterator[Piece]:
        """Read the events of the Responses API; thinking is passed over."""
        for event in events:
            self.heard = True
            match event.type:
                case "response.output_item.added" if not self.began:
                    yield self._begin()
                case "response.output_text.delta" if event.delta:
                    yield from self._text(event.delta)
                case "response.refusal.delta" | "response.refusal.done":
                    self.refused = True
                case "response.completed" | "response.incomplete" | "response.failed":
                    yield from self._end(event.response)
                case "error":
                    error = getattr(event, "error", None) or event  # both shapes are sent
                    raise self.fail(f"{_field(error, 'type')} {_field(error, 'code')}", _field(error, "message"))

    def chat(self, chunks: Iterable[Any]) -> Iterator[Piece]:
        """Read the chunks of Chat Completions; what was used comes after the end, in a chunk without choices."""
        said, usage = "", None
        for chunk in chunks:
            self.heard = True
            usage = getattr(chunk, "usage", None) or usage
            if error := getattr(chunk, "error", None):
                raise self.fail(f"{_field(error, 'type')} {_field(error, 'code')}", _field(error, "message"))
            for choice in (getattr(chunk, "choices", None) or [])[:1]:
                if not self.began:
                    yield self._begin()
                delta = getattr(choice, "delta", None)
                if text := getattr(delta, "content", None):
                    yield Text(text)
                self.refused = self.refused or bool(getattr(delta, "refusal", None))
                said = getattr(choice, "finish_reason", None) or said
        if said:
            yield self._ended(_CHAT_STOPS.get(said, Stop.OTHER), self._chat_usage(usage), said)

    def _begin(self) -> Began:
        self.began = True
        return Began()

    def _text(self, text: str) -> Iterator[Piece]:
        if not self.began:
            yield self._begin()
        yield Text(text)

    def _end(self, response: Any) -> Iterator[Piece]:
        """Say how an answer ended: whole, cut off, against a rule, or by an error."""
        error = getattr(response, "error", None)
        status = response.status
        reason = str(getattr(getattr(response, "incomplete_details", None), "reason", None) or "")
        code = _field(error, "code")
        if status == "failed" and code not in _POLICIES:
            raise self.fail(f"{_field(error, 'type')} {code}", _field(error, "message"))
        if not self.began:
            yield self._begin()
        said = code if status == "failed" else reason or str(status)
        stop = Stop.REFUSED if status == "failed" else _INCOMPLETE.get(reason, Stop.OTHER) if reason else _done(status)
        yield self._ended(stop, self._usage(response.usage), said)

    def _ended(self, stop: Stop, usage: Usage | None, said: str) -> Ended:
        self.ended = True
        refused = self.refused and stop is Stop.DONE
        return Ended(Stop.REFUSED if refused else stop, usage, self.request_id, "refusal" if refused else said)

    def _usage(self, usage: Any) -> Usage | None:
        """Normalise what Responses counted; its totals hold what was read from the cache and written to it."""
        if usage is None:
            return None
        details = usage.input_tokens_details
        written = _count(details, "cache_write_tokens")
        kept = getattr(details, "cache_write_tokens_details", None)
        long = written if kept is None and self._marks_long() else _count(kept, "ttl_12h_tokens")
        reasoning = _count(usage.output_tokens_details, "reasoning_tokens")
        cached = _count(details, "cached_tokens")
        total = usage.input_tokens
        return _normal(
            total=total, cached=cached, written=(written, long), output=usage.output_tokens, thought=reasoning
        )

    def _chat_usage(self, usage: Any) -> Usage | None:
        """Normalise what Chat Completions counted; it does not say how long what was written is kept."""
        if usage is None:
            return None
        details = getattr(usage, "prompt_tokens_details", None)
        written = _count(details, "cache_write_tokens")
        long = written if self._marks_long() else 0
        reasoning = _count(getattr(usage, "completion_tokens_details", None), "reasoning_tokens")
        cached = _count(details, "cached_tokens")
        total, output = _count(usage, "prompt_tokens"), _count(usage, "completion_tokens")
        return _normal(total=total, cached=cached, written=(written, long), output=output, thought=reasoning)

    def _marks_long(self) -> bool:
        """Tell whether something may have been written to be kept long: the dearer guess, where nothing is said."""
        parts = (self.request.system, *(turn.blocks for turn in self.request.turns))
        return any(block.mark is Keep.LONG for blocks in parts for block in blocks)


def chunks_of(body: Iterable[bytes]) -> Iterator[Any]:
    """Read the chunks of Chat Completions, to the very end.

    The SDK stops reading at `[DONE]`, one read before the end, and the connection could not be used again.
    """
    rest = b""
    for part in body:
        *lines, rest = (rest + part).split(b"\n")
        for line in lines:
            data = line.removeprefix(b"data:").strip()
            if line.startswith(b"data:") and data != b"[DONE]":
                yield json.loads(data, object_hook=lambda fields: SimpleNamespace(**fields))


def _normal(*, total: int | None, cached: int, written: tuple[int, int], output: int | None, thought: int) -> Usage:
    """Let each input token stand in one count only; `written` is all that was written, and what is kept long of it."""
    long = min(written[1], written[0])
    uncached = max((total or 0) - cached - written[0], 0)
    return Usage(uncached, cached, written[0] - long, long, output or 0, thought)


def _done(status: Any) -> Stop:
    return Stop.DONE if status == "completed" else Stop.OTHER


def _count(details: Any, name: str) -> int:
    """Return a counter that may be missing, or -1."""
    return max(int(getattr(details, name, None) or 0), 0)


def _field(error: Any, name: str) -> str:
    """Return a text of an error that is an object or a mapping."""
    value = error.get(name) if isinstance(error, dict) else getattr(error, name, None)
    return value if isinstance(value, str) else ""
