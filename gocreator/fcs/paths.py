"""Judge paths and module paths that a document names, by the rules of Go and of common sense."""

import re

_SEGMENT = re.compile(r"[A-Za-z0-9][A-Za-z0-9._~-]*\Z")
_WINDOWS = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|\Z)", re.IGNORECASE)
_NOT_BUILT = ("testdata", "vendor")
_RESERVED_MODULES = frozenset("std cmd vendor internal builtin unsafe main go toolchain".split())
MAX_LENGTH = 200


def path_problem(path: str, *, root: bool = False) -> str:
    """Say why a path cannot be that of a Go package, or nothing; `root` allows the project's own directory."""
    if root and path in (".", ""):
        return ""
    if escaping := escape_problem(path):
        return escaping
    for segment in path.split("/"):
        if problem := _segment_problem(segment):
            return problem
    return ""


def escape_problem(path: str) -> str:
    """Say why a path does not stay inside the project, or nothing."""
    if len(path) > MAX_LENGTH:
        return f"it is longer than {MAX_LENGTH} characters"
    if "\\" in path or "\0" in path:
        return "it holds a backslash or a NUL"
    if path.startswith(("/", "~")) or re.match(r"[A-Za-z]:", path):
        return "it is absolute"
    if ".." in path.split("/"):
        return "it leads out of the project"
    return ""


def module_problem(module: str) -> str:
    """Say why a text is no Go module path, or nothing."""
    if len(module) > MAX_LENGTH:
        return f"it is longer than {MAX_LENGTH} characters"
    segments = module.split("/")
    if segments[0] in _RESERVED_MODULES:
        return f"Go reserves the name `{segments[0]}`"
    for segment in segments:
        if problem := _segment_problem(segment):
            return problem
    if len(segments) > 1 and re.match(r"v(0|1|[0-9]+\.)", segments[-1]) and re.match(r"v[0-9.]+\Z", segments[-1]):
        return f"`{segments[-1]}` is no major version from v2 on"
    return ""


def _segment_problem(segment: str) -> str:
    """Say why a directory cannot be part of an import path."""
    if not segment:
        return "it has an empty segment"
    if segment in _NOT_BUILT:
        return f"Go does not build what is in `{segment}`"
    if not _SEGMENT.match(segment) or segment.endswith("."):
        return f"`{segment}` is no segment of a Go import path"
    if _WINDOWS.match(segment):
        return f"`{segment}` is no file name on Windows"
    return ""
