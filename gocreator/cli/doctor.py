"""`gocreator doctor`: what is missing or wrong on this machine and in this project, and what to do about it."""

import click

from gocreator.cli.options import JSON, Invocation, asking
from gocreator.cli.printing import echo_json


@click.command()
@JSON
@asking
def command(call: Invocation, *, as_json: bool) -> int:
    """Look at keys (nothing is sent), Go, git, prices, the store, settings, specification and disk.

    Ends with 1 if something is wrong that a build would stumble over.
    """
    from gocreator.cli.examining import examinations

    found = list(examinations(call))
    if as_json:
        echo_json({"version": 1, "checks": [it._asdict() for it in found]})
    else:
        for it in found:
            lines = [*it.what.splitlines(), *it.hint.splitlines()]
            click.echo(f"{it.status:<5} {it.name:<14} {lines[0]}")
            for line in lines[1:]:
                click.echo(f"{'':<21}{line.strip()}")
    return int(any(it.status == "wrong" for it in found))
