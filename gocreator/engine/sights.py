"""Knowing what the output's files hold without reading all of them: by stat data, as git's index does.

Only a file that was left alone for a while before it was looked at is known again by its stat data: a younger one
could change once more within a tick of the clock.
"""

import os
import stat
import time
from collections.abc import Mapping
from functools import partial

from gocreator.fastpath import RACY_NS
from gocreator.output.tree import Tree
from gocreator.plan.content import Content
from gocreator.store.memory import Sighting
from gocreator.values import Checksum, RelPath, digest, is_inside

Stat = tuple[int, int, int, int]


class Sights:
    """Looks at files of one tree; what it learns may be remembered for the next session."""

    def __init__(self, tree: Tree, known: Mapping[RelPath, Sighting], algorithm: str) -> None:
        self._tree = tree
        self._root = os.fspath(tree.root)
        self._known = known
        self._algorithm = algorithm
        self._folders: set[str] = set()
        """Those on the way to which no link was found."""
        self._read: dict[RelPath, tuple[Stat, Content]] = {}
        self._wrote: dict[RelPath, Sighting] = {}

    def look(self, path: RelPath) -> Content | None:
        """Return what a file holds, or None if there is none; raise `Unwritable` if it cannot be told."""
        now = time.time_ns()
        found = self._stat(path)
        if found is None:
            return None
        known = self._known.get(path)
        if known is not None and known.stat == found:
            return Content(partial(self._bytes, path), (known.digest, known.checksum))
        data = self._tree.read(path)
        if data is None:
            return None
        content = Content(lambda: data)
        if _settled(found, now):
            self._read[path] = found, content
        return content

    def wrote(self, path: RelPath, data: bytes, summed: Checksum) -> None:
        """Take note of a file that was written just now."""
        if found := self._stat(path):
            self._wrote[path] = Sighting(found, digest(data), summed)

    def fresh(self) -> dict[RelPath, Sighting]:
        """Return what is worth to be remembered: of what was read, and of what was written and left alone since."""
        now = time.time_ns()
        read = {path: self._sighting(*found) for path, found in self._read.items() if path not in self._wrote}
        wrote = {path: it for path, it in self._wrote.items() if _settled(it.stat, now) and _fine(it.stat)}
        return read | {path: it for path, it in wrote.items() if it.stat == self._stat(path)}

    def _sighting(self, found: Stat, content: Content) -> Sighting:
        return Sighting(found, content.digest, content.checksum(self._algorithm))

    def _bytes(self, path: RelPath) -> bytes:
        return self._tree.read(path) or b""

    def _stat(self, path: RelPath) -> Stat | None:
        folder = path.rpartition("/")[0]
        if folder not in self._folders or not is_inside(path):
            self._tree.path(path)
            self._folders.add(folder)
        try:
            found = os.lstat(f"{self._root}/{path}")
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError:
            found = None
        if found is None or not stat.S_ISREG(found.st_mode):
            self._tree.read(path)
            return None
        return found.st_mtime_ns, found.st_ctime_ns, found.st_size, found.st_ino


def _settled(found: Stat, now: int) -> bool:
    return now - max(found[:2]) > RACY_NS


def _fine(found: Stat) -> bool:
    """Tell whether the file system's clock ticks often enough to see a change soon after a write."""
    return found[0] % 1_000_000_000 != 0
