"""Remembering how files are asked for, as digests, so that no prompt is rendered to know them.

They hold for one gocreator and one set of templates. Losing the file costs time alone.
"""

import json
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from gocreator.store.renderings import maker
from gocreator.values import Digest, RuleName, digest


def read_recipes(path: Path, basis: Digest) -> Mapping[RuleName, str]:
    """Read what was remembered; nothing if it cannot be read or does not stand on the same `basis`."""
    with suppress(OSError, ValueError, TypeError, KeyError, AttributeError):
        found = json.loads(path.read_bytes())
        if found["basis"] == _whole(basis):
            return {RuleName(rule): str(recipe) for rule, recipe in found["recipes"].items()}
    return {}


def recipes_text(recipes: Mapping[RuleName, str], basis: Digest) -> str:
    """Return the file's text."""
    return json.dumps({"basis": _whole(basis), "recipes": dict(sorted(recipes.items()))})


def _whole(basis: Digest) -> Digest:
    return digest(maker(), basis)
