"""Figures of a run for Prometheus: while it runs, over HTTP on loopback; after it, as a text file.

Imports prometheus_client, the extra `metrics`.
"""

from collections import Counter as Counter_
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, start_http_server, write_to_textfile

from gocreator.errors import Code, Failed
from gocreator.observe.callevents import AttemptFinished, AttemptStarted
from gocreator.observe.events import (
    ArtifactReused,
    CallFinished,
    CallWaiting,
    Event,
    RepairFinished,
    RunFinished,
    RunStarted,
    VerifyFinished,
    VerifySkipped,
)
from gocreator.observe.tally import COUNTED

_ASKED = ("provider", "model")
_SECONDS = (0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30, 60, 120, 300)


class Metrics:
    """A subscriber that counts; the names of what it counts begin with `gocreator_`."""

    def __init__(self) -> None:
        self.registry = registry = CollectorRegistry()
        self._targets = Counter("gocreator_targets", "Targets, by what came of them.", ["result"], registry=registry)
        self._work = Gauge("gocreator_targets_planned", "Targets that are to be made.", registry=registry)
        self._calls = Counter(
            "gocreator_calls", "Calls of models that ended.", [*_ASKED, "purpose", "stop"], registry=registry
        )
        self._attempts = Counter(
            "gocreator_attempts", "Requests that were sent.", [*_ASKED, "status"], registry=registry
        )
        self._flights = Gauge("gocreator_calls_in_flight", "Requests under way.", _ASKED, registry=registry)
        self._tokens = Counter("gocreator_tokens", "Tokens, by kind.", [*_ASKED, "kind"], registry=registry)
        self._cost = Counter("gocreator_cost_usd", "Dollars, as far as prices are known.", _ASKED, registry=registry)
        self._saved = Gauge(
            "gocreator_saved_by_cache_usd", "Dollars that the provider's cache saved.", _ASKED, registry=registry
        )
        self._hits = Gauge(
            "gocreator_cache_hit_ratio", "Part of all input read from the provider's cache.", _ASKED, registry=registry
        )
        self._input: Counter_[tuple[str, ...]] = Counter_()
        self._read: Counter_[tuple[str, ...]] = Counter_()
        self._seconds = Histogram(
            "gocreator_call_duration_seconds", "How long calls took.", _ASKED, buckets=_SECONDS, registry=registry
        )
        self._ttft = Histogram(
            "gocreator_ttft_seconds", "Until the first text of an answer.", _ASKED, buckets=_SECONDS, registry=registry
        )
        self._waited = Counter("gocreator_waited_seconds", "Waits before calls.", ["provider"], registry=registry)
        self._reused = Counter("gocreator_artifacts_reused", "Files out of the store.", registry=registry)
        self._repairs = Counter("gocreator_repairs", "Repairs that ended.", ["fixed"], registry=registry)
        self._verified = Gauge("gocreator_verify", "1 at what Go says of the tree.", ["status"], registry=registry)
        self._took = Gauge("gocreator_run_duration_seconds", "How long the run took.", registry=registry)
        self._code = Gauge("gocreator_run_exit_code", "How the run ended.", registry=registry)
        self._at = Gauge("gocreator_run_end_timestamp_seconds", "When the run ended.", registry=registry)
        self._open: dict[str, tuple[str, str]] = {}

    def __call__(self, event: Event) -> None:
        """Count an event."""
        if result := COUNTED.get(type(event)):
            self._targets.labels(result).inc()
        match event:
            case RunStarted():
                self._work.set(event.work)
            case AttemptStarted():
                self._open[event.call] = event.provider, event.model
                self._flights.labels(event.provider, event.model).inc()
            case AttemptFinished():
                asked = self._open.pop(event.call, ("", ""))
                self._flights.labels(*asked).dec()
                self._attempts.labels(*asked, str(event.status or ("broken" if event.failure else "ok"))).inc()
            case CallFinished():
                self._called(event)
            case CallWaiting():
                self._waited.labels(event.provider).inc(event.seconds)
            case ArtifactReused():
                self._reused.inc()
            case RepairFinished():
                self._repairs.labels(str(event.fixed).lower()).inc()
            case VerifyFinished():
                self._verified.clear()
                self._verified.labels("passed" if event.ok else "failed").set(1)
            case VerifySkipped():
                self._verified.labels("skipped").set(1)
            case RunFinished():
                self._took.set(event.seconds)
                self._code.set(event.exit_code)
                self._at.set(event.at)
            case _:
                pass

    def _called(self, event: CallFinished) -> None:
        asked = event.provider, event.model
        self._calls.labels(*asked, event.purpose, event.stop).inc()
        self._seconds.labels(*asked).observe(event.seconds)
        if event.ttft is not None:
            self._ttft.labels(*asked).observe(event.ttft)
        for kind in ("uncached", "cache_read", "cache_write", "output"):
            self._tokens.labels(*asked, kind).inc(getattr(event, kind) or 0)
        self._read[asked] += event.cache_read or 0
        self._input[asked] += sum(it or 0 for it in (event.uncached, event.cache_read, event.cache_write))
        if self._input[asked]:
            self._hits.labels(*asked).set(self._read[asked] / self._input[asked])
        self._cost.labels(*asked).inc(event.cost or 0.0)
        self._saved.labels(*asked).inc(event.saved or 0.0)


@contextmanager
def serving(metrics: Metrics, port: int) -> Iterator[str]:
    """Answer Prometheus on a port of loopback while something runs; give the address. 0: any port that is free."""
    try:
        server, thread = start_http_server(port, "127.0.0.1", metrics.registry)
    except OSError as error:
        message = f"--metrics-port {port}: {error.strerror or error}"
        raise Failed(message, hint="name a port that is free", code=Code.MACHINE) from error
    try:
        yield f"http://127.0.0.1:{server.server_port}/metrics"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def write(metrics: Metrics, place: Path) -> None:
    """Write all figures into a file, which is replaced as a whole (the textfile collector of the node exporter)."""
    place.parent.mkdir(parents=True, exist_ok=True)
    write_to_textfile(str(place), metrics.registry)
