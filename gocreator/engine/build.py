"""A build: the plan's stale targets made, written and recorded, what left the plan removed, the tree judged."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from doit.control import TaskControl

from gocreator.engine import closing
from gocreator.engine.commit import Committer
from gocreator.engine.guard import only_build
from gocreator.engine.inputs import write_inputs
from gocreator.engine.judging import Judge
from gocreator.engine.names import CLEAN, VERIFY
from gocreator.engine.reporter import EventReporter
from gocreator.engine.runner import GroupRunner, Settling
from gocreator.engine.session import Request, Session
from gocreator.engine.steps import TemplateStep
from gocreator.engine.tasks import Records, checker_for, closing_tasks, target_task
from gocreator.errors import ExitCode, GocreatorError
from gocreator.golang.verify import VerifyOptions
from gocreator.observe.events import (
    Bus,
    Event,
    RunFinished,
    RunStarted,
    TargetFailed,
    TargetKept,
    VerifyFinished,
    Warned,
)
from gocreator.output.tree import Tree
from gocreator.plan.staleness import WORK, Finding
from gocreator.store.state import StateDb
from gocreator.values import RelPath, Status


@dataclass(frozen=True)
class BuildOptions:
    """How a build goes about its work."""

    run: str
    """The name of the run, for its report and its backups."""
    targets: Sequence[str] = ()
    workers: int = 4
    force: bool = False
    fail_fast: bool = False
    verify: bool = True
    verifying: VerifyOptions = field(default_factory=VerifyOptions)


def build(request: Request, options: BuildOptions, bus: Bus) -> ExitCode:
    """Build what a request plans; what happens is told as events, the exit code sums it up."""
    began = time.monotonic()
    outcome = Outcome()
    bus.subscribe(outcome)
    try:
        _build(request, options, bus)
    except BaseException as error:
        bus.emit(RunFinished(exit_code=_exit_code(error), seconds=time.monotonic() - began))
        raise
    code = outcome.exit_code
    bus.emit(RunFinished(exit_code=code, seconds=time.monotonic() - began))
    return code


def _build(request: Request, options: BuildOptions, bus: Bus) -> None:
    session = Session(request)
    # What is wrong with the specification or the rules shows before anything is written, state is read under the lock.
    _ = session.plan
    with only_build(request.workspace):
        for warning in session.warnings:
            bus.emit(Warned(message=str(warning)))
        _Build(session, options, bus).run()


def _exit_code(error: BaseException) -> ExitCode:
    if isinstance(error, GocreatorError):
        return error.exit_code
    return ExitCode.INTERRUPTED if isinstance(error, KeyboardInterrupt) else ExitCode.BUG


@dataclass
class Outcome:
    """A subscriber that knows how the run must end."""

    exit_code: ExitCode = ExitCode.OK

    def __call__(self, event: Event) -> None:
        """Take note of what makes a run fail."""
        failed = isinstance(event, TargetFailed)
        failed |= isinstance(event, TargetKept) and event.stale
        failed |= isinstance(event, VerifyFinished) and not event.ok
        if failed:
            self.exit_code = ExitCode.FAILED


@dataclass
class _Build:
    session: Session
    options: BuildOptions
    bus: Bus
    _gone: set[RelPath] = field(default_factory=set)

    def run(self) -> None:
        session, workspace = self.session, self.session.workspace
        findings = session.findings(self.options.targets)
        forced = self._forced(findings)
        reasons = {finding.target.path: session.reasons(finding) for finding in findings}
        work = [self._forced_to_work(finding) if finding.target.path in forced else finding for finding in findings]
        self._announce(work)
        write_inputs(session.plan, workspace)
        records = Records(StateDb, str(workspace.state_db), checker_for(workspace.project))
        state: StateDb = records.backend
        try:
            state.remember(_elements(session))
            committer = Committer(session, self.bus, self._backup(), forced, reasons)
            settling = Settling(TemplateStep(), committer.settle, committer.commit, state.batch)
            reporter = EventReporter(self.bus, reasons)
            runner = GroupRunner(
                records, reporter, settling, workers=self.options.workers, fail_fast=self.options.fail_fast
            )
            try:
                runner.run_all(self._dispatcher(work, state))
            finally:
                closing.write_lock(session, state, self._gone)
                closing.write_state(session, state)
        finally:
            state.close()

    def _forced(self, findings: Sequence[Finding]) -> frozenset[RelPath]:
        edited = {finding.target.path for finding in findings if finding.status in (Status.EDITED, Status.EDITED_STALE)}
        return frozenset(edited if self.options.force else ())

    def _forced_to_work(self, finding: Finding) -> Finding:
        return replace(finding, status=Status.STALE, adopt=False)

    def _backup(self) -> Tree:
        return Tree(self.session.workspace.home / "backup" / self.options.run)

    def _announce(self, findings: Sequence[Finding]) -> None:
        self.bus.emit(
            RunStarted(
                command="build",
                fcs=str(self.session.request.fcs),
                output=self.session.workspace.output,
                targets=len(findings),
                work=sum(finding.status in WORK for finding in findings),
            )
        )

    def _dispatcher(self, findings: Sequence[Finding], state: StateDb) -> Any:
        plan, workspace = self.session.plan, self.session.workspace
        judge = self._judge(state, {finding.target.path for finding in findings})
        chosen = [finding for finding in findings if finding.status is not Status.IGNORED]
        files = [target_task(plan, finding, workspace) for finding in chosen]
        last = closing_tasks([task.name for task in files], self._clean, judge.judge, judge.holds)
        control = TaskControl([*files, *last])
        control.process([*(task.name for task in files), CLEAN, VERIFY])
        return control.task_dispatcher()

    def _judge(self, state: StateDb, selected: set[RelPath]) -> Judge:
        verified = (state.get(VERIFY, "_values_:") or {}).get("key", "")
        judge = Judge(self.session.workspace.root, self.options.verifying, self.bus, verified, self.options.verify)
        others = [path for path in self.session.plan.targets if path not in selected]
        if any(self.session.finding(path).work for path in others):
            judge.unfinished = "other targets are stale or missing"
        return judge

    def _clean(self) -> bool:
        """Remove what left the plan; only a build of all targets knows what that is."""
        if not self.options.targets:
            self._gone = closing.remove_orphans(self.session, self.bus)
        return True


def _elements(session: Session) -> Mapping[Any, str]:
    cut = session.plan.elements.values()
    return {element.digest: element.json for element in cut} | {
        element.face_digest: element.face_json for element in cut
    }
