"""`gocreator eject`: leave a Go project behind that knows nothing of gocreator."""

import click

from gocreator.cli.options import Invocation, planning


@click.command()
@click.option("--force", is_flag=True, help="Eject what is not as the specification says, too.")
@planning
def command(call: Invocation, *, force: bool) -> int:
    """Remove what gocreator keeps of an output; the generated files and the specification stay as they are."""
    from gocreator.engine.eject import BACKUP, eject

    workspace = call.request.workspace
    for place in eject(call.session, force=force):
        click.echo(f"removed  {place.relative_to(call.project) if place.is_relative_to(call.project) else place}")
    if (workspace.home / BACKUP).is_dir():
        click.echo(f"kept     {workspace.home.name}/{BACKUP}  (copies of your edits)")
    click.echo(
        f"{workspace.output} is a Go project of its own: cd {workspace.output} && go build ./... && go test ./..."
    )
    return 0
