"""Telling what is outdated: what a model wrote is still what is meant, but would be asked for otherwise now. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from gocreator.plan.record import LockEntry
from gocreator.plan.staleness import Finding
from gocreator.values import Origin, Status


@dataclass(frozen=True)
class Asked:
    """How a file would be asked for now."""

    recipe: str
    """Empty: not known."""
    writers: tuple[tuple[str, str], ...]
    """Model and effort of those who may be asked; the first is asked first."""


def is_comparable(finding: Finding) -> bool:
    """Tell whether it is known how a file was asked for that is up to date; of what was accepted, nothing was asked."""
    record = finding.record
    known = record is not None and bool(record.recipe) and not record.accepted
    ready = finding.status is Status.UP_TO_DATE and not finding.target.awaits
    return known and ready and finding.target.origin is Origin.MODEL


def compared(finding: Finding, asked: Asked) -> Finding:
    """Return a finding that is comparable as outdated, if its file would be asked for otherwise now."""
    if finding.record is None:
        return finding
    changes = (*_of_recipe(finding, finding.record, asked), *_of_writer(finding.record, asked))
    return replace(finding, status=Status.OUTDATED, changes=changes) if changes else finding


def _of_recipe(finding: Finding, record: LockEntry, asked: Asked) -> Iterator[str]:
    if asked.recipe and record.recipe != asked.recipe:
        yield f"the prompt of rule {finding.target.rule} changed"


def _of_writer(record: LockEntry, asked: Asked) -> Iterator[str]:
    """Say that somebody else is asked; whoever is still among those who are asked in turn wrote it as well today."""
    writer = str(record.model), record.effort
    if not asked.writers or writer in asked.writers:
        return
    now, effort = asked.writers[0]
    if now != writer[0]:
        yield f"written by {writer[0]}, now {now} is asked"
    else:
        yield f"written by {now} with {_effort(writer[1])}, now it is asked with {_effort(effort)}"


def _effort(effort: str) -> str:
    return f"effort {effort}" if effort else "its own effort"
