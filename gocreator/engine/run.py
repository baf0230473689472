"""One run of a build, under the lock: from findings through doit to lock and state."""

import shutil
import sqlite3
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import TYPE_CHECKING

from doit.control import TaskControl, TaskDispatcher

from gocreator.engine import closing
from gocreator.engine.agenda import Agenda
from gocreator.engine.apichanges import ApiWatch
from gocreator.engine.commit import Committer
from gocreator.engine.forcing import Wish
from gocreator.engine.inputs import write_inputs
from gocreator.engine.jobs import Job, Step
from gocreator.engine.judging import Judge, with_modules
from gocreator.engine.mending import warn_of
from gocreator.engine.names import CLEAN, VERIFY
from gocreator.engine.options import BuildOptions
from gocreator.engine.repairing import Repairing, with_reviews
from gocreator.engine.reporter import EventReporter
from gocreator.engine.runner import JobRunner, Settling
from gocreator.engine.session import Session
from gocreator.engine.steps import AwaitingStep, NotTaken, TemplateStep
from gocreator.engine.tasks import Records, checker_for, closing_tasks, target_task
from gocreator.engine.tracing import traced
from gocreator.errors import Code, Failed
from gocreator.observe.events import Bus, RunStarted, Warned
from gocreator.observe.figures import money
from gocreator.output.tree import Tree
from gocreator.plan.record import LockEntry, Record
from gocreator.plan.staleness import UNFINISHED, WORK, Finding
from gocreator.plan.target import Target
from gocreator.store.state import StateDb
from gocreator.values import Origin, RelPath, Status

if TYPE_CHECKING:
    from gocreator.engine.asking import Asker
    from gocreator.engine.reviewing import Reviewer


@dataclass
class Run:
    """One run: made for one session, run once."""

    session: Session
    options: BuildOptions
    bus: Bus
    unplanned: Mapping[str, NotTaken] = field(default_factory=dict)
    """Why packages have no contract, by name."""
    _gone: set[RelPath] = field(default_factory=set)
    _cancelled: threading.Event = field(default_factory=threading.Event)
    """Set when nobody waits for an answer any more."""
    _asker: "Asker | None" = None
    _committer: Committer | None = None

    def run(self) -> None:
        """Build what was asked for; lock and state are written however it ends."""
        try:
            self._run()
        except sqlite3.Error as error:
            hint = "check the permissions and the space of the directory, then build again: what was finished is kept"
            raise Failed(
                f"{self.session.workspace.state_db}: the state cannot be kept: {error}", hint=hint, code=Code.STATE
            ) from error

    def _run(self) -> None:
        workspace = self.session.workspace
        records = Records(StateDb, str(workspace.state_db), checker_for(workspace.project))
        state: StateDb = records.backend
        try:
            if state.aside is not None:
                warn_of(workspace.state_db, state.aside, "it cannot be read", self.bus)
            self.session.memory = state.memory
            self._build(records, state)
        finally:
            self._cancelled.set()
            if self._asker is not None:
                self._asker.close()
            state.close()

    def _build(self, records: Records, state: StateDb) -> None:
        session, workspace = self.session, self.session.workspace
        findings = session.findings(self.options.targets)
        reasons = {finding.target.path: session.reasons(finding) for finding in findings}
        wish = Wish(self.options.force, self.options.models.refresh, self.options.upgrade, self.options.made)
        forced = wish.forced(session, findings, self.options.targets)
        work = wish.to_be_made(findings, forced)
        watch = ApiWatch(session, self.options.api_changes)
        watch.refuse(work)
        tasked = [finding for finding in work if not finding.settled]
        write_inputs(session.plan, workspace, [finding.target for finding in tasked], self._former(tasked))
        shutil.rmtree(workspace.planned, ignore_errors=True)
        self._committer = committer = Committer(session, state, self.bus, self._backup(), forced, reasons, watch)
        runner = self._runner(records, committer, reasons, self._agenda(work))
        try:
            self._make(work, runner, committer, records)
        finally:
            self._say_what_is_lacking()

    def _make(self, work: Sequence[Finding], runner: JobRunner, committer: Committer, records: Records) -> None:
        """Make what is to be made; from here on lock and state follow, however it ends."""
        session, state = self.session, committer.state
        tasked = [finding for finding in work if not finding.settled]
        judge = self._judge(state, {finding.target.path for finding in work})
        self._announce(work)
        try:
            state.remember(session.elements)
            self._sweep()
            for finding in work:
                if finding.settled:
                    committer.tell(finding)
            runner.run_all(self._dispatcher(tasked, judge))
            self._repair(work, committer, records, judge)
            committer.watch.tell(self.bus)
        finally:
            closing.write_lock(session, state, _known(work, state, committer), self._gone)
            closing.write_state(session, state)
            closing.write_renderings(session)
            closing.write_recipes(session)
            state.sight(session.sights.fresh())

    def _runner(
        self, records: Records, committer: Committer, reasons: Mapping[RelPath, tuple[str, ...]], agenda: Agenda
    ) -> JobRunner:
        settling = Settling(agenda, committer.settle, committer.commit, records.backend.batch, self._cancelled)
        if reviewer := self._reviewer:
            settling = with_reviews(settling, reviewer, committer, self.bus)
        reporter = EventReporter(self.bus, reasons)
        return JobRunner(records, reporter, settling, fail_fast=self.options.fail_fast)

    def _agenda(self, work: Sequence[Finding]) -> Agenda:
        """Give what is to be done; whatever models need is opened only if one is to write or to review."""
        templates, awaiting = TemplateStep(), AwaitingStep(self.unplanned)
        models = [it for it in work if it.target.origin is Origin.MODEL]
        writes = any(it.work and not it.target.awaits for it in models)
        if not writes and not (models and self.options.models.reviewers):
            return self._agenda_of(lambda target: awaiting if target.awaits else templates)
        from gocreator.engine.callplan import wanted_of_models  # noqa: PLC0415 - most builds ask nobody
        from gocreator.engine.reviewing import plan_reviews, unreviewed  # noqa: PLC0415

        session, options = self.session, self.options
        asker = self._opened(it.target.path for it in work if it.work)
        reviewable = unreviewed(session, options.models, asker.conversations.store, models)
        reviews = plan_reviews(session.texts, options.models, reviewable)
        calls = asker.planned(wanted_of_models(work), options.workers, options.gate, reviews)
        if reviewer := self._reviewer:
            calls += [reviewer.job(it.target, it.content) for it in reviewable if it.present]
        steps: Mapping[Origin, Step] = {Origin.TEMPLATE: templates, Origin.MODEL: asker}
        return self._agenda_of(lambda target: awaiting if target.awaits else steps[target.origin], calls)

    @cached_property
    def _reviewer(self) -> "Reviewer | None":
        """Return what has files reviewed; None where nobody is to do it, or can."""
        if not self.options.models.reviewers or self._asker is None or self._committer is None:
            return None
        from gocreator.engine.reviewing import open_reviewer  # noqa: PLC0415 - most builds ask nobody

        return open_reviewer(
            self.options.models, self._asker, self._committer, self.bus, repairs=self.options.repairs > 0
        )

    def _opened(self, making: Iterable[RelPath]) -> "Asker":
        """Return what asks models, the same for the whole run; it is closed when that ends."""
        if self._asker is None:
            from gocreator.engine.asking import open_asker  # noqa: PLC0415 - most builds ask nobody

            self._asker = open_asker(self.options.models, self.session, set(making), self.bus, self._cancelled)
        return self._asker

    def _repair(self, work: Sequence[Finding], committer: Committer, records: Records, judge: Judge) -> None:
        """Repair what was asked for and does not pass."""
        selected = frozenset(finding.target.path for finding in work)
        asker = partial(self._opened, selected)
        review = (lambda: self._reviewer) if self.options.models.reviewers else (lambda: None)
        Repairing(self.session, self.options, self.bus, records, committer, judge, selected, asker, review).run()

    def _say_what_is_lacking(self) -> None:
        """Say what it would take to go on, where a limit stopped calls."""
        lacking = self.options.models.budget.lacking
        if lacking is not None:
            takes = f"about {lacking.tokens:,} tokens more, {money(lacking.dollars)}"
            message = f"a limit stopped calls: to go on it takes {takes}; build again with a higher one"
            self.bus.emit(Warned(message=message))

    def _agenda_of(self, step_of: Callable[[Target], Step], calls: Iterable[Job] = ()) -> Agenda:
        return Agenda(step_of, self.options.workers, self.options.fail_fast, calls)

    def _former(self, findings: Sequence[Finding]) -> dict[RelPath, Record]:
        """Return what is remembered of targets that are made anew, and of files that left the plan."""
        paths = {finding.target.path for finding in findings} | {orphan.path for orphan in self.session.orphans}
        return {path: record for path, record in self.session.memory.records.items() if path in paths}

    def _sweep(self) -> None:
        """Remove what a build that was cut off left half written."""
        if self.session.memory.intents:
            for tree in (self.session.tree, Tree(self.session.workspace.base)):
                tree.sweep()

    def _backup(self) -> Tree:
        return Tree(self.session.workspace.backups / self.options.run)

    def _announce(self, findings: Sequence[Finding]) -> None:
        for warning in self.session.warnings:
            self.bus.emit(Warned(message=str(warning)))
        self.bus.emit(
            RunStarted(
                command="build",
                fcs=str(self.session.request.fcs),
                output=self.session.workspace.output,
                targets=len(findings),
                work=sum(finding.status in WORK for finding in findings),
                phases=dict(Counter(it.target.phase for it in findings if it.status in WORK)),
            )
        )
        for requirement in traced(self.session.plan):
            self.bus.emit(requirement)

    def _dispatcher(self, tasked: Sequence[Finding], judge: Judge) -> TaskDispatcher:
        """Make tasks of what is to be made or recorded; what is settled would only cost time."""
        workspace = self.session.workspace
        chosen = [finding for finding in tasked if finding.status is not Status.IGNORED]
        files = [target_task(finding, workspace) for finding in chosen]
        last = closing_tasks([task.name for task in files], self._clean, judge.judge, judge.holds)
        control = TaskControl([*files, *last])
        control.process([*(task.name for task in files), CLEAN, VERIFY])
        return control.task_dispatcher()

    def _judge(self, state: StateDb, selected: set[RelPath]) -> Judge:
        last = state.get(VERIFY, "_values_:") or {}
        verifying = with_modules(self.options.verifying, self.session.plan.fcs)
        judge = Judge(self.session.tree, verifying, self.bus, last, self.options.verify)
        others = [path for path in self.session.plan.targets if path not in selected]
        if any(it.status in UNFINISHED and not it.anew for it in map(self.session.finding, others)):
            judge.unfinished = "other targets are stale or missing"
        return judge

    def _clean(self) -> bool:
        """Remove what left the plan; only a build of all targets knows what that is."""
        if not self.options.targets:
            self._gone = closing.remove_orphans(self.session, self.bus)
        return True


def _known(findings: Sequence[Finding], state: StateDb, committer: Committer) -> dict[RelPath, LockEntry]:
    """Return what is known of the targets of this run: what was recorded just now, else what they were judged by."""
    records = state.records()
    known = {finding.target.path: finding.record for finding in findings if finding.record is not None}
    return known | {path: records[path] for path in committer.recorded if path in records}
