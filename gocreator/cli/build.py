"""`gocreator build`: make what is stale, remove what left the plan, verify."""

from typing import TYPE_CHECKING

import click

from gocreator.cli.options import TARGETS, Invocation, generating

if TYPE_CHECKING:
    from gocreator.engine.models import Models


@click.command()
@TARGETS
@click.option("--dry-run", is_flag=True, help="Say what would be done, and do nothing.")
@click.option("--force", is_flag=True, help="Rewrite edited files too, keeping a copy of each.")
@click.option("--refresh", is_flag=True, help="Ask models anew, even for what the store holds.")
@click.option("--fail-fast", is_flag=True, help="Stop at the first failure.")
@click.option("--no-verify", is_flag=True, help="Do not run the Go toolchain.")
@generating
def command(call: Invocation, targets: tuple[str, ...], *, dry_run: bool, force: bool, **how: bool) -> int:
    """Build what is stale, then verify it.

    TARGET is a path, rule:NAME, phase:NAME or entity:NAME; without any, everything is built.
    """
    if dry_run:
        from gocreator.cli.show import show_plan
        from gocreator.cli.showcalls import foreseen_calls
        from gocreator.engine.forcing import forced, to_be_made

        session = call.session
        if not force:
            session.refuse_rival()
        findings, models = session.findings(targets), _models(call, refresh=how["refresh"])
        made = forced(session, findings, targets, force=force, refresh=models.refresh)
        calls = foreseen_calls(call, to_be_made(findings, made), models)
        return show_plan(session, targets, calls, forced=made)
    from gocreator.cli import remembering
    from gocreator.cli.observing import observing
    from gocreator.engine.build import BuildOptions, build
    from gocreator.errors import ExitCode

    with observing(call) as observed:
        options = BuildOptions(
            run=observed.run,
            targets=targets,
            workers=call.settings.tasks,
            force=force,
            fail_fast=how["fail_fast"],
            verify=not how["no_verify"],
            verifying=call.verifying,
            models=_models(call, refresh=how["refresh"]),
        )
        try:
            code = build(call.request, options, observed.bus)
        except KeyboardInterrupt:
            if not observed.report.tally.run:
                raise
            click.echo(observed.report.tally.interruption(), err=True)
            return ExitCode.INTERRUPTED
    if remembering.done(observed.report):
        remembering.remember(call, observed.report)
    click.echo(observed.report.tally.summary())
    return code


def _models(call: Invocation, *, refresh: bool) -> "Models":
    """Return who is asked; anew, if that is wanted."""
    from dataclasses import replace

    return replace(call.models, refresh=refresh or call.models.refresh)
