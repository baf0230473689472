"""Anthropic's shapes of an answer."""

from collections.abc import Iterator
from typing import Any

from tests.emulator.saying import Event, Said, Stop, named
from tests.emulator.tokens import count

STOPS = {Stop.DONE: "end_turn", Stop.LENGTH: "max_tokens", Stop.REFUSED: "refusal", Stop.MARKER: "stop_sequence"}
REFUSAL = {"type": "refusal", "category": "general_harms", "explanation": None}


def usage(said: Said) -> dict[str, Any]:
    """Return the usage of a whole message; `input_tokens` is what follows the last mark alone."""
    bill = said.bill
    return {
        "input_tokens": bill.plain,
        "cache_creation_input_tokens": bill.written,
        "cache_read_input_tokens": bill.read,
        "cache_creation": {"ephemeral_5m_input_tokens": bill.short, "ephemeral_1h_input_tokens": bill.long},
        "output_tokens": said.output,
        "output_tokens_details": {"thinking_tokens": said.reasoning},
        "service_tier": "standard",
        "inference_geo": "not_available",
        "server_tool_use": None,
    }


def _message(said: Said, content: list[dict[str, Any]], stop: str | None, used: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": f"msg_{said.id}",
        "type": "message",
        "role": "assistant",
        "model": said.prompt.model,
        "content": content,
        "stop_reason": stop,
        "stop_sequence": said.marker or None if stop else None,
        "stop_details": REFUSAL if stop == "refusal" else None,
        "usage": used,
    }


def whole(said: Said) -> dict[str, Any]:
    """Return a message."""
    content: list[dict[str, Any]] = []
    if said.thinking:
        content.append({"type": "thinking", "thinking": said.thinking, "signature": f"sig{said.id}"})
    if said.text:
        content.append({"type": "text", "text": said.text})
    return _message(said, content, STOPS[said.stop], usage(said))


def events(said: Said) -> Iterator[Event]:
    """Return the events of a message."""
    first = {**usage(said), "output_tokens": 1, "output_tokens_details": None}
    yield named("message_start", {"message": _message(said, [], None, first)})
    yield named("ping", {})
    index = 0
    if said.thinking:
        yield from _thinking(said)
        index = 1
    if said.text:
        yield from _text(said, index)
    stop = STOPS[said.stop]
    delta = {
        "stop_reason": stop,
        "stop_sequence": said.marker or None,
        "stop_details": REFUSAL if stop == "refusal" else None,
    }
    used = {key: value for key, value in usage(said).items() if key not in ("cache_creation", "service_tier")}
    yield named("message_delta", {"delta": delta, "usage": used})
    yield named("message_stop", {})


def _thinking(said: Said) -> Iterator[Event]:
    yield named(
        "content_block_start", {"index": 0, "content_block": {"type": "thinking", "thinking": "", "signature": ""}}
    )
    delta: dict[str, Any] = {"type": "thinking_delta", "thinking": said.thinking}
    yield named("content_block_delta", {"index": 0, "delta": delta}, tokens=said.reasoning)
    yield named("content_block_delta", {"index": 0, "delta": {"type": "signature_delta", "signature": f"sig{said.id}"}})
    yield named("content_block_stop", {"index": 0})


def _text(said: Said, index: int) -> Iterator[Event]:
    yield named("content_block_start", {"index": index, "content_block": {"type": "text", "text": ""}})
    for piece in said.pieces:
        delta = {"index": index, "delta": {"type": "text_delta", "text": piece}}
        yield named("content_block_delta", delta, characters=len(piece), tokens=count(piece))
    yield named("content_block_stop", {"index": index})
