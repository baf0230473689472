"""Why a target is what it is, down to the element and the field of the specification that changed."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from gocreator.fcs.diff import diff
from gocreator.fcs.elements import Element
from gocreator.plan.record import LockEntry, Record
from gocreator.plan.staleness import Finding
from gocreator.plan.target import Plan
from gocreator.values import Digest, ElementId, Origin, Status

Remembered = Callable[[Digest], Mapping[str, Any] | None]
"""Looks up the data of an element as it was when its digest was recorded."""

_EDITED = "edited by hand since it was written"
_ACCEPTED = "edited by hand, and accepted as it is"


def reasons(plan: Plan, finding: Finding, remembered: Remembered) -> tuple[str, ...]:
    """Return sentences, the most telling first; empty for a target that is simply up to date."""
    if alone := _alone(finding):
        return (alone,)
    match finding.status:
        case Status.EDITED:
            return (_EDITED,)
        case Status.EDITED_STALE:
            return (_EDITED, *_changes(plan, finding, remembered))
        case Status.IGNORED:
            return ("ignored on request: `gocreator forget` ends that",)
        case Status.MISSING:
            return ("the file is missing",) if finding.record else ("not built before",)
        case Status.STALE if finding.record is None:
            return ("the file was there before gocreator: its lines will be merged",)
        case Status.STALE:
            return tuple(_changes(plan, finding, remembered))
        case Status.OUTDATED:
            return finding.changes
    return (_ACCEPTED,) if finding.accepted else ()


def _alone(finding: Finding) -> str:
    """Return a reason beside which no other counts; empty if there is none."""
    if finding.unreadable:
        return finding.unreadable
    if finding.anew:
        return "every build makes it, because optimization.incremental.enabled is false"
    if finding.cut_off:
        return "the build that wrote it was cut off"
    return "the file was there before gocreator: it counts as edited by hand" if finding.unrecorded else ""


def _changes(plan: Plan, finding: Finding, remembered: Remembered) -> list[str]:
    record = finding.record
    if not isinstance(record, Record):
        return [*_of_entry(finding, record), "changed since the lock was written; there is no local state to say what"]
    found = [
        *_of_entry(finding, record),
        *_of_slice(plan, finding, record, remembered),
        *_of_uses(finding, record),
    ]
    if not found and record.rule_digest != finding.target.rule_digest:
        found.append(f"a template of rule {finding.target.rule} changed")
    return found or ["its text would differ"]


def _of_entry(finding: Finding, record: LockEntry | None) -> Iterator[str]:
    target = finding.target
    if record is None:
        return
    if record.rule != target.rule:
        yield f"rule {record.rule} -> {target.rule}"
    elif record.rule_version != target.rule_version:
        yield f"rule {target.rule}: version {record.rule_version} -> {target.rule_version}"
    if record.origin != target.origin:
        yield f"origin {Origin(record.origin)} -> {target.origin}"


def _of_slice(plan: Plan, finding: Finding, record: Record, remembered: Remembered) -> Iterator[str]:
    now = {str(item): found for item, found in finding.target.slice.items()}
    for name in sorted(now.keys() | record.slice.keys()):
        element, _, face = name.partition("#")
        if name not in record.slice:
            yield f"{element} came in"
        elif name not in now:
            yield f"{element} is gone"
        elif record.slice[name] != now[name]:
            fields = _fields(plan.elements[ElementId(element)], remembered(record.slice[name]), face=bool(face))
            yield from (f"{element}: {change}" for change in fields or ["changed"])


def _fields(element: Element, before: Mapping[str, Any] | None, *, face: bool) -> list[str]:
    if before is None:
        return []
    return diff(dict(before), element.face if face else element.data)


def _of_uses(finding: Finding, record: Record) -> Iterator[str]:
    now = {str(item): found for item, found in finding.target.uses.items()}
    for name in sorted(now.keys() | record.uses.keys()):
        path, _, part = name.partition("#")
        what = f"the {part} of the contract of {path}" if part == "face" else f"the contract of {path}"
        if name not in record.uses:
            yield f"now uses {what}"
        elif name not in now:
            yield f"no longer uses {what}"
        elif record.uses[name] != now[name]:
            yield f"{what} changed"
