"""Who listens to a run that may write: the display, the logs, the report."""

import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TextIO

from gocreator.cli.options import Invocation
from gocreator.errors import Code, Failed, WrongUsage
from gocreator.observe.eventlog import EventLog
from gocreator.observe.events import Bus, Level, MetricsServed, Warned
from gocreator.observe.failures import Failures
from gocreator.observe.live import Live
from gocreator.observe.log import Log
from gocreator.observe.progress import Progress
from gocreator.observe.report import Report
from gocreator.observe.reportfile import new_run, write_report
from gocreator.observe.tally import Tally
from gocreator.store.journal import Former


@dataclass(frozen=True)
class Observed:
    """A run that is listened to."""

    run: str
    """A name that no other run has, nor a former part of this one."""
    bus: Bus
    report: Report
    failures: Failures


_SHOWN: list[Live] = []
"""What shows the run that is at work."""


@contextmanager
def aside() -> Iterator[None]:
    """Let a question be asked on the terminal where a run may be shown."""
    with ExitStack() as paused:
        for live in _SHOWN:
            paused.enter_context(live.paused())
        yield


@contextmanager
def observing(call: Invocation, former: Former | None = None, *, as_json: bool = False) -> Iterator[Observed]:
    """Listen to a run, which may go on with a former one, and write its report when it ends, however it ends.

    With `as_json` events are lines of JSON on stdout, and nobody else says anything.
    """
    run, started_at = new_run()
    settings, tally = call.settings, Tally()
    report = Report(run, started_at, tally)
    if former is not None:
        report = Report(former.header.run, former.header.started_at, tally)
        report.resume(former.events, former.seconds, former.exit_code)
    with ExitStack() as open_files:
        failures = Failures()
        bus = Bus(report, failures)
        if as_json:
            bus.subscribe(Log(sys.stdout, Level.DEBUG, "json"))
        else:
            _tell(call, bus, open_files)
        events = EventLog(call.request.workspace.log, run)
        open_files.callback(events.close)
        bus.subscribe(events)
        if settings.execution_log is not None:
            bus.subscribe(Log(_opened(settings.execution_log, open_files), Level.DEBUG, "json"))
        open_files.enter_context(_measured(call, bus))
        _trace(run, bus)
        for warning in settings.warnings:
            bus.emit(Warned(message=str(warning)))
        try:
            yield Observed(run, bus, report, failures)
        except BaseException:
            # What ended the run must be told, not that its report could not be written either.
            with suppress(OSError):
                _write(call, report)
            raise
        _write(call, report)


def _tell(call: Invocation, bus: Bus, open_files: ExitStack) -> None:
    """Let people know what happens: by the log, and by what shows the run meanwhile, where that is wanted."""
    settings = call.settings
    stream: TextIO | Live = _stream(settings.log_output, open_files)
    wanted = settings.log_format == "console" and settings.log_level in {"debug", "info"}
    if wanted and settings.log_output != "stdout":
        progress = Progress()
        bus.subscribe(progress)
        terminal = sys.stderr.isatty() and os.environ.get("TERM", "dumb") != "dumb"
        live = open_files.enter_context(Live(sys.stderr, progress, terminal=terminal))
        _SHOWN.append(live)
        open_files.callback(_SHOWN.remove, live)
        stream = live if stream is sys.stderr else stream
    bus.subscribe(Log(stream, Level(settings.log_level), settings.log_format))


@contextmanager
def _measured(call: Invocation, bus: Bus) -> Iterator[None]:
    """Count a run for Prometheus, if settings ask for that: what it takes is slow to import."""
    settings = call.settings
    if settings.metrics_file is None and settings.metrics_port is None:
        yield
        return
    if find_spec("prometheus_client") is None:
        raise Failed("figures for Prometheus take more than is installed", hint="pip install 'gocreator[metrics]'")
    from gocreator.observe.prometheus import Metrics, serving, write

    metrics = Metrics()
    bus.subscribe(metrics)
    try:
        with ExitStack() as served:
            if settings.metrics_port is not None:
                address = served.enter_context(serving(metrics, settings.metrics_port))
                bus.emit(MetricsServed(address=address))
            yield
    finally:
        if settings.metrics_file is not None:
            try:
                write(metrics, settings.metrics_file)
            except OSError as error:
                call.warn(f"metrics.file: {settings.metrics_file} cannot be written: {error.strerror or error}")


def _trace(run: str, bus: Bus) -> None:
    """Make a trace of a run, where the variables of OpenTelemetry ask for it."""
    names = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")
    endpoint = next(filter(None, map(os.environ.get, names)), "")
    if not endpoint or os.environ.get("OTEL_SDK_DISABLED", "").lower() == "true":
        return
    try:
        from gocreator.observe.traces import Traces
    except ImportError:
        bus.emit(Warned(message="a trace is wanted (OTEL_...): it takes `pip install 'gocreator[tracing]'`"))
        return
    bus.subscribe(Traces(run, endpoint))


def _write(call: Invocation, report: Report) -> None:
    if report.tally.run:
        from gocreator.observe.page import page
        from gocreator.store.bytecode import kept_for_user

        document = report.document()
        write_report(document, page(document, kept_for_user()), str(call.request.workspace.reports))


def _stream(output: str | Path, open_files: ExitStack) -> TextIO:
    if isinstance(output, Path):
        return _opened(output, open_files)
    return sys.stdout if output == "stdout" else sys.stderr


def _opened(path: Path, open_files: ExitStack) -> TextIO:
    if path.suffix in {".yaml", ".yml", ".json", ".md", ".lock", ".go"}:
        raise WrongUsage(f"{path.name} is no place for a log", hint="name a file such as build.log or build.jsonl")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return open_files.enter_context(path.open("a", encoding="utf-8"))
    except OSError as error:
        raise Failed(
            f"the log {path} cannot be written: {error.strerror}", hint="see `gocreator config`", code=Code.UNWRITABLE
        ) from error
