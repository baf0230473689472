"""`gocreator build`: make what is stale, remove what left the plan, verify."""

import click

from gocreator.cli.options import TARGETS, Invocation, generating


@click.command()
@TARGETS
@click.option("--dry-run", is_flag=True, help="Say what would be done, and do nothing.")
@click.option("--force", is_flag=True, help="Rewrite edited files too, keeping a copy of each.")
@click.option("--refresh", is_flag=True, help="Ask models anew, even for what the store holds.")
@click.option("--fail-fast", is_flag=True, help="Stop at the first failure.")
@click.option("--no-verify", is_flag=True, help="Do not run the Go toolchain.")
@click.option("--resume", is_flag=True, help="Go on with the build that stopped last, as it was asked for.")
@generating
def command(call: Invocation, targets: tuple[str, ...], *, dry_run: bool, resume: bool, **how: bool) -> int:
    """Build what is stale, then verify it.

    TARGET is a path, rule:NAME, phase:NAME or entity:NAME; without any, everything is built.
    """
    from gocreator.cli.resuming import resuming

    asked = resuming(call, targets, how, wanted=resume)
    call, targets, how = asked.call, tuple(asked.targets), dict(asked.how)
    if dry_run:
        from gocreator.cli.show import show_plan
        from gocreator.cli.showcalls import foreseen_calls

        if not how["force"]:
            call.session.refuse_rival()
        found = foreseen_calls(call, call.session.findings(targets))
        return show_plan(call.session, targets, found, force=how["force"])
    from dataclasses import replace

    from gocreator.cli import remembering
    from gocreator.cli.observing import observing
    from gocreator.engine.build import BuildOptions, build
    from gocreator.errors import ExitCode

    with observing(call, asked.former) as observed:
        journal = asked.begin(observed)
        options = BuildOptions(
            run=observed.run,
            targets=targets,
            workers=call.settings.tasks,
            force=how["force"],
            fail_fast=how["fail_fast"],
            verify=not how["no_verify"],
            verifying=call.verifying,
            models=replace(call.models, refresh=how["refresh"] or call.models.refresh),
        )
        try:
            code = build(call.request, asked.options(options), observed.bus)
        except KeyboardInterrupt:
            if not observed.report.tally.run:
                raise
            click.echo(observed.report.tally.interruption(), err=True)
            return ExitCode.INTERRUPTED
    if journal.trouble:
        call.warn(f"what this build did could not be written down for --resume: {journal.trouble}")
    if remembering.done(observed.report):
        remembering.remember(call, observed.report)
    click.echo(observed.report.tally.summary())
    return code
