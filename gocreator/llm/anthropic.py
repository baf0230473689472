"""Anthropic's Messages API. Sources: the SDK's types (2.12), platform.claude.com/docs (prompt caching, errors)."""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from gocreator.config.terms import Keep
from gocreator.llm.calling import SdkProvider, tell_limits
from gocreator.llm.faults import broken, malformed
from gocreator.llm.provider import Began, Block, Ended, Heard, Piece, Request, Stop, Text, Usage

_STOPS = {
    "end_turn": Stop.DONE,
    "stop_sequence": Stop.DONE,
    "max_tokens": Stop.LENGTH,
    "model_context_window_exceeded": Stop.LENGTH,
    "refusal": Stop.REFUSED,
}
_TTL = {Keep.SHORT: "5m", Keep.LONG: "1h"}


class Anthropic(SdkProvider):
    """Speaks with Anthropic, or with a server that speaks like it."""

    def _connected(self) -> tuple[Any, Any]:
        """Make the client; with a key given, the SDK looks for no other credentials, in files or elsewhere."""
        import anthropic  # noqa: PLC0415 - it costs a second or two

        from gocreator.llm.wire import limits, make_cancellable, timeouts  # noqa: PLC0415 - the SDK has imported httpx2

        endpoint = self.endpoint
        http = anthropic.DefaultHttpxClient(limits=limits(endpoint.connections), timeout=timeouts(endpoint.timeout))
        make_cancellable(http, self._over)
        client = anthropic.Anthropic(
            api_key=endpoint.key,
            base_url=endpoint.base_url or None,
            timeout=timeouts(endpoint.timeout),
            max_retries=0,
            open_telemetry=False,
            default_headers=dict.fromkeys(_own_headers() if endpoint.named else (), anthropic.Omit()),  # type: ignore[arg-type]
            http_client=http,
        )
        return anthropic, client

    def _pieces(self, client: Any, request: Request, heard: Heard) -> Iterator[Piece]:
        """Make the call."""
        with client.messages.create(**body_of(request), stream=True) as events:
            tell_limits(events.response, heard)
            request_id = str(events.response.headers.get("request-id") or "")
            answer = _Answer(request_id)
            yield from answer.pieces(events)
        model = request.rung.model
        if not answer.began:
            raise malformed(self.endpoint, model, "it holds no message", request_id)
        if not answer.ended:
            raise broken(self.endpoint, model, "the answer broke off", request_id)


def _own_headers() -> Iterator[str]:
    """Return the names of headers that the environment adds to all requests."""
    for line in os.environ.get("ANTHROPIC_CUSTOM_HEADERS", "").split("\n"):
        if ":" in line:
            yield line.partition(":")[0].strip()


def body_of(request: Request) -> dict[str, Any]:
    """Return a request as the API wants it, but for `stream`.

    No temperature (a 400 since version 2026-10-21), no prefill (a 400 since the 4.6 models), no tools.
    """
    body: dict[str, Any] = {
        "model": request.rung.model,
        "max_tokens": request.max_output,
        "messages": [{"role": turn.role, "content": _blocks(turn.blocks)} for turn in request.turns],
    }
    if system := _blocks(request.system):
        body["system"] = system
    if request.rung.effort:
        body["output_config"] = {"effort": request.rung.effort}
    return body


def _blocks(blocks: Iterable[Block]) -> list[dict[str, Any]]:
    """Write blocks; empty ones are refused by the API, and a mark on nothing is none."""
    return [
        {"type": "text", "text": block.text} | ({"cache_control": _mark(block.mark)} if block.mark else {})
        for block in blocks
        if block.text
    ]


def _mark(keep: Keep) -> dict[str, str]:
    """Write a mark."""
    return {"type": "ephemeral", "ttl": _TTL[keep]}


@dataclass
class _Answer:
    """An answer as it comes in."""

    request_id: str
    began: bool = False
    ended: bool = False
    stop: str = ""
    usage: Any = None
    """As the message's start has it; only there are writes told apart by how long they are kept."""
    final: Any = None
    """As the message's end has it: cumulative counters, some of which may be left out."""

    def pieces(self, events: Iterable[Any]) -> Iterator[Piece]:
        """Read the events to their end, so that the connection can be used again; thinking is passed over."""
        for event in events:
            match event.type:
                case "message_start":
                    self.began, self.usage = True, event.message.usage
                    yield Began()
                case "content_block_start" if event.content_block.type == "text" and event.content_block.text:
                    yield Text(event.content_block.text)
                case "content_block_delta" if event.delta.type == "text_delta" and event.delta.text:
                    yield Text(event.delta.text)
                case "message_delta":
                    self.stop = event.delta.stop_reason or self.stop
                    self.final = event.usage or self.final
                case "message_stop" if self.began:
                    self.ended = True
                    stop = _STOPS.get(self.stop, Stop.OTHER)
                    yield Ended(stop, usage_of(self.usage, self.final), self.request_id, self.stop)


def usage_of(start: Any, end: Any) -> Usage | None:
    """Put together what the two ends of a message counted; `input_tokens` are those after the last mark."""
    if start is None:
        return None
    written = _count(start, end, "cache_creation_input_tokens")
    long = getattr(getattr(start, "cache_creation", None), "ephemeral_1h_input_tokens", 0) or 0
    details = getattr(end, "output_tokens_details", None) or getattr(start, "output_tokens_details", None)
    return Usage(
        uncached=_count(start, end, "input_tokens"),
        cache_read=_count(start, end, "cache_read_input_tokens"),
        cache_write=max(written - long, 0),
        cache_write_long=min(long, written),
        output=_count(start, end, "output_tokens"),
        reasoning=getattr(details, "thinking_tokens", 0) or 0,
    )


def _count(start: Any, end: Any, name: str) -> int:
    """Return a counter, the later one if both are there."""
    last = getattr(end, name, None)
    return int(last if last is not None else getattr(start, name, None) or 0)
