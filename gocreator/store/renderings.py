"""Remembering the digests of renderings, so that a plan renders only what changed. Losing the file costs time alone.

What is remembered holds for one gocreator: its code is part of what a rendering was made from.
"""

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from gocreator.plan.rendering import Known
from gocreator.resources import package_dir
from gocreator.values import Digest, digest


def read_renderings(path: Path) -> Mapping[Digest, Known]:
    """Read what was remembered; nothing if it cannot be read or was written by other code."""
    with suppress(OSError, ValueError, TypeError, KeyError, AttributeError):
        found = json.loads(path.read_bytes())
        if found["maker"] == maker():
            return {Digest(key): Known.of(row) for key, row in found["renderings"].items()}
    return {}


def renderings_text(rows: Mapping[Digest, Known]) -> str:
    """Return the file's text."""
    plain = {key: known.row() for key, known in sorted(rows.items())}
    return json.dumps({"maker": maker(), "renderings": plain}, ensure_ascii=False)


def maker() -> Digest:
    """Return a digest of the stat data of gocreator's own code."""
    found = []
    for folder, _, names in os.walk(package_dir()):
        for name in names:
            if name.endswith(".py"):
                status = os.stat(os.path.join(folder, name))  # noqa: PTH116, PTH118 - two hundred files at each start
                found.append(f"{name} {status.st_size} {status.st_mtime_ns}")
    return digest(*sorted(found))
