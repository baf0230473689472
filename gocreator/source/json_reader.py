"""JSON as RFC 8259 has it, with places."""

import json.decoder
import re
from bisect import bisect_right
from collections.abc import Mapping
from typing import Any

from gocreator.errors import DocumentError
from gocreator.source.value import MAX_DEPTH, Mark, Refusing, Source, shortened

_SPACE = re.compile(r"[ \t\n\r]*")
_JSON_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?")
_JSON_WORD = re.compile(r"[-+\w.]+")
_JSON_LITERALS: Mapping[str, Any] = {"true": True, "false": False, "null": None}


class JsonReader(Refusing):
    """Reads JSON by descent; the depth limit bounds the recursion."""

    def __init__(self, name: str, error: type[DocumentError], text: str) -> None:
        super().__init__(name, error)
        self.text = text
        self.pos = 0
        self.starts = [0, *(found.end() for found in re.finditer("\n", text))]

    def read(self) -> Source:
        """Read the one value that there must be."""
        self.skip()
        if self.pos == len(self.text):
            raise self.wrong((1, 1), "the document is empty", "write a mapping of keys to values")
        value, mark = self.value(0)
        if self.peek():
            raise self.here("there is more text after the end of the document", "remove it, or check the brackets")
        return Source(self.name, value, mark)

    def place(self, pos: int) -> tuple[int, int]:
        """Return line and column of an offset."""
        line = bisect_right(self.starts, pos)
        return line, pos - self.starts[line - 1] + 1

    def here(self, message: str, hint: str = "") -> DocumentError:
        """Refuse what stands at the current position."""
        return self.wrong(self.place(self.pos), message, hint)

    def skip(self) -> None:
        """Pass white space."""
        found = _SPACE.match(self.text, self.pos)
        self.pos = found.end() if found else self.pos

    def peek(self) -> str:
        """Return the next character that is no white space."""
        self.skip()
        return self.text[self.pos : self.pos + 1]

    def value(self, depth: int) -> tuple[Any, Mark]:
        """Read a value with its places."""
        following = self.peek()
        place = self.place(self.pos)
        if depth > MAX_DEPTH:
            raise self.here(f"the document is nested deeper than {MAX_DEPTH} levels", "flatten it")
        if following == "{":
            return self.mapping(Mark(*place), depth)
        if following == "[":
            return self.array(Mark(*place), depth)
        if following == '"':
            begin, value = self.pos, self.string()
            plain = self.pos - begin == len(value) + len('""')
            return value, Mark(*place, body=(place[0], place[1] + 1) if plain else None)
        return self.word(place), Mark(*place)

    def mapping(self, mark: Mark, depth: int) -> tuple[dict[str, Any], Mark]:
        """Read an object."""
        result: dict[str, Any] = {}
        self.pos += 1
        while self.more("}", first=not result):
            place = self.place(self.pos)
            if self.peek() != '"':
                raise self.here("a key in double quotes was expected", _json_hint(self.peek()))
            key = self.string()
            if key in result:
                first = mark.keys[key][0]
                raise self.wrong(
                    place, f"the key `{shortened(key)}` is given twice (first in line {first})", "keep one of them"
                )
            if self.peek() != ":":
                raise self.here(f"`:` was expected after the key `{shortened(key)}`", "write it")
            self.pos += 1
            mark.keys[key] = place
            result[key], mark.children[key] = self.value(depth + 1)
        return result, mark

    def array(self, mark: Mark, depth: int) -> tuple[list[Any], Mark]:
        """Read a list."""
        result: list[Any] = []
        self.pos += 1
        while self.more("]", first=not result):
            value, mark.children[len(result)] = self.value(depth + 1)
            result.append(value)
        return result, mark

    def more(self, end: str, *, first: bool) -> bool:
        """Pass the comma before the next member, or the end."""
        following = self.peek()
        if following == end:
            self.pos += 1
            return False
        if first:
            return True
        if following != ",":
            raise self.here(
                f"`,` or `{end}` was expected", _json_hint(following) or "a comma may be missing before this"
            )
        comma = self.pos
        self.pos += 1
        if self.peek() == end:
            raise self.wrong(
                self.place(comma), f"there is a comma before `{end}`", "JSON has no trailing commas: remove it"
            )
        return True

    def string(self) -> str:
        """Read a string with its escapes."""
        start = self.pos
        try:
            text, self.pos = json.decoder.scanstring(self.text, start + 1)  # type: ignore[attr-defined]
        except json.JSONDecodeError as problem:
            hint = "write line breaks as \\n, tabs as \\t, backslashes as \\\\, and close the quotes"
            reason = problem.msg.lower().removesuffix(" starting at").removesuffix(" at")
            raise self.wrong(self.place(problem.pos), f"this is not JSON: {reason}", hint) from None
        return self.checked(text, self.place(start))

    def word(self, place: tuple[int, int]) -> Any:
        """Read a number or one of the three words that JSON knows."""
        found = _JSON_WORD.match(self.text, self.pos)
        word = found[0] if found else self.text[self.pos : self.pos + 1]
        number = _JSON_NUMBER.fullmatch(word)
        if word not in _JSON_LITERALS and not number:
            shown = f"`{shortened(word)}`" if word else "the end of the file"
            raise self.here(f"a value was expected, not {shown}", _json_hint(word))
        self.pos += len(word)
        if number:
            return self.number(word, place) if number[2] or number[3] else self.integer(word, place)
        return _JSON_LITERALS[word]


def _json_hint(text: str) -> str:
    """Guess what the author of something that is not JSON meant."""
    if text[:1] in ("/", "#"):
        return "JSON has no comments: remove it, or use YAML"
    if text[:1] == "'":
        return "JSON has double quotes only"
    if text[:1].isalnum() or text[:1] in ("_", "-", "+", "."):
        return "put text in double quotes; JSON knows numbers, true, false and null without them"
    return "check the quotes, the commas and the brackets" if text else "a bracket may be missing"
