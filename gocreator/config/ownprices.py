"""What a user says that models cost and hold: the option `llm.prices`, by the names of models."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from gocreator.config.kinds import Kind, WrongValue, read_value
from gocreator.config.settings import Setting
from gocreator.config.suggest import closest
from gocreator.errors import Problem

KEY = "llm.prices"
_PRICES = ("input", "output", "cache_read", "cache_write", "cache_write_long")
_SIZES = ("context_window", "max_output")
_NAMES = (*_PRICES, *_SIZES)


@dataclass(frozen=True)
class OwnPrice:
    """What a user says of a model; None: nothing."""

    input: float | None = None
    """USD per million tokens, as are the next four."""
    output: float | None = None
    cache_read: float | None = None
    cache_write: float | None = None
    cache_write_long: float | None = None
    context_window: int | None = None
    """Tokens of prompt and answer together."""
    max_output: int | None = None
    """Tokens of an answer."""


def read_prices(setting: Callable[[str], Setting]) -> tuple[Mapping[str, OwnPrice], list[Problem]]:
    """Read the section; what is wrong is returned, each with its place."""
    section = setting(KEY)
    problems: list[Problem] = []
    prices: dict[str, OwnPrice] = {}
    for name, value in (section.value or {}).items():
        found = list(_wrong(section, name, value))
        problems += found
        if not found and value is not None:
            prices[str(name)] = OwnPrice(**value)
    return prices, problems


def _wrong(section: Setting, name: Any, value: Any) -> Iterator[Problem]:
    """Yield what is wrong with what is said of one model."""
    if value is None:
        return
    if not isinstance(value, Mapping):
        hint = f"there are {', '.join(_NAMES)}"
        yield Problem(section.at((name,)), f"`{KEY}`: what is said of {name} is a section", hint)
        return
    for key, said in value.items():
        if key not in _NAMES:
            hint = closest(str(key), list(_NAMES)) or f"there are {', '.join(_NAMES)}"
            yield Problem(section.at((name, key), key=True), f"unknown option `{key}`", hint)
        elif said is not None and (expected := _refused(key, said)):
            yield Problem(section.at((name, key)), f"`{key}`: {expected}")
    yield from _from_nothing(section, name, value)


def _refused(key: str, said: Any) -> str:
    """Tell what is expected instead of a value; empty: it is well."""
    try:
        number = read_value(Kind.INT if key in _SIZES else Kind.FLOAT, said)
    except WrongValue as problem:
        return str(problem)
    if key in _SIZES:
        return "" if number > 0 else f"expected more than 0, not `{number}`"
    return "" if 0 <= number < float("inf") else f"expected USD per million tokens, 0 or more, not `{number:g}`"


def _from_nothing(section: Setting, name: Any, value: Mapping[str, Any]) -> Iterator[Problem]:
    """Refuse a cache that costs where input does not: what is cached is counted in multiples of the input price."""
    for key in _PRICES[2:] if value.get("input") == 0 else ():
        if value.get(key):
            yield Problem(section.at((name, key)), f"`{key}`: input costs nothing, so the cache costs nothing either")
