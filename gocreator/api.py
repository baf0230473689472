"""gocreator for programs: the same plan, findings and builds as on the command line, as values.

import gocreator

plan = gocreator.make_plan("path/to/project")
stale = [finding for finding in gocreator.check("path/to/project") if finding.work]
report = gocreator.build("path/to/project", targets=["entity:Order"], on_event=print)

Where the command line ends with an exit code because nothing could be done, a `gocreator.errors.GocreatorError` with
that `exit_code` is raised. What happens to single targets is no exception: the report says it, and its `exit_code`.
"""

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gocreator.config.load import Settings, load_settings
from gocreator.engine.build import BuildOptions
from gocreator.engine.build import build as run_build
from gocreator.engine.dodo import DodoTasks, as_dodo_errors
from gocreator.engine.gate import Gate
from gocreator.engine.models import models_of
from gocreator.engine.session import Request, Session, request_of
from gocreator.fcs.load import load_fcs as load
from gocreator.fcs.model import Fcs
from gocreator.golang.verify import VerifyOptions
from gocreator.observe.eventlog import EventLog
from gocreator.observe.events import Bus, Event, Level, Subscriber, Warned
from gocreator.observe.log import Log
from gocreator.observe.page import page
from gocreator.observe.report import Report, RunReport
from gocreator.observe.reportfile import new_run, write_report
from gocreator.observe.tally import Tally
from gocreator.plan.staleness import Finding
from gocreator.plan.target import Plan, Target
from gocreator.store.bytecode import kept_for_user
from gocreator.values import Status

__all__ = [
    "Fcs",
    "Finding",
    "Plan",
    "RunReport",
    "Status",
    "Target",
    "build",
    "check",
    "doit_tasks",
    "load_fcs",
    "make_plan",
]

StrPath = str | os.PathLike[str]


def load_fcs(path: StrPath) -> Fcs:
    """Read a specification into its canonical form; raise `FcsError` with all problems."""
    return load(Path(path)).fcs


def make_plan(project: StrPath = ".", *, fcs: StrPath | None = None, output: StrPath | None = None) -> Plan:
    """Return the plan of a project; nothing is written."""
    return Session(_request(project, fcs, output)[0]).plan


def check(project: StrPath = ".", *, fcs: StrPath | None = None, output: StrPath | None = None) -> list[Finding]:
    """Return what each target of a project is; nothing is written."""
    return Session(_request(project, fcs, output)[0]).findings()


def build(  # noqa: PLR0913  # all but the first have names, and defaults
    project: StrPath = ".",
    *,
    fcs: StrPath | None = None,
    output: StrPath | None = None,
    targets: Sequence[str] = (),
    force: bool = False,
    upgrade: bool = False,
    fail_fast: bool = False,
    verify: bool = True,
    yes: bool = False,
    on_event: Subscriber | None = None,
) -> RunReport:
    """Build a project and return the report of the run, whose `exit_code` is 0 if all went well.

    Without `yes`, or a setting that says so, a build that would take more tokens than `limits.confirm_tokens` raises
    `Refused`.

    `on_event` is told what happens while it happens (see `gocreator.events`). What it raises does not disturb the
    build: it is not called again, and its exception is raised when the build is over. KeyboardInterrupt stops a build.
    """
    request, settings = _request(project, fcs, output)
    run, started_at = new_run()
    models = models_of(settings, request.workspace)
    options = BuildOptions(
        run=run,
        targets=targets,
        workers=settings.tasks,
        force=force,
        upgrade=upgrade,
        fail_fast=fail_fast,
        verify=verify,
        verifying=VerifyOptions(**settings.verifying),
        repairs=settings.repairs,
        api_changes=settings.api_changes,
        models=models,
        gate=Gate(models.budget.limits, None if yes else settings.unasked),
    )
    listener = None if on_event is None else _Careful(on_event)
    report = _build(request, settings, options, started_at, *(() if listener is None else (listener,)))
    if listener is not None and listener.raised is not None:
        raise listener.raised
    return report


def doit_tasks(
    project: StrPath = ".", *, fcs: StrPath | None = None, output: StrPath | None = None, verify: bool = True
) -> Iterator[dict[str, Any]]:
    """Yield a project's tasks for a dodo.py, with which plain doit makes the same tree as `gocreator build`."""
    with as_dodo_errors():
        request, settings = _request(project, fcs, output)
        log = Log(sys.stderr, Level(settings.log_level), settings.log_format)
        verifying = VerifyOptions(**settings.verifying)

        def finish() -> int:
            run, started_at = new_run()
            models = models_of(settings, request.workspace)
            options = BuildOptions(
                run=run,
                workers=settings.tasks,
                verify=verify,
                verifying=verifying,
                repairs=settings.repairs,
                api_changes=settings.api_changes,
                models=models,
                gate=Gate(models.budget.limits, settings.unasked),
            )
            return _build(request, settings, options, started_at, log)["exit_code"]

        tasks = DodoTasks(Session(request), finish=finish, verifying=verifying if verify else None)
        yield from tasks.tasks()


@dataclass
class _Careful:
    """A subscriber that keeps what another one raises, which would end a build halfway."""

    subscriber: Subscriber
    raised: Exception | None = None

    def __call__(self, event: Event) -> None:
        if self.raised is None:
            try:
                self.subscriber(event)
            except Exception as error:  # noqa: BLE001  # it is raised when the build is over
                self.raised = error


def _build(
    request: Request, settings: Settings, options: BuildOptions, started_at: str, *listeners: Subscriber
) -> RunReport:
    report = Report(options.run, started_at, Tally())
    events = EventLog(request.workspace.log, options.run)
    bus = Bus(report, events, *listeners)
    for warning in settings.warnings:
        bus.emit(Warned(message=str(warning)))
    with closing(events):
        run_build(request, options, bus)
    document = report.document()
    write_report(document, page(document, kept_for_user()), str(request.workspace.reports))
    return document


def _request(project: StrPath, fcs: StrPath | None, output: StrPath | None) -> tuple[Request, Settings]:
    root = Path.cwd() / project
    flags = {} if output is None else {"workflow.root_dir": str(output)}
    home = Path(os.environ["HOME"]) if os.environ.get("HOME") else None
    settings = load_settings(root, config_file=None, flags=flags, env=os.environ, home=home)
    return request_of(settings, root, None if fcs is None else Path(fcs)), settings
