"""Tell whether a pattern matches a text, in time that no pattern can blow up, as Go's regexp does.

The syntax tree comes from Python's parser; the set of places where a match may stand is taken through it.
Python's own matcher tries one way after the other, and a hostile pattern gives it too many.
"""

import re
from re import _constants as ops  # type: ignore[attr-defined] # the syntax tree has no public door
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

Places = frozenset[int]


def syntax_tree(pattern: str) -> Any:
    """Parse a pattern that Python can compile."""
    return parser.parse(pattern, re.ASCII)


def found_in(tree: Any, text: str) -> bool:
    """Tell whether a pattern matches somewhere in a text of one line."""
    caseless = bool(tree.state.flags & re.IGNORECASE)
    return bool(_Walk(text).through(tree, frozenset(range(len(text) + 1)), caseless=caseless))


def takes(op: Any, argument: Any, character: str) -> bool:
    """Tell whether a pattern of one character takes a character."""
    if op is ops.IN:
        negated = argument[0][0] is ops.NEGATE
        return any(takes(inner, value, character) for inner, value in argument) != negated
    if op is ops.LITERAL:
        return bool(ord(character) == argument)
    if op is ops.NOT_LITERAL:
        return bool(ord(character) != argument)
    if op is ops.RANGE:
        return bool(argument[0] <= ord(character) <= argument[1])
    if op is ops.CATEGORY:
        return _in_category(argument, character)
    return op is ops.ANY


class _Walk:
    """Takes sets of places in one text through a tree."""

    def __init__(self, text: str) -> None:
        self.text = text

    def through(self, tree: Any, places: Places, *, caseless: bool) -> Places:
        """Return where a match of the whole tree can end that begins at one of the places."""
        for op, argument in tree:
            places = self.step(op, argument, places, caseless=caseless)
            if not places:
                break
        return places

    def step(self, op: Any, argument: Any, places: Places, *, caseless: bool) -> Places:
        """Return where a match of one node can end."""
        if op is ops.BRANCH:
            return frozenset().union(*(self.through(part, places, caseless=caseless) for part in argument[1]))
        if op is ops.SUBPATTERN:
            _, added, dropped, tree = argument
            inner = (caseless or bool(added & re.IGNORECASE)) and not dropped & re.IGNORECASE
            return self.through(tree, places, caseless=inner)
        if op in (ops.MAX_REPEAT, ops.MIN_REPEAT):
            return self.repeated(argument, places, caseless=caseless)
        if op is ops.AT:
            return frozenset(place for place in places if self.stands(argument, place))
        return frozenset(place + 1 for place in places if self.takes_at(op, argument, place, caseless=caseless))

    def repeated(self, argument: Any, places: Places, *, caseless: bool) -> Places:
        """Return where `least` to `most` rounds can end; a place that was reached before brings nothing new."""
        least, most, tree = int(argument[0]), int(argument[1]), argument[2]
        for _ in range(least):
            after = self.through(tree, places, caseless=caseless)
            if after == places:
                break
            places = after
        reached = new = places
        rounds = least
        while new and rounds < most:
            new = self.through(tree, new, caseless=caseless) - reached
            reached |= new
            rounds += 1
        return reached

    def takes_at(self, op: Any, argument: Any, place: int, *, caseless: bool) -> bool:
        """Tell whether the character at a place is taken."""
        if place >= len(self.text):
            return False
        character = self.text[place]
        cases = {character, character.lower(), character.upper()} if caseless else {character}
        refusing = op is ops.NOT_LITERAL or (op is ops.IN and argument[0][0] is ops.NEGATE)
        return (all if refusing else any)(takes(op, argument, case) for case in cases)

    def stands(self, where: Any, place: int) -> bool:
        """Tell whether a place is where an anchor wants it; a text has one line."""
        if where in (ops.AT_BEGINNING, ops.AT_BEGINNING_STRING):
            return place == 0
        if where in (ops.AT_END, ops.AT_END_STRING):
            return place == len(self.text)
        before = place > 0 and _is_word(self.text[place - 1])
        after = place < len(self.text) and _is_word(self.text[place])
        return (before != after) == (where is ops.AT_BOUNDARY)


def _in_category(category: Any, character: str) -> bool:
    tests = {ops.CATEGORY_DIGIT: str.isdigit, ops.CATEGORY_SPACE: str.isspace, ops.CATEGORY_WORD: _is_word}
    opposites = {
        ops.CATEGORY_NOT_DIGIT: str.isdigit,
        ops.CATEGORY_NOT_SPACE: str.isspace,
        ops.CATEGORY_NOT_WORD: _is_word,
    }
    if category in opposites:
        return not opposites[category](character)
    return tests[category](character)


def _is_word(character: str) -> bool:
    return character.isalnum() or character == "_"
