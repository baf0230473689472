"""What ends a build: orphans removed, lock and state written."""

from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from typing import Any

from pydantic_core import to_json

from gocreator.engine.session import Session
from gocreator.observe.events import Bus, OrphanKept, TargetFailed, TargetRemoved
from gocreator.output.tree import Tree, Unwritable
from gocreator.plan.record import LockEntry, Record
from gocreator.plan.target import SliceItem
from gocreator.store.calibration import Calibration
from gocreator.store.lock import Section
from gocreator.store.recipes import recipes_text
from gocreator.store.renderings import renderings_text
from gocreator.store.state import StateDb
from gocreator.store.workspace import Workspace
from gocreator.values import Origin, RelPath, digest


def remove_orphans(session: Session, bus: Bus) -> set[RelPath]:
    """Remove files that left the plan; those that were edited stay, and are the user's from now on.

    Return the paths that are no longer gocreator's; what could not be removed still is.
    """
    gone = set()
    for orphan in session.orphans:
        if orphan.edited:
            bus.emit(OrphanKept(path=orphan.path))
        else:
            try:
                # Also one that is gone: a build that was cut off may have left its directory empty.
                session.tree.remove([orphan.path])
            except Unwritable as error:
                bus.emit(TargetFailed(path=orphan.path, message=str(error), code=error.code.value))
                continue
            if orphan.present:
                bus.emit(TargetRemoved(path=orphan.path))
        gone.add(orphan.path)
    return gone


def write_lock(session: Session, state: StateDb, known: Mapping[RelPath, LockEntry], gone: Collection[RelPath]) -> None:
    """Bring this output's section of the lock file to what is recorded now; others stay."""
    workspace = session.workspace
    before = session.lock.section(workspace.output)
    for path in gone:
        state.remove(path)
    Tree(workspace.base).remove(gone)
    # Of targets that this run did not look at, the lock knows best: the state may be older than what was pulled.
    entries: dict[RelPath, LockEntry] = {**state.records(), **before.targets, **known}
    targets = {path: _entry(entry) for path, entry in entries.items() if path not in gone}
    lock = session.lock.with_section(
        workspace.output, Section(fcs=session.specification, ignored=before.ignored, targets=targets)
    )
    _write(Tree(workspace.project), RelPath(workspace.lock_file.name), lock.text())


def _entry(entry: LockEntry) -> LockEntry:
    return entry.entry() if isinstance(entry, Record) else entry


def write_state(session: Session, state: StateDb) -> None:
    """Write the state in the shape of the specification's IncrementalState."""
    place = session.workspace.state_file
    text = to_json(_incremental_state(session, dict(sorted(state.records().items()))), indent=2).decode()
    _write(Tree(place.parent), RelPath(place.name), f"{text}\n")


def write_renderings(session: Session) -> None:
    """Remember what was rendered, if the plan brought anything new."""
    rows = session.renderings.rows()
    if rows != session.renderings.known:
        place = session.workspace.renderings
        _write(Tree(place.parent), RelPath(place.name), renderings_text(rows))


def write_recipes(session: Session) -> None:
    """Remember how files are asked for, if somebody had to find out."""
    if "recipes" in vars(session) and session.recipes.made:
        place = session.workspace.recipes
        text = recipes_text({**session.recipes.known, **session.recipes.made}, session.recipe_basis)
        _write(Tree(place.parent), RelPath(place.name), text)


def write_calibration(workspace: Workspace, calibration: Calibration) -> None:
    """Keep what calls taught about estimates, if there were any."""
    if text := calibration.text:
        _write(Tree(workspace.home), RelPath(workspace.calibration.name), text)


def _incremental_state(session: Session, records: Mapping[RelPath, Record]) -> dict[str, Any]:
    elements = sorted((element.id, element.digest) for element in session.plan.elements.values())
    dependencies = {path: _elements_of(record) for path, record in records.items()}
    latest = max((record.generated_at for record in records.values()), default="")
    return {
        "version": "1.0",
        "fcs_checksum": digest(*(part for pair in elements for part in pair)),
        "generated_files": {
            path: {
                "path": path,
                "checksum": record.checksum,
                "generated_at": record.generated_at,
                "dependencies": dependencies[path],
                "template": record.origin is Origin.TEMPLATE,
            }
            for path, record in records.items()
        },
        "dependency_graph": dependencies,
        "last_generation": latest or datetime.fromtimestamp(0, UTC).isoformat(),
        "checksums": {path: record.checksum for path, record in records.items()},
    }


def _elements_of(record: Record) -> list[str]:
    return sorted({SliceItem(item).element for item in record.slice})


def _write(tree: Tree, path: RelPath, text: str) -> None:
    for error in tree.write({path: text.encode()}).values():
        raise error
