"""Statements for contract tests: each breaks one rule of a field, or goes to a rule's very edge."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from gocreator.fcs.model import Attribute
from gocreator.plan.gocode.checks import checks_of
from gocreator.plan.gocode.literals import NILABLE, Place, literal, value
from gocreator.plan.gocode.matching import matched, unmatching
from gocreator.plan.gocode.samples import lengths, sample
from gocreator.plan.golayout import goquote

LONGEST = 1 << 20
"""Longer texts are not tried."""

SHORT = 8
"""Texts up to this length are written out."""

_BITS = {"int": 63, "int64": 63, "int32": 31}
_SPECIAL = {
    "url": {
        "relative": "/path",
        "with a port only": "http://:80",
        "without host": "file:///path",
        "without scheme": "//example.com/path",
    },
    "email": {"with brackets": "<a@example.com>", "without domain": "user@"},
}
"""Texts that are nearly of a format; more `x` before them change nothing."""
_NO_DAY = "civil.Date{Year: 2026, Month: time.February, Day: 30}"
_NO_FORMAT = {"uuid": "not a UUID", "url": "not a URL", "email": "not an address"}


@dataclass(frozen=True)
class Trial:
    """A change of one field, as statements of Go in which `$` stands for what the field belongs to."""

    name: str
    code: tuple[str, ...]

    def on(self, subject: str) -> tuple[str, ...]:
        """Return the statements for a variable."""
        return tuple(line.replace("$", subject) for line in self.code)


def violations(place: Place, attribute: Attribute, field: str) -> Iterator[Trial]:
    """Give a change that breaks each rule and, where it can be, no other rule of the field."""
    checks = checks_of(place, attribute, "x")
    maker = _Maker(place, attribute, field)
    if checks.missing:
        yield Trial("missing", (f"$.{field} = {maker.nothing()}",))
    if attribute.name == "id" and attribute.type.base == "uuid":
        yield maker.content("no UUID", "not a UUID")
    if attribute.name in ("id", "created_at", "updated_at"):
        return
    yield from maker.malformed()
    yield from maker.beyond()
    yield from maker.wrong_length()
    yield from maker.unmatched()


def edges(place: Place, attribute: Attribute, field: str) -> Iterator[Trial]:
    """Give changes to the outermost values that keep the rules."""
    maker = _Maker(place, attribute, field)
    if attribute.name not in ("id", "created_at", "updated_at"):
        yield from maker.bounds()
        yield from maker.longest()


class _Maker:
    """Makes the trials of one attribute; `$` stands for what holds the field."""

    def __init__(self, place: Place, attribute: Attribute, field: str) -> None:
        self.place = place
        self.attribute = attribute
        self.kind = attribute.type
        self.field = f"$.{field}"
        pointer = self.kind.optional and self.kind.base not in NILABLE
        self.target = f"*$.{field}" if pointer else f"$.{field}"
        self.least, self.most = lengths(attribute)

    def nothing(self) -> str:
        """Return the value of a field that nobody gave."""
        if self.kind.optional or self.kind.base in NILABLE:
            return "nil"
        zero = {"timestamp": "time.Time{}", "date": "civil.Date{}"}
        return zero.get(self.kind.base, '""')

    def content(self, name: str, content: Any) -> Trial:
        """Set the field to a value."""
        return Trial(name, (f"{self.target} = {literal(self.place, self.attribute, content)}",))

    def malformed(self) -> Iterator[Trial]:
        base = self.kind.base
        if base in _NO_FORMAT:
            yield self.content("malformed", self.fitted(_NO_FORMAT[base]))
        for name, text in _SPECIAL.get(base, {}).items():
            if len(text) <= self.most:
                yield self.content(name, text.rjust(self.least, "x"))
        if base == "json":
            yield self.content("malformed", "{")
        if base == "date":
            yield Trial("no day of the calendar", (f"{self.target} = {_NO_DAY}",))
        if base == "enum":
            yield Trial("unknown", (f'{self.target} = "unknown{_unknown(self.kind.values)}"',))
        if base == "float":
            yield Trial("no number", (f"{self.target} = math.NaN()",))
            yield Trial("infinite", (f"{self.target} = math.Inf(1)",))
            yield Trial("infinitely low", (f"{self.target} = math.Inf(-1)",))
        yield from self.malformed_item()

    def unmatched(self) -> Iterator[Trial]:
        """Give a text unlike the pattern, and the sample with something before it and behind it."""
        if not self.attribute.pattern or self.kind.base in _NO_FORMAT:
            return
        near = str(sample(self.place.entity, self.attribute))
        for name, text in (("before it", f"!{near}"), ("behind it", f"{near}!")):
            if self.least <= len(text) <= self.most and matched(self.attribute.pattern, text) is False:
                yield self.content(f"something {name}", text)
        wrong = unmatching(self.attribute.pattern, self.least, self.most)
        if wrong is not None:
            yield self.content("unlike the pattern", wrong)

    def malformed_item(self) -> Iterator[Trial]:
        item, index = self.kind, ""
        while item.item is not None:
            index += "[0]" if item.base == "list" else '["key"]'
            item = item.item
        if not index:
            return
        wrong = {
            **{base: goquote(text) for base, text in _NO_FORMAT.items()},
            "enum": f'"unknown{_unknown(item.values)}"',
            "json": 'json.RawMessage("{")',
            "float": "math.NaN()",
            "date": _NO_DAY,
        }.get(item.base)
        if wrong is not None:
            yield Trial("malformed item", (f"{self.field}{index} = {wrong}",))

    def beyond(self) -> Iterator[Trial]:
        for bound, raw, sign in (("min", self.attribute.min, -1), ("max", self.attribute.max, 1)):
            content = None if raw is None else self.step(value(self.kind, raw), sign)
            if content is not None:
                yield self.content(f"beyond {bound}", content)

    def bounds(self) -> Iterator[Trial]:
        for bound, raw in (("min", self.attribute.min), ("max", self.attribute.max)):
            if raw is not None:
                yield self.content(f"{bound} itself", value(self.kind, raw))

    def step(self, content: Any, sign: int) -> Any:
        """Return the next value that differs enough to be told apart, or None at the end of the type."""
        match content:
            case datetime() | date():
                step = timedelta(microseconds=1) if isinstance(content, datetime) else timedelta(days=1)
                inside = 1 < content.year < 9999
                return content + sign * step if inside else None
            case Decimal():
                return content + sign * Decimal(1).scaleb(min(int(content.as_tuple().exponent), 0))
            case float():
                next_one = math.nextafter(content, sign * math.inf)
                return next_one if math.isfinite(next_one) else None
        bits = _BITS.get(self.kind.base, 63)
        stepped = content + sign
        return stepped if -(1 << bits) <= stepped < 1 << bits else None

    def wrong_length(self) -> Iterator[Trial]:
        if self.attribute.min_length and self.least > 1:
            yield from self.of_length("too short", self.least - 1)
        if self.attribute.max_length is not None:
            yield from self.of_length("too long", self.most + 1)

    def longest(self) -> Iterator[Trial]:
        if self.attribute.min_length and self.least > 0 and self.least != self.most:
            yield from self.of_length("as short as can be", self.least)
        if self.attribute.max_length is not None and self.most > 0:
            yield from self.of_length("as long as can be", self.most)

    def of_length(self, name: str, size: int) -> Iterator[Trial]:
        """Set the field to a value of some length that keeps the other rules, if one is known."""
        base = self.kind.base
        if size > LONGEST:
            return
        if base in ("string", "text") and not self.attribute.pattern:
            text = f'"{"é" * size}"' if size <= SHORT else f'strings.Repeat("é", {size})'
            yield Trial(name, (f"{self.target} = {text}",))
        elif base == "bytes":
            yield Trial(name, (f"{self.field} = make([]byte, {size})",))
        elif base == "email" and not self.attribute.pattern and size > len("@example.com"):
            repeat = f'strings.Repeat("é", {size - len("@example.com")})'
            yield Trial(name, (f'{self.target} = {repeat} + "@example.com"',))
        elif base == "url" and not self.attribute.pattern and size > len("https://e.co/"):
            yield Trial(
                name, (f'{self.target} = "https://e.co/" + strings.Repeat("é", {size - len("https://e.co/")})',)
            )
        elif base == "list":
            yield from self.list_of_length(name, size)

    def list_of_length(self, name: str, size: int) -> Iterator[Trial]:
        """Cut a list, or repeat its first item."""
        if size <= max(self.least, 1):
            yield Trial(name, (f"{self.field} = {self.field}[:{size}]",))
        else:
            grow = f"\t{self.field} = append({self.field}, {self.field}[0])"
            yield Trial(name, (f"for len({self.field}) < {size} {{", grow, "}"))

    def fitted(self, wrong: str) -> str:
        """Stretch or cut a malformed text to the lengths."""
        times = 1 + self.least // (len(wrong) + 1)
        return " ".join([wrong] * times).ljust(self.least, "!")[: max(self.most, 1)]


def _unknown(values: tuple[str, ...]) -> str:
    return "" if "unknown" not in values else "-" * (1 + max(len(name) for name in values))
