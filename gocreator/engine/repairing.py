"""Repairing what a verification complains of: the files' own tasks again, by the same door, then another verdict."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from doit.control import TaskControl
from doit.exceptions import BaseFail
from doit.task import Task

from gocreator.engine.agenda import Agenda
from gocreator.engine.blame import Blame
from gocreator.engine.commit import Committer
from gocreator.engine.jobs import Job
from gocreator.engine.judging import Judge
from gocreator.engine.names import VERIFY
from gocreator.engine.options import BuildOptions
from gocreator.engine.repairs import Repair, Repairs
from gocreator.engine.reporter import EventReporter
from gocreator.engine.runner import JobRunner, Remaking, Settling, TargetNotMade
from gocreator.engine.session import Session
from gocreator.engine.steps import TemplateStep
from gocreator.engine.tasks import Records, target_task
from gocreator.errors import Refused
from gocreator.golang.verify import Verification
from gocreator.observe.events import Bus, RepairFinished, RepairStarted, RepairWritten, Warned
from gocreator.plan.staleness import Finding
from gocreator.plan.target import Target
from gocreator.values import Origin, RelPath, Status, matches

if TYPE_CHECKING:
    from gocreator.engine.asking import Asker
    from gocreator.engine.reviewing import Reviewer


@dataclass
class Repairing:
    """Repairs the files of one run until they pass, or until there is nothing more to be tried."""

    session: Session
    options: BuildOptions
    bus: Bus
    records: Records
    committer: Committer
    judge: Judge
    selected: frozenset[RelPath]
    """The files that were asked for: no other one is touched."""
    asker: "Callable[[], Asker]"
    """Opens what asks models."""
    reviewer: "Callable[[], Reviewer | None]" = lambda: None
    """Returns what has files reviewed, once somebody asks models."""
    _repairs: Repairs = field(init=False)

    def __post_init__(self) -> None:
        blame = Blame(self.session.plan, self._is_repairable, self.session.tree.read)
        self._repairs = Repairs(blame, self.options.repairs, len(self.options.models.askable), self._writer)

    def run(self) -> None:
        """Repair, and judge anew, for as long as it helps."""
        found = self.judge.found
        while found is not None and not found.ok and (repairs := self._possible(found)):
            failures = self._make(repairs)
            if len(failures) < len(repairs):
                found = self._verified()
            for repair in repairs:
                self._tell(repair, failures.get(repair.path), found)

    def _possible(self, found: Verification) -> list[Repair]:
        """Return what can be repaired now; say why what could be is not."""
        if not self.options.repairs:
            return []
        models = self.options.models
        if not models.budget.limits.calls or not models.askable:
            suspects = {path for it in found.problems for path in self._repairs.blame.suspects(it)}
            if suspects:
                why = "with --frozen no model is asked" if models.askable else "there is no model that can be asked"
                self.bus.emit(Warned(message=f"not repaired: {', '.join(sorted(suspects))}: {why}"))
            return []
        repairs = self._repairs.next(found)
        return repairs if self._is_admitted(repairs) else []

    def _is_admitted(self, repairs: Sequence[Repair]) -> bool:
        """Tell whether the tokens of some repairs may be spent."""
        if not repairs:
            return True
        prompts = [self.asker().repair_prompt(self.session.plan.targets[it.path], it.messages) for it in repairs]
        tokens = sum(prompt.output + sum(part.tokens() for part in prompt.parts) for prompt in prompts)
        try:
            self.options.gate.admit_tokens(tokens, f"repairs of {', '.join(it.path for it in repairs)}")
        except Refused as error:
            self.bus.emit(Warned(message=f"not repaired: {error.message}"))
            return False
        return True

    def _make(self, repairs: Sequence[Repair]) -> Mapping[str, BaseFail]:
        """Ask for the files, side by side; return why some were not written."""
        targets = self.session.plan.targets
        rungs = self.options.models.askable
        jobs: list[Job] = []
        for repair in repairs:
            rung = rungs[repair.rung]
            self.bus.emit(
                RepairStarted(
                    path=repair.path,
                    attempt=repair.attempt,
                    most=self.options.repairs,
                    provider=rung.provider,
                    model=rung.model,
                    messages=repair.messages,
                )
            )
            jobs.append(self.asker().repair(targets[repair.path], repair.messages, repair.rung))
        tasks = [self._task(repair.path) for repair in repairs]
        reporter = _Reporter(self.bus)
        self._run(tasks, reporter, jobs)
        return reporter.failures

    def _verified(self) -> Verification | None:
        """Judge the tree anew."""
        self.judge.found = None
        task = Task(VERIFY, [self.judge.judge], uptodate=[self.judge.holds], io={"capture": False}, verbosity=0)
        self._run([task], EventReporter(self.bus, {}), ())
        return self.judge.found

    def _run(self, tasks: Sequence[Task], reporter: EventReporter, jobs: Sequence[Job]) -> None:
        templates, workers = TemplateStep(), self.options.workers
        agenda = Agenda(lambda _: templates, workers, calls=jobs)
        committer = self.committer
        settling = Settling(agenda, committer.settle, committer.commit, self.records.backend.batch)
        if jobs and (reviewer := self.reviewer()):
            settling = with_reviews(settling, reviewer, committer, self.bus)
        control = TaskControl(list(tasks))
        control.process([task.name for task in tasks])
        JobRunner(self.records, reporter, settling, fail_fast=False).run_all(control.task_dispatcher())

    def _tell(self, repair: Repair, failure: BaseFail | None, found: Verification | None) -> None:
        if failure is not None:
            self._repairs.refused(repair, failure.message, final=isinstance(failure, TargetNotMade) and failure.refused)
        fixed = failure is None and found is not None and self._repairs.is_fixed(repair, found)
        message = failure.message if failure else ""
        self.bus.emit(RepairFinished(path=repair.path, attempt=repair.attempt, fixed=fixed, message=message))

    def _task(self, path: RelPath) -> Task:
        return task_once_more(self.session.plan.targets[path], self.committer)

    def _is_repairable(self, path: RelPath) -> bool:
        """Tell whether a file is a model's, as it was written: what somebody edited is theirs."""
        target, record = self.session.plan.targets.get(path), self.committer.state.records().get(path)
        if target is None or target.origin is not Origin.MODEL or path not in self.selected or record is None:
            return False
        if record.accepted or path in self.session.section.ignored:
            return False
        content = self.session.tree.read(path)
        return content is not None and matches(record.checksum, content)

    def _writer(self, path: RelPath) -> int:
        return self.options.models.place_of(self.committer.writer(path))


def task_once_more(target: Target, committer: Committer) -> Task:
    """Return the task of a target that is made once more in a run."""
    finding = Finding(target, Status.STALE, committer.state.records().get(target.path))
    return target_task(finding, committer.session.workspace)


def with_reviews(settling: Settling, reviewer: "Reviewer", committer: Committer, bus: Bus) -> Settling:
    """Have each file reviewed once it is there, and repaired if that is needed."""

    def written(target: Target) -> None:
        bus.emit(RepairWritten(path=target.path))

    remade = Remaking(lambda target: task_once_more(target, committer), written, reviewer.unmade)
    return replace(settling, after=reviewer.after, remade=remade)


class _Reporter(EventReporter):
    """Keeps why repairs failed: the file is still there, so its target did not."""

    def __init__(self, bus: Bus) -> None:
        super().__init__(bus, {})
        self.failures: dict[str, Any] = {}

    def add_success(self, task: Task) -> None:
        """Tell that a file was written: whether that helped shows when the tree is judged."""
        self._bus.emit(RepairWritten(path=task.name))

    def add_failure(self, task: Task, fail: BaseFail) -> None:
        """Keep why there is no repaired file."""
        self.failures[task.name] = fail
