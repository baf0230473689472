"""`gocreator schema`: the JSON Schema of the specification, for editors."""

import click

from gocreator.cli.options import JSON, Invocation, common
from gocreator.cli.printing import echo_json


@click.command()
@JSON
@common
def command(call: Invocation, *, as_json: bool) -> int:  # noqa: ARG001  # the schema is JSON with and without the flag
    """Print the JSON Schema of the specification; editors complete and explain with it."""
    from gocreator.fcs.schema import json_schema

    echo_json(json_schema())
    return 0
