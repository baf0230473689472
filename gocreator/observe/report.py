"""The report of a run, gathered from its events."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, TypedDict

from gocreator.observe.events import (
    ApiChanged,
    Event,
    OrphanKept,
    TargetBuilt,
    TargetFailed,
    TargetKept,
    TargetOutdated,
    TargetRemoved,
)
from gocreator.observe.tally import Tally

FORMAT = 1
_COUNTED = ("built", "up_to_date", "outdated", "removed", "kept", "failed")


class RunReport(TypedDict):
    """The report of a run as plain data: what report.json holds."""

    version: int
    run: str
    """The name of the run, and of its folder below `.gocreator/reports`."""
    started_at: str
    command: str
    fcs: str
    output: str
    exit_code: int
    counts: dict[str, int]
    """How many targets were `built`, `up_to_date`, `outdated`, `removed`, `kept`, `failed`."""
    left: int
    """How many of those that were to be made were not."""
    targets: list[dict[str, Any]]
    """What happened to a file: `path`, `action`, and what belongs to that action, such as `reasons`."""
    needs_provider: list[str]
    warnings: list[str]
    repairs: list[dict[str, Any]]
    """Each repair: `path`, `attempt`, who was asked, `messages`, whether it `fixed` the file, tokens and cost."""
    reviews: list[dict[str, Any]]
    """Each review: `path`, who was asked, whether it was `reused` from an earlier build, and its `findings`."""
    api_changes: list[dict[str, Any]]
    """The files whose public API is no longer what it was: `path`, and the `changes` in words."""
    verify: dict[str, Any]
    verdict: str
    metrics: dict[str, Any]


@dataclass
class Report:
    """A subscriber that gathers what a run did."""

    run: str
    started_at: str
    tally: Tally
    files: list[dict[str, Any]] = field(default_factory=list)
    api_changes: list[dict[str, Any]] = field(default_factory=list)

    def __call__(self, event: Event) -> None:
        """Note what happened to a file; the tally counts."""
        self.tally(event)
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
                    skeleton=event.skeleton,
                )
            case TargetKept():
                self._file(event.path, "kept", stale=event.stale, planned=event.planned, reasons=list(event.reasons))
            case TargetOutdated():
                self._file(event.path, "outdated", reasons=list(event.reasons))
            case TargetFailed():
                self._file(event.path, "failed", reasons=[event.message])
            case TargetRemoved():
                self._file(event.path, "removed")
            case OrphanKept():
                self._file(event.path, "disowned")
            case ApiChanged():
                self.api_changes.append({"path": event.path, "changes": list(event.changes)})
            case _:
                pass

    def resume(self, events: Iterable[Event], seconds: float, exit_code: int) -> None:
        """Take what earlier parts of this run told, how long they took, and how the last of them ended."""
        for event in events:
            self(event)
        self.tally.made = frozenset(it["path"] for it in self.files if it["action"] == "built")
        self.tally.before = self.tally.seconds = seconds
        self.tally.exit_code = exit_code

    def document(self) -> dict[str, Any]:
        """Return the report as plain data."""
        tally = self.tally
        return {
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
            "repairs": tally.mended.repairs,
            "reviews": tally.reviewed.reviews,
            "api_changes": self.api_changes,
            "verify": tally.verify,
            "verdict": tally.verdict(),
            "metrics": tally.metrics(),
        }

    def _file(self, path: str, action: str, **more: Any) -> None:
        self.files.append({"path": path, "action": action, **more})
