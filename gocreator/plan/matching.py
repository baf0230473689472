"""Texts that match a pattern, or do not: readable, deterministic, verified."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
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
_LONGEST, _LONGEST_NESTED = 2000, 16
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
    judge = _judge(pattern)
    if judge is None:
        return
    for text in (*first, *_POOL, *_generated(judge.tree, least)):
        if least <= len(text) <= most and judge.accepts(text):
            yield text


def unmatching(pattern: str, least: int, most: int) -> str | None:
    """Return a text of fitting length that does not match, if one comes to mind."""
    for wrong in _WRONG:
        text = (wrong * max(1, -(-least // len(wrong))))[: max(most, 1)]
        if len(text) >= max(least, 1) and matched(pattern, text) is False:
            return text
    return None


def matched(pattern: str, text: str) -> bool | None:
    """Tell whether a text matches as Go has it, or None where that is not known."""
    judge = _judge(pattern)
    known = judge is not None and text.isascii() and len(text) <= judge.longest
    return judge.accepts(text) if judge is not None and known else None


@dataclass(frozen=True)
class _Judge:
    """A pattern that judges ASCII texts as Go does."""

    compiled: re.Pattern[str]
    tree: Any

    @property
    def longest(self) -> int:
        """Return how long texts may be; repeats inside of repeats take Python time that doubles with each character."""
        return _LONGEST_NESTED if _nests(self.tree) else _LONGEST

    def accepts(self, text: str) -> bool:
        """Tell whether a text surely matches."""
        return len(text) <= self.longest and bool(self.compiled.search(text))


@lru_cache(maxsize=1000)
def _judge(pattern: str) -> _Judge | None:
    found = _ascii(pattern)
    return None if found is None else _Judge(found, parser.parse(found.pattern, re.ASCII))


def _nests(tree: Any, *, inside: bool = False) -> bool:
    """Tell whether a repeat without end stands inside of another."""
    for op, argument in tree:
        repeats = op in (ops.MAX_REPEAT, ops.MIN_REPEAT) and int(argument[1]) > 1
        if repeats and inside:
            return True
        parts = argument[1] if op is ops.BRANCH else [argument[-1]] if isinstance(argument, tuple) else []
        for part in parts:
            if isinstance(part, parser.SubPattern) and _nests(part, inside=inside or repeats):
                return True
    return False


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


def _generated(tree: Any, least: int) -> Iterator[str]:
    """Build texts from the syntax tree: the shortest first, then longer ones, with other alternatives taken."""
    for extra in _EXTRA:
        for branch in range(_BRANCHES):
            yield _Builder(extra, branch, _LONGEST + least).build(tree)


class _Builder:
    """Builds one text that should match: repeats get `extra` rounds more than they need, until there is enough."""

    def __init__(self, extra: int, branch: int, enough: int) -> None:
        self.extra = extra
        self.branch = branch
        self.left = enough

    def build(self, tree: Any) -> str:
        """Build a part of the text."""
        return "".join(self.part(op, argument) for op, argument in tree)

    def part(self, op: Any, argument: Any) -> str:
        """Build what one node of the tree matches."""
        self.left -= 1
        if op is ops.LITERAL:
            return chr(argument)
        if op in (ops.ANY, ops.NOT_LITERAL, ops.IN):
            return _character(op, tuple(argument) if op is ops.IN else argument)
        if op is ops.BRANCH:
            return self.build(argument[1][self.branch % len(argument[1])])
        if op is ops.SUBPATTERN:
            return self.build(argument[-1])
        if op in (ops.MAX_REPEAT, ops.MIN_REPEAT):
            least, most, tree = argument
            rounds = min(int(least) + self.extra, int(most))
            return "".join(self.build(tree) for _ in range(rounds) if self.left > 0)
        return ""


@lru_cache(maxsize=1000)
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
        ops.CATEGORY_WORD: _is_word,
    }
    opposite = {
        ops.CATEGORY_NOT_DIGIT: str.isdigit,
        ops.CATEGORY_NOT_SPACE: str.isspace,
        ops.CATEGORY_NOT_WORD: _is_word,
    }
    if category in opposite:
        return not opposite[category](character)
    return category in tests and tests[category](character)


def _is_word(character: str) -> bool:
    return character.isalnum() or character == "_"
