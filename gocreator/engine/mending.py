"""What a build mends before it begins: files of gocreator's own that are damaged, or that an end by force left."""

import json
from pathlib import Path

from gocreator.engine.session import Session
from gocreator.observe.events import Bus, Warned
from gocreator.observe.reportfile import sweep
from gocreator.output.tree import Tree
from gocreator.store.aside import set_aside
from gocreator.store.lock import LockGarbled
from gocreator.values import RelPath


def mend(session: Session, bus: Bus) -> None:
    """Set aside a lock file and a state file that cannot be read, with a warning, and drop half-written ones."""
    workspace = session.workspace
    for place in (workspace.lock_file, workspace.state_file, workspace.renderings, workspace.recipes):
        Tree(place.parent).discard(RelPath(place.name))
    for folder in (workspace.reports, workspace.home / "manifests"):
        if folder.is_dir():
            sweep(str(folder))
    Tree(workspace.backups).sweep()
    try:
        _ = session.lock
    except LockGarbled as error:
        _aside(workspace.lock_file, error.why, bus, "; ignored and adopted targets must be named again")
    if workspace.state_file.exists() and not _is_state(workspace.state_file):
        _aside(workspace.state_file, "it is no state", bus)


def warn_of(place: Path, aside: Path, why: str, bus: Bus, more: str = "") -> None:
    """Say that a file was set aside."""
    bus.emit(Warned(message=f"{place.name} is damaged ({why}): it is written anew, what it held lies in {aside}{more}"))


def _aside(place: Path, why: str, bus: Bus, more: str = "") -> None:
    warn_of(place, set_aside(place), why, bus, more)


def _is_state(place: Path) -> bool:
    try:
        found = json.loads(place.read_text(encoding="utf-8"))
    except (ValueError, RecursionError):
        return False
    return isinstance(found, dict) and "generated_files" in found
