"""Read what must hold for the values of an attribute, and check that it can."""

import re
from typing import Any

from gocreator.fcs.document_parts import AttributeDoc
from gocreator.fcs.leaf import said, written
from gocreator.fcs.model import Type
from gocreator.fcs.pattern import compiled, exact, pattern_problem
from gocreator.fcs.report import At, Report
from gocreator.fcs.types import ORDERED, SIZED, TEXTUAL
from gocreator.fcs.valuecheck import NoValue, Value, comparable, read_value

_RANGE = re.compile(r"([0-9]{1,9})?\s*(\.\.|(?<=[0-9 ])-|(?<=[0-9 ])to)\s*([0-9]{1,9})?\Z")
_UNCOMPARED = frozenset(["list", "map", "bytes", "json", "entity"])


def read_constraints(kind: Type, doc: AttributeDoc, at: At, report: Report) -> dict[str, Any]:
    """Return the constraints as fields of `model.Attribute`; those that cannot hold are reported."""
    reader = _Reader(kind, doc, at, report)
    lengths = reader.lengths()
    least, most = reader.bounds()
    pattern = reader.pattern()
    if doc.unique and kind.base in _UNCOMPARED:
        hint = "make a text or a number unique, such as the key that it refers to"
        report.error(at / "unique", f"values of type {kind.base} cannot be compared, so not be unique", hint)
    limits = (least, most, *lengths, pattern)
    return {
        "min": least,
        "max": most,
        "min_length": lengths[0],
        "max_length": lengths[1],
        "pattern": pattern,
        "default": reader.value("default", limits),
        "example": reader.value("example", limits),
    }


Limits = tuple[Value | None, Value | None, int | None, int | None, str]


class _Reader:
    """Reads the constraints of one attribute."""

    def __init__(self, kind: Type, doc: AttributeDoc, at: At, report: Report) -> None:
        self.kind = kind
        self.doc = doc
        self.at = at
        self.report = report

    def lengths(self) -> tuple[int | None, int | None]:
        """Read the least and the greatest length from their three spellings."""
        least, least_at = self.one_of("min_length", "minLength", self.doc.min_length, self.doc.min_length_camel)
        most, most_at = self.one_of("max_length", "maxLength", self.doc.max_length, self.doc.max_length_camel)
        if self.doc.length:
            if least is not None or most is not None:
                self.report.error(self.at / "length", "the length is given twice", "keep `length`, or the other two")
            least, most = self.length()
            least_at = most_at = self.at / "length"
        for value, at in ((least, least_at), (most, most_at)):
            if value is not None and value < 0:
                self.report.error(at, f"a length cannot be {value}", "write 0 or more")
                return None, None
        given = most_at if least is None else least_at
        if (least, most) != (None, None) and self.kind.base not in SIZED:
            hint = "use `min` and `max`" if self.kind.base in ORDERED else "remove it"
            self.report.error(given, f"values of type {self.kind.base} have no length", hint)
            return None, None
        if least is not None and most is not None and least > most:
            message = f"the least length {least} is greater than the greatest length {most}"
            self.report.error(given, message, "exchange them")
        return least, most

    def one_of(self, snake: str, camel: str, first: int | None, second: int | None) -> tuple[int | None, At]:
        """Take the spelling that is given."""
        if first is not None and second is not None and first != second:
            self.report.error(self.at / camel, f"`{camel}` and `{snake}` disagree", "keep one of them")
        return (second, self.at / camel) if first is None else (first, self.at / snake)

    def length(self) -> tuple[int | None, int | None]:
        """Read `36` or `3..50`."""
        text = self.doc.length
        if re.match(r"[0-9]{1,9}\Z", text):
            return int(text), int(text)
        found = _RANGE.match(text)
        if not found or not (found[1] or found[3]):
            self.report.error(self.at / "length", f"`{text}` is no length", 'write 36, or "3..50"')
            return None, None
        return (int(found[1]) if found[1] else None), (int(found[3]) if found[3] else None)

    def bounds(self) -> tuple[Value | None, Value | None]:
        """Read the least and the greatest value."""
        least, most = self.bound("min", self.doc.min), self.bound("max", self.doc.max)
        if least is not None and most is not None and self.key(least) > self.key(most):
            message = f"`min` {least} is greater than `max` {most}"
            self.report.error(self.at / "min", message, "exchange them")
        return least, most

    def bound(self, name: str, value: Any) -> Value | None:
        """Read one of the two."""
        if value is None:
            return None
        if self.kind.base not in ORDERED:
            hint = f"use `{name}_length`" if self.kind.base in SIZED else "remove it"
            self.report.error(self.at / name, f"`{name}` does not fit the type {self.kind.base}", hint)
            return None
        return self.read(name, value)

    def pattern(self) -> str:
        """Read the pattern."""
        if self.doc.pattern in (None, ""):
            return ""
        pattern = written(self.doc.pattern)
        if self.kind.base not in TEXTUAL:
            message = f"`pattern` does not fit the type {self.kind.base}"
            self.report.error(self.at / "pattern", message, "patterns are for text")
            return ""
        if reason := pattern_problem(pattern):
            hint = "write an expression of RE2: https://golang.org/s/re2syntax"
            self.report.error(self.at / "pattern", f"the pattern cannot be used: {reason}", hint)
            return ""
        return pattern

    def value(self, name: str, limits: Limits) -> Value | None:
        """Read the default or the example."""
        given = getattr(self.doc, name)
        if given is None:
            return None
        value = self.read(name, given)
        if value is not None and (reason := self.outside(value, limits)):
            self.report.error(self.at / name, f"the {name} {said(value)} {reason}", "change one of the two")
        return value

    def read(self, name: str, value: Any) -> Value | None:
        """Read a value by the type."""
        try:
            return read_value(self.kind, value)
        except NoValue as problem:
            self.report.error(self.at / name, f"`{name}` cannot be used: {problem.message}", problem.hint)
            return None

    def key(self, value: Value) -> Any:
        """Return what orders values of the type."""
        return comparable(self.kind, value)

    def outside(self, value: Value, limits: Limits) -> str:
        """Say which constraint a value does not meet."""
        least, most, shortest, longest, pattern = limits
        if least is not None and self.key(value) < self.key(least):
            return f"is less than `min` {least}"
        if most is not None and self.key(value) > self.key(most):
            return f"is greater than `max` {most}"
        if shortest is not None and len(str(value)) < shortest:
            return f"is shorter than {shortest} characters"
        if longest is not None and len(str(value)) > longest:
            return f"is longer than {longest} characters"
        found = compiled(pattern) if pattern and exact(pattern) and len(str(value)) <= 200 else None
        if found is not None and not found.search(str(value)):
            return "does not match the pattern"
        return ""
