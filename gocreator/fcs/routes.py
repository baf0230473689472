"""Methods and paths of endpoints: reading them, judging them, and telling which of them collide."""

import re
from collections.abc import Sequence
from itertools import combinations
from typing import get_args

from gocreator.fcs.model import Method

METHODS: tuple[str, ...] = get_args(Method)

_LITERAL = re.compile(r"[A-Za-z0-9._~@+,=%-]+\Z")
_PARAMETER = re.compile(r"\{([A-Za-z_][A-Za-z0-9_]*)\}\Z")
_COLON = re.compile(r":([A-Za-z_][A-Za-z0-9_]*)\Z")
MAX_LENGTH = 500


class BadPath(Exception):
    """A path that no router can serve."""

    def __init__(self, message: str, hint: str) -> None:
        """Keep both apart, as problems of a document do."""
        super().__init__(message)
        self.message = message
        self.hint = hint


def read_path(text: str) -> str:
    """Return a path in canonical form, or raise `BadPath`."""
    if not text.startswith("/"):
        raise BadPath(
            f"the path `{text[:60]}` does not start with `/`", "write it without scheme and host: /users/{id}"
        )
    if len(text) > MAX_LENGTH:
        raise BadPath("the path is too long", f"a path has at most {MAX_LENGTH} characters")
    if re.search(r"\s", text):
        raise BadPath(f"the path `{text}` holds white space", "write one path, such as /users/{id}")
    if "?" in text or "#" in text:
        raise BadPath(f"the path `{text}` holds a query", "put query parameters under `request`")
    segments = [_segment(segment, text) for segment in text.strip("/").split("/")] if text.strip("/") else []
    names = parameters("/" + "/".join(segments))
    for name in names:
        if names.count(name) > 1:
            raise BadPath(f"the path `{text}` has the parameter `{name}` twice", "rename one of them")
    return "/" + "/".join(segments)


def parameters(path: str) -> list[str]:
    """Return the names of the parameters of a path."""
    return re.findall(r"\{(\w+)\}", path)


def shape_of(path: str) -> str:
    """Return a path without the names of its parameters."""
    return re.sub(r"\{\w+\}", "{}", path)


def collisions(paths: Sequence[str]) -> list[tuple[str, str]]:
    """Return pairs of paths of one method of which neither is more specific; Go's router panics on them."""
    shaped = [(path, shape_of(path).split("/")) for path in paths]
    masks: dict[tuple[bool, ...], list[tuple[str, list[str]]]] = {}
    for path, segments in shaped:
        masks.setdefault(tuple(segment == "{}" for segment in segments), []).append((path, segments))
    found = []
    for (first, some), (second, others) in combinations(sorted(masks.items()), 2):
        if len(first) == len(second) and _incomparable(first, second):
            found += [(a, b) for a, left in some for b, right in others if _overlap(left, right)]
    return found


def _incomparable(first: Sequence[bool], second: Sequence[bool]) -> bool:
    pairs = set(zip(first, second, strict=True))
    return (True, False) in pairs and (False, True) in pairs


def _overlap(first: Sequence[str], second: Sequence[str]) -> bool:
    return all(a == b or "{}" in (a, b) for a, b in zip(first, second, strict=True))


def _segment(segment: str, path: str) -> str:
    """Read one segment."""
    if found := _COLON.match(segment) or _PARAMETER.match(segment):
        return f"{{{found[1]}}}"
    if not segment or segment in (".", ".."):
        raise BadPath(f"the path `{path}` has an empty segment or dots", "write each `/` once")
    if "{" in segment or "}" in segment or segment.startswith(":"):
        hint = "write parameters as whole segments, such as /users/{id}"
        raise BadPath(f"`{segment}` in the path `{path}` is no parameter", hint)
    if not _LITERAL.match(segment):
        raise BadPath(f"the path `{path}` holds a character that it must not", "use letters, digits, `-` and `_`")
    return segment
