"""What models cost, and how their providers cache the beginnings of prompts: what the planning of calls turns on.

Sources, October and November 2026: platform.claude.com/docs (prompt caching, pricing, the models' own pages),
developers.openai.com/api/docs (prompt caching, pricing), and for what is older the price list of genai-prices 0.2.3.
GPT-6.2 is described by third parties alone. Where there is no price, none was found. Windows and longest answers are
those of the same pages and list.
"""

import re
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Literal

PRICES_OF = date(2026, 11, 22)
"""The day on which the pages that the table rests on were last looked at; what changed later is not in it."""
UNKNOWN = "unknown"
"""Whose price it is, where there is none."""


class Keep(StrEnum):
    """How long a provider is to keep a marked prefix."""

    SHORT = "short"
    """Anthropic 5 minutes, OpenAI 30 minutes."""
    LONG = "long"
    """Anthropic 1 hour, OpenAI 12 hours; a long mark stands before all short ones."""


@dataclass(frozen=True)
class Large:
    """From when on a prompt costs more, all of it and the answer too."""

    above: float
    """Tokens of prompt, cached ones included."""
    input: float = 1
    """So many times the price."""
    output: float = 1


_NEVER = Large(float("inf"))
_OVER_272K = Large(272_000, 2, 1.5)


@dataclass(frozen=True)
class Terms:
    """A model's terms."""

    input: float | None
    """USD per million tokens; None: nobody knows."""
    output: float | None
    read: float
    """A token that is read from the cache costs so many times the input price, instead of once."""
    write: float
    """Likewise one that is written to be kept short."""
    write_long: float
    minimum: int
    """Tokens that a prefix must have to be cached; below, a mark does nothing, but counts as one."""
    short: int
    """Seconds after its last use for which a prefix is there for sure."""
    long: int
    marks: int = 0
    """So many may a request carry; 0: they are refused, and prefixes of whole intervals are cached unasked."""
    lookback: int = 1
    """A mark finds what was written at so many ends of blocks, its own and those before."""
    interval: int = 0
    """Tokens from one place to the next where a model without marks caches."""
    large: Large = _NEVER
    window: int | None = None
    """Tokens of prompt and answer together; None: nobody knows."""
    longest: int | None = None
    """Tokens of an answer, thinking included; likewise."""
    source: str = UNKNOWN
    """Whose prices they are, and of when: `user`, `table 2026-11-22`, `genai-prices 0.2.3`, or `unknown`."""

    def prices(self, prompt: int) -> tuple[float | None, float | None]:
        """Return USD per million tokens in and out, for a call with so many tokens of prompt, cached ones included."""
        if prompt <= self.large.above:
            return self.input, self.output
        return _times(self.input, self.large.input), _times(self.output, self.large.output)


def terms_of(kind: Literal["anthropic", "openai"], model: str) -> Terms:
    """Return a model's terms; of one that is not known, no prices, and otherwise the worst of its kind.

    A known model with a date (`claude-sonnet-4-5-20250929`) is that model.
    """
    known = _MODELS[kind]
    found = known.get(model) or known.get(undated(model))
    if found is not None:
        return found
    if kind == "anthropic":
        return _claude(None, None, 0.1, 4096)
    version = _GPT.match(model)
    marked = version and (int(version[1]), int(version[2] or 0)) >= (5, 6)
    return _gpt(None, None, 0.1) if marked else _automatic(None, None, 0.5)


def undated(model: str) -> str:
    """Return a model's name without a date."""
    return _DATE.sub("", model)


def _times(price: float | None, factor: float) -> float | None:
    return None if price is None else price * factor


def _claude(usd_in: float | None, usd_out: float | None, read: float, minimum: int, *, large: Large = _NEVER) -> Terms:
    """Return terms of Anthropic's."""
    return Terms(usd_in, usd_out, read, 1.25, 2, minimum, short=300, long=3600, marks=4, lookback=20, large=large)


def _gpt(usd_in: float | None, usd_out: float | None, read: float) -> Terms:
    """Return terms of GPT-5.6 and later; of a write for 12 hours some say 2, the price lists of models 2.5."""
    return Terms(usd_in, usd_out, read, 1.25, 2.5, 1024, short=1800, long=43_200, marks=4, large=_OVER_272K)


def _automatic(usd_in: float | None, usd_out: float | None, read: float, *, large: Large = _NEVER) -> Terms:
    """Return terms of OpenAI's older models; other servers that speak like OpenAI are treated as these."""
    return Terms(usd_in, usd_out, read, 1, 1, 1024, short=300, long=300, interval=128, large=large)


def _listed(model: str, terms: Terms) -> Terms:
    """Complete the terms of a model of the table: how much it reads and writes, and whose the prices are."""
    window, longest = _SIZES.get(model, (None, None))
    source = UNKNOWN if terms.input is None else f"table {PRICES_OF}"
    return replace(terms, window=window, longest=longest, source=source)


_GPT = re.compile(r"gpt-(\d+)(?:\.(\d+))?")
_DATE = re.compile(r"-(\d{8}|\d{4}-\d\d-\d\d|latest)$")

_MILLION, _MILLION_OF_GPT, _ANSWER = 1_000_000, 1_050_000, 128_000

# Tokens of prompt and answer together, tokens of an answer. A model that is not here may well have both.
_SIZES: dict[str, tuple[int, int | None]] = {
    "claude-fable-5-2":  (_MILLION, None),
    "claude-fable-5-1":  (_MILLION, None),
    "claude-fable-5":    (_MILLION, None),
    "claude-mythos-5-2": (_MILLION, None),
    "claude-opus-5-5":   (_MILLION, _ANSWER),
    "claude-opus-5":     (_MILLION, None),
    "claude-opus-4-8":   (_MILLION, None),
    "claude-opus-4-7":   (_MILLION, None),
    "claude-opus-4-6":   (_MILLION, None),
    "claude-opus-4-5":   (200_000, None),
    "claude-sonnet-5-5": (_MILLION, _ANSWER),
    "claude-sonnet-5":   (_MILLION, None),
    "claude-sonnet-4-6": (_MILLION, None),
    "claude-sonnet-4-5": (200_000, None),
    "claude-haiku-5-5":  (_MILLION, _ANSWER),
    "claude-haiku-4-5":  (200_000, None),
    "gpt-6.2-astra":     (_MILLION_OF_GPT, _ANSWER),
    "gpt-6.2-sol":       (_MILLION_OF_GPT, None),
    "gpt-6.1-sol":       (_MILLION_OF_GPT, _ANSWER),
    "gpt-6.1-terra":     (_MILLION_OF_GPT, None),
    "gpt-6-astra":       (_MILLION_OF_GPT, None),
    "gpt-6-sol":         (_MILLION_OF_GPT, None),
    "gpt-6-luna":        (_MILLION_OF_GPT, None),
    "gpt-5.6-sol":       (_MILLION_OF_GPT, None),
    "gpt-5.6-terra":     (_MILLION_OF_GPT, None),
    "gpt-5.6-luna":      (_MILLION_OF_GPT, None),
    "gpt-5.5":           (_MILLION, None),
    "gpt-5.4":           (_MILLION_OF_GPT, None),
    "gpt-5.4-mini":      (400_000, None),
    "gpt-5.4-nano":      (400_000, None),
    "gpt-5.2":           (400_000, None),
    "gpt-5.1":           (400_000, None),
    "gpt-5":             (400_000, None),
    "gpt-5-mini":        (400_000, None),
    "gpt-5-nano":        (400_000, None),
    "gpt-4.1":           (_MILLION, None),
    "gpt-4.1-mini":      (_MILLION, None),
    "gpt-4o":            (128_000, None),
    "gpt-4o-mini":       (128_000, None),
}  # fmt: skip

# USD per million tokens in and out, a read as a multiple of the input price; for Claude the smallest prefix in tokens.
_LIST: dict[str, dict[str, Terms]] = {
    "anthropic": {
        "claude-fable-5-2":      _claude(8,    40,   0.025, 512),
        "claude-fable-5-1":      _claude(10,   50,   0.025, 512),
        "claude-fable-5":        _claude(10,   50,   0.1,   512),
        "claude-mythos-5-2":     _claude(8,    40,   0.025, 512),
        "claude-mythos-5-1":     _claude(None, None, 0.025, 512),
        "claude-mythos-5":       _claude(None, None, 0.1,   512),
        "claude-mythos-preview": _claude(None, None, 0.1,   2048),
        "claude-opus-5-5":       _claude(4,    20,   0.05,  512),
        "claude-opus-5":         _claude(5,    25,   0.1,   512),
        "claude-opus-4-8":       _claude(5,    25,   0.1,   1024),
        "claude-opus-4-7":       _claude(5,    25,   0.1,   2048),
        "claude-opus-4-6":       _claude(5,    25,   0.1,   4096),
        "claude-opus-4-5":       _claude(5,    25,   0.1,   4096),
        "claude-sonnet-5-5":     _claude(2,    10,   0.05,  512),
        "claude-sonnet-5":       _claude(2,    10,   0.1,   1024),
        "claude-sonnet-4-6":     _claude(3,    15,   0.1,   1024),
        "claude-sonnet-4-5":     _claude(3,    15,   0.1,   1024, large=Large(200_000, 2, 1.5)),
        "claude-haiku-5-5":      _claude(0.1,  0.5,  0.1,   512, large=Large(100_000, 5, 5)),
        "claude-haiku-4-5":      _claude(1,    5,    0.1,   4096),
    },
    "openai": {
        "gpt-6.2-astra":         _gpt(8,    40,  0.05),
        "gpt-6.2-sol":           _gpt(2,    10,  0.05),
        "gpt-6.1-sol":           _gpt(2,    10,  0.05),
        "gpt-6.1-terra":         _gpt(1,    5,   0.05),
        "gpt-6-astra":           _gpt(10,   50,  0.1),
        "gpt-6-sol":             _gpt(2,    10,  0.1),
        "gpt-6-luna":            _gpt(0.1,  0.5, 0.1),
        "gpt-5.6-sol":           _gpt(4,    20,  0.1),
        "gpt-5.6-terra":         _gpt(2,    12,  0.1),
        "gpt-5.6-luna":          _gpt(0.2,  1.2, 0.1),
        "gpt-5.5":           replace(_automatic(5, 30, 0.1, large=_OVER_272K), interval=2048, short=1800, long=1800),
        "gpt-5.4":               _automatic(2.5,  15,   0.1, large=_OVER_272K),
        "gpt-5.4-mini":          _automatic(0.75, 4.5,  0.1),
        "gpt-5.4-nano":          _automatic(0.2,  1.25, 0.1),
        "gpt-5.2":               _automatic(1.75, 14,   0.1),
        "gpt-5.1":               _automatic(1.25, 10,   0.1),
        "gpt-5":                 _automatic(1.25, 10,   0.1),
        "gpt-5-mini":            _automatic(0.25, 2,    0.1),
        "gpt-5-nano":            _automatic(0.05, 0.4,  0.1),
        "gpt-4.1":               _automatic(2,    8,    0.25),
        "gpt-4.1-mini":          _automatic(0.4,  1.6,  0.25),
        "gpt-4o":                _automatic(2.5,  10,   0.5),
        "gpt-4o-mini":           _automatic(0.15, 0.6,  0.5),
    },
}  # fmt: skip

_MODELS = {kind: {name: _listed(name, terms) for name, terms in models.items()} for kind, models in _LIST.items()}
