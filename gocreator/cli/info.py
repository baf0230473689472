"""`gocreator info`: the project, or one target, in full."""

from typing import TYPE_CHECKING, Any

import click

from gocreator.cli.options import JSON, TARGETS, Invocation, planning
from gocreator.cli.printing import echo_json

if TYPE_CHECKING:
    from gocreator.engine.session import Session
    from gocreator.plan.staleness import Finding


@click.command()
@TARGETS
@JSON
@planning
def command(call: Invocation, targets: tuple[str, ...], *, as_json: bool) -> int:
    """Show the project; with TARGET, what a target is made from and what is known of it."""
    session = call.session
    documents = [_target(session, finding) for finding in session.findings(targets)] if targets else [_project(session)]
    if as_json:
        echo_json({"targets": documents} if targets else documents[0])
        return 0
    for document in documents:
        for name, value in document.items():
            for number, part in enumerate(value if isinstance(value, list) else [value]):
                click.echo(f"{name if number == 0 else '':<14}{part}")
        click.echo("" if targets else None, nl=bool(targets))
    return 0


def _project(session: "Session") -> dict[str, Any]:
    from gocreator.plan.staleness import counts

    fcs, workspace = session.plan.fcs, session.workspace
    found = counts(session.findings())
    return {
        "project": fcs.name,
        "module": fcs.module,
        "specification": str(session.request.fcs),
        "output": workspace.output,
        "entities": len(fcs.entities),
        "endpoints": len(fcs.endpoints),
        "requirements": len(fcs.requirements),
        "targets": [f"{number} {status}" for status, number in found.items()],
        "state": str(workspace.state_db.relative_to(workspace.project)),
        "lock": workspace.lock_file.name,
        "reports": str(workspace.reports.relative_to(workspace.project)),
    }


def _target(session: "Session", finding: "Finding") -> dict[str, Any]:
    target, record = finding.target, finding.record
    return {
        "path": target.path,
        "title": target.title,
        "status": finding.status.value,
        "reasons": list(session.reasons(finding)),
        "rule": f"{target.rule} version {target.rule_version}",
        "phase": target.phase,
        "origin": target.origin.value,
        "element": target.element,
        "reads": list(target.slice),
        "uses": list(target.uses),
        "key": target.key,
        "recorded key": record.key if record else None,
        "checksum": record.checksum if record else None,
    }
