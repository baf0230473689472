"""What a build makes although it needs no making: edited files on request, and what models are asked for anew."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from gocreator.engine.session import Session
from gocreator.plan.staleness import Finding
from gocreator.values import Origin, RelPath, Status


def forced(
    session: Session, findings: Sequence[Finding], names: Sequence[str], *, force: bool, refresh: bool
) -> frozenset[RelPath]:
    """Return what is made whatever its finding says; `names` are the targets that were named."""
    edited = {finding.target.path for finding in findings if finding.status in (Status.EDITED, Status.EDITED_STALE)}
    # What is up to date is written again only where it was named, for it costs money. Where every file is made anyway,
    # what is up to date was edited, and accepted.
    wanted = names and refresh and session.request.incremental
    ready = (it for it in findings if it.status is Status.UP_TO_DATE and it.target.origin is Origin.MODEL)
    return frozenset(edited if force else ()) | frozenset(it.target.path for it in ready if wanted)


def to_be_made(findings: Sequence[Finding], forced: Collection[RelPath]) -> list[Finding]:
    """Return findings in which what is forced is stale; so is what is pending, which then says why it is not made."""
    return [
        replace(finding, status=Status.STALE, adopt=False)
        if finding.target.path in forced or finding.status is Status.PENDING
        else finding
        for finding in findings
    ]
