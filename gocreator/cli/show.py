"""Lists of targets and plans, for people and as JSON."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from gocreator.cli.printing import FORMAT, echo_path, of_outdated
from gocreator.cli.showcalls import call_ids, calls_document, show_calls
from gocreator.engine.session import Session
from gocreator.plan.staleness import Finding, counts
from gocreator.values import Status

if TYPE_CHECKING:
    from gocreator.engine.callplan import CallPlan


@dataclass(frozen=True)
class Action:
    """What a build would do to a path."""

    path: str
    action: str
    reasons: tuple[str, ...] = ()


def actions(session: Session, names: Sequence[str], made: Iterable[Finding]) -> list[Action]:
    """Return what a build of these targets would do, in its order, that would make so many of them."""
    found, paths = [], {finding.target.path for finding in made}
    for finding in session.findings(names):
        edited = finding.status in (Status.EDITED, Status.EDITED_STALE)
        if finding.target.path in paths:
            found.append(Action(finding.target.path, "build", session.reasons(finding)))
        elif finding.status is Status.PENDING:
            found.append(Action(finding.target.path, "pending", session.reasons(finding)))
        elif edited:
            found.append(Action(finding.target.path, "keep", session.reasons(finding)))
    for orphan in () if names else session.orphans:
        if orphan.present:
            action = "keep" if orphan.edited else "remove"
            found.append(Action(orphan.path, action, ("it no longer follows from the specification and the settings",)))
    return found


def show_plan(
    session: Session,
    names: Sequence[str],
    calls: "CallPlan | None",
    made: Iterable[Finding],
    *,
    all_of: bool = False,
) -> None:
    """Print what a build would do that would make so many targets, and which calls of models it would make."""
    planned = actions(session, names, made)
    busy = {action.path for action in planned}
    for action in planned:
        echo_path(action.action, action.path, action.reasons)
    idle = [finding for finding in session.findings(names) if finding.target.path not in busy]
    outdated = sum(finding.status is Status.OUTDATED for finding in idle)
    for finding in idle if all_of else ():
        echo_path(finding.status.value, finding.target.path, session.reasons(finding))
    if calls is not None:
        show_calls(calls)
    todo = {kind: sum(action.action == kind for action in planned) for kind in ("build", "remove", "keep")}
    contracts = asked_first(session, names)
    ready, pending = todo["build"], len(planned) - sum(todo.values())
    built = f"{ready + pending} to {ready + pending + len(contracts)}" if contracts else str(ready)
    first = (
        f"would ask for {len(contracts)} contract{'s' * (len(contracts) > 1)} first, then " if contracts else "would "
    )
    click.echo(
        f"{first}build {built}, remove {todo['remove']}, keep {todo['keep']}; {len(idle) - outdated} need nothing"
        if planned
        else f"nothing to do: {len(idle) - outdated} targets are up to date"
    )
    if outdated:
        click.echo(of_outdated(outdated))


def asked_first(session: Session, names: Sequence[str]) -> list[dict[str, Any]]:
    """Return the contracts that a build of these targets would ask for, each with the targets that wait for it."""
    from gocreator.engine.contracts import needed

    waiting = [it.target for it in session.findings(names) if it.status is Status.PENDING]
    return [
        {
            "path": session.contracts.path(package.name),
            "package": package.name,
            "targets": [target.path for target in waiting if package.name in target.awaits],
        }
        for package in needed(session, names)
    ]


def show_targets(session: Session, findings: Iterable[Finding]) -> None:
    """Print every target with its status."""
    for finding in findings:
        echo_path(finding.status.value, finding.target.path, session.reasons(finding))


def listing(session: Session, names: Sequence[str]) -> dict[str, Any]:
    """Return the document of `list --json`."""
    findings = session.findings(names)
    return {
        "version": FORMAT,
        "fcs": str(session.request.fcs),
        "output": session.workspace.output,
        "targets": [_plain(session, finding) for finding in findings],
        "orphans": [{"path": orphan.path, "edited": orphan.edited} for orphan in session.orphans if orphan.present],
        "counts": counts(findings),
    }


def planned(
    session: Session, names: Sequence[str], calls: "CallPlan | None", made: Iterable[Finding]
) -> dict[str, Any]:
    """Return the document of a dry run: the targets, what a build would do, which calls it would make."""
    document, ids = listing(session, names), call_ids(calls)
    document["targets"] = [target | {"call": ids.get(target["path"])} for target in document["targets"]]
    document["contracts"] = asked_first(session, names)
    todo = actions(session, names, made)
    document["actions"] = [vars(action) | {"reasons": list(action.reasons)} for action in todo]
    return document | calls_document(calls)


def _plain(session: Session, finding: Finding) -> dict[str, Any]:
    target, edited = finding.target, (Status.EDITED, Status.EDITED_STALE)
    return {
        "path": target.path,
        "rule": target.rule,
        "phase": target.phase,
        "origin": target.origin.value,
        "status": finding.status.value,
        "reasons": list(session.reasons(finding)),
        "element": target.element,
        "needs_provider": target.skeleton and not finding.accepted and finding.status not in edited,
    }
