"""Texts that match a pattern, or do not: readable, deterministic, verified."""

import re
from collections.abc import Iterator
from re import _constants as ops  # type: ignore[attr-defined] # the syntax tree has no public door
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

from gocreator.fcs.pattern import compiled

_POOL = (
    "Sample A1 a AB ABC sample sample-1 sample-name Sample_1 user.name SKU-1001 ABC-123 AB-1234 INV-2026-0001 "
    "12345 12345-6789 123 1234 +15551234567 +1-555-123-4567 555-123-4567 (555) 123-4567 US en-US EUR v1.2.3 1.2.3 "
    "2026-01-31 12:30 #a1b2c3 https://example.com/sample user@example.com 192.0.2.1 example.com /sample deadbeef "
    "DE89370400440532013000 978-3-16-148410-0 4111111111111111 0x1f"
).split()
_WRONG = ("!", "?", "-", "a", "A", "0", " ", "é", "~", "_", ".", "a b", "A!", "0!", "#", "\n")
_EXTRA = (0, 1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 100, 200, 400, 1000)
_BRANCHES = 4
_READABLE = "a1A0bcdefghijklmnopqrstuvwxyzBCDEFGHIJKLMNOPQRSTUVWXYZ23456789-_. :/+@#,;!?()%&*=~'\"$<>[]{}|^\\`"
_ASCII = {
    **dict.fromkeys(["alpha", "L", "Letter"], "A-Za-z"),
    **dict.fromkeys(["upper", "Lu"], "A-Z"),
    **dict.fromkeys(["lower", "Ll"], "a-z"),
    **dict.fromkeys(["digit", "N", "Nd"], "0-9"),
    **dict.fromkeys(["alnum"], "A-Za-z0-9"),
    **dict.fromkeys(["word"], "A-Za-z0-9_"),
    **dict.fromkeys(["xdigit"], "0-9A-Fa-f"),
    **dict.fromkeys(["space"], " "),
    **dict.fromkeys(["Latin"], "A-Za-z"),
}
_CLASS = re.compile(r"\\.|\[:(\w+):\]|\[|\]", re.DOTALL)
_NAMED_CLASS = re.compile(r"\\p(?:\{(\w+)\}|([A-Z]))|\[:(\w+):\]")


def matching(pattern: str, least: int, most: int, first: tuple[str, ...] = ()) -> Iterator[str]:
    """Give texts of fitting length that match, those of `first` before the others."""
    judge = _ascii(pattern)
    if judge is None:
        return
    for text in (*first, *_POOL, *_generated(judge.pattern)):
        if least <= len(text) <= most and judge.search(text):
            yield text


def unmatching(pattern: str, least: int, most: int) -> str | None:
    """Return a text of fitting length that does not match, if one comes to mind."""
    judge = _ascii(pattern)
    for wrong in _WRONG if judge is not None else ():
        text = (wrong * max(1, -(-least // len(wrong))))[: max(most, 1)]
        if len(text) >= max(least, 1) and judge is not None and not judge.search(text):
            return text
    return None


def matched(pattern: str, text: str) -> bool | None:
    """Tell whether a text matches as Go has it, or None where that is not known."""
    judge = _ascii(pattern) if text.isascii() else None
    return None if judge is None else bool(judge.search(text))


def _ascii(pattern: str) -> re.Pattern[str] | None:
    """Compile a pattern so that it judges ASCII texts as Go does; None where that is not known."""
    depth, place, parts = 0, 0, []
    for token in _CLASS.finditer(pattern):
        start = token.start()
        if start < place:
            continue
        if named := _NAMED_CLASS.match(pattern, start):
            chars = _ASCII.get(named[1] or named[2] or named[3])
            if chars is None:
                return None
            parts.append(pattern[place:start] + (chars if depth else f"[{chars}]"))
            place = named.end()
        elif token[0] in ("\\P", "\\C") or "(?U" in pattern:
            return None
        elif token[0] in "[]":
            depth = 1 if token[0] == "[" else 0
    return compiled("".join(parts) + pattern[place:])


def _generated(pattern: str) -> Iterator[str]:
    """Build texts from the syntax tree: the shortest first, then longer ones, with other alternatives taken."""
    tree = parser.parse(pattern, re.ASCII)
    for extra in _EXTRA:
        for branch in range(_BRANCHES):
            yield _Builder(extra, branch).build(tree)


class _Builder:
    """Builds one text that should match: repeats get `extra` rounds more than they need."""

    def __init__(self, extra: int, branch: int) -> None:
        self.extra = extra
        self.branch = branch
        self.groups: dict[int, str] = {}

    def build(self, tree: Any) -> str:
        return "".join(self.part(op, argument) for op, argument in tree)

    def part(self, op: Any, argument: Any) -> str:
        if op is ops.LITERAL:
            return chr(argument)
        if op in (ops.ANY, ops.NOT_LITERAL, ops.IN):
            return _character(op, argument)
        if op is ops.BRANCH:
            return self.build(argument[1][self.branch % len(argument[1])])
        if op is ops.SUBPATTERN:
            return self.build(argument[-1])
        if op in (ops.MAX_REPEAT, ops.MIN_REPEAT):
            least, most, tree = argument
            rounds = min(int(least) + self.extra, int(most))
            return "".join(self.build(tree) for _ in range(rounds))
        return ""


def _character(op: Any, argument: Any) -> str:
    """Return the most readable character that a one-character pattern takes."""
    members = [(op, argument)] if op is not ops.IN else list(argument)
    negated = members[0][0] is ops.NEGATE
    for character in _READABLE:
        if any(_takes(member, value, character) for member, value in members) != negated:
            return character
    return ""


def _takes(op: Any, argument: Any, character: str) -> bool:
    if op is ops.ANY:
        return True
    if op is ops.LITERAL:
        return bool(ord(character) == argument)
    if op is ops.NOT_LITERAL:
        return bool(ord(character) != argument)
    if op is ops.RANGE:
        return bool(argument[0] <= ord(character) <= argument[1])
    if op is ops.CATEGORY:
        return _in_category(argument, character)
    return False


def _in_category(category: Any, character: str) -> bool:
    tests = {
        ops.CATEGORY_DIGIT: str.isdigit,
        ops.CATEGORY_SPACE: str.isspace,
        ops.CATEGORY_WORD: lambda text: text.isalnum() or text == "_",
        ops.CATEGORY_NOT_DIGIT: lambda text: not text.isdigit(),
        ops.CATEGORY_NOT_SPACE: lambda text: not text.isspace(),
        ops.CATEGORY_NOT_WORD: lambda text: not (text.isalnum() or text == "_"),
    }
    return category in tests and bool(tests[category](character))
