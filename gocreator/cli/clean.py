"""`gocreator clean`: remove the files that gocreator made and nobody edited."""

import click

from gocreator.cli.options import TARGETS, Invocation, planning


@click.command()
@TARGETS
@click.option("--dry-run", is_flag=True, help="Say what would be removed, and remove nothing.")
@planning
def command(call: Invocation, targets: tuple[str, ...], *, dry_run: bool) -> int:
    """Remove the files that gocreator made; edited ones stay."""
    from contextlib import nullcontext

    from gocreator.engine.guard import only_build
    from gocreator.values import Status, matches

    session = call.session
    with nullcontext() if dry_run else only_build(session.workspace):
        found = False
        for finding in session.findings(targets):
            path, actual = finding.target.path, session.tree.read(finding.target.path)
            if actual is None or finding.record is None or finding.status is Status.IGNORED:
                continue
            found = True
            if finding.record.accepted or not matches(finding.record.checksum, actual):
                click.echo(f"kept     {path}  (edited by hand)")
                continue
            if not dry_run:
                session.tree.remove([path])
            click.echo(f"{'would remove' if dry_run else 'removed '} {path}")
    if not found:
        click.echo("nothing to remove")
    return 0
