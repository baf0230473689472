"""Requests of Anthropic's API: what is refused, and what a request comes down to."""

from collections.abc import Iterator
from typing import Any

from tests.emulator import models
from tests.emulator.anthropic_cache import LONG, SHORT
from tests.emulator.errors import Refused, invalid, missing, unknown
from tests.emulator.prompts import Piece, Prompt, wanted_in
from tests.emulator.tokens import compact, text_of

COUNTED = frozenset(
    """cache_control messages model output_config speed system thinking tool_choice tools user_profile_id
    workspace_id""".split()
)
KNOWN = COUNTED | frozenset(
    "container diagnostics inference_geo max_tokens metadata service_tier stop_sequences stream".split()
)
EFFORTS = {"low", "medium", "high", "xhigh", "max"}
UNMARKABLE = {"thinking", "redacted_thinking"}


def read(body: dict[str, Any]) -> Prompt:
    """Check a request for a message."""
    _check_names(body, KNOWN)
    _check_model(body)
    _check_messages(body)
    _check_output(body)
    _check_thinking(body)
    return prompt_of(body)


def read_counted(body: dict[str, Any]) -> Prompt:
    """Check a request for a count."""
    _check_names(body, COUNTED)
    _check_model(body)
    _check_messages(body)
    return prompt_of({**body, "max_tokens": 0})


def _check_names(body: dict[str, Any], known: frozenset[str]) -> None:
    for name in body:
        if name not in known:
            raise unknown(name, "anthropic")
    required = ("model", "messages", *(["max_tokens"] if "max_tokens" in known else []))
    for name in required:
        if name not in body:
            raise missing(name, "anthropic")


def _check_model(body: dict[str, Any]) -> None:
    model = body["model"]
    if model not in models.ANTHROPIC_MINIMUM:
        raise Refused(404, f"model: {model}")
    forced = (body.get("tool_choice") or {}).get("type") in {"any", "tool"}
    if forced and (model in models.NO_FORCED_TOOLS or body.get("max_tokens") == 0):
        raise Refused(400, "tool_choice: forced tool use is not supported")


def _check_messages(body: dict[str, Any]) -> None:
    messages = body["messages"]
    if not isinstance(messages, list) or not messages:
        raise Refused(400, "messages: at least one message is required")
    for index, message in enumerate(messages):
        if message.get("role") not in {"user", "assistant", "system"}:
            raise invalid(f"messages.{index}.role", message.get("role"), "anthropic")
        if not message.get("content"):
            raise Refused(400, f"messages.{index}: content must be non-empty")
        if extra := message.keys() - {"role", "content"}:
            raise unknown(f"messages.{index}.{min(extra)}", "anthropic")
    if messages[0]["role"] == "system":
        raise Refused(400, "messages.0.role: a system message must not come first")
    if messages[-1]["role"] == "assistant" and body["model"] not in models.PREFILL:
        said = "This model does not support assistant message prefill. The conversation must end with a user message."
        raise Refused(400, said)


def _check_output(body: dict[str, Any]) -> None:
    limit = body["max_tokens"]
    if not isinstance(limit, int) or limit < 0:
        raise Refused(400, "max_tokens: Input should be greater than or equal to 0")
    if limit > models.ANTHROPIC_OUTPUT:
        raise Refused(400, f"max_tokens: {limit} > {models.ANTHROPIC_OUTPUT}, which is the maximum for {body['model']}")
    config = body.get("output_config") or {}
    if config.get("effort") not in {None, *EFFORTS}:
        raise invalid("output_config.effort", config["effort"], "anthropic")
    thinking = (body.get("thinking") or {}).get("type")
    if limit == 0 and (body.get("stream") or config.get("format") or thinking == "enabled"):
        raise Refused(400, "max_tokens: 0 cannot be combined with stream, output_config.format or extended thinking")


def _check_thinking(body: dict[str, Any]) -> None:
    kind = (body.get("thinking") or {}).get("type", "adaptive")
    if kind not in {"adaptive", "between_tools", "disabled", "enabled"}:
        raise invalid("thinking.type", kind, "anthropic")
    if kind == "disabled" and models.always_thinks(body["model"]):
        raise Refused(400, f"thinking.type: `disabled` is not supported by {body['model']}")


def prompt_of(body: dict[str, Any]) -> Prompt:
    """Say what a request comes down to."""
    raw = [*_tools(body), *_system(body), *_messages(body)]
    _check_marks(raw)
    pieces = _automatic(body, [_piece(kind, block) for kind, block in raw])
    last = body["messages"][-1]
    texts = [text_of(block) for block in _blocks(last["content"])] if last["role"] == "user" else []
    prompt = Prompt(
        model=body["model"],
        seed=_seed(body),
        pieces=tuple(pieces),
        wanted=wanted_in(texts),
        limit=body["max_tokens"],
        stream=bool(body.get("stream")),
        prewarm=body["max_tokens"] == 0,
        stops=tuple(body.get("stop_sequences") or ()),
        body=body,
    )
    size, most = prompt.totals[-1], models.ANTHROPIC_CONTEXT.get(prompt.model, models.CONTEXT)
    if size > most:
        raise Refused(400, f"prompt is too long: {size} tokens > {most} maximum")
    return prompt


def _seed(body: dict[str, Any]) -> str:
    """Return what changes the whole prefix; the default effort is the same as none."""
    config = body.get("output_config") or {}
    default = models.DEFAULT_EFFORT.get(body["model"], "high")
    return compact([config.get("effort") or default, body.get("thinking"), config.get("format")])


def _blocks(content: Any) -> list[dict[str, Any]]:
    return [{"type": "text", "text": content}] if isinstance(content, str) else list(content)


def _tools(body: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for index, tool in enumerate(body.get("tools") or []):
        yield f"tools.{index}", tool


def _system(body: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for index, block in enumerate(_blocks(body.get("system") or [])):
        yield f"system.{index} {compact(body.get('speed'))}", block


def _messages(body: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    choice = compact(body.get("tool_choice"))
    for index, message in enumerate(body["messages"]):
        for place, block in enumerate(_blocks(message["content"])):
            yield f"messages.{index}.content.{place} {message['role']} {choice}", block


def _piece(kind: str, block: dict[str, Any]) -> Piece:
    where = kind.partition(" ")[0]
    text = text_of(block)
    if block.get("type") == "text" and not text:
        raise Refused(400, f"{where}: text content blocks must be non-empty")
    if block.get("type") == "text" and text.isspace():
        raise Refused(400, f"{where}: text content blocks must contain non-whitespace text")
    mark = block.get("cache_control")
    if mark and block.get("type") in UNMARKABLE:
        raise unknown(f"{where}.cache_control", "anthropic")
    return Piece(text, f"{kind} {block.get('type')}", _ttl(mark, where))


def _ttl(mark: Any, where: str) -> int | None:
    if mark is None:
        return None
    if mark.get("type") != "ephemeral" or mark.get("ttl", "5m") not in {"5m", "1h"} or mark.keys() - {"type", "ttl"}:
        raise invalid(f"{where}.cache_control", mark, "anthropic")
    return LONG if mark.get("ttl") == "1h" else SHORT


def _check_marks(raw: list[tuple[str, dict[str, Any]]]) -> None:
    marks = [(kind.partition(" ")[0], block["cache_control"]) for kind, block in raw if block.get("cache_control")]
    if len(marks) > 4:
        raise Refused(400, f"A maximum of 4 blocks with cache_control may be provided. Found {len(marks)}.")
    short = False
    for where, mark in marks:
        if mark.get("ttl") == "1h" and short:
            said = "a ttl='1h' cache_control block must not come after a ttl='5m' cache_control block"
            raise Refused(400, f"{where}.cache_control.ttl: {said}")
        short = short or mark.get("ttl", "5m") == "5m"


def _automatic(body: dict[str, Any], pieces: list[Piece]) -> list[Piece]:
    """Put the mark that the whole request asks for on the last block that can carry one."""
    ttl = _ttl(body.get("cache_control"), "body")
    place = next((at for at in reversed(range(len(pieces))) if "thinking" not in pieces[at].kind.split()), None)
    if ttl is None or place is None:
        return pieces
    marked = [piece for piece in pieces if piece.ttl]
    last = pieces[place]
    if last.ttl not in {None, ttl}:
        raise Refused(400, "cache_control: the last block is marked with another ttl")
    if last.ttl is None and len(marked) >= 4:
        raise Refused(400, f"A maximum of 4 blocks with cache_control may be provided. Found {len(marked) + 1}.")
    if ttl == LONG and any(piece.ttl == SHORT for piece in marked):
        raise Refused(400, "cache_control.ttl: a ttl='1h' cache_control block must not come after a ttl='5m' one")
    return [*pieces[:place], Piece(last.text, last.kind, ttl), *pieces[place + 1 :]]
