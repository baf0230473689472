"""`gocreator list`: what exists; with `--dry-run`, the plan that a build would execute."""

import click

from gocreator.cli.options import JSON, TARGETS, Invocation, generating
from gocreator.cli.printing import echo_json
from gocreator.errors import WrongUsage


@click.command()
@TARGETS
@click.option("--dry-run", is_flag=True, help="List what a build would do.")
@click.option("--all", "all_of", is_flag=True, help="List also what left the plan; with --dry-run, what needs nothing.")
@click.option(
    "--upgrade", is_flag=True, help="With --dry-run: ask anew also for what is outdated: models or prompts changed."
)
@JSON
@generating
def command(  # noqa: PLR0913 - all its flags
    call: Invocation, targets: tuple[str, ...], *, dry_run: bool, all_of: bool, upgrade: bool, as_json: bool
) -> int:
    """List the targets with their status."""
    from gocreator.cli import show
    from gocreator.cli.showcalls import foreseen_calls
    from gocreator.engine.forcing import Wish

    if upgrade and not dry_run:
        raise WrongUsage("--upgrade says what a build would do", hint="give --dry-run with it")
    session = call.session
    made = Wish(refresh=call.models.refresh, upgrade=upgrade).made(session, targets) if dry_run else []
    calls = foreseen_calls(call, made) if dry_run else None
    if as_json:
        planned = show.planned(session, targets, calls, made) if dry_run else show.listing(session, targets)
        echo_json(planned)
        return 0
    if dry_run:
        return show.show_plan(session, targets, calls, made, all_of=all_of)
    show.show_targets(session, session.findings(targets))
    for orphan in session.orphans if all_of and not targets else ():
        if orphan.present:
            click.echo(f"{'orphan':<12} {orphan.path}  {'edited by hand' if orphan.edited else 'a build removes it'}")
    return 0
