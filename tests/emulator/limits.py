"""Rate limits of both providers: token buckets per key and model, and the headers that tell about them."""

import math
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime

from tests.emulator.errors import Dialect, Refused
from tests.emulator.prompts import Bill

MINUTE = 60.0


@dataclass(frozen=True)
class Limits:
    """How much is allowed in a minute, for each key and model; the buckets are full at first."""

    requests: int = 1000
    input_tokens: int = 2_000_000
    """Anthropic alone; what was read from the cache does not count."""
    output_tokens: int = 400_000
    """Anthropic alone."""
    tokens: int = 2_000_000
    """OpenAI alone; what was read from the cache counts."""
    enforced: bool = False
    """False: headers tell what is left, but nobody is turned away."""


@dataclass
class Bucket:
    """So much for each minute, refilled steadily."""

    capacity: int
    level: float
    at: float

    def fill(self, now: float) -> None:
        """Let time pass."""
        self.level = min(self.capacity, self.level + (now - self.at) * self.capacity / MINUTE)
        self.at = now

    def lacks(self, amount: float) -> float:
        """Return the seconds until there is so much; more than the bucket holds never is, the rest is waited for."""
        return max(min(amount, self.capacity) - self.level, 0) * MINUTE / self.capacity

    @property
    def reset(self) -> float:
        """Return the seconds until it is full."""
        return (self.capacity - self.level) * MINUTE / self.capacity


@dataclass
class Limiter:
    """The buckets of one emulator."""

    limits: Limits
    _buckets: dict[tuple[str, str, str], Bucket] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def admit(self, dialect: Dialect, key: str, model: str, bill: Bill, now: float) -> None:
        """Take a request and its input out of the buckets, or turn it away with 429."""
        wanted = {"requests": 1, **_input(dialect, bill)}
        with self._lock:
            waits = {name: self._bucket(key, model, name, now).lacks(amount) for name, amount in wanted.items()}
            name, wait = max(waits.items(), key=lambda item: item[1])
            if self.limits.enforced and wait > 0:
                raise _limited(dialect, name, wait)
            for name, amount in wanted.items():
                self._bucket(key, model, name, now).level -= amount

    def spend(self, dialect: Dialect, key: str, model: str, output: int, now: float) -> None:
        """Take an answer's tokens out of the buckets."""
        name = "output_tokens" if dialect == "anthropic" else "tokens"
        with self._lock:
            self._bucket(key, model, name, now).level -= output

    def headers(self, dialect: Dialect, key: str, model: str, now: float) -> list[tuple[str, str]]:
        """Return the headers that say what is left."""
        with self._lock:
            if dialect == "openai":
                return [pair for name in ("requests", "tokens") for pair in self._openai(key, model, name, now)]
            names = ("requests", "input_tokens", "output_tokens")
            lines = [pair for name in names for pair in self._anthropic(key, model, name, now)]
            return [*lines, *self._combined(key, model, now)]

    def _bucket(self, key: str, model: str, name: str, now: float) -> Bucket:
        capacity: int = getattr(self.limits, name)
        bucket = self._buckets.setdefault((key, model, name), Bucket(capacity, capacity, now))
        bucket.fill(now)
        return bucket

    def _anthropic(self, key: str, model: str, name: str, now: float) -> list[tuple[str, str]]:
        bucket = self._bucket(key, model, name, now)
        left = int(max(bucket.level, 0))
        return _anthropic_lines(
            name, bucket.capacity, left if name == "requests" else round(left, -3), now + bucket.reset
        )

    def _combined(self, key: str, model: str, now: float) -> list[tuple[str, str]]:
        both = [self._bucket(key, model, name, now) for name in ("input_tokens", "output_tokens")]
        left = sum(int(max(bucket.level, 0)) for bucket in both)
        reset = now + max(bucket.reset for bucket in both)
        return _anthropic_lines("tokens", sum(bucket.capacity for bucket in both), round(left, -3), reset)

    def _openai(self, key: str, model: str, name: str, now: float) -> list[tuple[str, str]]:
        bucket = self._bucket(key, model, name, now)
        return [
            (f"x-ratelimit-limit-{name}", str(bucket.capacity)),
            (f"x-ratelimit-remaining-{name}", str(int(max(bucket.level, 0)))),
            (f"x-ratelimit-reset-{name}", duration(bucket.reset)),
        ]


def duration(seconds: float) -> str:
    """Return a time as OpenAI writes it: `120ms`, `1s`, `6m0s`."""
    if seconds < 1:
        return f"{round(seconds * 1000)}ms"
    minutes, rest = divmod(math.ceil(seconds), 60)
    return f"{minutes}m{rest}s" if minutes else f"{rest}s"


def _anthropic_lines(name: str, limit: int, left: int, reset: float) -> list[tuple[str, str]]:
    start = f"anthropic-ratelimit-{name.replace('_', '-')}"
    at = datetime.fromtimestamp(math.ceil(reset), tz=UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return [(f"{start}-limit", str(limit)), (f"{start}-remaining", str(left)), (f"{start}-reset", at)]


def _input(dialect: Dialect, bill: Bill) -> dict[str, int]:
    if dialect == "anthropic":
        return {"input_tokens": bill.plain + bill.written}
    return {"tokens": bill.total}


def _limited(dialect: Dialect, name: str, wait: float) -> Refused:
    seconds = math.ceil(wait)
    said = f"This request would exceed the rate limit of {name.replace('_', ' ')} per minute."
    headers = [("retry-after", str(seconds))]
    if dialect == "openai":
        headers.append(("retry-after-ms", str(math.ceil(wait * 1000))))
    return Refused(429, said, kind=None if dialect == "anthropic" else name, headers=tuple(headers))
