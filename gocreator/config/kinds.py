"""The kinds of values that options have: what is accepted, and how it is written."""

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

_TRUE = frozenset({"true", "yes", "on", "1"})
_FALSE = frozenset({"false", "no", "off", "0"})
_UNITS = {"d": 86400.0, "h": 3600.0, "m": 60.0, "s": 1.0, "ms": 1e-3, "us": 1e-6, "µs": 1e-6, "ns": 1e-9}
_STEP = re.compile(r"(\d+(?:\.\d*)?|\.\d+)(d|h|ms|us|µs|ns|m|s)")
_BYTES: dict[str, int] = {"b": 1} | {f"{sign}b": 1000**power for power, sign in enumerate("kmgt", 1)}
_BYTES |= {f"{sign}ib": 1024**power for power, sign in enumerate("kmgt", 1)}
_SIZE = re.compile(r"(\d{1,18}(?:\.\d{1,12})?) ?([kmgt]?i?b)")


class Kind(StrEnum):
    """What a value is; the words stand in messages."""

    BOOL = "true or false"
    INT = "a whole number"
    FLOAT = "a number"
    TEXT = "text"
    PATH = "a path"
    DURATION = "a duration such as 90s, 5m or 1h30m"
    SIZE = "a size such as 500MB or 1GiB"
    LIST = "a list of texts"
    SECTION = "a section"


class WrongValue(ValueError):
    """A value that an option cannot take; the message says what it takes."""


def read_value(kind: Kind, value: Any) -> Any:
    """Take a value of a document."""
    if not _fits(kind, value):
        raise WrongValue(f"expected {kind}, not {_named(value)}")
    return _taken(kind, value)


def _fits(kind: Kind, value: Any) -> bool:
    """Tell whether a value of a document has the shape that a kind needs."""
    match kind:
        case Kind.BOOL:
            return isinstance(value, bool)
        case Kind.INT:
            return isinstance(value, int) and not isinstance(value, bool)
        case Kind.FLOAT:
            return isinstance(value, int | float) and not isinstance(value, bool)
        case Kind.LIST:
            return isinstance(value, list | tuple) and all(isinstance(item, str) and item for item in value)
        case Kind.SECTION:
            return isinstance(value, Mapping)
        case _:
            return isinstance(value, str) and value != ""


def read_text(kind: Kind, text: str) -> Any:
    """Take a value that can only be text: from the environment, from a flag, or put together."""
    try:
        return _taken(kind, text)
    except ValueError as problem:
        raise WrongValue(f"expected {kind}, not `{text}`") from problem


def write_value(kind: Kind, value: Any) -> Any:
    """Return a value as a document would hold it."""
    if kind is Kind.DURATION and value is not None:
        return write_duration(value)
    if kind is Kind.SIZE and value is not None:
        return write_size(value)
    return list(value) if kind is Kind.LIST and value is not None else value


def read_duration(text: str) -> float:
    """Read a duration as Go writes it, or with days; return seconds."""
    steps = _STEP.findall(text)
    if not steps or "".join(number + unit for number, unit in steps) != text:
        raise WrongValue(f"expected {Kind.DURATION}, not `{text}`")
    return sum(float(number) * _UNITS[unit] for number, unit in steps)


def write_duration(seconds: float) -> str:
    """Write seconds as a duration of Go, without parts that are zero; whole days, which Go does not know, as days."""
    whole = int(seconds)
    if whole == seconds and whole and whole % 86400 == 0:
        return f"{whole // 86400}d"
    hours, minutes = whole // 3600, whole % 3600 // 60
    rest = round(seconds - hours * 3600 - minutes * 60, 9)
    parts = [f"{number:g}{unit}" for number, unit in ((hours, "h"), (minutes, "m"), (rest, "s")) if number]
    return "".join(parts) or "0s"


def read_size(text: str) -> int:
    """Read a number of bytes: kB, MB, GB, TB are powers of 1000, KiB, MiB, GiB, TiB of 1024."""
    from fractions import Fraction  # noqa: PLC0415 - few runs are given a size

    found = _SIZE.fullmatch(text.lower())
    if not found or found[2] not in _BYTES:
        raise WrongValue(f"expected {Kind.SIZE}, not `{text}`")
    return round(Fraction(found[1]) * _BYTES[found[2]])


def write_size(size: int) -> str:
    """Write a number of bytes exactly, in the unit that gives the smallest number."""
    number, unit = min((size // count, unit) for unit, count in _BYTES.items() if size % count == 0)
    return f"{number}{unit.upper().replace('I', 'i') if unit != 'kb' else 'kB'}"


def _taken(kind: Kind, value: Any) -> Any:
    """Convert a value of the right shape."""
    if isinstance(value, str):
        return _from_text(kind, value)
    if kind is Kind.LIST:
        return tuple(value)
    return float(value) if kind is Kind.FLOAT else value


def _from_text(kind: Kind, text: str) -> Any:
    """Convert text."""
    word = text.strip().lower()
    match kind:
        case Kind.BOOL if word in _TRUE | _FALSE:
            return word in _TRUE
        case Kind.BOOL | Kind.SECTION:
            raise WrongValue(f"expected {kind}, not `{text}`")
        case Kind.INT:
            return int(word)
        case Kind.FLOAT:
            return float(word)
        case Kind.DURATION:
            return read_duration(word)
        case Kind.SIZE:
            return read_size(word)
        case Kind.LIST:
            return tuple(item.strip() for item in text.split(",") if item.strip())
        case _:
            return text


def _named(value: Any) -> str:
    """Describe a value that was not expected."""
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if isinstance(value, int | float):
        return f"the number `{value}`"
    if isinstance(value, str):
        return f"the text `{value}`" if value else "empty text"
    return "a section" if isinstance(value, Mapping) else "a list" if isinstance(value, list | tuple) else "nothing"
