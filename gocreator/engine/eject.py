"""Taking gocreator out of a project: the generated tree stays, what is remembered of it goes."""

import shutil
from pathlib import Path

from gocreator.engine.bookkeeping import save_section
from gocreator.engine.guard import only_build
from gocreator.engine.session import Session
from gocreator.errors import Code, Refused, WrongUsage
from gocreator.plan.staleness import UNFINISHED
from gocreator.store.lock import Section
from gocreator.store.workspace import Workspace
from gocreator.values import Status

BACKUP = "backup"
"""Copies of the user's own edits: they are never removed."""


def eject(session: Session, *, force: bool) -> list[Path]:
    """Remove what gocreator keeps of an output, and return the paths that are gone; refuse what is unfinished."""
    workspace = session.workspace
    if not workspace.own.is_dir() and workspace.output not in session.lock.sections:
        raise WrongUsage(f"nothing was built into {workspace.output}", hint="name an output with -o DIR")
    with only_build(workspace):
        if not force:
            session.refuse_rival()
            _refuse_unfinished(session)
        gone = [workspace.own] if workspace.own.is_dir() else []
        save_section(session, Section())
        if not session.lock.without(workspace.output).sections:
            workspace.lock_file.unlink(missing_ok=True)
            gone.append(workspace.lock_file)
        if workspace.own not in workspace.state_file.parents and workspace.state_file.is_file():
            workspace.state_file.unlink()
            gone.append(workspace.state_file)
        if workspace.own.is_dir():
            shutil.rmtree(workspace.own)
        return [*gone, *_leave_home(workspace)]


def _refuse_unfinished(session: Session) -> None:
    wrong = {*UNFINISHED, Status.EDITED_STALE}
    unfinished = [it.target.path for it in session.findings() if it.status in wrong and not it.anew]
    unfinished += [orphan.path for orphan in session.orphans if orphan.present and not orphan.edited]
    if unfinished:
        more = f" and {len(unfinished) - 3} more" if len(unfinished) > 3 else ""
        message = f"{session.workspace.output} is not as the specification says: {', '.join(unfinished[:3])}{more}"
        raise Refused(message, hint="build first, or leave it as it is with --force", code=Code.IN_THE_WAY)


def _leave_home(workspace: Workspace) -> list[Path]:
    """Remove gocreator's own directory once no other output needs it, but for copies of the user's edits."""
    own = {".gitignore", workspace.build_lock.name, workspace.journal.name}
    shared = {"manifests", "reports", "store", "logs", *own}
    if {place.name for place in workspace.home.iterdir()} - shared - {BACKUP}:
        return []
    if (workspace.home / BACKUP).exists():
        shared -= {".gitignore"}
    for place in (workspace.home / name for name in sorted(shared)):
        if place.is_dir():
            shutil.rmtree(place)
        else:
            place.unlink(missing_ok=True)
    if not (workspace.home / BACKUP).exists():
        workspace.home.rmdir()
    return [workspace.home]
