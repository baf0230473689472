"""Whether a file is Go at all: the parser's opinion, and gofmt's verdict where there is a toolchain."""

import os
import subprocess
from functools import cache

from gocreator.errors import Failed
from gocreator.golang.toolchain import Toolchain, find_go

_SECONDS = 30


def gofmt_refuses(content: bytes) -> bool | None:
    """Ask gofmt whether it refuses a file; None where there is no gofmt.

    tree-sitter-go finds errors in about one of a thousand valid files, so its opinion alone refuses nothing.
    """
    toolchain = _toolchain()
    if toolchain is None:
        return None
    asked = subprocess.run([toolchain.gofmt, "-e"], input=content, capture_output=True, timeout=_SECONDS, check=False)
    return asked.returncode != 0


@cache
def _toolchain() -> Toolchain | None:
    try:
        return find_go(os.environ)
    except Failed:
        return None
