"""Where a request is decided: who asks, what for, what goes wrong, what it costs, what is answered."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from tests.emulator.answers import Draft, draft
from tests.emulator.apis import GENERATING, Operation
from tests.emulator.caching import Plan, Store
from tests.emulator.delivery import Reply
from tests.emulator.errors import Dialect, Refused, body_of, unknown
from tests.emulator.faults import (
    Break,
    Cut,
    ErrorEvent,
    Fault,
    Hang,
    Raw,
    Refuse,
    Script,
    Spoil,
    Status,
    Truncate,
    first,
)
from tests.emulator.limits import Limiter
from tests.emulator.lookups import LOOKUPS
from tests.emulator.prompts import Prompt
from tests.emulator.records import Call, Records
from tests.emulator.routes import Route, find
from tests.emulator.saying import Event, Said, Stop, split
from tests.emulator.settings import Settings
from tests.emulator.tokens import clip, compact, count

MOST = 32 << 20
"""A larger body is refused by Anthropic."""


@dataclass(frozen=True)
class Decision:
    """What is sent, and what happens when it begins."""

    reply: Reply
    breaks: Break | None = None
    began: Callable[[], None] = lambda: None


class Desk:
    """Decides what each request gets."""

    def __init__(self, settings: Settings, script: Script, records: Records) -> None:
        self.settings = settings
        self.script = script
        self.records = records
        self.caches: dict[Dialect, Store] = {"anthropic": Store(), "openai": Store()}
        self.limiter = Limiter(settings.limits)

    def decide(self, call: Call, body: bytes) -> Decision:
        """Decide what a request gets."""
        route = find(call.method, call.path)
        dialect = route.dialect if route else _dialect(call)
        call.request_id = f"req_{call.number:024d}"
        try:
            return self._routed(call, route, body)
        except Refused as refused:
            return self._refusal(call, dialect, refused)

    def _routed(self, call: Call, route: Route | None, raw: bytes) -> Decision:
        if route is None or call.path.partition("?")[0] in self.settings.lacks:
            raise Refused(404, f"Not found: {call.method} {call.path}", code="not_found")
        call.operation = route.operation
        self._authenticate(call, route.dialect)
        if route.operation == "models":
            return self._plain(call, route.dialect, LOOKUPS["models"]({"model": route.argument}))
        if route.dialect == "anthropic" and len(raw) > MOST:
            raise Refused(413, "Request exceeds the maximum size")
        call.body = body = _parsed(raw, route.dialect)
        call.model = str(body.get("model", ""))
        if route.dialect == "anthropic" and "anthropic-version" not in call.headers:
            raise Refused(400, "anthropic-version: header is required")
        for name in self.settings.refuses:
            if _mentions(body, name):
                raise unknown(name, route.dialect)
        if route.operation in LOOKUPS:
            return self._plain(call, route.dialect, LOOKUPS[route.operation](body))
        return self._generation(call, GENERATING[route.operation], body)

    def _authenticate(self, call: Call, dialect: Dialect) -> None:
        bearer = call.headers.get("authorization", "").removeprefix("Bearer ")
        call.key = bearer or call.headers.get("x-api-key", "")
        if not call.key or (self.settings.keys and call.key not in self.settings.keys):
            said = "invalid x-api-key" if dialect == "anthropic" else f"Incorrect API key provided: {call.key[:1]}***."
            raise Refused(401, said)

    def _generation(self, call: Call, operation: Operation, body: dict[str, Any]) -> Decision:
        self.records.generates(call)
        started = self.settings.clock.now()
        prompt = operation.read(body)
        call.wanted = prompt.wanted
        faults = self.script.pick(call)
        if status := first(faults, Status):
            raise _as_refused(status, operation.dialect)
        if raw := first(faults, Raw):
            headers = (("content-type", raw.content_type), *self._headers(call, operation.dialect))
            return Decision(Reply(raw.status, headers, [Event(raw.body)]), _break_of(faults))
        if (error := first(faults, ErrorEvent)) and not prompt.stream:
            raise Refused(error.code)
        plan = operation.plan(prompt, call.key, self.caches[operation.dialect], started)
        self.limiter.admit(operation.dialect, call.key, call.model, plan.bill, started)
        said = self._said(call, prompt, plan, faults)
        call.bill, call.usage, call.output, call.answer = plan.bill, operation.usage(said), said.output, said.text
        self.limiter.spend(operation.dialect, call.key, call.model, said.output, started)
        return Decision(self._reply(call, operation, said, faults), _break_of(faults), plan.commit)

    def _said(self, call: Call, prompt: Prompt, plan: Plan, faults: tuple[Fault, ...]) -> Said:
        limit = min([prompt.limit, *(fault.tokens for fault in faults if isinstance(fault, Truncate))])
        written = Draft([]) if prompt.prewarm else self._draft(prompt, faults)
        text, refuse = str(written), first(faults, Refuse)
        if refuse is not None:
            text = refuse.text
        thinking, stop = clip(written.thinking, limit), Stop.REFUSED if refuse else Stop.DONE
        text, marker = _up_to(text, prompt.stops)
        if marker:
            stop = Stop.MARKER
        whole, text = text, clip(text, limit - count(thinking))
        if text != whole or thinking != written.thinking or limit == 0:
            stop = Stop.LENGTH
        breaks = _break_of(faults)
        pieces = split(text, self.settings.piece, breaks.after if breaks else None)
        started = self.settings.clock.now()
        return Said(f"{call.number:020d}", prompt, thinking, text, stop, plan.bill, started, pieces, marker)

    def _draft(self, prompt: Prompt, faults: tuple[Fault, ...]) -> Draft:
        written = draft(prompt.wanted, self.settings.source, self.settings.otherwise)
        written.thinking = self.settings.thinking
        for fault in faults:
            if isinstance(fault, Spoil):
                fault.change(written)
        return written

    def _reply(self, call: Call, operation: Operation, said: Said, faults: tuple[Fault, ...]) -> Reply:
        uncached = said.bill.total - said.bill.read
        common = self._headers(call, operation.dialect)
        latency, error = self.settings.latency, first(faults, ErrorEvent)
        if not said.prompt.stream:
            headers = (("content-type", "application/json"), *common)
            before = latency.before(uncached=uncached)
            event = Event(compact(operation.whole(said)).encode(), tokens=said.output)
            return Reply(200, headers, [event], before=before + latency.during(said.output))
        headers = (("content-type", "text/event-stream; charset=utf-8"), ("cache-control", "no-cache"), *common)
        body = body_of(Refused(error.code), operation.dialect, call.request_id) if error else None
        event_of_error = operation.error_event(said, body, error) if error and body else None
        before = latency.before(uncached=uncached)
        return Reply(200, headers, list(operation.events(said)), streamed=True, before=before, error=event_of_error)

    def _headers(self, call: Call, dialect: Dialect) -> tuple[tuple[str, str], ...]:
        name = "request-id" if dialect == "anthropic" else "x-request-id"
        lines = self.limiter.headers(dialect, call.key, call.model, self.settings.clock.now()) if call.model else []
        more = [("openai-processing-ms", "1"), ("openai-version", "2020-10-01")] if dialect == "openai" else []
        return ((name, call.request_id), *lines, *more)

    def _plain(self, call: Call, dialect: Dialect, body: dict[str, Any], status: int = 200) -> Decision:
        headers = (("content-type", "application/json"), *self._headers(call, dialect))
        return Decision(Reply(status, headers, [Event(compact(body).encode())]))

    def _refusal(self, call: Call, dialect: Dialect, refused: Refused) -> Decision:
        decision = self._plain(call, dialect, body_of(refused, dialect, call.request_id), refused.status)
        reply = decision.reply
        return replace(decision, reply=replace(reply, headers=(*reply.headers, *refused.headers)))


def _dialect(call: Call) -> Dialect:
    return "anthropic" if "anthropic-version" in call.headers else "openai"


def _parsed(raw: bytes, dialect: Dialect) -> dict[str, Any]:
    try:
        body = json.loads(raw)
    except ValueError as error:
        code = "invalid_json" if dialect == "openai" else None
        raise Refused(400, f"The request body is not valid JSON: {error}", code=code) from error
    if not isinstance(body, dict):
        raise Refused(400, "The request body must be an object.")
    return body


def _mentions(value: Any, name: str) -> bool:
    """Tell whether a parameter stands anywhere in a request."""
    if isinstance(value, dict):
        return name in value or any(_mentions(inner, name) for inner in value.values())
    return isinstance(value, list) and any(_mentions(inner, name) for inner in value)


def _up_to(text: str, stops: tuple[str, ...]) -> tuple[str, str]:
    """Return a text up to the first of some markers, and which one it was."""
    places = [(text.find(stop), stop) for stop in stops if stop and stop in text]
    if not places:
        return text, ""
    place, stop = min(places)
    return text[:place], stop


def _break_of(faults: tuple[Fault, ...]) -> Break | None:
    return next((fault for fault in faults if isinstance(fault, Cut | Hang | ErrorEvent)), None)


def _as_refused(status: Status, dialect: Dialect) -> Refused:
    headers = list(status.headers)
    if status.retry_after is not None:
        headers.append(("retry-after", str(status.retry_after)))
    if not status.quota:
        return Refused(status.code, status.message, headers=tuple(headers))
    if dialect == "openai":
        said = "You exceeded your current quota, please check your plan and billing details."
        return Refused(429, status.message or said, code="insufficient_quota", kind="insufficient_quota")
    said = "This organization has reached its monthly spend limit."
    return Refused(429, status.message or said, headers=status.headers)
