"""Read a value of an attribute, such as its default, by the attribute's type."""

import json
import math
import re
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from gocreator.fcs.leaf import said, written
from gocreator.fcs.model import Type

Value = str | int | float | bool

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z")
_DECIMAL = re.compile(r"[-+]?\d{1,100}(\.\d{1,100})?\Z", re.ASCII)
_TIMESTAMP = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[-+]\d\d:\d\d)\Z", re.ASCII)
_DURATION = re.compile(r"[-+]?(0|((\d+(\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h))+)\Z", re.ASCII)
_DURATION_PART = re.compile(r"(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h)", re.ASCII)
_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://[^\s/?#]+[^\s]*\Z")
_EMAIL = re.compile(r"[^\s@<>(),;:\"\\\[\]]+@[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?\Z")
_BITS = {"int": 64, "int64": 64, "int32": 32}
_UNITS = {"ns": 1, "us": 10**3, "µs": 10**3, "μs": 10**3, "ms": 10**6, "s": 10**9, "m": 60 * 10**9, "h": 3600 * 10**9}


class NoValue(Exception):
    """A value that its type does not have."""

    def __init__(self, message: str, hint: str = "") -> None:
        """Keep both apart, as problems of a document do."""
        super().__init__(message)
        self.message = message
        self.hint = hint


def read_value(kind: Type, value: Any) -> Value:
    """Return a value in canonical form, or raise `NoValue`."""
    base = kind.base
    if base == "bool":
        return bool(_expect(value, isinstance(value, bool), "true or false", "write it without quotes"))
    if base in _BITS:
        return _whole(base, value)
    if base == "float":
        number = _expect(value, _is_number(value) and abs(value) <= 1.7e308, "a number", "write it without quotes")
        return float(number)
    if base == "enum":
        text = written(value)
        return str(_expect(text, text in kind.values, "one of " + ", ".join(kind.values), "give one of them"))
    if base in ("bytes", "entity", "list", "map"):
        raise NoValue("a value of this type cannot be given in a specification", "leave it out")
    return _text(base, value)


def comparable(kind: Type, value: Value) -> Any:
    """Return what orders values of a type, so that two of them can be compared."""
    if kind.base == "decimal":
        return Decimal(str(value))
    if kind.base == "timestamp":
        text = re.sub(r"(\.\d{1,6})\d*", r"\1", str(value).upper())
        return datetime.fromisoformat(text)
    if kind.base == "duration":
        return nanoseconds(str(value))
    return value


def nanoseconds(text: str) -> Decimal:
    """Return the length of a duration that is written as Go does."""
    total = sum((Decimal(number) * _UNITS[unit] for number, unit in _DURATION_PART.findall(text)), Decimal(0))
    return -total if text.startswith("-") else total


def _expect(value: Any, ok: bool, what: str, hint: str) -> Any:  # noqa: FBT001 - the condition itself
    if not ok:
        raise NoValue(f"{said(value)} is not {what}", hint)
    return value


def _is_number(value: Any) -> bool:
    return (
        isinstance(value, int | float)
        and not isinstance(value, bool)
        and (isinstance(value, int) or math.isfinite(value))
    )


def _whole(base: str, value: Any) -> int:
    _expect(value, isinstance(value, int) and not isinstance(value, bool), "a whole number", "write digits")
    limit = 1 << (_BITS[base] - 1)
    _expect(value, -limit <= value < limit, f"a number of {_BITS[base]} bits", "take a larger type, or decimal")
    return int(value)


def _text(base: str, value: Any) -> str:
    """Read a value whose canonical form is text."""
    if isinstance(value, bool):
        raise NoValue(f"{said(value)} is not {_WHAT.get(base, 'text')}", "put text in quotes")
    text = written(value)
    match base:
        case "uuid":
            return str(
                _expect(
                    text, bool(_UUID.match(text)), _WHAT[base], "write 32 hexadecimal digits in groups, in lower case"
                )
            ).lower()
        case "decimal":
            _expect(text, bool(_DECIMAL.match(text)), _WHAT[base], 'write digits and a point, such as "9.90"')
            return text.removeprefix("+")
        case "timestamp":
            _expect(
                text, bool(_TIMESTAMP.match(text)) and _is_moment(text), _WHAT[base], "such as 2026-01-31T12:00:00Z"
            )
        case "date":
            ok = bool(re.match(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z", text)) and _is_day(text)
            _expect(text, ok, _WHAT[base], "such as 2026-01-31")
        case "duration":
            ok = bool(_DURATION.match(text)) and abs(nanoseconds(text)) < 1 << 63
            _expect(text, ok, _WHAT[base], "such as 1h30m or 500ms")
        case "url":
            _expect(text, bool(_URL.match(text)), _WHAT[base], "such as https://example.com/path")
        case "email":
            _expect(text, bool(_EMAIL.match(text)), _WHAT[base], "such as ann@example.com")
        case "json":
            _expect(text, _is_json(text), _WHAT[base], "put it in single quotes: '{\"a\": 1}'")
    return text


_WHAT = {
    "uuid": "a UUID",
    "decimal": "a decimal number",
    "timestamp": "a moment as RFC 3339 writes it",
    "date": "a day",
    "duration": "a duration as Go writes it",
    "url": "an absolute URL",
    "email": "an e-mail address",
    "json": "JSON",
}


def _is_moment(text: str) -> bool:
    try:
        comparable(Type(base="timestamp"), text)
    except ValueError:
        return False
    return True


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True
