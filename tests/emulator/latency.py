"""How long the emulated model takes; by default no time at all."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Latency:
    """A time to the first token, then so many tokens in a second."""

    first: float = 0.0
    """Seconds to the first token, had the whole prompt been read from the cache."""
    tokens_per_second: float = 0.0
    """0: all at once."""
    prefill: float = 0.0
    """Tokens of a prompt that are read in a second where they were not cached; 0: all at once."""
    scale: float = 1.0
    """What a second lasts; 0: as fast as possible."""

    def before(self, *, uncached: int) -> float:
        """Return the seconds to the first token."""
        reading = uncached / self.prefill if self.prefill else 0.0
        return (self.first + reading) * self.scale

    def during(self, tokens: float) -> float:
        """Return the seconds that so many tokens take."""
        return tokens / self.tokens_per_second * self.scale if self.tokens_per_second else 0.0
