"""`gocreator check`: is everything as the specification says? Writes nothing, needs no key."""

from typing import TYPE_CHECKING, Any

import click

from gocreator.cli.options import JSON, TARGETS, Invocation, planning
from gocreator.cli.printing import echo_json, of_outdated

if TYPE_CHECKING:
    from gocreator.engine.session import Session


@click.command()
@TARGETS
@JSON
@planning
def command(call: Invocation, targets: tuple[str, ...], *, as_json: bool) -> int:
    """Exit 1 if a target is stale, missing or edited by hand; a skeleton may be edited."""
    from gocreator.cli import show
    from gocreator.errors import ExitCode
    from gocreator.values import Status

    session = call.session
    fine = {Status.UP_TO_DATE, Status.OUTDATED, Status.IGNORED}
    found = [finding for finding in session.findings(targets) if finding.status not in fine and not finding.anew]
    wrong = [finding for finding in found if not (finding.target.skeleton and finding.status is Status.EDITED)]
    orphans = [orphan for orphan in (() if targets else session.orphans) if orphan.present]
    verify = _verify_state(call, session)
    ok = not wrong and not orphans
    if as_json:
        document: dict[str, Any] = show.listing(session, targets) | {"ok": ok, "verify": verify}
        echo_json(document)
        return ExitCode.OK if ok else ExitCode.FAILED
    outdated = [finding for finding in session.findings(targets) if finding.status is Status.OUTDATED]
    show.show_targets(session, [*wrong, *outdated])
    for orphan in orphans:
        click.echo(f"{'orphan':<12} {orphan.path}  no longer follows from the specification and the settings")
    total = len(session.findings(targets))
    ignored = sum(finding.status is Status.IGNORED for finding in session.findings(targets))
    aside = f", {len(outdated)} outdated" if outdated else ""
    aside += f", {ignored} ignored" if ignored else ""
    click.echo(
        f"{total - len(wrong) - len(outdated) - ignored} of {total} targets are up to date{aside}; verify: {verify}"
    )
    if outdated:
        click.echo(of_outdated(len(outdated)))
    return ExitCode.OK if ok else ExitCode.FAILED


def _verify_state(call: Invocation, session: "Session") -> str:
    """Say what the last verification found, if it was of this very tree."""
    last = session.verdict
    if not last:
        return "not run here"
    import os

    from gocreator.engine.judging import verdict_key, with_modules
    from gocreator.errors import GocreatorError
    from gocreator.golang.toolchain import find_go

    try:
        verifying = with_modules(call.verifying, session.loaded.fcs)
        key = verdict_key(session.workspace.root, find_go(os.environ), verifying)
    except (GocreatorError, OSError):
        key = None
    return last["verdict"] if last["key"] == key else "not run since the last change"
