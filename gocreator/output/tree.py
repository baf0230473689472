"""The one door into the user's tree: reads and writes below a root, never through a link, never outside.

A batch is written to temporary files, synced, and renamed; bytes that did not change are not written, so
that modification times and Go's build cache survive. An interrupted write leaves the old file.
"""

import os
import stat
from collections.abc import Iterable, Mapping
from pathlib import Path

from gocreator.errors import Code, Failed
from gocreator.values import RelPath, is_inside

TEMPORARY = ".gocreator-tmp"
_FEW = 8
"""So many files are synced each by itself: a sync of everything waits for what the rest of the machine wrote, too."""


class Unwritable(Failed):
    """A path cannot be read or written: a link on the way, a directory in its place, no permission, no space."""

    code = Code.UNWRITABLE


class Tree:
    """A directory whose files gocreator reads and writes."""

    def __init__(self, root: Path, *, durable: bool = True) -> None:
        """Open a root; files that are not `durable` may be lost with the machine's power."""
        self.root = root
        self._durable = durable

    def path(self, path: RelPath) -> Path:
        """Return the place of a path; every directory on the way must be a real one."""
        found = self.root
        parts = path.split("/")
        if not is_inside(path):
            raise Unwritable(f"{path!r} is no path inside {self.root.name}", hint="mend the path")
        for number, part in enumerate(parts):
            found = found / part
            try:
                mode = found.lstat().st_mode
            except FileNotFoundError:
                continue
            except NotADirectoryError:
                break
            except OSError as error:
                raise _unwritable(self.root / path, error) from error
            if stat.S_ISLNK(mode):
                hint = "gocreator does not write through links: replace the link by a file or a directory"
                raise Unwritable(f"{path}: {found.relative_to(self.root)} is a symbolic link", hint=hint)
            if number < len(parts) - 1 and not stat.S_ISDIR(mode):
                raise Unwritable(f"{path}: {found.relative_to(self.root)} is not a directory", hint="move it away")
        return self.root.joinpath(*parts)

    def read(self, path: RelPath) -> bytes | None:
        """Return a file's bytes, or None if there is none."""
        place = self.path(path)
        try:
            if not stat.S_ISREG(place.lstat().st_mode):
                raise Unwritable(f"{path}: this is not a regular file", hint="move it away")
            return place.read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise _unwritable(self.root / path, error) from error

    def write(self, batch: Mapping[RelPath, bytes]) -> dict[RelPath, Unwritable]:
        """Write those files whose bytes differ; return what could not be written, and why."""
        failures: dict[RelPath, Unwritable] = {}
        staged: dict[RelPath, tuple[Path, Path]] = {}
        for path, content in batch.items():
            try:
                if self.read(path) != content:
                    staged[path] = self._stage(path, content)
            except Unwritable as error:
                failures[path] = error
        if len(staged) > _FEW and self._durable:
            os.sync()
        for path, (temporary, place) in staged.items():
            try:
                if len(staged) <= _FEW and self._durable:
                    _sync(temporary)
                temporary.replace(place)
            except OSError as error:
                temporary.unlink(missing_ok=True)
                failures[path] = _unwritable(self.root / path, error)
        return failures

    def create(self, path: RelPath, content: bytes) -> bool:
        """Write a file where there is none, whole or not at all; False if there is one, which stays."""
        temporary, place = self._stage(path, content)
        try:
            if self._durable:
                _sync(temporary)
            os.link(temporary, place)
        except FileExistsError:
            return False
        except OSError as error:
            raise _unwritable(self.root / path, error) from error
        finally:
            _discard(temporary)
        return True

    def remove(self, paths: Iterable[RelPath]) -> None:
        """Remove files, and the directories that become empty."""
        for path in paths:
            place = self.path(path)
            try:
                place.unlink(missing_ok=True)
            except OSError as error:
                raise _unwritable(self.root / path, error) from error
            self._prune(place.parent)

    def files(self) -> Iterable[RelPath]:
        """Return the regular files below the root, links left out."""
        for folder, names, files in os.walk(self.root):
            names.sort()
            for name in sorted(files):
                place = Path(folder, name)
                if not place.is_symlink():
                    yield RelPath(place.relative_to(self.root).as_posix())

    def discard(self, path: RelPath) -> None:
        """Remove the temporary file that an interrupted write of one path left behind."""
        _discard(_temporary(self.path(path)))

    def sweep(self) -> None:
        """Remove temporary files that an interrupted write left behind."""
        for path in list(self.files()):
            if path.endswith(TEMPORARY):
                (self.root / path).unlink(missing_ok=True)

    def _stage(self, path: RelPath, content: bytes) -> tuple[Path, Path]:
        place = self.path(path)
        temporary = _temporary(place)
        try:
            if place.is_dir():
                raise IsADirectoryError(21, "a directory is in its place")
            place.parent.mkdir(parents=True, exist_ok=True)
            temporary.unlink(missing_ok=True)
            mode = stat.S_IMODE(place.stat().st_mode) if place.exists() else 0o666
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
            with os.fdopen(os.open(temporary, flags, mode), "wb") as file:
                file.write(content)
        except OSError as error:
            _discard(temporary)
            raise _unwritable(self.root / path, error) from error
        return temporary, place

    def _prune(self, folder: Path) -> None:
        while folder != self.root and folder.is_relative_to(self.root):
            try:
                folder.rmdir()
            except OSError:
                return
            folder = folder.parent


def _temporary(place: Path) -> Path:
    return place.with_name(f".{place.name[:200]}{TEMPORARY}")


def _sync(place: Path) -> None:
    handle = os.open(place, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _discard(temporary: Path) -> None:
    try:
        temporary.unlink(missing_ok=True)
    except OSError:
        return


def _unwritable(place: Path, error: OSError) -> Unwritable:
    return Unwritable(
        f"{place}: {error.strerror or error}", hint="check the permissions and the space of the directory"
    )
