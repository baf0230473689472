"""Deciding what a target is: up to date, stale, missing, edited. Pure: facts in, finding out.

    nothing recorded   no file                     missing
                       the planned text            up to date (adopted)
                       any other text              edited: it was there before us
    either             what a build that was cut off wrote      stale
    recorded           no file                     missing
                       the recorded text           up to date, or stale if the key differs
                       the planned text            up to date (adopted)
                       any other text              edited, or edited-stale if the key differs
    accepted           the accepted text           up to date, or edited-stale if the key differs
                       otherwise                   as recorded
    stale or missing   and a contract is not known yet          pending
    up to date         and a model is asked otherwise now       outdated (see `plan/outdated.py`)

A file that is merged line by line is shared with the user, so only its key counts.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cached_property, partial

from gocreator.plan.content import Content
from gocreator.plan.record import LockEntry, Record
from gocreator.plan.target import Target
from gocreator.values import Checksum, Digest, Origin, Status

WORK = frozenset({Status.STALE, Status.MISSING})
"""What a build works on."""
UNFINISHED = WORK | {Status.PENDING}
"""What a build works on as soon as it can."""
READY = frozenset({Status.UP_TO_DATE, Status.OUTDATED})
"""What holds what the specification asks for."""
EDITED = frozenset({Status.EDITED, Status.EDITED_STALE})
"""What a build keeps, because somebody changed it by hand."""


@dataclass(frozen=True)
class Facts:
    """What was found of a target: what the file holds, and what state and lock remember, newest first."""

    actual: Content | None
    records: tuple[LockEntry, ...] = ()
    ignored: bool = False
    unreadable: str = ""
    """Why nothing could be read at the path, other than that nothing is there."""
    intended: Checksum | None = None
    """Of what a build that was cut off was about to write."""


@dataclass(frozen=True)
class Finding:
    """What a target is, and the record that says so."""

    target: Target
    status: Status
    record: LockEntry | None = None
    adopt: bool = False
    """The file is as planned but not recorded so: a build records it without writing."""
    unrecorded: bool = False
    """The file was there before gocreator knew it."""
    unreadable: str = ""
    """What lies in the way of the file."""
    cut_off: bool = False
    """The file was written by a build that was cut off before it could record it."""
    anew: bool = False
    """The file is as planned, and is made again because builds are to make every file."""
    changes: tuple[str, ...] = ()
    """How a file that is outdated would be asked for otherwise now."""
    seen: Digest | None = None
    """Of the bytes that were found, so that an edit made while a build runs is noticed."""

    @property
    def work(self) -> bool:
        """Tell whether a build would make the file."""
        return self.status in WORK

    @cached_property
    def settled(self) -> bool:
        """Tell whether a build has nothing to do for it, not even to record what it was made from."""
        record = self.record
        if self.status not in READY or self.adopt or not isinstance(record, Record):
            return False
        target = self.target
        return record.rule_digest == target.rule_digest and record.slice == target.slice and record.uses == target.uses

    @property
    def accepted(self) -> bool:
        """Tell whether the file is up to date because a hand edit was accepted for what is planned."""
        return self.status is Status.UP_TO_DATE and not self.adopt and self.record is not None and self.record.accepted


def judge(target: Target, facts: Facts) -> Finding:
    """Return what a target is."""
    found = _judged(target, facts, partial(Finding, seen=facts.actual.digest if facts.actual else None))
    return replace(found, status=Status.PENDING) if target.awaits and found.work else found


def made_anew(finding: Finding) -> Finding:
    """Return the finding where builds make every file; a hand edit that was accepted stays."""
    if finding.status is not Status.UP_TO_DATE or finding.accepted:
        return finding
    status = Status.PENDING if finding.target.awaits else Status.STALE
    return replace(finding, status=status, adopt=False, anew=True)


def upgraded(finding: Finding) -> Finding:
    """Return the finding where what is outdated is to be made again."""
    return replace(finding, status=Status.STALE) if finding.status is Status.OUTDATED else finding


def _judged(target: Target, facts: Facts, finding: Callable[..., Finding]) -> Finding:
    record = _record(target, facts)
    if facts.ignored:
        return finding(target, Status.IGNORED, record)
    if facts.actual is None:
        return finding(target, Status.MISSING, record, unreadable=facts.unreadable)
    as_planned = target.origin is Origin.TEMPLATE and facts.actual.digest == target.rendering.digests.content
    if target.merge and not as_planned:
        fresh = record is not None and record.key == target.key
        return finding(target, Status.UP_TO_DATE if fresh else Status.STALE, record, adopt=fresh)
    if record is not None and record.key == target.key and facts.actual.matches(record.checksum):
        return finding(target, Status.UP_TO_DATE, record)
    if as_planned:
        return finding(target, Status.UP_TO_DATE, record, adopt=True)
    if facts.intended is not None and facts.actual.matches(facts.intended):
        return finding(target, Status.STALE, record, cut_off=True)
    if record is None:
        return finding(target, Status.EDITED, adopt=True, unrecorded=True)
    if facts.actual.matches(record.checksum) and not record.accepted:
        return finding(target, Status.STALE, record)
    return finding(target, Status.EDITED if record.key == target.key else Status.EDITED_STALE, record)


def _record(target: Target, facts: Facts) -> LockEntry | None:
    """Choose between state and lock: the one that knows the file, else the one that knows the key.

    Of two that know both or neither, the one that calls the file a hand edit protects it.
    """
    if len({(record.key, record.checksum, record.accepted) for record in facts.records}) == 1:
        own, locked = facts.records[0], facts.records[-1]
        # The same text may have been written again elsewhere, with a newer prompt: the lock that was pulled says so.
        return locked if locked.recipe and locked.writer != own.writer else own
    actual = facts.actual

    def rank(record: LockEntry) -> tuple[bool, bool, bool, bool]:
        known = actual is not None and actual.matches(record.checksum)
        return known, record.key == target.key, record.accepted, isinstance(record, Record)

    return max(facts.records, key=rank, default=None)


def counts(findings: Iterable[Finding]) -> dict[str, int]:
    """Count findings by status, in the order of `Status`, without zeros."""
    found = [finding.status for finding in findings]
    return {status.value: found.count(status) for status in Status if status in found}
