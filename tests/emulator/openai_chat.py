"""Shapes of an answer of /v1/chat/completions."""

from collections.abc import Iterator
from typing import Any

from tests.emulator.saying import Event, Said, Stop
from tests.emulator.tokens import compact, count

REASONS = {Stop.DONE: "stop", Stop.LENGTH: "length", Stop.REFUSED: "content_filter", Stop.MARKER: "stop"}


def usage(said: Said) -> dict[str, Any]:
    """Return the usage; the totals include what was cached and what was thought."""
    bill = said.bill
    details = {
        "reasoning_tokens": said.reasoning,
        "audio_tokens": 0,
        "accepted_prediction_tokens": 0,
        "rejected_prediction_tokens": 0,
    }
    return {
        "prompt_tokens": bill.total,
        "prompt_tokens_details": {"cached_tokens": bill.read, "cache_write_tokens": bill.written, "audio_tokens": 0},
        "completion_tokens": said.output,
        "completion_tokens_details": details,
        "total_tokens": bill.total + said.output,
    }


def _head(said: Said, kind: str) -> dict[str, Any]:
    return {
        "id": f"chatcmpl-{said.id}",
        "object": kind,
        "created": int(said.created),
        "model": said.prompt.model,
        "service_tier": "default",
        "system_fingerprint": None,
    }


def whole(said: Said) -> dict[str, Any]:
    """Return a completion."""
    message: dict[str, Any] = {"role": "assistant", "content": said.text, "refusal": None, "annotations": []}
    choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": REASONS[said.stop]}
    return {**_head(said, "chat.completion"), "choices": [choice], "usage": usage(said)}


def events(said: Said) -> Iterator[Event]:
    """Return the chunks of a completion; the usage only where it was asked for."""
    wanted = bool((said.prompt.body.get("stream_options") or {}).get("include_usage"))
    head = _head(said, "chat.completion.chunk")

    def chunk(choices: list[dict[str, Any]], used: dict[str, Any] | None = None) -> bytes:
        more = {"usage": used} if wanted else {}
        return f"data: {compact({**head, 'choices': choices, **more})}\n\n".encode()

    def choice(delta: dict[str, Any], reason: str | None = None) -> list[dict[str, Any]]:
        return [{"index": 0, "delta": delta, "logprobs": None, "finish_reason": reason}]

    yield Event(chunk(choice({"role": "assistant", "content": "", "refusal": None})), tokens=said.reasoning)
    for piece in said.pieces:
        yield Event(chunk(choice({"content": piece})), len(piece), count(piece))
    yield Event(chunk(choice({}, REASONS[said.stop])))
    if wanted:
        yield Event(chunk([], usage(said)))
    yield Event(b"data: [DONE]\n\n")
