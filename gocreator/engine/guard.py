"""One build at a time in a project: two would do, and pay for, the same work."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

from gocreator.errors import Refused
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
        if not workspace.build_lock.exists() or workspace.build_lock.stat().st_ino != os.fstat(file.fileno()).st_ino:
            raise _rival(file)
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


def _rival(file: TextIO) -> Refused:
    file.seek(0)
    holder = file.read().strip()
    who = f" (process {holder})" if holder else ""
    return Refused(f"another gocreator is at work in this project{who}", hint="wait until it is done")
