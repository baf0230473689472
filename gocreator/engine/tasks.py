"""The plan as doit tasks: `file_dep` orders and explains, `Artifact` alone decides."""

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from doit.dependency import Dependency, FileChangedChecker
from doit.task import Task

from gocreator.engine.inputs import file_deps
from gocreator.engine.names import CLEAN, VERIFY
from gocreator.plan.staleness import Finding
from gocreator.store.workspace import Workspace
from gocreator.values import RelPath, Status, checksum


class Artifact:
    """What doit asks whether a target is up to date: the finding made before the run.

    It knows the key of what the file means and the hash of what was written, so it sees hand edits and inputs
    that changed during a run, which doit's own checks do not. It never raises: doit would abort the whole run.
    """

    def __init__(self, finding: Finding) -> None:
        self.finding = finding

    def __call__(self) -> bool:
        """Tell doit whether the target is up to date."""
        return self.finding.status is Status.UP_TO_DATE and not self.finding.adopt

    def __repr__(self) -> str:
        """Say it in the words that `doit info` prints."""
        return f"the artifact is {self.finding.status}"


class ContentChecker(FileChangedChecker):  # type: ignore[misc]  # doit has no types
    """Compares files by stat data first, then by content. doit keys states by the name of this class."""

    root = Path()

    def exists(self, file_path: str) -> bool:
        """Tell whether a dependency or a target is there."""
        return (self.root / file_path).exists()

    def info(self, file_path: str) -> os.stat_result:
        """Return what `check_modified` compares."""
        return (self.root / file_path).stat()

    def check_modified(self, file_path: str, file_stat: os.stat_result, state: Sequence[Any]) -> bool:
        """Tell whether a file differs from its recorded state."""
        if list(state[:3]) == stat_data(file_stat):
            return False
        return bool(file_stat.st_size != state[1] or self._sum(file_path) != state[3])

    def get_state(self, dep: str, current_state: Sequence[Any] | None) -> list[Any] | None:
        """Return the state to record, or None if it is as recorded."""
        data = stat_data(self.info(dep))
        if current_state is not None and list(current_state[:3]) == data:
            return None
        return [*data, self._sum(dep)]

    def _sum(self, path: str) -> str:
        return checksum((self.root / path).read_bytes(), "sha256")


def stat_data(status: os.stat_result) -> list[int]:
    """Return what tells, without reading, that a file did not change."""
    return [status.st_mtime_ns, status.st_size, status.st_ino]


class Records(Dependency):  # type: ignore[misc]  # doit has no types
    """doit's dependency records, except that a failure does not cost the record of the last good file.

    Without it that file would count as unknown, so as edited. It stays stale, because its key differs.
    """

    def remove_success(self, task: Task) -> None:
        """Keep what is known."""


def checker_for(project: Path) -> type[ContentChecker]:
    """Return the checker for paths relative to a project; its name must stay `ContentChecker`."""
    return type(ContentChecker.__name__, (ContentChecker,), {"root": project})


def target_task(finding: Finding, workspace: Workspace) -> Task:
    """Return the task that makes one target."""
    target = finding.target
    return Task(
        target.path,
        None,
        file_dep=file_deps(target, workspace),
        targets=[os.path.relpath(workspace.root / target.path, workspace.project)],
        uptodate=[Artifact(finding)],
        doc=target.title,
        io={"capture": False},
        verbosity=0,
        meta={"finding": finding},
    )


def closing_tasks(
    paths: Sequence[RelPath],
    clean: Callable[[], bool],
    verify: Callable[[], Mapping[str, str]],
    verified: Callable[[], bool],
) -> list[Task]:
    """Return the tasks that follow all files: removing what left the plan, then judging the tree."""
    plain: dict[str, Any] = {"io": {"capture": False}, "verbosity": 0}
    return [
        Task(CLEAN, [clean], task_dep=list(paths), uptodate=[False], **plain),
        Task(VERIFY, [verify], task_dep=[CLEAN], uptodate=[verified], **plain),
    ]
