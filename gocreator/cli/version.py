"""`gocreator version`."""

import click

from gocreator import __version__
from gocreator.cli.options import JSON, Invocation, common
from gocreator.cli.printing import echo_json


@click.command()
@JSON
@common
def command(call: Invocation, *, as_json: bool) -> int:  # noqa: ARG001  # every command has the common flags
    """Print the version."""
    if not as_json:
        click.echo(f"gocreator {__version__}")
        return 0
    import platform

    echo_json({"version": __version__, "python": platform.python_version(), "platform": platform.platform()})
    return 0
