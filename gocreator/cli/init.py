"""`gocreator init`: a specification to begin with, and on request what make, pre-commit, GitHub and doit need."""

import click

from gocreator.cli.options import Invocation, common


@click.command()
@click.option("--makefile", is_flag=True, help="Write a Makefile, or gocreator.mk beside one that is there.")
@click.option("--pre-commit", is_flag=True, help="Write .pre-commit-config.yaml with a hook that checks.")
@click.option("--github", is_flag=True, help="Write .github/workflows/gocreator.yml, which checks in CI.")
@click.option("--dodo", is_flag=True, help="Write dodo.py and doit.cfg, for plain doit.")
@common
def command(call: Invocation, **wanted: bool) -> int:
    """Write a starter fcs.yaml where there is no specification, and what the flags ask for.

    No file is ever overwritten: if one is in the way, nothing is written.
    """
    from gocreator.cli import starting
    from gocreator.store.workspace import workspace

    output = workspace(call.project, call.settings.output_dir).output
    start = starting.plan_start(call.project, output, [name for name, on in wanted.items() if on])
    starting.write(call.project, start.files)
    for path in start.present:
        click.echo(f"present  {path}")
    for path in start.files:
        click.echo(f"wrote    {path}")
    for step in start.steps:
        click.echo(f"next: {step}")
    return 0
