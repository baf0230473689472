"""Everything in a project that can change what its verification finds."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from gocreator.errors import Failed
from gocreator.values import Digest, RelPath, digest

_NOT_OF_GO = frozenset({"gocreator.lock", ".gocreator.yaml"})
"""Files at the root that gocreator itself reads and writes, where the output is the project directory."""
_NOT_OF_THE_PROJECT = frozenset({".git", ".hg", ".jj", ".svn", ".gocreator", "node_modules"})


def tree_files(root: Path) -> list[RelPath]:
    """List the regular files of a project in a fixed order; links are neither listed nor followed."""
    return [RelPath(path) for path, mode in _entries(root) if stat.S_ISREG(mode)]


def tree_digest(root: Path) -> Digest:
    """Hash paths and contents of a project, and where its links point; never where the project lies."""
    parts: list[str | bytes] = []
    for path, mode in _entries(root):
        kind = "link" if stat.S_ISLNK(mode) else "file"
        parts += [kind, os.fsencode(path), _content(root / path, mode)]
    return digest(*parts)


def _content(path: Path, mode: int) -> bytes:
    """Read a file, or where a link points."""
    try:
        return os.fsencode(path.readlink()) if stat.S_ISLNK(mode) else path.read_bytes()
    except OSError as problem:
        raise Failed(f"{path} cannot be read: {problem.strerror or problem}") from problem


def _entries(root: Path) -> list[tuple[str, int]]:
    """List regular files and links with their modes, sorted by the bytes of their paths."""
    return sorted(_walk(root, ""), key=lambda entry: os.fsencode(entry[0]))


def _walk(folder: Path, prefix: str) -> Iterator[tuple[str, int]]:
    """Walk a folder; whatever is neither file, link nor folder changes no verdict."""
    try:
        with os.scandir(folder) as entries:
            found = [(entry.name, entry.stat(follow_symlinks=False).st_mode) for entry in entries]
    except OSError as problem:
        raise Failed(f"{folder} cannot be read: {problem.strerror or problem}") from problem
    for name, mode in found:
        if stat.S_ISDIR(mode):
            if not _is_left_out(name):
                yield from _walk(folder / name, f"{prefix}{name}/")
        elif (stat.S_ISREG(mode) or stat.S_ISLNK(mode)) and f"{prefix}{name}" not in _NOT_OF_GO:
            yield f"{prefix}{name}", mode


def _is_left_out(name: str) -> bool:
    """Tell whether a folder is not the project's: version control, state, hidden caches."""
    return name in _NOT_OF_THE_PROJECT or (name.startswith(".") and "cache" in name)
