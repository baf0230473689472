"""doit's reporter turned into events."""

import time
from collections.abc import Mapping
from typing import Any

from doit.exceptions import BaseFail, UnmetDependency
from doit.task import Task

from gocreator.engine.names import CLEAN, VERIFY
from gocreator.engine.runner import TargetNotMade
from gocreator.errors import Code
from gocreator.observe.events import Bus, TargetBuilt, TargetFailed, TargetUpToDate, VerifySkipped
from gocreator.plan.staleness import Finding
from gocreator.values import RelPath, Status


class EventReporter:
    """Emits an event for what doit reports of a target; counts nothing and prints nothing."""

    def __init__(self, bus: Bus, reasons: Mapping[RelPath, tuple[str, ...]]) -> None:
        self._bus = bus
        self._reasons = reasons
        self._started: dict[str, float] = {}

    def initialize(self, tasks: dict[str, Task], selected: list[str]) -> None:
        """Begin a run."""

    def get_status(self, task: Task) -> None:
        """Look at a task."""

    def execute_task(self, task: Task) -> None:
        """Note when a task began."""
        self._started[task.name] = time.monotonic()

    def add_success(self, task: Task) -> None:
        """Tell that a file was built."""
        finding = _finding(task)
        if finding is None:
            return
        target = finding.target
        self._bus.emit(
            TargetBuilt(
                path=target.path,
                rule=target.rule,
                phase=target.phase,
                origin=target.origin.value,
                reasons=self._reasons.get(target.path, ()),
                seconds=time.monotonic() - self._started[task.name],
                skeleton=target.skeleton,
            )
        )

    def add_failure(self, task: Task, fail: BaseFail) -> None:
        """Tell that a file could not be built, or that what follows it was not tried."""
        unmet = isinstance(fail, UnmetDependency)
        if _finding(task) is not None or (task.name == CLEAN and not unmet):
            known = isinstance(fail, TargetNotMade)
            refused, code = known and fail.refused, fail.code if known else Code.FAILED
            self._bus.emit(TargetFailed(path=task.name, message=fail.message, refused=refused, code=code.value))
        elif task.name == VERIFY and unmet:
            self._bus.emit(VerifySkipped(reason="a target failed"))

    def skip_uptodate(self, task: Task) -> None:
        """Tell that a file is up to date."""
        finding = _finding(task)
        if finding is not None and finding.status is Status.UP_TO_DATE:
            self._bus.emit(TargetUpToDate(path=task.name, phase=finding.target.phase))

    def skip_ignore(self, task: Task) -> None:
        """Pass over what doit's own mark ignores."""

    def teardown_task(self, task: Task) -> None:
        """Pass over teardowns: no task has any."""

    def cleanup_error(self, exception: BaseException) -> None:
        """Pass over teardowns: no task has any."""

    def runtime_error(self, msg: str) -> None:
        """Raise what doit found wrong with the tasks themselves: that is a bug of ours."""
        raise RuntimeError(msg)

    def complete_run(self) -> None:
        """End a run."""


def _finding(task: Task) -> Finding | None:
    found: Any = (task.meta or {}).get("finding")
    return found if isinstance(found, Finding) else None
