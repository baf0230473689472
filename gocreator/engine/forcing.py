"""What a build makes although it needs no making: edited files on request, and what models are asked for anew."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from gocreator.engine.session import Session
from gocreator.plan.staleness import EDITED, READY, Finding, upgraded
from gocreator.values import Origin, RelPath, Status


@dataclass(frozen=True)
class Wish:
    """What is wanted beside what is stale."""

    force: bool = False
    """Write edited files, too."""
    refresh: bool = False
    """Ask models anew."""
    upgrade: bool = False
    """Make what is outdated."""
    done: Collection[str] = ()
    """The files that an earlier part of the run made: they are not made anew again."""

    def forced(self, session: Session, findings: Sequence[Finding], names: Sequence[str]) -> frozenset[RelPath]:
        """Return what is made whatever its finding says; `names` are the targets that were named."""
        edited = {finding.target.path for finding in findings if finding.status in EDITED}
        # What is not stale is written again only where it was named, for it costs money. Where every file is made
        # anyway, what is up to date was edited, and accepted.
        wanted = names and self.refresh and session.request.incremental
        ready = (it for it in findings if it.status in READY and it.target.origin is Origin.MODEL)
        anew = frozenset(it.target.path for it in ready if wanted and it.target.path not in self.done)
        return frozenset(edited if self.force else ()) | anew

    def to_be_made(self, findings: Sequence[Finding], forced: Collection[RelPath]) -> list[Finding]:
        """Return findings in which what is forced is stale; so is what is pending, which says why it is not made."""
        chosen = [upgraded(finding) for finding in findings] if self.upgrade else findings
        return [
            replace(finding, status=Status.STALE, adopt=False)
            if finding.target.path in forced or finding.status is Status.PENDING
            else finding
            for finding in chosen
        ]

    def made(self, session: Session, names: Sequence[str]) -> list[Finding]:
        """Return what a build of these targets would make."""
        findings = session.findings(names)
        work = self.to_be_made(findings, self.forced(session, findings, names))
        return [after for before, after in zip(findings, work, strict=True) if after.work and not _waits(before)]


def _waits(finding: Finding) -> bool:
    return finding.status is Status.PENDING
