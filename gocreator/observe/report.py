"""The report of a run, gathered from its events."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from gocreator.observe.advice import advice
from gocreator.observe.calllog import CallLog, by, overlap, summed
from gocreator.observe.events import (
    ApiChanged,
    Event,
    OrphanKept,
    RequirementTraced,
    TargetBuilt,
    TargetFailed,
    TargetKept,
    TargetOutdated,
    TargetRemoved,
    TargetUpToDate,
    VerifyFinished,
)
from gocreator.observe.reportschema import FORMAT, RunReport
from gocreator.observe.tally import Tally

__all__ = ["Report", "RunReport"]

_COUNTED = ("built", "up_to_date", "outdated", "removed", "kept", "failed")


@dataclass
class Report:
    """A subscriber that gathers what a run did."""

    run: str
    started_at: str
    tally: Tally
    files: list[dict[str, Any]] = field(default_factory=list)
    api_changes: list[dict[str, Any]] = field(default_factory=list)
    requirements: dict[str, dict[str, Any]] = field(default_factory=dict)
    """By name, because each part of a run tells of all."""
    calls: CallLog = field(default_factory=CallLog)
    _verified: float = 0.0
    """When the last verification began."""
    _phases: dict[str, str] = field(default_factory=dict)
    """The phase of each file."""

    def __call__(self, event: Event) -> None:
        """Note what happened to a file; the tally counts."""
        self.tally(event)
        self.calls(event)
        if isinstance(event, TargetBuilt | TargetUpToDate | TargetKept | TargetOutdated):
            self._phases[event.path] = event.phase
        match event:
            case TargetBuilt():
                self._file(
                    event.path,
                    "built",
                    rule=event.rule,
                    phase=event.phase,
                    origin=event.origin,
                    reasons=list(event.reasons),
                    seconds=round(event.seconds, 4),
                    started=self.calls.since(event.at - event.seconds),
                    skeleton=event.skeleton,
                )
            case TargetKept():
                self._file(event.path, "kept", stale=event.stale, planned=event.planned, reasons=list(event.reasons))
            case TargetOutdated():
                self._file(event.path, "outdated", reasons=list(event.reasons))
            case TargetFailed():
                self._file(event.path, "failed", reasons=[event.message], code=event.code)
            case TargetRemoved():
                self._file(event.path, "removed")
            case OrphanKept():
                self._file(event.path, "disowned")
            case ApiChanged():
                self.api_changes.append({"path": event.path, "changes": list(event.changes)})
            case RequirementTraced():
                self.requirements[event.requirement] = {
                    "requirement": event.requirement,
                    "said": event.said,
                    "targets": list(event.targets),
                    "tests": list(event.tests),
                }
            case VerifyFinished():
                self._verified = self.calls.since(event.at - event.seconds)
            case _:
                pass

    def resume(self, events: Iterable[Event], seconds: float, exit_code: int) -> None:
        """Take what earlier parts of this run told, how long they took, and how the last of them ended."""
        for event in events:
            self(event)
        self.tally.made = frozenset(it["path"] for it in self.files if it["action"] == "built")
        self.tally.before = self.tally.seconds = seconds
        self.tally.exit_code = exit_code

    def document(self) -> RunReport:
        """Return the report as plain data."""
        tally = self.tally
        found: dict[str, Any] = {
            "version": FORMAT,
            "run": self.run,
            "started_at": self.started_at,
            **tally.run,
            "exit_code": tally.exit_code,
            "counts": {name: tally.counts[name] for name in _COUNTED},
            "left": tally.left,
            "targets": self.files,
            "needs_provider": tally.skeletons,
            "warnings": tally.warnings,
            "phases": self._by_phase(),
            "providers": self.calls.providers(),
            "calls": self.calls.calls,
            "repairs": tally.mended.repairs,
            "reviews": tally.reviewed.reviews,
            "api_changes": self.api_changes,
            "requirements": list(self.requirements.values()),
            "verify": tally.verify | {"started": self._verified},
            "verdict": tally.verdict(),
        }
        metrics = {**tally.metrics(), **self.calls.metrics(), "parallel_phases": self._parallel()}
        return cast("RunReport", {**found, "advice": advice(found), "metrics": metrics})

    def _by_phase(self) -> list[dict[str, Any]]:
        """Return the files and the calls of each phase; a call for several counts where its first file does."""
        calls = by(self.calls.calls, self._phase_of)
        built = Counter(self._phases[it["path"]] for it in self.files if it["action"] == "built")
        timings = self.tally.phases
        names = dict.fromkeys([*timings, *calls])
        found = []
        for name in names:
            taken = summed(calls.get(name, ()))
            seconds = timings.get(name, 0.0)
            found.append(
                {"phase": name, "built": built[name], **taken, "call_seconds": taken["seconds"], "seconds": seconds}
            )
        return found

    def _phase_of(self, call: Mapping[str, Any]) -> str:
        path = call["targets"][0] if call["targets"] else ""
        known = self._phases.get(path.removesuffix(".review"), "")
        return known or ("contracts" if call["purpose"] == "plan" else "not built")

    def _parallel(self) -> int:
        return sum(overlap(calls) for calls in by(self.calls.calls, self._phase_of).values())

    def _file(self, path: str, action: str, **more: Any) -> None:
        self.files.append({"path": path, "action": action, **more})
