"""Counting a run from its events: the summary of a build, and the metrics of its report."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from gocreator.observe.events import (
    ArtifactReused,
    CallFinished,
    Event,
    ModulesTidied,
    OrphanKept,
    RepairWritten,
    RunFinished,
    RunStarted,
    TargetBuilt,
    TargetFailed,
    TargetKept,
    TargetOutdated,
    TargetRemoved,
    TargetUpToDate,
    VerifyFinished,
    VerifySkipped,
    Warned,
)
from gocreator.observe.figures import covered, money
from gocreator.observe.repairlog import RepairLog
from gocreator.observe.reviewlog import ReviewLog

COUNTED = {
    TargetBuilt: "built",
    TargetUpToDate: "up_to_date",
    TargetOutdated: "outdated",
    TargetRemoved: "removed",
    TargetKept: "kept",
    OrphanKept: "kept",
    TargetFailed: "failed",
}
"""What came of a target, by the event that says so."""


@dataclass
class Tally:
    """A subscriber that adds up."""

    counts: Counter[str] = field(default_factory=Counter)
    spans: dict[str, list[tuple[float, float]]] = field(default_factory=dict)
    """When files of each phase were under way, in seconds since the epoch."""
    of_templates: list[tuple[float, float]] = field(default_factory=list)
    """The same of all files that templates write."""
    skeletons: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    verify: dict[str, Any] = field(default_factory=lambda: {"status": "not run"})
    run: dict[str, Any] = field(default_factory=dict)
    calls: Counter[str] = field(default_factory=Counter)
    """Of calls of models: how many, how many for several files, and their tokens by kind."""
    providers: dict[str, Counter[str]] = field(default_factory=dict)
    """Of each provider, input tokens and how many of them were read from its cache."""
    cost: float = 0.0
    """Dollars, of those calls of which it is known what they cost."""
    unpriced: int = 0
    """So many calls brought something, or may have, and nobody knows what they cost."""
    written: int = 0
    """So many files of those built are a model's."""
    reused: int = 0
    """So many of these were in the store."""
    left: int = 0
    """So many targets were to be made and were not even tried."""
    made: frozenset[str] | None = None
    """The files that earlier parts of this run said to have made: each counts once. None: this is the first part."""
    before: float = 0.0
    """The seconds that earlier parts of this run took."""
    last_write: float = 0.0
    """When a file of the output was last written or removed, in seconds since the epoch."""
    seconds: float = 0.0
    exit_code: int = 0
    mended: RepairLog = field(default_factory=RepairLog)
    reviewed: ReviewLog = field(default_factory=ReviewLog)

    def __call__(self, event: Event) -> None:
        """Take an event into account."""
        self.mended(event)
        self.reviewed(event)
        counted = COUNTED.get(type(event))
        again = isinstance(event, TargetBuilt | TargetUpToDate) and event.path in (self.made or ())
        if isinstance(event, TargetUpToDate) and event.adopted and self.made is not None:
            counted = "built"  # by an earlier part that came to its end before it could say so
        if counted and not again:
            self.counts[counted] += 1
        self.left -= isinstance(event, TargetBuilt | TargetFailed)
        if isinstance(event, TargetBuilt | TargetRemoved | RepairWritten | ModulesTidied):
            self.last_write = event.at
        match event:
            case RunStarted():
                self.run = {"command": event.command, "fcs": event.fcs, "output": event.output}
                self.left = event.work
            case TargetBuilt():
                span = (event.at - event.seconds, event.at)
                self.spans.setdefault(event.phase, []).append(span)
                self.of_templates += [span] if event.origin == "template" else []
                self.skeletons += [event.path] if event.skeleton and not again else []
                self.written += event.origin == "model" and not again
            case CallFinished():
                self._called(event)
            case ArtifactReused():
                self.reused += 1
            case Warned():
                self.warnings.append(event.message)
            case VerifyFinished():
                status = "passed" if event.ok else "failed"
                self.verify = {"status": status, "reused": event.reused, "checks": list(event.checks)}
            case VerifySkipped():
                self.verify = {"status": "skipped", "reason": event.reason, "lasting": event.lasting}
            case RunFinished():
                self.seconds, self.exit_code = self.before + event.seconds, event.exit_code

    def _called(self, event: CallFinished) -> None:
        self.calls["calls"] += event.attempts
        self.calls["batched"] += len(event.paths) > 1
        self.calls["spared"] += len(event.paths) - 1
        for name in ("uncached", "cache_read", "cache_write", "output"):
            self.calls[name] += getattr(event, name) or 0
        self.cost += event.cost or 0.0
        self.unpriced += event.cost is None
        provider = self.providers.setdefault(event.provider, Counter())
        provider["read"] += event.cache_read or 0
        provider["input"] += sum(it or 0 for it in (event.uncached, event.cache_read, event.cache_write))

    def _spent(self) -> list[str]:
        """Say what models were asked, if any were."""
        taken = self.calls
        if not taken["calls"]:
            return []
        cached = f", {_rate(taken['cache_read'], self._input):.0%} from the cache" if taken["cache_read"] else ""
        return [f"calls {taken['calls']} ({self._input:,} tokens in{cached}, {taken['output']:,} out, {self._paid()})"]

    def _paid(self) -> str:
        """Say what the calls cost, as far as it is known."""
        if self.unpriced == self.calls["calls"]:
            return "cost unknown"
        return f"{'at least ' if self.unpriced else ''}{money(self.cost)}"

    @property
    def phases(self) -> dict[str, float]:
        """Return for how many seconds any file of each phase was under way."""
        return {phase: round(covered(its), 4) for phase, its in self.spans.items()}

    @property
    def _input(self) -> int:
        return self.calls["uncached"] + self.calls["cache_read"] + self.calls["cache_write"]

    def summary(self) -> str:
        """Return the line that ends a build."""
        count = self.counts
        parts = [f"built {count['built']}", f"up to date {count['up_to_date']}"]
        parts += [f"outdated {count['outdated']}"] if count["outdated"] else []
        parts += [f"removed {count['removed']}", f"kept {count['kept']}"]
        parts += [f"skeletons {len(self.skeletons)}"] if self.skeletons else []
        parts += [f"failed {count['failed']}"] if count["failed"] else []
        parts += [*self._spent(), *self.reviewed.summary(), *self.mended.summary()]
        return f"{', '.join(parts)} in {self.seconds:.1f} s; verify: {self.verdict()}"

    @property
    def work(self) -> int:
        """Return how many targets were to be made."""
        return self.left + self.counts["built"] + self.counts["failed"]

    @property
    def tokens(self) -> int:
        """Return how many tokens models read and wrote."""
        return self._input + self.calls["output"]

    def interruption(self) -> str:
        """Return the line that ends a build that was cut off."""
        built = f"interrupted: {self.counts['built']} of {self.work} targets were built and are recorded"
        rest = ", ".join([f"{self.left} were not built", *self._spent()])
        return f"{built}, {rest}; verify: {self.verdict()}"

    def verdict(self) -> str:
        """Say in a few words what verification found."""
        status = str(self.verify["status"])
        if status == "skipped":
            return f"skipped ({self.verify['reason']})"
        if self.verify.get("reused"):
            return f"{status} (nothing changed since)"
        found = [
            f"{check['name']} {check['status']}" for check in self.verify.get("checks", ()) if check["status"] != "note"
        ]
        return f"{status} ({', '.join(found)})" if found else status

    def metrics(self) -> dict[str, Any]:
        """Return the specification's GenerationMetrics, as far as there is something to measure."""
        return {
            "total_duration": round(self.seconds, 3),
            "phase_timings": self.phases,
            "template_generation": round(covered(self.of_templates), 4),
            "verify_duration": round(sum(check.get("seconds", 0.0) for check in self.verify.get("checks", ())), 3),
            "template_files": self.counts["built"] - self.written,
            "llm_generated_files": self.written,
            "total_llm_calls": self.calls["calls"],
            "total_input_tokens": self._input,
            "total_output_tokens": self.calls["output"],
            "cache_read_tokens": self.calls["cache_read"],
            "cache_write_tokens": self.calls["cache_write"],
            "cache_hit_rate": _rate(self.calls["cache_read"], self._input),
            "cache_hit_rates": {name: _rate(it["read"], it["input"]) for name, it in self.providers.items()},
            "batched_calls": self.calls["batched"],
            "spared_calls": self.calls["spared"],
            "reused_artifacts": self.reused,
            "repairs": len(self.mended.repairs),
            "reviews": len(self.reviewed.reviews),
            "estimated_cost_usd": round(self.cost, 6),
            "unpriced_calls": self.unpriced,
        }


def _rate(read: int, tokens: int) -> float:
    """Return which part of some input was read from a cache, from 0 to 1."""
    return round(read / tokens, 4) if tokens else 0.0
