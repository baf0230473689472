"""Texts that match a pattern, or do not: readable, deterministic, verified."""

import re
from collections.abc import Iterator
from functools import lru_cache
from re import _constants as ops  # type: ignore[attr-defined] # the syntax tree has no public door
from typing import Any

from gocreator.fcs.pattern import compiled
from gocreator.plan.gocode.matcher import found_in, syntax_tree, takes

_POOL = (
    "Sample A1 a AB ABC sample sample-1 sample-name Sample_1 user.name SKU-1001 ABC-123 AB-1234 INV-2026-0001 "
    "12345 12345-6789 123 1234 +15551234567 +1-555-123-4567 555-123-4567 (555) 123-4567 US en-US EUR v1.2.3 1.2.3 "
    "2026-01-31 12:30 #a1b2c3 https://example.com/sample user@example.com 192.0.2.1 example.com /sample deadbeef "
    "DE89370400440532013000 978-3-16-148410-0 4111111111111111 0x1f"
).split()
_WRONG = ("!", "?", "-", "a", "A", "0", " ", "é", "~", "_", ".", "a b", "A!", "0!", "#")
_EXTRA = (0, 1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 100, 200, 400, 1000)
_BRANCHES = 4
_NEAR = 4
"""What a repeat must fill is the least length without the few characters around it."""
_LONGEST = 1000
"""Longer texts are not tried."""
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
    tree = _tree(pattern)
    if tree is None:
        return
    for text in (*first, *_POOL, *_generated(tree, least)):
        if least <= len(text) <= most and matched(pattern, text):
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
    tree = _tree(pattern)
    known = tree is not None and text.isascii() and text.isprintable() and len(text) <= _LONGEST
    return found_in(tree, text) if known else None


@lru_cache(maxsize=1000)
def _tree(pattern: str) -> Any:
    found = _ascii(pattern)
    return None if found is None else syntax_tree(found.pattern)


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
    near = range(max(0, least - _NEAR), min(least, _LONGEST) + 1)
    for extra in sorted({*_EXTRA, *near}):
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
    for character in _READABLE:
        if takes(op, argument, character):
            return character
    return ""
