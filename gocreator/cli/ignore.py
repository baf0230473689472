"""`gocreator ignore TARGET...`: leave targets alone, in every clone that has the lock."""

import click

from gocreator.cli.options import SOME_TARGETS, Invocation, planning


@click.command()
@SOME_TARGETS
@planning
def command(call: Invocation, targets: tuple[str, ...]) -> int:
    """Leave targets alone from now on; `gocreator forget` ends that."""
    from gocreator.engine.bookkeeping import ignore

    for path in ignore(call.session, targets):
        click.echo(f"ignored  {path}")
    return 0
