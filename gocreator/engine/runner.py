"""Running tasks: `-n` groups in flight, every file's result its own, every commit at once.

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

from gocreator.engine.steps import Made, NotMade, Step
from gocreator.plan.staleness import Finding
from gocreator.values import Origin

GROUP = 64
"""So many targets travel together at most: their files are written with one sync."""

HOLD = "hold on"
"""What doit's dispatcher yields while nothing is ready."""


class TaskRefused(TaskFailed):  # type: ignore[misc]  # doit has no types
    """A task that nobody tried, for want of a provider, a key or a permission."""


@dataclass(frozen=True)
class Result:
    """What a worker has to say of a node: a file's result, or the end of a plain task or of a group."""

    node: ExecNode | None
    outcome: Made | NotMade | BaseFail | BaseException | None
    ends: bool = False


@dataclass
class Settling:
    """What the runner asks of the build: how to treat a target that it need not make, how to commit."""

    step: Step
    settle: Callable[[Any, Finding], bool]
    """Called for a target whose finding says that nothing is to be made; True: record the task as done."""
    commit: Callable[[Sequence[tuple[Any, Made]]], dict[str, str]]
    """Writes files and records; returns messages for the paths that failed."""
    recorded: Callable[[], Any]
    """A context in which records are committed together."""
    cancelled: threading.Event = field(default_factory=threading.Event)


class GroupRunner(Runner):  # type: ignore[misc]  # doit has no types
    """Runs groups of targets in worker threads, `workers` groups at a time."""

    def __init__(self, dep_manager: Any, reporter: Any, settling: Settling, *, workers: int, fail_fast: bool) -> None:
        super().__init__(dep_manager, reporter, continue_=not fail_fast)
        self._settling = settling
        self._workers = max(1, workers)
        self._results: queue.SimpleQueue[Result] = queue.SimpleQueue()
        self._ready: list[ExecNode] = []
        self._done: list[ExecNode] = []
        self._in_flight = 0

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
                if not self._in_flight:
                    return
                self._take()
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
                    self._ready.append(node)
                else:
                    self._done.append(node)

    def _start(self) -> None:
        while self._ready and self._in_flight < self._workers and not self._stop_running:
            group = self._next_group()
            for node in group.values():
                self.reporter.execute_task(node.task)
            self._in_flight += 1
            finding = _finding(next(iter(group.values())))
            if finding is not None:
                threading.Thread(target=self._make, args=(group,), daemon=True).start()
            else:
                # A plain task has subprocesses that an interrupt must reach, and interrupts reach this thread only.
                (node,) = group.values()
                self._results.put(Result(node, node.task.execute(self.stream), ends=True))

    def _next_group(self) -> dict[str, ExecNode]:
        """Take targets that travel together: a fair share of those ready, or one if a failure is to stop the rest."""
        share = -(-len(self._ready) // (self._workers - self._in_flight))
        size = min(GROUP, share) if self.continue_ else 1
        first, *others = self._ready
        group = [first]
        if _from_template(first):
            # Files of models are asked for one by one, so that nobody waits for another's call.
            group += [node for node in others if _from_template(node)][: size - 1]
        taken = {node.task.name for node in group}
        self._ready = [node for node in others if node.task.name not in taken]
        return {node.task.name: node for node in group}

    def _make(self, group: dict[str, ExecNode]) -> None:
        """Make one group in a worker thread; whatever happens, say that it ended."""
        targets = [finding.target for finding in map(_finding, group.values()) if finding is not None]
        try:
            for outcome in self._settling.step.make(targets):
                self._results.put(Result(group[outcome.target.path], outcome))
        except BaseException as error:  # noqa: BLE001  # raised again in the main thread
            self._results.put(Result(None, error))
        finally:
            self._results.put(Result(None, None, ends=True))

    def _take(self) -> None:
        """Wait for results, and commit together all that are there."""
        results = [self._results.get()]
        while not self._results.empty():
            results.append(self._results.get())
        self._in_flight -= sum(result.ends for result in results)
        for result in results:
            if isinstance(result.outcome, BaseException) and result.node is None:
                raise result.outcome
        told = [(result.node, result.outcome) for result in results if result.node is not None]
        made = [(node, outcome) for node, outcome in told if isinstance(outcome, Made)]
        with self._settling.recorded():
            failures = self._settling.commit([(node.task, outcome) for node, outcome in made]) if made else {}
            for node, outcome in told:
                self._finish_node(node, outcome, failures)

    def _finish_node(self, node: ExecNode, outcome: object, failures: dict[str, str]) -> None:
        fail = outcome if isinstance(outcome, BaseFail) else None
        if isinstance(outcome, NotMade):
            fail = (TaskRefused if outcome.refused else TaskFailed)(outcome.message)
        elif node.task.name in failures:
            fail = TaskFailed(failures[node.task.name])
        self.process_task_result(node, fail)
        self._done.append(node)


def _from_template(node: ExecNode) -> bool:
    finding = _finding(node)
    return finding is not None and finding.target.origin is Origin.TEMPLATE


def _finding(node: ExecNode) -> Finding | None:
    meta = node.task.meta or {}
    found = meta.get("finding")
    return found if isinstance(found, Finding) else None
