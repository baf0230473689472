"""A run as one trace of OpenTelemetry: phases, targets, calls, attempts, Go's checks. Made at its end, from its events.

Imports the OpenTelemetry SDK, the extra `tracing`. Calls have the attributes of the semantic conventions for generative
AI (https://opentelemetry.io/docs/specs/semconv/gen-ai/).
"""

import logging
import os
import socket
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Span, SpanKind, Status, StatusCode, Tracer, set_span_in_context
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from gocreator import __version__
from gocreator.observe.callevents import AttemptFinished, AttemptStarted
from gocreator.observe.events import CallFinished, Event, RunFinished, RunStarted, TargetBuilt, VerifyFinished

_PATIENCE = 2.0
"""Seconds that the end of a run waits at most for a collector that answered before."""
_PROBE = 1.0
"""Seconds in which a collector must take a connection, while the run goes on."""

Attributes = Mapping[str, str | int | float | bool | tuple[str, ...]]


@dataclass
class Traces:
    """A subscriber that keeps what is worth a span, and sends the trace when the run is over.

    Whether anybody takes it is found out meanwhile; where nobody does, nobody waits.
    """

    run: str
    endpoint: str
    """The address of the collector, as the variables of the standard say; the SDK reads them itself."""
    _events: list[Event] = field(default_factory=list)
    _reachable: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        threading.Thread(target=self._probe, name="collector", daemon=True).start()

    def __call__(self, event: Event) -> None:
        """Keep an event; the last one sends the trace."""
        if isinstance(
            event,
            RunStarted | TargetBuilt | AttemptStarted | AttemptFinished | CallFinished | VerifyFinished | RunFinished,
        ):
            self._events.append(event)
        if isinstance(event, RunFinished) and self._reachable.is_set():
            sender = threading.Thread(target=self._send, args=(event,), name="traces", daemon=True)
            sender.start()
            sender.join(_PATIENCE)

    def _probe(self) -> None:
        try:
            where = urlsplit(self.endpoint)
            port = where.port or (443 if where.scheme == "https" else 80)
            socket.create_connection((where.hostname or "", port), _PROBE).close()
        except (OSError, ValueError):
            return
        self._reachable.set()

    def _send(self, end: RunFinished) -> None:
        # What goes wrong with a trace is nothing that the user of a build can do anything about.
        logging.getLogger("opentelemetry").setLevel(logging.CRITICAL)
        resource = Resource.create({"service.name": "gocreator", "service.version": __version__})
        provider = TracerProvider(resource=resource, shutdown_on_exit=False)
        provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(timeout=_PATIENCE), max_queue_size=100_000))
        _Tree(provider.get_tracer("gocreator", __version__), self.run, self._events, end).make()
        provider.shutdown()


@dataclass
class _Tree:
    """Makes the spans of a run; times are seconds since the epoch."""

    tracer: Tracer
    run: str
    events: list[Event]
    end: RunFinished

    def make(self) -> None:
        """Make all spans, parents first."""
        began = next((it for it in self.events if isinstance(it, RunStarted)), None)
        start = self.end.at - self.end.seconds
        outer = TraceContextTextMapPropagator().extract(
            {name.lower(): os.environ.get(name, "") for name in ("TRACEPARENT", "TRACESTATE")}
        )
        about: dict[str, str | int] = {"gocreator.run": self.run, "gocreator.exit_code": self.end.exit_code}
        if began:
            about |= {"gocreator.fcs": began.fcs, "gocreator.output": began.output, "gocreator.targets": began.targets}
        name = f"gocreator {began.command if began else 'build'}"
        root = self.tracer.start_span(name, outer, attributes=about, start_time=_ns(start))
        if self.end.exit_code:
            root.set_status(Status(StatusCode.ERROR, f"exit code {self.end.exit_code}"))
        inside = set_span_in_context(root)
        phases = self._phases(inside)
        self._calls(inside, phases)
        self._checks(inside)
        root.end(_ns(self.end.at))

    def _phases(self, inside: Context) -> dict[str, Context]:
        """Make a span for each phase and each of its targets; return the phase of each file."""
        found: dict[str, list[TargetBuilt]] = {}
        for event in self.events:
            if isinstance(event, TargetBuilt):
                found.setdefault(event.phase, []).append(event)
        of: dict[str, Context] = {}
        for phase, its in found.items():
            start, end = min(it.at - it.seconds for it in its), max(it.at for it in its)
            span = self._span(f"phase {phase}", inside, start, end, {"gocreator.files": len(its)})
            beside = set_span_in_context(span)
            for it in its:
                about: Attributes = {
                    "gocreator.target": it.path,
                    "gocreator.rule": it.rule,
                    "gocreator.origin": it.origin,
                    "gocreator.reasons": it.reasons,
                }
                self._span(f"target {it.path}", beside, it.at - it.seconds, it.at, about)
                of[it.path] = beside
        return of

    def _calls(self, inside: Context, phases: Mapping[str, Context]) -> None:
        sent: dict[str, list[AttemptStarted]] = {}
        ended = {(it.call, it.attempt): it for it in self.events if isinstance(it, AttemptFinished)}
        for event in self.events:
            if isinstance(event, AttemptStarted):
                sent.setdefault(event.call, []).append(event)
            elif isinstance(event, CallFinished):
                parent = phases.get(event.paths[0], inside) if event.paths else inside
                span = self._call(event, parent)
                for attempt in sent.pop(event.call, ()):
                    finished = ended.get((attempt.call, attempt.attempt))
                    self._attempt(attempt, finished, set_span_in_context(span))

    def _call(self, event: CallFinished, parent: Context) -> Span:
        counts = {
            "gen_ai.usage.input_tokens": _added(event.uncached, event.cache_read, event.cache_write),
            "gen_ai.usage.output_tokens": event.output,
            "gen_ai.usage.cache_read.input_tokens": event.cache_read,
            "gen_ai.usage.cache_creation.input_tokens": event.cache_write,
            "gen_ai.response.time_to_first_chunk": event.ttft,
            "gocreator.cost_usd": event.cost,
        }
        about: Attributes = {
            "gen_ai.operation.name": "chat",
            "gen_ai.provider.name": event.provider,
            "gen_ai.request.model": event.model,
            "gen_ai.response.finish_reasons": (event.stop,),
            "gocreator.call": event.call,
            "gocreator.purpose": event.purpose,
            "gocreator.targets": event.paths,
            **{name: value for name, value in counts.items() if value is not None},
        }
        return self._span(
            f"chat {event.model}",
            parent,
            event.at - event.seconds,
            event.at,
            about,
            failure=event.failure,
            kind=SpanKind.CLIENT,
        )

    def _attempt(self, sent: AttemptStarted, ended: AttemptFinished | None, parent: Context) -> None:
        about: dict[str, str | int] = {"gocreator.call": sent.call, "gocreator.attempt": sent.attempt}
        if ended and ended.status:
            about["http.response.status_code"] = ended.status
        if ended and ended.request_id:
            about["gen_ai.response.id"] = ended.request_id
        end = ended.at if ended else self.end.at
        self._span(f"attempt {sent.attempt}", parent, sent.at, end, about, failure=ended.failure if ended else "")

    def _checks(self, inside: Context) -> None:
        for event in self.events:
            if isinstance(event, VerifyFinished) and not event.reused:
                at = event.at - event.seconds
                failure = "" if event.ok else "Go does not accept the tree"
                span = self._span("verify", inside, at, event.at, {}, failure=failure)
                for check in event.checks:
                    if seconds := check.get("seconds"):
                        failure = str(check["summary"]) if check["status"] == "failed" else ""
                        name, about = f"go {check['name']}", {"gocreator.check.status": str(check["status"])}
                        self._span(name, set_span_in_context(span), at, at + seconds, about, failure=failure)
                        at += seconds

    def _span(  # noqa: PLR0913 - all of a span
        self,
        name: str,
        parent: Context,
        start: float,
        end: float,
        attributes: Attributes,
        *,
        failure: str = "",
        kind: SpanKind = SpanKind.INTERNAL,
    ) -> Span:
        span = self.tracer.start_span(name, parent, kind, attributes, start_time=_ns(start))
        if failure:
            span.set_status(Status(StatusCode.ERROR, failure))
        span.end(_ns(max(start, end)))
        return span


def _added(*counts: int | None) -> int | None:
    known = [it for it in counts if it is not None]
    return sum(known) if known else None


def _ns(seconds: float) -> int:
    return int(seconds * 1e9)
