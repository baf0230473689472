"""Go types of attributes, and values of the specification as Go literals of these types."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from gocreator import gonames
from gocreator.fcs.model import Attribute, Type
from gocreator.fcs.types import BY_NAME
from gocreator.fcs.valuecheck import nanoseconds
from gocreator.plan.golayout import clean, goquote, goraw

TEXTS = frozenset(["uuid", "string", "text", "url", "email"])
"""Bases that are strings in Go."""
WHOLE = frozenset(["int", "int32", "int64"])
NILABLE = frozenset(["list", "map", "json", "bytes", "entity"])
"""Bases whose Go types have nil, so that their optional form needs no pointer."""

_MONTHS = ["January", "February", "March", "April", "May", "June", "July"]
_MONTHS += ["August", "September", "October", "November", "December"]
_ZERO_TIME = datetime(1, 1, 1, tzinfo=UTC)
_EXACT = 1 << 53
"""Below it, floats that are whole numbers are written without a point."""

_UNITS: tuple[tuple[str, int], ...] = (
    ("Hour", 3600 * 10**9),
    ("Minute", 60 * 10**9),
    ("Second", 10**9),
    ("Millisecond", 10**6),
    ("Microsecond", 10**3),
    ("Nanosecond", 1),
)


@dataclass(frozen=True)
class Place:
    """Where Go code stands: it decides what is named with a package before it."""

    entity: str
    """The Go type whose attributes these are; names of enums begin with it."""
    own: str = ""
    """What stands before names of the entity's own package; empty inside of it."""
    packages: tuple[tuple[str, str], ...] = ()
    """For each entity that is referred to, by its name, what stands before it: `music.`."""

    def reference(self, entity: str) -> str:
        """Return the type of an entity as it is written here."""
        return dict(self.packages).get(entity, "") + gonames.exported(entity)


def enum_type(place: Place, attribute: Attribute) -> str:
    """Return the name of the type that an attribute's enum values have."""
    return place.own + gonames.enum_type(place.entity, attribute.name, several=attribute.type.item is not None)


def needed(attribute: Attribute) -> bool:
    """Tell whether the empty text, or the zero time, breaks a rule; a default stands in for nil only."""
    kind = attribute.type
    if attribute.required or kind.optional or attribute.default is None:
        return attribute.required
    if kind.base in ("timestamp", "date"):
        return kind.base == "date" or value(kind, attribute.default) != _ZERO_TIME
    return kind.base in TEXTS and attribute.default != ""


def go_type(place: Place, attribute: Attribute, kind: Type | None = None) -> str:
    """Return the Go type of an attribute, or of a part of its type."""
    kind = kind or attribute.type
    name = _plain_type(place, attribute, kind)
    return f"*{name}" if kind.optional and kind.base not in NILABLE else name


def value(kind: Type, raw: Any) -> Any:
    """Return what a value of the specification means: a number, a text, a moment, nanoseconds."""
    match kind.base:
        case "decimal":
            return Decimal(str(raw))
        case "timestamp":
            return _moment(str(raw))
        case "date":
            return date.fromisoformat(str(raw))
        case "duration":
            return int(nanoseconds(str(raw)))
        case "float":
            return float(raw)
    return raw


def literal(place: Place, attribute: Attribute, content: Any, kind: Type | None = None) -> str:
    """Return a value as Go writes it where its type is known."""
    kind = kind or attribute.type
    base = kind.base
    if base in TEXTS:
        return goquote(str(content))
    match base:
        case "bool":
            return "true" if content else "false"
        case "enum":
            return enum_type(place, attribute) + gonames.exported(str(content))
        case "decimal":
            return f'decimal.MustParse("{content:f}")'
        case "timestamp":
            return _timestamp(content)
        case "date":
            return f"civil.Date{{Year: {content.year}, Month: time.{_MONTHS[content.month - 1]}, Day: {content.day}}}"
        case "duration":
            return duration(content)
        case "bytes":
            return f"[]byte({goquote(content)})"
        case "json":
            return f"json.RawMessage({goraw(content)})"
    return number(content)


def number(content: Any) -> str:
    """Return a number as somebody would write it: `0` for 0.0."""
    whole = isinstance(content, float) and content.is_integer() and abs(content) < _EXACT
    return str(int(content)) if whole else repr(content)


def typed(place: Place, attribute: Attribute, text: str) -> str:
    """Return a literal so that `x := literal` gives x the attribute's type."""
    base = attribute.type.base
    needs = base in ("int32", "int64", "float") or (base == "duration" and text == "0")
    return f"{_plain_type(place, attribute, attribute.type)}({text})" if needs else text


def duration(nanos: int) -> str:
    """Return a `time.Duration`, in the largest unit that divides it."""
    if nanos == 0:
        return "0"
    name, size = next((name, size) for name, size in _UNITS if nanos % size == 0)
    count = nanos // size
    return f"time.{name}" if count == 1 else f"{count} * time.{name}"


def plain(content: Any, kind: Type) -> str:
    """Return a value as a message shows it to somebody who does not read Go."""
    if kind.base == "timestamp":
        return str(content.isoformat().replace("+00:00", "Z"))
    if kind.base == "duration":
        return _plain_duration(content)
    if isinstance(content, bool):
        return str(content).lower()
    if isinstance(content, float):
        return number(content)
    return f"{content:f}" if isinstance(content, Decimal) else clean(str(content))


def _plain_type(place: Place, attribute: Attribute, kind: Type) -> str:
    match kind.base:
        case "enum":
            return enum_type(place, attribute)
        case "entity":
            return f"*{place.reference(kind.entity)}"
        case "list":
            return f"[]{go_type(place, attribute, kind.item)}"
        case "map":
            return f"map[string]{go_type(place, attribute, kind.item)}"
    return BY_NAME[kind.base].go


def _moment(text: str) -> datetime:
    """Read RFC 3339, to the microsecond, in UTC."""
    return datetime.fromisoformat(re.sub(r"(\.\d{1,6})\d*", r"\1", text.upper())).astimezone(UTC)


def _timestamp(moment: datetime) -> str:
    time = f"{moment.hour}, {moment.minute}, {moment.second}, {moment.microsecond * 1000}"
    return f"time.Date({moment.year}, time.{_MONTHS[moment.month - 1]}, {moment.day}, {time}, time.UTC)"


def _plain_duration(nanos: int) -> str:
    """Write a duration as Go does, but without units that are zero."""
    if nanos == 0:
        return "0s"
    sign, rest, parts = "-" if nanos < 0 else "", abs(nanos), []
    for unit, size in (("h", 3600 * 10**9), ("m", 60 * 10**9), ("s", 10**9), ("ms", 10**6), ("us", 10**3), ("ns", 1)):
        count, rest = divmod(rest, size)
        if count:
            parts.append(f"{count}{unit}")
    return sign + "".join(parts)
