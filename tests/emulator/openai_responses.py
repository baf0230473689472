"""Shapes of an answer of /v1/responses."""

from collections.abc import Iterator
from typing import Any

from tests.emulator.saying import Event, Said, Stop, named
from tests.emulator.tokens import count

REASONS = {Stop.LENGTH: "max_output_tokens", Stop.REFUSED: "content_filter"}


def usage(said: Said) -> dict[str, Any]:
    """Return the usage; the totals include what was cached and what was thought."""
    bill = said.bill
    details = {
        "cached_tokens": bill.read,
        "cache_write_tokens": bill.written,
        "cache_write_tokens_details": {"ttl_30m_tokens": bill.short, "ttl_12h_tokens": bill.long},
    }
    return {
        "input_tokens": bill.total,
        "input_tokens_details": details,
        "output_tokens": said.output,
        "output_tokens_details": {"reasoning_tokens": said.reasoning},
        "total_tokens": bill.total + said.output,
    }


def _response(said: Said, status: str, output: list[dict[str, Any]]) -> dict[str, Any]:
    body, over = said.prompt.body, status != "in_progress"
    reason = REASONS.get(said.stop) if over else None
    options = body.get("prompt_cache_options") or {}
    return {
        "id": f"resp_{said.id}",
        "object": "response",
        "created_at": int(said.created),
        "status": status,
        "error": None,
        "incomplete_details": {"reason": reason} if reason else None,
        "instructions": body.get("instructions"),
        "max_output_tokens": body.get("max_output_tokens"),
        "model": said.prompt.model,
        "output": output,
        "parallel_tool_calls": body.get("parallel_tool_calls", True),
        "prompt_cache_key": body.get("prompt_cache_key"),
        "prompt_cache_options": {"mode": options.get("mode", "implicit"), "ttl": options.get("ttl", "30m")},
        "reasoning": {"effort": (body.get("reasoning") or {}).get("effort") or "medium", "summary": None},
        "store": body.get("store", True),
        "tool_choice": body.get("tool_choice", "auto"),
        "tools": body.get("tools") or [],
        "usage": usage(said) if over else None,
        "metadata": {},
    }


def _reasoning(said: Said) -> dict[str, Any]:
    return {"id": f"rs_{said.id}", "type": "reasoning", "summary": []}


def _part(text: str) -> dict[str, Any]:
    return {"type": "output_text", "text": text, "annotations": [], "logprobs": []}


def _message(said: Said, status: str, content: list[dict[str, Any]]) -> dict[str, Any]:
    return {"id": f"msg_{said.id}", "type": "message", "role": "assistant", "status": status, "content": content}


def _status(said: Said) -> str:
    return "incomplete" if said.stop in REASONS else "completed"


def _output(said: Said) -> list[dict[str, Any]]:
    output = [_reasoning(said)] if said.thinking else []
    if said.text:
        output.append(_message(said, _status(said), [_part(said.text)]))
    return output


def whole(said: Said) -> dict[str, Any]:
    """Return a response."""
    return _response(said, _status(said), _output(said))


def failed(said: Said, error: dict[str, Any]) -> Event:
    """Return the event of a response that failed in the middle."""
    response = {**_response(said, "failed", []), "incomplete_details": None, "usage": None}
    response["error"] = {"code": error["code"], "message": error["message"]}
    return named("response.failed", {"response": response, "sequence_number": 99})


def events(said: Said) -> Iterator[Event]:
    """Return the events of a response, numbered."""
    for number, (kind, data, characters, tokens) in enumerate(_events(said)):
        yield named(kind, {**data, "sequence_number": number}, characters=characters, tokens=tokens)


Numbered = tuple[str, dict[str, Any], int, float]


def _events(said: Said) -> Iterator[Numbered]:
    yield "response.created", {"response": _response(said, "in_progress", [])}, 0, 0
    yield "response.in_progress", {"response": _response(said, "in_progress", [])}, 0, 0
    if said.thinking:
        item = {"output_index": 0, "item": _reasoning(said)}
        yield "response.output_item.added", item, 0, 0
        yield "response.output_item.done", item, 0, said.reasoning
    if said.text:
        yield from _text(said, 1 if said.thinking else 0)
    yield f"response.{_status(said)}", {"response": whole(said)}, 0, 0


def _text(said: Said, index: int) -> Iterator[Numbered]:
    place: dict[str, Any] = {"item_id": f"msg_{said.id}", "output_index": index, "content_index": 0}
    yield "response.output_item.added", {"output_index": index, "item": _message(said, "in_progress", [])}, 0, 0
    yield "response.content_part.added", {**place, "part": _part("")}, 0, 0
    for piece in said.pieces:
        yield "response.output_text.delta", {**place, "delta": piece, "logprobs": []}, len(piece), count(piece)
    yield "response.output_text.done", {**place, "text": said.text, "logprobs": []}, 0, 0
    yield "response.content_part.done", {**place, "part": _part(said.text)}, 0, 0
    done = _message(said, _status(said), [_part(said.text)])
    yield "response.output_item.done", {"output_index": index, "item": done}, 0, 0
