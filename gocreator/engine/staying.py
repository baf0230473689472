"""The Go files that a build leaves as they are: their names are taken, whoever wrote them."""

from collections.abc import Collection, Iterator

from gocreator.engine.session import Session
from gocreator.output.tree import Unwritable
from gocreator.values import RelPath


def staying(session: Session, making: Collection[RelPath], folder: str) -> dict[RelPath, bytes]:
    """Return the files of a directory of the output that this build neither writes nor removes."""
    found = {}
    for path in _present(session, folder):
        try:
            content = None if _goes(session, making, path) else session.tree.read(path)
        except Unwritable:
            continue
        if content is not None:
            found[path] = content
    return found


def _present(session: Session, folder: str) -> Iterator[RelPath]:
    for place in sorted((session.workspace.root / folder).glob("*.go")):
        # What begins so is no part of a package, says Go.
        if not place.name.startswith(("_", ".")):
            yield RelPath(place.relative_to(session.workspace.root).as_posix())


def _goes(session: Session, making: Collection[RelPath], path: RelPath) -> bool:
    if path in session.plan.targets:
        return path in making
    return any(it.path == path and not it.edited for it in session.orphans)
