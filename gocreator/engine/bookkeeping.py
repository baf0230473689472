"""Changing what is remembered, not the files: ignore, adopt, forget, the verdict of a verification."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from gocreator.engine.guard import only_build
from gocreator.engine.judging import verdict_record
from gocreator.engine.names import VERIFY
from gocreator.engine.session import Session
from gocreator.errors import Failed
from gocreator.output.tree import Tree
from gocreator.plan.record import Record
from gocreator.plan.staleness import EDITED
from gocreator.plan.target import Target
from gocreator.store.lock import Section
from gocreator.store.state import StateDb
from gocreator.store.workspace import Workspace
from gocreator.values import Digest, Origin, RelPath, checksum, digest


def ignore(session: Session, names: Sequence[str]) -> tuple[RelPath, ...]:
    """Mark targets in the lock file, so that no clone builds or checks them."""
    paths = session.select(names)
    with only_build(session.workspace):
        before = session.lock.section(session.workspace.output)
        ignored = tuple(sorted({*before.ignored, *paths}))
        save_section(session, before.model_copy(update={"ignored": ignored}))
    return paths


def adopt(session: Session, names: Sequence[str]) -> list[RelPath]:
    """Accept hand edits as they are: what the files hold is recorded as what the specification asks for now.

    Only what is edited is accepted; return its paths.
    """
    workspace = session.workspace
    with only_build(workspace):
        session.refuse_rival()
        found = [finding for finding in session.findings(names) if finding.status in EDITED]
        if not found:
            return []
        accepted = {finding.target.path: _accepted(session, finding.target) for finding in found}
        state = StateDb(str(workspace.state_db), mend=False)
        with state.batch():
            state.remember(session.elements)
            for path, record in accepted.items():
                state.set(path, "_values_:", record.model_dump(mode="json"))
                state.set(path, "deps:", state.get(path, "deps:") or ())
        state.close()
        Tree(workspace.base, durable=False).write(
            {it.target.path: it.target.content for it in found if it.target.origin is Origin.TEMPLATE}
        )
        Tree(workspace.planned).remove(accepted)
        before = session.lock.section(workspace.output)
        entries = {path: record.entry() for path, record in accepted.items()}
        fcs = before.fcs or session.specification
        save_section(session, before.model_copy(update={"fcs": fcs, "targets": {**before.targets, **entries}}))
    return list(accepted)


def _accepted(session: Session, target: Target) -> Record:
    content = session.tree.read(target.path) or b""
    if digest(content) != session.finding(target.path).seen:
        raise Failed(f"{target.path}: edited meanwhile", hint="try again")
    now = datetime.now(UTC).isoformat(timespec="seconds")
    return Record.of(target, checksum(content, session.request.checksum_algorithm), now, accepted=True)


def forget(session: Session, names: Sequence[str]) -> list[RelPath]:
    """Drop state, base copies and lock entries of targets; without names, of all that was ever recorded."""
    workspace = session.workspace
    with only_build(workspace):
        before = session.lock.section(workspace.output)
        known = {*before.targets, *before.ignored, *session.memory.records}
        paths = sorted(known if not names else known & set(_named(session, names)))
        if workspace.state_db.is_file():
            state = StateDb(str(workspace.state_db), mend=False)
            for path in paths:
                state.remove(path)
            state.close()
        Tree(workspace.base).remove(paths)
        left = {path: entry for path, entry in before.targets.items() if path not in paths}
        ignored = tuple(path for path in before.ignored if path not in paths)
        save_section(session, before.model_copy(update={"ignored": ignored, "targets": left}))
    return paths


def remember_verdict(workspace: Workspace, key: Digest, *, ok: bool) -> None:
    """Record a verdict that `gocreator verify` reached, as a build would; nothing if no build was made here."""
    if not workspace.state_db.is_file():
        return
    with only_build(workspace):
        state = StateDb(str(workspace.state_db), mend=False)
        state.set(VERIFY, "_values_:", verdict_record(key, ok=ok))
        state.set(VERIFY, "deps:", ())
        state.close()


def _named(session: Session, names: Sequence[str]) -> Iterable[RelPath]:
    orphans = {orphan.path for orphan in session.orphans}
    left = [RelPath(name) for name in names if name in orphans]
    planned = [name for name in names if name not in orphans]
    return [*left, *(session.select(planned) if planned else ())]


def save_section(session: Session, section: Section) -> None:
    """Write what the lock file is to say of this output; what it says of others stays."""
    workspace = session.workspace
    text = session.lock.with_section(workspace.output, section).text()
    for error in Tree(workspace.project).write({RelPath(workspace.lock_file.name): text.encode()}).values():
        raise error
