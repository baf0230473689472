"""Compiled templates, kept for the next process: compiling one takes as long as rendering a hundred files.

They are code, so they lie where only their user can write, as Python's own do, and never in a project.
"""

import marshal
import os
import sys
import tempfile
import time
from pathlib import Path

import jinja2
from blake3 import blake3
from jinja2.bccache import Bucket, BytecodeCache

from gocreator.resources import user_cache

_MADE_BY = f"1 {sys.version} {jinja2.__version__}"
_SUM = 32
_OLD = 30 * 86_400.0
"""Seconds after which a template is compiled again, and what nobody needs any more goes."""


class Bytecode(BytecodeCache):
    """Keeps compiled templates in a directory; where that cannot be trusted or used, each process compiles its own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._usable: bool | None = None

    def get_cache_key(self, name: str, filename: str | None = None) -> str:
        """Name what compiled code has in it beside the source."""
        return f"{_MADE_BY}\n{name}\n{filename}"

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give a template its code, if it is there and whole."""
        try:
            data = self._place(bucket).read_bytes() if self._is_usable() else b""
        except OSError:
            return
        if data and blake3(data[_SUM:]).digest() == data[:_SUM]:
            bucket.code = marshal.loads(data[_SUM:])  # noqa: S302 - our own, of a directory that is the user's alone

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep the code of a template, if that is possible."""
        code = marshal.dumps(bucket.code)
        try:
            if self._is_usable():
                self._write(self._place(bucket), blake3(code).digest() + code)
        except OSError:
            self._usable = False

    def _place(self, bucket: Bucket) -> Path:
        return self._folder / blake3(f"{bucket.key}\n{bucket.checksum}".encode()).hexdigest()

    def _write(self, place: Path, data: bytes) -> None:
        handle, name = tempfile.mkstemp(dir=self._folder, prefix="half-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            Path(name).replace(place)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise

    def _is_usable(self) -> bool:
        if self._usable is None:
            self._usable = self._is_private()
        return self._usable

    def _is_private(self) -> bool:
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            found = self._folder.stat()
            for place in self._folder.iterdir():
                if place.stat().st_mtime < time.time() - _OLD:
                    place.unlink()
        except OSError:
            return False
        return found.st_uid == os.geteuid() and not found.st_mode & 0o022


def kept_for_user() -> Bytecode:
    """Return the compiled templates of this user."""
    return Bytecode(user_cache(os.environ) / "templates")
