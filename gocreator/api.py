"""gocreator for programs: the same plan, findings and builds as on the command line, as values.

import gocreator

plan = gocreator.make_plan("path/to/project")
stale = [finding for finding in gocreator.check("path/to/project") if finding.work]
report = gocreator.build("path/to/project", targets=["entity:Order"])
"""

import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from gocreator.config.load import Settings, load_settings
from gocreator.engine.build import BuildOptions
from gocreator.engine.build import build as run_build
from gocreator.engine.dodo import DodoTasks, as_dodo_errors
from gocreator.engine.session import Request, Session, request_of
from gocreator.fcs.load import load_fcs as load
from gocreator.fcs.model import Fcs
from gocreator.golang.verify import VerifyOptions
from gocreator.observe.events import Bus, Level, Subscriber
from gocreator.observe.log import Log
from gocreator.observe.report import Report
from gocreator.observe.reportfile import new_run, write_report
from gocreator.observe.tally import Tally
from gocreator.plan.staleness import Finding
from gocreator.plan.target import Plan

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


def build(
    project: StrPath = ".",
    *,
    fcs: StrPath | None = None,
    output: StrPath | None = None,
    targets: Sequence[str] = (),
    verify: bool = True,
) -> dict[str, Any]:
    """Build a project and return the report of the run, whose `exit_code` is 0 if all went well."""
    return _build(*_request(project, fcs, output), targets=targets, verify=verify)


def doit_tasks(
    project: StrPath = ".", *, fcs: StrPath | None = None, output: StrPath | None = None, verify: bool = True
) -> Iterator[dict[str, Any]]:
    """Yield a project's tasks for a dodo.py, with which plain doit makes the same tree as `gocreator build`."""
    with as_dodo_errors():
        request, settings = _request(project, fcs, output)
        log = Log(sys.stderr, Level(settings.log_level), settings.log_format)
        tasks = DodoTasks(
            Session(request),
            finish=lambda: int(_build(request, settings, log, verify=verify)["exit_code"]),
            verifying=VerifyOptions(**settings.verifying) if verify else None,
        )
        yield from tasks.tasks()


def _build(
    request: Request, settings: Settings, *listeners: Subscriber, targets: Sequence[str] = (), verify: bool = True
) -> dict[str, Any]:
    run, started_at = new_run()
    report = Report(run, started_at, Tally())
    options = BuildOptions(
        run=run, targets=targets, workers=settings.tasks, verify=verify, verifying=VerifyOptions(**settings.verifying)
    )
    run_build(request, options, Bus(report, *listeners))
    document = report.document()
    write_report(document, str(request.workspace.reports))
    return document


def _request(project: StrPath, fcs: StrPath | None, output: StrPath | None) -> tuple[Request, Settings]:
    root = Path.cwd() / project
    flags = {} if output is None else {"workflow.root_dir": str(output)}
    home = Path(os.environ["HOME"]) if os.environ.get("HOME") else None
    settings = load_settings(root, config_file=None, flags=flags, env=os.environ, home=home)
    return request_of(settings, root, None if fcs is None else Path(fcs)), settings
