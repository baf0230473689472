"""Changing what is remembered, not the files: ignore, forget, the verdict of a verification."""

from collections.abc import Iterable, Sequence

from gocreator.engine.guard import only_build
from gocreator.engine.judging import verdict_record
from gocreator.engine.names import VERIFY
from gocreator.engine.session import Session
from gocreator.output.tree import Tree
from gocreator.store.lock import Section
from gocreator.store.state import StateDb
from gocreator.store.workspace import Workspace
from gocreator.values import Digest, RelPath


def ignore(session: Session, names: Sequence[str]) -> tuple[RelPath, ...]:
    """Mark targets in the lock file, so that no clone builds or checks them."""
    paths = session.select(names)
    with only_build(session.workspace):
        before = session.lock.section(session.workspace.output)
        ignored = tuple(sorted({*before.ignored, *paths}))
        _save(session, before.model_copy(update={"ignored": ignored}))
    return paths


def forget(session: Session, names: Sequence[str]) -> list[RelPath]:
    """Drop state, base copies and lock entries of targets; without names, of all that was ever recorded."""
    workspace = session.workspace
    with only_build(workspace):
        before = session.lock.section(workspace.output)
        known = {*before.targets, *before.ignored, *session.memory.records}
        paths = sorted(known if not names else known & set(_named(session, names)))
        if workspace.state_db.is_file():
            state = StateDb(str(workspace.state_db))
            for path in paths:
                state.remove(path)
            state.close()
        Tree(workspace.base).remove(paths)
        left = {path: entry for path, entry in before.targets.items() if path not in paths}
        ignored = tuple(path for path in before.ignored if path not in paths)
        _save(session, before.model_copy(update={"ignored": ignored, "targets": left}))
    return paths


def remember_verdict(workspace: Workspace, key: Digest, *, ok: bool) -> None:
    """Record a verdict that `gocreator verify` reached, as a build would; nothing if no build was made here."""
    if not workspace.state_db.is_file():
        return
    with only_build(workspace):
        state = StateDb(str(workspace.state_db))
        state.set(VERIFY, "_values_:", verdict_record(key, ok=ok))
        state.set(VERIFY, "deps:", ())
        state.close()


def _named(session: Session, names: Sequence[str]) -> Iterable[RelPath]:
    orphans = {orphan.path for orphan in session.orphans}
    left = [RelPath(name) for name in names if name in orphans]
    planned = [name for name in names if name not in orphans]
    return [*left, *(session.select(planned) if planned else ())]


def _save(session: Session, section: Section) -> None:
    workspace = session.workspace
    text = session.lock.with_section(workspace.output, section).text()
    for error in Tree(workspace.project).write({RelPath(workspace.lock_file.name): text.encode()}).values():
        raise error
