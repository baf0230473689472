"""`gocreator check`: is everything as the specification says? Writes nothing, needs no key."""

from typing import TYPE_CHECKING, Any

import click

from gocreator.cli.options import JSON, TARGETS, Invocation, planning
from gocreator.cli.printing import echo_json

if TYPE_CHECKING:
    from gocreator.engine.session import Session


@click.command()
@TARGETS
@JSON
@planning
def command(call: Invocation, targets: tuple[str, ...], *, as_json: bool) -> int:
    """Exit 1 if a target is stale, missing or edited by hand."""
    from gocreator.cli import show
    from gocreator.errors import ExitCode
    from gocreator.values import Status

    session = call.session
    fine = {Status.UP_TO_DATE, Status.IGNORED}
    wrong = [finding for finding in session.findings(targets) if finding.status not in fine]
    orphans = [orphan for orphan in (() if targets else session.orphans) if orphan.present]
    verify = _verify_state(call, session)
    ok = not wrong and not orphans
    if as_json:
        document: dict[str, Any] = show.listing(session, targets) | {"ok": ok, "verify": verify}
        echo_json(document)
        return ExitCode.OK if ok else ExitCode.FAILED
    show.show_targets(session, wrong)
    for orphan in orphans:
        click.echo(f"{'orphan':<12} {orphan.path}  no longer in the specification")
    total = len(session.findings(targets))
    click.echo(f"{total - len(wrong)} of {total} targets are up to date; verify: {verify}")
    return ExitCode.OK if ok else ExitCode.FAILED


def _verify_state(call: Invocation, session: "Session") -> str:
    """Say whether the last good verdict is of this very tree."""
    from gocreator.engine.judging import Judge
    from gocreator.observe.events import Bus

    if not session.memory.verified:
        return "never passed here"
    if not session.workspace.root.is_dir():
        return "stale"
    judge = Judge(session.workspace.root, call.verifying, Bus(), session.memory.verified)
    return "passed" if judge.holds() else "stale"
