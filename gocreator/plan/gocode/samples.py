"""Values that keep an attribute's rules, for fixtures and tests: readable, deterministic, verified."""

import math
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any

from gocreator import gonames
from gocreator.errors import FcsError, Location, Problem
from gocreator.fcs.model import Attribute, Type
from gocreator.plan.gocode.literals import TEXTS, WHOLE, needed, value
from gocreator.plan.gocode.matching import matching

UNLIMITED = 1 << 30
_UUIDS = (
    "0192f0c1-6a5e-4b7a-9c3d-1f2e3d4c5b6a",
    "7d444840-9dc0-41d1-b245-5ffdce74fad2",
    "5f2b8a52-3f0e-4c7b-8a54-0d9c1b2a3e4f",
)
_EMAIL = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*@[A-Za-z0-9]+([.-][A-Za-z0-9]+)*\Z"
)
_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://[A-Za-z0-9.-]+(:[0-9]+)?([/?#][A-Za-z0-9/?#=&+:;@,.~_!$()*-]*)?\Z")
_DAY = date(2026, 1, 31)
_MOMENT = datetime(2026, 1, 31, 12, 30, tzinfo=UTC)


@lru_cache(maxsize=10_000)
def sample(owner: str, attribute: Attribute) -> Any:
    """Return a valid value that is not the default, if there is one; its example where it has one."""
    default = None if attribute.default is None else value(attribute.type, attribute.default)
    found = None
    for candidate in _candidates(attribute):
        if candidate != default:
            return candidate
        found = candidate
    if found is not None:
        return found
    name = f"{owner}.{attribute.name}"
    hint = f"give {name} an `example`, a value that keeps its rules"
    raise FcsError([Problem(Location("specification"), f"found no value of {name} that keeps its rules", hint)])


def variants(owner: str, attribute: Attribute, count: int) -> list[Any]:
    """Return different valid values, the sample first, as many as wanted, if so many are known."""
    found = [sample(owner, attribute)]
    for candidate in _candidates(attribute):
        if len(found) < count and candidate not in found:
            found.append(candidate)
    return found


def lengths(attribute: Attribute) -> tuple[int, int]:
    """Return the least and the greatest length of an attribute's values."""
    most = UNLIMITED if attribute.max_length is None else attribute.max_length
    return max(attribute.min_length or 0, 1 if needed(attribute) else 0), most


def well_formed(kind: Type, text: str) -> bool:
    """Tell whether Go's parser of a format surely takes a text."""
    form = {"email": _EMAIL, "url": _URL}.get(kind.base)
    return form is None or bool(form.match(text))


def item_samples(kind: Type, count: int) -> list[Any]:
    """Return different values of what a list or a map holds, as many as wanted, if there are so many."""
    return [_item(kind, index) for index in range(count)]


def _candidates(attribute: Attribute) -> Iterator[Any]:
    if attribute.example is not None:
        yield value(attribute.type, attribute.example)
    base = attribute.type.base
    if base in TEXTS or base == "bytes":
        yield from _texts(attribute)
    elif base == "bool":
        yield from (True, False)
    elif base == "enum":
        yield from attribute.type.values
    elif base == "json":
        yield from ('{"key":"value"}', '{"other":1}')
    else:
        yield from _ordered(attribute)


def _ordered(attribute: Attribute) -> Iterator[Any]:
    """Give numbers, moments and lengths of time between the bounds, and these."""
    kind = attribute.type
    least = None if attribute.min is None else value(kind, attribute.min)
    most = None if attribute.max is None else value(kind, attribute.max)
    common = _common(kind)
    inside = [least + _step(kind)] if least is not None and kind.base != "date" else []
    between = (
        [_middle(least, most)] if kind.base in ("float", "decimal") and least is not None and most is not None else []
    )
    for candidate in (*common, *inside, *between, least, most):
        if candidate is None or (least is not None and candidate < least) or (most is not None and candidate > most):
            continue
        yield candidate


def _common(kind: Type) -> tuple[Any, ...]:
    if kind.base in WHOLE:
        return (3, 7, 42, 1000)
    return {
        "float": (2.5, 12.25, 0.5),
        "decimal": (Decimal("19.99"), Decimal("0.50"), Decimal("2.50")),
        "timestamp": (_MOMENT, _MOMENT + timedelta(days=1)),
        "date": (_DAY, _DAY + timedelta(days=1)),
        "duration": (90 * 10**9, 3600 * 10**9),
    }[kind.base]


def _middle(least: Any, most: Any) -> Any:
    middle = (least + most) / 2
    return middle if not isinstance(middle, float) or math.isfinite(middle) else None


def _step(kind: Type) -> Any:
    return {"decimal": Decimal(1), "timestamp": timedelta(hours=1), "duration": 10**9, "float": 1.0}.get(kind.base, 1)


def _texts(attribute: Attribute) -> Iterator[str]:
    kind, (least, most) = attribute.type, lengths(attribute)
    fitting = tuple(text for text in _natural(attribute, least, most) if least <= len(text) <= most)
    texts = matching(attribute.pattern, least, most, fitting) if attribute.pattern else iter(fitting)
    yield from (text for text in texts if well_formed(kind, text))


def _natural(attribute: Attribute, least: int, most: int) -> Iterator[str]:
    """Give texts that somebody might write, and others stretched or cut to the lengths."""
    if attribute.type.base == "uuid":
        yield from _UUIDS
        return
    if attribute.type.base == "email":
        yield from (
            text.rjust(least, "u")
            for text in ("user@example.com", "other@example.com", "third@example.com", "u@e.co", "u@e")
        )
        return
    if attribute.type.base == "url":
        yield from (
            text.ljust(least, "a") for text in ("https://example.com/sample", "https://example.org/", "ws://e/")
        )
        return
    words = gonames.sentence(attribute.name)
    for text in (words[:1].upper() + words[1:], f"Another {words}", "Sample", "Another"):
        yield text[:most].strip().ljust(least, "x")


def _item(kind: Type, index: int) -> Any:
    if kind.base in WHOLE:
        return index + 1
    match kind.base:
        case "enum":
            return kind.values[index % len(kind.values)]
        case "uuid":
            return f"0192f0c1-6a5e-4b7a-9c3d-{index:012x}"
        case "email":
            return f"user{index + 1}@example.com"
        case "url":
            return f"https://example.com/{index + 1}"
        case "bool":
            return index % 2 == 0
        case "json":
            return f'{{"key":{index + 1}}}'
        case "string" | "text" | "bytes":
            return f"item {index + 1}"
        case "timestamp" | "date":
            return _common(kind)[0] + timedelta(days=index)
        case _:
            return _common(kind)[0] * (index + 1)
