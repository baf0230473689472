"""When things happened in a run, as bars to be drawn, and the chain of them that nothing beside it could shorten."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

_MOST = 400
"""So many calls are drawn one by one; of more, the longest."""
_NEAR = 0.25
"""So many seconds may lie between the end of one thing and the start of the next in a chain."""


@dataclass(frozen=True)
class Bar:
    """Something that took time; `start` and `end` are seconds since the run's first event."""

    kind: str
    """`phase`, `check`, or the purpose of a call."""
    label: str
    start: float
    end: float
    ready: float
    """From when on others could begin that waited for it: who waits for what a call caches waits for its first text."""
    row: int = 0
    critical: bool = False


def timeline(report: Mapping[str, Any]) -> list[Bar]:
    """Return the bars of a report, those that overlap in rows of their own."""
    bars = [*_phases(report), *_calls(report), *_checks(report)]
    chain = _chain(bars)
    return list(_in_rows(replace(bar, critical=bar in chain) for bar in sorted(bars, key=lambda it: it.start)))


def _phases(report: Mapping[str, Any]) -> Iterator[Bar]:
    """Return a bar for the files of each phase that templates wrote."""
    spans: dict[str, list[tuple[float, float]]] = {}
    for target in report["targets"]:
        if target["action"] == "built" and target["origin"] == "template":
            start = target["started"]
            spans.setdefault(target["phase"], []).append((start, start + target["seconds"]))
    for phase, its in spans.items():
        label = f"{phase}: {len(its)} files of templates"
        yield Bar("phase", label, min(start for start, _ in its), end := max(end for _, end in its), end)


def _calls(report: Mapping[str, Any]) -> Iterator[Bar]:
    for call in sorted(report["calls"], key=lambda it: -it["seconds"])[:_MOST]:
        more = f" and {len(call['targets']) - 1} more" if len(call["targets"]) > 1 else ""
        label = f"{call['id']}, {call['purpose']}, {call['model']}: {call['targets'][0]}{more}"
        start, seconds = call["started"], call["seconds"]
        yield Bar(call["purpose"], label, start, start + seconds, start + (call["ttft_seconds"] or seconds))


def _checks(report: Mapping[str, Any]) -> Iterator[Bar]:
    start = report["verify"].get("started", 0.0)
    for check in report["verify"].get("checks", ()):
        if seconds := check.get("seconds"):
            yield Bar("check", f"{check['name']} {check['status']}", start, start + seconds, start + seconds)
            start += seconds


def _chain(bars: Sequence[Bar]) -> set[Bar]:
    """Return the critical path: from the last end back, each time to what was waited for last before."""
    chain: set[Bar] = set()
    last = max(bars, key=lambda it: it.end, default=None)
    while last is not None:
        chain.add(last)
        before = [it for it in bars if it not in chain and it.ready <= last.start + _NEAR and it.start < last.start]
        last = max(before, key=lambda it: it.ready, default=None)
    return chain


def _in_rows(bars: Iterable[Bar]) -> Iterator[Bar]:
    ends: list[float] = []
    for bar in bars:
        row = next((at for at, end in enumerate(ends) if end <= bar.start), len(ends))
        ends[row : row + 1] = [bar.end]
        yield replace(bar, row=row)
