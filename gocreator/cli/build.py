"""`gocreator build`: make what is stale, remove what left the plan, verify."""

from typing import TYPE_CHECKING

import click

from gocreator.cli.options import JSON, TARGETS, Invocation, generating

if TYPE_CHECKING:
    from gocreator.engine.models import Models
    from gocreator.observe.report import Report


@click.command()
@TARGETS
@click.option("--dry-run", is_flag=True, help="Say what would be done and what it would cost, and do nothing.")
@click.option("--force", is_flag=True, help="Rewrite edited files too, keeping a copy of each.")
@click.option("--upgrade", is_flag=True, help="Ask anew also for what is outdated: models or prompts changed.")
@click.option("--refresh", is_flag=True, help="Ask models anew, even for what the store holds.")
@click.option("--fail-fast", is_flag=True, help="Stop at the first failure.")
@click.option("--no-verify", is_flag=True, help="Do not run the Go toolchain.")
@click.option("--resume", is_flag=True, help="Go on with the build that stopped last, as it was asked for.")
@JSON
@generating
def command(
    call: Invocation, targets: tuple[str, ...], *, dry_run: bool, resume: bool, as_json: bool, **how: bool
) -> int:
    """Build what is stale, then verify it.

    TARGET is a path, rule:NAME, phase:NAME or entity:NAME; without any, everything is built.
    """
    from gocreator.cli.resuming import resuming

    asked = resuming(call, targets, how, wanted=resume)
    call, targets, how = asked.call, tuple(asked.targets), dict(asked.how)
    if dry_run:
        return _planned(call, targets, how, as_json=as_json)
    from gocreator.cli.observing import observing
    from gocreator.engine.build import BuildOptions, build
    from gocreator.errors import Code, ExitCode

    with observing(call, asked.former, as_json=as_json) as observed:
        journal = asked.begin(observed)
        options = BuildOptions(
            run=observed.run,
            targets=targets,
            workers=call.settings.tasks,
            force=how["force"],
            upgrade=how["upgrade"],
            fail_fast=how["fail_fast"],
            verify=not how["no_verify"],
            verifying=call.verifying,
            repairs=call.settings.repairs,
            api_changes=call.settings.api_changes,
            gate=call.gate,
            models=_models(call, refresh=how["refresh"]),
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
    if not as_json:
        _end(call, observed.report)
        for line in observed.failures.lines(Code.NOT_VERIFIED):
            click.echo(line, err=True)
    return code


def _end(call: Invocation, report: "Report") -> None:
    """Say what a build did, in a line, what calls took and what can be gained; quietly, only that it failed."""
    from gocreator.cli import remembering
    from gocreator.cli.printing import of_outdated
    from gocreator.cli.showreport import breakdown

    if remembering.done(report):
        remembering.remember(call, report)
    if call.quiet and report.tally.exit_code == 0:
        return
    click.echo(report.tally.summary())
    if report.tally.calls["calls"]:
        click.echo("\n".join(breakdown(report.document())))
    if outdated := of_outdated(report.tally.counts["outdated"]):
        click.echo(outdated)


def _models(call: Invocation, *, refresh: bool) -> "Models":
    """Return who is asked; anew, if that is wanted."""
    from dataclasses import replace

    return replace(call.models, refresh=refresh or call.models.refresh)


def _planned(call: Invocation, targets: tuple[str, ...], how: dict[str, bool], *, as_json: bool) -> int:
    """Say what the build would do."""
    from gocreator.cli.printing import echo_json
    from gocreator.cli.show import planned, show_plan
    from gocreator.cli.showcalls import end_of_dry_run, foreseen_calls
    from gocreator.engine.forcing import Wish

    session, models = call.session, _models(call, refresh=how["refresh"])
    if not how["force"]:
        session.refuse_rival()
    made = Wish(how["force"], models.refresh, how["upgrade"]).made(session, targets)
    calls = foreseen_calls(call, targets, made, models)
    if as_json:
        echo_json(planned(session, targets, calls, made))
    else:
        show_plan(session, targets, calls, made)
    return end_of_dry_run(call, calls)
