"""`gocreator adopt TARGET...`: accept hand edits as they are, in every clone that has the lock."""

import click

from gocreator.cli.options import Invocation, planning


@click.command()
@click.argument("targets", nargs=-1, required=True, metavar="TARGET...")
@planning
def command(call: Invocation, targets: tuple[str, ...]) -> int:
    """Accept hand edits as they are, until the specification asks for something else; `gocreator forget` ends that.

    Of a directory or another group of targets, those that are edited are accepted.
    """
    from gocreator.engine.bookkeeping import adopt

    accepted = adopt(call.session, targets)
    for path in accepted:
        click.echo(f"adopted  {path}")
    if not accepted:
        click.echo("nothing to adopt: none of these is edited by hand")
    return 0
