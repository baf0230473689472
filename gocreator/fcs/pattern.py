"""Tell whether a pattern is RE2, as far as Python can: what only backtracking can match is refused."""

import re
import warnings

MAX_LENGTH = 1000

_FOREIGN = (
    (re.compile(r"\(\?(=|!|<=|<!)"), "lookaround"),
    (re.compile(r"\\[1-9]|\(\?P=|\\k[<{']"), "a backreference"),
    (re.compile(r"(?<!\\)[*+?}]\+"), "a possessive quantifier"),
    (re.compile(r"\(\?>"), "an atomic group"),
    (re.compile(r"\(\?\("), "a conditional group"),
    (re.compile(r"\(\?#"), "a comment"),
    (re.compile(r"\\[ZGRXKN]|\\[uU][0-9A-Fa-f{]"), "an escape that it does not know"),
    (re.compile(r"\(\?[a-zA-Z]*[axuLAUX-]*[axuL][a-zA-Z-]*[:)]"), "a flag that it does not know"),
)
_CLASS = re.compile(r"\[\^?\]?(?:\\.|\[:\^?\w+:\]|[^\]\\])*\]")
_REPEAT = re.compile(r"(?<!\\)\{(\d*)(?:,(\d*))?\}")
_TO_PYTHON = (("\\z", "\\Z"), ("\\pL", "\\w"), ("\\pN", "\\d"), ("(?U)", ""), ("(?U:", "(?:"))
_PROPERTY = re.compile(r"\\[pP](\{\^?\w+\}|[A-Z])")
_POSIX = re.compile(r"\[:\^?\w+:\]")
_NAMED = re.compile(r"\(\?<(?=[A-Za-z_])")


def pattern_problem(pattern: str) -> str:
    """Return what is wrong with a pattern, or nothing."""
    if len(pattern) > MAX_LENGTH:
        return f"it is longer than {MAX_LENGTH} characters"
    bare = _CLASS.sub("[]", pattern.replace("\\\\", "  "))
    for foreign, name in _FOREIGN:
        if foreign.search(bare):
            return f"Go's regexp has no {name.removeprefix('a ').removeprefix('an ')}"
    for low, high in _REPEAT.findall(bare):
        if max(int(low or 0), int(high or 0)) > 1000:
            return "Go's regexp repeats at most 1000 times"
    if compiled(pattern) is None:
        return _python_reason(pattern)
    return ""


def compiled(pattern: str) -> re.Pattern[str] | None:
    """Compile a pattern for Python, with its Unicode classes widened; None if it cannot be."""
    try:
        return _compile(pattern)
    except (re.error, OverflowError, RecursionError):
        return None


def exact(pattern: str) -> bool:
    """Tell whether Python matches what Go does, and in bearable time, so that a value can be judged by it."""
    return not (
        re.search(r"\)[*+{]", pattern)
        or _PROPERTY.search(pattern)
        or _POSIX.search(pattern)
        or "\\C" in pattern
        or "(?U" in pattern
    )


def _compile(pattern: str) -> re.Pattern[str]:
    for go, python in _TO_PYTHON:
        pattern = pattern.replace(go, python)
    pattern = _NAMED.sub("(?P<", _POSIX.sub(r"\\w", _PROPERTY.sub(r"\\w", pattern)))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return re.compile(pattern, re.ASCII)


def _python_reason(pattern: str) -> str:
    try:
        _compile(pattern)
    except re.error as problem:
        return problem.msg
    except (OverflowError, RecursionError):
        return "it is too complex"
    return ""
