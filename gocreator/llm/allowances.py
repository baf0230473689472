"""What the headers of a response say of rate limits, put the same for all providers.

Sources: platform.claude.com/docs (API, rate limits), developers.openai.com/api/docs (rate limits). Any header may be
missing, or hold nothing of use (-1, a limit of 0): then nothing is known.
"""

import email.utils
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

_STEP = re.compile(r"(\d+(?:\.\d+)?)(ms|h|m|s)")
_UNITS = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 1e-3}
_ROUNDED = 500
"""Anthropic rounds the tokens that are left to whole thousands."""


class Counted(StrEnum):
    """What a limit counts; the words stand in messages."""

    REQUESTS = "requests"
    INPUT = "input tokens"
    OUTPUT = "output tokens"
    TOKENS = "tokens"
    """In and out together. At Anthropic this is the tightest limit of several, such as a workspace's."""
    PROJECT = "tokens of the project"
    """OpenAI alone: likewise in and out."""


_WORDS = {
    "requests": Counted.REQUESTS,
    "tokens": Counted.TOKENS,
    "input-tokens": Counted.INPUT,
    "output-tokens": Counted.OUTPUT,
    "project-tokens": Counted.PROJECT,
}


@dataclass(frozen=True)
class Allowance:
    """What is said of one limit; None where it is not said."""

    counted: Counted
    limit: int | None = None
    """So much may be used in a minute."""
    remaining: int | None = None
    """So much may be used at once."""
    reset: float | None = None
    """Seconds until all may be."""
    slack: int = 0
    """There may be so much less than what is said to remain, because it was rounded."""


def allowances(headers: Mapping[str, str], now: datetime) -> list[Allowance]:
    """Read the headers of either provider; `now` is what its dates are compared with."""
    return [found for word, counted in _WORDS.items() for found in _of(headers, word, counted, now)]


def _of(headers: Mapping[str, str], word: str, counted: Counted, now: datetime) -> Iterator[Allowance]:
    rounded = 0 if counted is Counted.REQUESTS else _ROUNDED
    for pattern, slack in ((f"anthropic-ratelimit-{word}-%s", rounded), (f"x-ratelimit-%s-{word}", 0)):
        limit, remaining, reset = (headers.get(pattern % what) for what in ("limit", "remaining", "reset"))
        if limit or remaining:
            seconds = (_steps(reset) or until(reset, now)) if reset else None
            yield Allowance(counted, _whole(limit) or None, _whole(remaining), seconds, slack)


def _whole(text: str | None) -> int | None:
    """Read a number that is not negative."""
    return int(text) if text and text.isascii() and text.isdigit() else None


def _steps(text: str) -> float | None:
    """Read `6m0s`, `120ms`."""
    steps = _STEP.findall(text)
    whole = "".join(number + unit for number, unit in steps) == text
    return sum(float(number) * _UNITS[unit] for number, unit in steps) if steps and whole else None


def until(text: str | None, now: datetime) -> float | None:
    """Read a date of HTTP or of RFC 3339 as seconds from now."""
    if not text:
        return None
    try:
        date = datetime.fromisoformat(text) if text[:4].isdigit() else email.utils.parsedate_to_datetime(text)
    except ValueError:
        return None
    return ((date if date.tzinfo else date.replace(tzinfo=UTC)) - now).total_seconds()
