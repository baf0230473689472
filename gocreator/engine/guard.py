"""One build at a time in a project: two would do, and pay for, the same work."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

from gocreator.errors import Code, Refused
from gocreator.store.workspace import Workspace


@contextmanager
def only_build(workspace: Workspace) -> Iterator[None]:
    """Hold the project's build lock, or refuse if another process does."""
    workspace.home.mkdir(parents=True, exist_ok=True)
    ignore = workspace.home / ".gitignore"
    if not ignore.exists() or not ignore.stat().st_size:
        ignore.write_text("*\n")
    with workspace.build_lock.open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise _rival(file) from error
        # `eject` removes the file: a lock on one that is gone keeps nobody out.
        try:
            kept = os.path.samestat(workspace.build_lock.stat(), os.fstat(file.fileno()))
        except FileNotFoundError:
            kept = False
        if not kept:
            raise _rival(file)
        try:
            os.ftruncate(file.fileno(), 0)
            os.write(file.fileno(), str(os.getpid()).encode())
        except OSError as error:
            # A full disk is told of without the name of the file.
            raise OSError(error.errno, error.strerror, str(workspace.build_lock)) from error
        yield


def _rival(file: TextIO) -> Refused:
    file.seek(0)
    holder = file.read().strip()
    who = f" (process {holder})" if holder else ""
    return Refused(f"another gocreator is at work in this project{who}", hint="wait until it is done", code=Code.RIVAL)
