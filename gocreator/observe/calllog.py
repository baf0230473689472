"""The calls of a run, one by one, and what they come to: per phase, per provider, in all."""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count, pairwise
from typing import Any

from gocreator.observe.events import CallFinished, CallWaiting, Event
from gocreator.observe.figures import added, covered

Calls = Sequence[Mapping[str, Any]]
_COUNTS = ("input_tokens", "cache_read_tokens", "cache_write_tokens", "output_tokens")


@dataclass
class CallLog:
    """A subscriber that notes each call."""

    calls: list[dict[str, Any]] = field(default_factory=list)
    """In the order in which they ended; times are in seconds, those of starts since the run's first event."""
    waited: dict[str, float] = field(default_factory=dict)
    """For so many seconds did calls of a provider wait, before they were made or made again."""
    _began: float | None = None

    def __call__(self, event: Event) -> None:
        """Note a call, or a wait."""
        self._began = event.at if self._began is None else self._began
        if isinstance(event, CallWaiting):
            self.waited[event.provider] = round(self.waited.get(event.provider, 0.0) + event.seconds, 3)
        elif isinstance(event, CallFinished):
            self.calls.append(self._plain(event))

    def _plain(self, event: CallFinished) -> dict[str, Any]:
        started = self.since(event.at - event.seconds)
        return {
            "id": self._named(event.call),
            "purpose": event.purpose,
            "provider": event.provider,
            "model": event.model,
            "targets": list(event.paths),
            "attempts": event.attempts,
            "started": started,
            "seconds": round(event.seconds, 3),
            "ttft_seconds": None if event.ttft is None else round(event.ttft, 3),
            "stop": event.stop,
            "failure": event.failure,
            "input_tokens": event.uncached,
            "cache_read_tokens": event.cache_read,
            "cache_write_tokens": event.cache_write,
            "output_tokens": event.output,
            "cost_usd": _rounded(event.cost),
            "saved_usd": _rounded(event.saved),
        }

    def _named(self, call: str) -> str:
        """Return the name of a call; each part of a run that goes on begins to count anew."""
        used = {it["id"] for it in self.calls}
        name = call or f"call-{len(used) + 1}"
        return name if name not in used else next(it for n in count(2) if (it := f"{name}.{n}") not in used)

    def since(self, at: float) -> float:
        """Return how many seconds after the run's first event something was."""
        return max(0.0, round(at - (self._began or at), 4))

    def metrics(self) -> dict[str, Any]:
        """Return what the specification's GenerationMetrics say of calls."""
        calls, providers = self.calls, by(self.calls, lambda it: it["provider"])
        heard = [it for it in calls if it["input_tokens"] is not None]
        hits = sum(bool(it["cache_read_tokens"]) for it in heard)
        return {
            "llm_call_duration": round(sum(it["seconds"] for it in calls), 3),
            "cached_tokens": sum(it["cache_read_tokens"] or 0 for it in calls),
            "tokens_saved": sum(it["cache_read_tokens"] or 0 for it in calls),
            "cache_hits": hits,
            "cache_misses": len(heard) - hits,
            "cost_breakdown": {name: _rounded(added(it["cost_usd"] for it in its)) for name, its in providers.items()},
            "saved_by_cache_usd": _rounded(added(it["saved_usd"] for it in heard)),
            "ttft_p95_seconds": {name: p95(it["ttft_seconds"] for it in its) for name, its in providers.items()},
            "times_saved": round(sum(it["seconds"] for it in calls) - busy(calls), 3),
        }

    def providers(self) -> list[dict[str, Any]]:
        """Return what the calls of each provider's models come to."""
        lanes = by(self.calls, lambda it: (it["provider"], it["model"]))
        return [
            {
                "provider": provider,
                "model": model,
                **summed(its),
                "ttft_p95_seconds": p95(it["ttft_seconds"] for it in its),
                "waited_seconds": self.waited.get(provider, 0.0),
            }
            for (provider, model), its in lanes.items()
        ]


def by(calls: Calls, key: Callable[[Mapping[str, Any]], Any]) -> dict[Any, list[Mapping[str, Any]]]:
    """Group calls, in the order of the first of each group."""
    found: dict[Any, list[Mapping[str, Any]]] = {}
    for call in calls:
        found.setdefault(key(call), []).append(call)
    return found


def summed(calls: Calls) -> dict[str, Any]:
    """Return what some calls come to."""
    counts = {name: sum(it[name] or 0 for it in calls) for name in _COUNTS}
    tokens = sum(counts.values()) - counts["output_tokens"]
    return {
        "calls": sum(it["attempts"] for it in calls),
        "seconds": round(sum(it["seconds"] for it in calls), 3),
        **counts,
        "cache_hit_rate": round(counts["cache_read_tokens"] / tokens, 4) if tokens else 0.0,
        "cost_usd": _rounded(added(it["cost_usd"] for it in calls)),
    }


def p95(seconds: Iterable[float | None]) -> float | None:
    """Return what 95 of 100 do not exceed (the nearest rank); None of nothing."""
    known = sorted(it for it in seconds if it is not None)
    return known[math.ceil(0.95 * len(known)) - 1] if known else None


def busy(calls: Calls) -> float:
    """Return for how many seconds at least one call was under way."""
    return covered((it["started"], it["started"] + it["seconds"]) for it in calls)


def overlap(calls: Calls) -> bool:
    """Tell whether any two calls were under way at once."""
    spans = sorted((it["started"], it["started"] + it["seconds"]) for it in calls)
    return any(second[0] < first[1] for first, second in pairwise(spans))


def _rounded(dollars: float | None) -> float | None:
    return None if dollars is None else round(dollars, 6)
