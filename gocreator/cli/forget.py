"""`gocreator forget`: drop state, base copies and lock entries; files and store stay."""

import click

from gocreator.cli.options import TARGETS, Invocation, planning


@click.command()
@TARGETS
@planning
def command(call: Invocation, targets: tuple[str, ...]) -> int:
    """Drop what is remembered of targets; their files stay where they are."""
    from gocreator.engine.bookkeeping import forget

    forgotten = forget(call.session, targets)
    for path in forgotten:
        click.echo(f"forgot   {path}")
    if not forgotten:
        click.echo("nothing to forget")
    return 0
