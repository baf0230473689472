"""The plan as plain tasks of a dodo.py, for doit's own runners.

    _prepare           says, durably, which bytes are about to be written, so that a run that is cut off loses nothing
    generate:PATH      writes one file, in any thread or process, and records nothing
    verify             a build: it adopts what was written, removes what left the plan, verifies, writes lock and state

No task has a `file_dep`, and doit's own database decides nothing: the findings do, as in every build.
"""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from doit.exceptions import InvalidDodoFile, TaskFailed

from gocreator.engine.commit import to_write
from gocreator.engine.guard import only_build
from gocreator.engine.judging import verdict_key, with_modules
from gocreator.engine.session import Session
from gocreator.engine.steps import Made, NotMade, TemplateStep
from gocreator.errors import GocreatorError
from gocreator.golang.toolchain import find_go
from gocreator.golang.verify import VerifyOptions
from gocreator.observe.events import Bus, Event, Warned
from gocreator.output.tree import Tree, Unwritable
from gocreator.plan.staleness import READY, UNFINISHED, Finding
from gocreator.store.state import StateDb
from gocreator.values import Origin, Status, checksum, matches

PREPARE, GENERATE, VERIFY = "_prepare", "generate", "verify"

_PLAIN: dict[str, Any] = {"io": {"capture": False}, "verbosity": 2}
"""doit's capture swaps the process's stdout, which threads share."""


class DoitDb(StateDb):
    """A back end for doit that commits each task, in gocreator's own directory, which git ignores."""

    def __init__(self, name: str, **_: object) -> None:
        """Open the database, and make its directory as a build would."""
        folder = Path(name).parent
        folder.mkdir(parents=True, exist_ok=True)
        if not (folder / ".gitignore").exists():
            (folder / ".gitignore").write_text("*\n")
        super().__init__(name)


@contextmanager
def as_dodo_errors() -> Iterator[None]:
    """Let doit show what is wrong with a project as it shows what is wrong with a dodo.py: without a traceback."""
    try:
        yield
    except GocreatorError as error:
        raise InvalidDodoFile(str(error)) from error


def _warn(event: Event) -> None:
    if isinstance(event, Warned):
        sys.stderr.write(f"warning: {event.message}\n")


@dataclass(frozen=True, repr=False)
class DodoTasks:
    """Makes the tasks of one look at a project."""

    session: Session
    finish: Callable[[], int]
    """Builds the project and returns an exit code; what it has to say it prints."""
    verifying: VerifyOptions | None
    """How the tree is to be judged; None if it is not."""

    def __repr__(self) -> str:
        """Stay short where doit prints what it does."""
        return "gocreator"

    def tasks(self) -> Iterator[dict[str, Any]]:
        """Yield the tasks as doit takes them from a dodo.py."""
        self.session.refuse_rival()
        findings = [it for it in self.session.findings() if it.status is not Status.IGNORED]
        # What models write is left to the last task, a build: it asks, for contracts first, and keeps what they answer.
        own = [finding for finding in findings if finding.target.origin is Origin.TEMPLATE]
        work = [finding for finding in own if finding.work]
        asked = any(finding.status in UNFINISHED for finding in findings if finding.target.origin is Origin.MODEL)
        yield {"basename": PREPARE, "actions": [(self._prepare, [work])], "uptodate": [not work], **_PLAIN}
        doc = f"the files of {self.session.workspace.output}"
        yield {"basename": GENERATE, "name": None, "doc": doc}
        for finding in own:
            yield self._file_task(finding)
        yield {
            "basename": VERIFY,
            "doc": "remove what left the specification, verify, write gocreator.lock",
            "actions": [self._finish],
            "task_dep": [GENERATE],
            "uptodate": [lambda: not work and not asked and self._finished(findings)],
            **_PLAIN,
        }

    def _file_task(self, finding: Finding) -> dict[str, Any]:
        path = finding.target.path
        return {
            "basename": GENERATE,
            "name": path,
            "doc": finding.target.title,
            "actions": [(self._write, [finding])],
            "targets": [os.path.relpath(self.session.workspace.root / path)],
            "task_dep": [PREPARE],
            "uptodate": [not finding.work],
            "clean": [(self._clean, [finding])],
            **_PLAIN,
        }

    def _prepare(self, work: list[Finding]) -> TaskFailed | None:
        """Record what is about to be written; files that cannot be are left to their own tasks."""
        algorithm, intents = self.session.request.checksum_algorithm, {}
        for finding in work:
            try:
                content = to_write(self.session, Made(finding.target, finding.target.content), Bus(_warn))
            except Unwritable:
                continue
            intents[finding.target.path] = checksum(content, algorithm)
        try:
            with only_build(self.session.workspace):
                state = StateDb(str(self.session.workspace.state_db))
                state.intend(intents)
                state.close()
        except GocreatorError as error:
            return TaskFailed(str(error))
        return None

    def _write(self, finding: Finding) -> TaskFailed | None:
        """Write one file; files are synced together, before they are recorded."""
        (made,) = TemplateStep().make([finding.target])
        if isinstance(made, NotMade):
            return TaskFailed(made.message)
        try:
            content = to_write(self.session, made, Bus(_warn))
        except Unwritable as error:
            return TaskFailed(str(error))
        tree = Tree(self.session.workspace.root, durable=False)
        failures = tree.write({made.target.path: content})
        return TaskFailed(str(failures[made.target.path])) if failures else None

    def _finish(self) -> TaskFailed | None:
        os.sync()
        try:
            code = self.finish()
        except GocreatorError as error:
            return TaskFailed(str(error))
        return TaskFailed("the build failed: what it found stands above") if code else None

    def _finished(self, findings: list[Finding]) -> bool:
        """Tell whether a build would find nothing to do, record or complain of; never raises, because doit asks."""
        session = self.session
        section = session.lock.section(session.workspace.output)
        locked = {path: entry.key for path, entry in section.targets.items()}
        settled = all(
            not finding.adopt
            and finding.status in READY | {Status.EDITED}
            and locked.get(finding.target.path) == finding.target.key
            for finding in findings
        )
        return settled and section.fcs == session.specification and not session.orphans and self._verified()

    def _verified(self) -> bool:
        toolchain = None if self.verifying is None else find_go(os.environ)
        if self.verifying is None or toolchain is None:
            return True
        last = self.session.verdict
        try:
            options = with_modules(self.verifying, self.session.plan.fcs)
            key = verdict_key(self.session.workspace.root, toolchain, options)
        except (GocreatorError, OSError):
            return False
        return last.get("verdict") == "passed" and last["key"] == key

    def _clean(self, finding: Finding, *, dryrun: bool) -> None:
        """Remove a file that gocreator made and nobody edited."""
        path, tree = finding.target.path, self.session.tree
        actual = tree.read(path)
        if actual is None or finding.record is None:
            return
        edited = not matches(finding.record.checksum, actual)
        print(f"{'kept' if edited else 'would remove' if dryrun else 'removed'} {path}")  # noqa: T201  # doit's way to tell
        if not edited and not dryrun:
            tree.remove([path])
