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
@click.option("--resume", is_flag=True, help="With --dry-run: as the build that stopped last was asked for.")
@JSON
@generating
def command(call: Invocation, targets: tuple[str, ...], *, dry_run: bool, all_of: bool, **how: bool) -> int:
    """List the targets with their status."""
    from gocreator.cli import show

    as_json = how.pop("as_json")
    if dry_run:
        return _planned(call, targets, how, all_of=all_of, as_json=as_json)
    for flag in (name for name, given in how.items() if given):
        raise WrongUsage(f"--{flag} says what a build would do", hint="give --dry-run with it")
    session = call.session
    if as_json:
        echo_json(show.listing(session, targets))
        return 0
    show.show_targets(session, session.findings(targets))
    for orphan in session.orphans if all_of and not targets else ():
        if orphan.present:
            click.echo(f"{'orphan':<12} {orphan.path}  {'edited by hand' if orphan.edited else 'a build removes it'}")
    return 0


def _planned(call: Invocation, targets: tuple[str, ...], how: dict[str, bool], *, all_of: bool, as_json: bool) -> int:
    """Say what a build would do."""
    from gocreator.cli import show
    from gocreator.cli.resuming import resuming
    from gocreator.cli.showcalls import end_of_dry_run, foreseen_calls
    from gocreator.engine.forcing import Wish

    asked = resuming(call, targets, {"upgrade": how["upgrade"], "refresh": False}, wanted=how["resume"])
    call, targets = asked.call, tuple(asked.targets)
    session, refresh = call.session, asked.how["refresh"] or call.models.refresh
    made = Wish(refresh=refresh, upgrade=asked.how["upgrade"]).made(session, targets)
    calls = foreseen_calls(call, targets, made)
    if as_json:
        echo_json(show.planned(session, targets, calls, made))
    else:
        show.show_plan(session, targets, calls, made, all_of=all_of)
    return end_of_dry_run(call, calls)
