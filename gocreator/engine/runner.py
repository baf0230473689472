"""Running tasks: `-n` calls in flight, every file's result its own, every commit at once.

doit's thread runner loses state, scrambles output and tears down N times; so this one stands on doit's serial
`Runner`: it takes ready nodes from the dispatcher, lets the inherited `select_task` decide, and hands what is to
be made to worker threads. All decisions, writes and records happen in the thread that called `run_all`.
"""

import queue
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from doit.control import ExecNode, TaskDispatcher
from doit.exceptions import BaseFail, TaskFailed
from doit.runner import Runner

from gocreator.engine.agenda import Agenda
from gocreator.engine.jobs import Job, Phase
from gocreator.engine.steps import Made, NotMade
from gocreator.errors import Code
from gocreator.plan.staleness import Finding
from gocreator.plan.target import Target
from gocreator.values import RelPath

HOLD = "hold on"
"""What doit's dispatcher yields while nothing is ready."""


class TargetNotMade(TaskFailed):  # type: ignore[misc]  # doit has no types
    """A task that made no file, with the code of the reason."""

    def __init__(self, message: str, code: Code, *, refused: bool = False) -> None:
        super().__init__(message)
        self.code = code
        self.refused = refused
        """Nobody tried, for want of a provider, a key or a permission."""


@dataclass(frozen=True)
class Result:
    """What a worker has to say of a job: what came of a target, what is to be done next, or that it is over."""

    job: Job
    outcome: Made | NotMade | Job | Phase | BaseException | None
    """None: it is over."""


@dataclass
class Settling:
    """What the runner asks of the build: who makes targets, how to treat those that need no making, how to commit."""

    agenda: Agenda
    settle: Callable[[Any, Finding], bool]
    """Called for a target whose finding says that nothing is to be made; True: record the task as done."""
    commit: Callable[[Sequence[tuple[Any, Made]]], dict[str, str]]
    """Writes files and records; returns messages for the paths that failed."""
    recorded: Callable[[], Any]
    """A context in which records are committed together."""
    cancelled: threading.Event = field(default_factory=threading.Event)
    after: Callable[[Made], Job | None] = lambda _: None
    """Returns what is to be done with a file that was just written."""
    remade: "Remaking | None" = None
    """What to do with files that such a job brings: they are written and recorded once more."""


@dataclass(frozen=True)
class Remaking:
    """How a file is recorded that was made once more, when its task is over."""

    task: Callable[[Target], Any]
    """Returns a task that stands for it."""
    written: Callable[[Target], None]
    unmade: Callable[[NotMade], None]
    """Called where there is no such file, with the reason."""


class JobRunner(Runner):  # type: ignore[misc]  # doit has no types
    """Runs the jobs of an agenda in worker threads."""

    def __init__(self, dep_manager: Any, reporter: Any, settling: Settling, *, fail_fast: bool) -> None:
        super().__init__(dep_manager, reporter, continue_=not fail_fast)
        self._settling = settling
        self._agenda = settling.agenda
        self._results: queue.SimpleQueue[Result] = queue.SimpleQueue()
        self._plain: list[ExecNode] = []
        self._making: dict[RelPath, ExecNode] = {}
        self._begun: set[str] = set()
        """The targets that a worker took; one may be taken by several jobs, one after another."""
        self._done: list[ExecNode] = []

    def select_task(self, node: ExecNode, tasks_dict: dict[str, Any]) -> bool:
        """Let doit decide, then leave alone what needs no making although its inputs' files changed."""
        chosen = bool(super().select_task(node, tasks_dict))
        finding = _finding(node)
        if not chosen or finding is None or finding.work:
            return chosen
        if self._settling.settle(node.task, finding):
            self.dep_manager.save_success(node.task)
        node.run_status = "up-to-date"
        return False

    def run_tasks(self, task_dispatcher: TaskDispatcher) -> None:
        """Dispatch until nothing is left; an interrupt leaves at once, workers are daemons."""
        try:
            while True:
                self._fill(task_dispatcher)
                self._start()
                if self._agenda.busy:
                    self._take()
                elif self._plain and not self._stop_running:
                    self._run_plain(self._plain.pop(0))
                else:
                    return
        except BaseException:
            self._settling.cancelled.set()
            raise

    def _fill(self, dispatcher: TaskDispatcher) -> None:
        """Ask the dispatcher for nodes until it holds or ends, telling it what was processed."""
        with self._settling.recorded():
            while not self._stop_running:
                processed = self._done.pop() if self._done else None
                try:
                    node = dispatcher.generator.send(processed)
                except StopIteration:
                    return
                if node == HOLD:
                    if self._done:
                        continue
                    return
                if self.select_task(node, dispatcher.tasks):
                    self._add(node)
                else:
                    self._done.append(node)

    def _add(self, node: ExecNode) -> None:
        """Take a node that is to be executed now."""
        finding = _finding(node)
        if finding is None:
            self._plain.append(node)
        else:
            self._making[finding.target.path] = node
            self._agenda.add(finding.target)

    def _start(self) -> None:
        while not self._stop_running and (job := self._agenda.next()):
            for node in (self._making.get(target.path) for target in job.targets):
                if node is not None and node.task.name not in self._begun:
                    self._begun.add(node.task.name)
                    self.reporter.execute_task(node.task)
            threading.Thread(target=self._work, args=(job,), daemon=True).start()

    def _run_plain(self, node: ExecNode) -> None:
        """Run a task that has subprocesses here: an interrupt must reach them, and it reaches this thread only."""
        self.reporter.execute_task(node.task)
        outcome = node.task.execute(self.stream)
        with self._settling.recorded():
            self._finish_node(node, outcome, {})

    def _work(self, job: Job) -> None:
        """Do one job in a worker thread; whatever happens, say that it ended."""
        try:
            for outcome in job.results(lambda phase: self._results.put(Result(job, phase))):
                self._results.put(Result(job, outcome))
        except BaseException as error:  # noqa: BLE001  # raised again in the main thread
            self._results.put(Result(job, error))
        finally:
            self._results.put(Result(job, None))

    def _take(self) -> None:
        """Wait for results, and commit together all that are there."""
        results = [self._results.get()]
        while not self._results.empty():
            results.append(self._results.get())
        told: list[tuple[ExecNode, Made | NotMade]] = []
        again: list[Made | NotMade] = []
        for job, outcome in ((result.job, result.outcome) for result in results):
            if isinstance(outcome, BaseException):
                raise outcome
            if outcome is None:
                self._agenda.ended(job)
            elif isinstance(outcome, Phase):
                self._agenda.told(job, outcome)
            elif not isinstance(outcome, Made | NotMade):
                self._agenda.follow(outcome)
            elif node := self._making.pop(outcome.target.path, None):
                told.append((node, outcome))
            else:
                again.append(outcome)
        self._commit(told)
        self._commit_again(again)

    def _commit_again(self, told: Sequence[Made | NotMade]) -> None:
        """Write and record files whose tasks are over."""
        remade = self._settling.remade
        if not told or remade is None:
            return
        made = [(remade.task(it.target), it) for it in told if isinstance(it, Made)]
        with self._settling.recorded():
            failures = self._settling.commit(made) if made else {}
            for task, it in made:
                if it.target.path not in failures:
                    self.dep_manager.save_success(task)
                    remade.written(it.target)
        for outcome in told:
            if isinstance(outcome, NotMade):
                remade.unmade(outcome)
            elif message := failures.get(outcome.target.path):
                remade.unmade(NotMade(outcome.target, message))
            else:
                self._follow(outcome)

    def _follow(self, made: Made) -> None:
        if job := self._settling.after(made):
            self._agenda.follow(job)

    def _commit(self, told: Sequence[tuple[ExecNode, Made | NotMade]]) -> None:
        made = [(node.task, outcome) for node, outcome in told if isinstance(outcome, Made)]
        with self._settling.recorded():
            failures = self._settling.commit(made) if made else {}
            for node, outcome in told:
                self._finish_node(node, outcome, failures)
                if isinstance(outcome, Made) and outcome.target.path not in failures:
                    self._follow(outcome)

    def _finish_node(self, node: ExecNode, outcome: object, failures: dict[str, str]) -> None:
        fail = outcome if isinstance(outcome, BaseFail) else None
        if isinstance(outcome, NotMade):
            fail = TargetNotMade(outcome.message, outcome.code, refused=outcome.refused)
        elif node.task.name in failures:
            fail = TargetNotMade(failures[node.task.name], Code.UNWRITABLE)
        self.process_task_result(node, fail)
        self._done.append(node)


def _finding(node: ExecNode) -> Finding | None:
    meta = node.task.meta or {}
    found = meta.get("finding")
    return found if isinstance(found, Finding) else None
