"""Events as log lines, for people and for machines."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol

from gocreator.observe.events import (
    ApiChanged,
    BackedUp,
    CallWaiting,
    ContractWritten,
    Event,
    Level,
    MetricsServed,
    ModulesTidied,
    NothingToResume,
    OrphanKept,
    RepairFinished,
    RepairStarted,
    ReviewFailed,
    ReviewFinished,
    RunResumed,
    RunStarted,
    TargetBuilt,
    TargetFailed,
    TargetKept,
    TargetOutdated,
    TargetRemoved,
    TargetUpToDate,
    VerifyFinished,
    VerifyStarted,
    Warned,
)
from gocreator.observe.phases import PhaseClock
from gocreator.observe.repairlog import RepairLog

_ORDER = list(Level)


class Writable(Protocol):
    """Where lines can be written."""

    def write(self, text: str, /) -> object:
        """Write lines."""

    def flush(self) -> None:
        """Let everything be seen."""


@dataclass
class Log:
    """A subscriber that writes what is at least as important as its level."""

    stream: Writable
    level: Level = Level.INFO
    form: str = "console"
    """`console` or `json`."""
    _repairs: RepairLog = field(default_factory=RepairLog)
    """What repairs took, to be told at their end."""
    _phases: PhaseClock = field(default_factory=PhaseClock)
    _reasons: set[str] = field(default_factory=set)
    """Why files failed, as it was said already."""
    _unread: bool = False
    """Nobody reads any more, as after `| head`; the run goes on."""

    def __call__(self, event: Event) -> None:
        """Write an event, if it is wanted."""
        self._repairs(event)
        self._tell(event)
        if self.form != "json" and _ORDER.index(Level.INFO) >= _ORDER.index(self.level):
            self._write("\n".join(self._phases(event)))

    def _tell(self, event: Event) -> None:
        level = Level.ERROR if isinstance(event, VerifyFinished) and not event.ok else event.level
        if event.passing or _ORDER.index(level) < _ORDER.index(self.level):
            return
        text = json_line(event) if self.form == "json" else console_line(event)
        if self.form != "json" and isinstance(event, RepairFinished):
            text += self._repairs.took(event.path)
        if self.form != "json" and isinstance(event, TargetFailed):
            if event.message in self._reasons:
                text = f"failed   {event.path}  (for the same reason)"
            self._reasons.add(event.message)
        self._write(text)

    def _write(self, text: str) -> None:
        if not text or self._unread:
            return
        try:
            self.stream.write(f"{text}\n")
            self.stream.flush()
        except BrokenPipeError:
            self._unread = True


def json_line(event: Event, **more: object) -> str:
    """Return an event as one line of JSON with an RFC 3339 time, and with what else is to be known of it."""
    plain = event.plain()
    when = datetime.fromtimestamp(plain.pop("at"), UTC).isoformat(timespec="milliseconds")
    return json.dumps({"time": when, **more, **plain}, ensure_ascii=False, default=str)


def console_line(event: Event) -> str:
    """Return an event as people read it; empty if there is nothing to say."""
    line = _LINES.get(type(event))
    return line(event) if line else ""


def _verified(event: VerifyFinished) -> str:
    lines = []
    for check in event.checks:
        if check["status"] == "failed":
            lines.append(f"failed   {check['name']}: {check['summary']}")
            lines += [f"         {_problem(problem)}" for problem in check["problems"][:20]]
    return "\n".join(lines)


def _problem(problem: dict[str, object]) -> str:
    place = ":".join(str(problem[part]) for part in ("file", "line", "column") if problem.get(part))
    return f"{place}: {problem['message']}" if place else str(problem["message"])


def _why(reasons: tuple[str, ...]) -> str:
    more = f" (and {len(reasons) - 1} more)" if len(reasons) > 1 else ""
    return f"  ({reasons[0]}{more})" if reasons else ""


def _kept(event: TargetKept) -> str:
    if not event.stale:
        return f"kept     {event.path}{_why(event.reasons)}"
    if not event.planned:
        how = f"change it yourself, then `gocreator adopt {event.path}`; or have it written again with --force"
        return f"kept     {event.path}  (edited by hand, and stale)\n         {how}"
    return (
        f"kept     {event.path}  (edited by hand, and stale)\n"
        f"         merge {event.planned} into it, then `gocreator adopt {event.path}`; or rewrite it with --force"
    )


def _repaired(event: RepairFinished) -> str:
    if event.fixed:
        return f"repaired {event.path}"
    return f"broken   {event.path}  ({event.message or 'the repair did not help'})"


def _reviewed(event: ReviewFinished) -> str:
    found = [
        f"         {event.path}:{it['line']}: {it['severity']}: {it['what']} ({it['why']})" for it in event.findings
    ]
    said = f"{len(found)} finding{'s' * (len(found) > 1)}" if found else "nothing to say"
    return "\n".join([f"reviewed {event.path}  ({said}, by {event.provider} {event.model})", *found])


_LINES: dict[type[Event], Callable[[Any], str]] = {
    RunStarted: lambda event: (
        f"building {event.output} from {event.fcs}: {event.work} of {event.targets} targets" if event.work else ""
    ),
    RunResumed: lambda event: (
        f"resuming run {event.run}: {event.built} of {event.work} files were built, {event.calls} calls, "
        f"{event.tokens:,} tokens"
    ),
    NothingToResume: lambda _: "nothing to resume: no build was interrupted or failed",
    ContractWritten: lambda event: (
        f"planned  {event.path}  (the contract of the package {event.package}: yours to edit)"
    ),
    TargetBuilt: lambda event: f"built    {event.path}{_why(event.reasons)}",
    TargetUpToDate: lambda event: f"ready    {event.path}{'  (adopted)' if event.adopted else ''}",
    TargetOutdated: lambda event: f"outdated {event.path}{_why(event.reasons)}",
    TargetKept: _kept,
    TargetFailed: lambda event: f"failed   {event.path}: {event.message}",
    MetricsServed: lambda event: f"metrics  {event.address}",
    TargetRemoved: lambda event: f"removed  {event.path}",
    OrphanKept: lambda event: f"kept     {event.path}  (left the specification, but edited by hand: it is yours now)",
    BackedUp: lambda event: f"saved    {event.path} as {event.backup}",
    VerifyStarted: lambda event: f"verifying with {event.go_version}",
    VerifyFinished: _verified,
    ApiChanged: lambda event: (
        "" if event.allowed else "\n".join(f"warning: {event.path}: {it}" for it in event.changes)
    ),
    ModulesTidied: lambda event: f"tidied   {', '.join(event.paths)}",
    RepairStarted: lambda event: (
        f"repair   {event.path}  ({event.attempt} of {event.most}, by {event.provider} {event.model})"
    ),
    RepairFinished: _repaired,
    ReviewFinished: _reviewed,
    ReviewFailed: lambda event: f"warning: {event.path} was not reviewed: {event.message}",
    CallWaiting: lambda event: f"waiting  {event.seconds:.0f} s for {event.provider}: {event.message}",
    Warned: lambda event: f"warning: {event.message}",
}
