"""`gocreator why TARGET`: the reasons, down to the element and the field that changed."""

from collections.abc import Iterable

import click

from gocreator.cli.options import JSON, SOME_TARGETS, Invocation, planning
from gocreator.cli.printing import echo_json


@click.command()
@SOME_TARGETS
@JSON
@planning
def command(call: Invocation, targets: tuple[str, ...], *, as_json: bool) -> int:
    """Explain why a target is what it is."""
    from gocreator.cli import show

    session = call.session
    findings = session.findings(targets)
    if as_json:
        echo_json(show.listing(session, targets))
        return 0
    for finding in findings:
        click.echo(f"{finding.target.path} is {finding.status.value}")
        reasons = session.reasons(finding) or (_inputs([*finding.target.slice, *finding.target.uses]),)
        for reason in reasons:
            click.echo(f"  {reason}")
    return 0


def _inputs(inputs: Iterable[object]) -> str:
    names = ", ".join(str(item).replace("#face", " (face)").replace("#full", " (contract)") for item in inputs)
    return f"nothing changed in what it is made from: {names}"
