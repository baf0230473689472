"""`gocreator schema`: the JSON Schemas of the specification, for editors, and of reports, for programs."""

import click

from gocreator.cli.options import JSON, Invocation, common
from gocreator.cli.printing import echo_json


@click.command()
@click.argument("what", type=click.Choice(["fcs", "report"]), default="fcs")
@JSON
@common
def command(call: Invocation, what: str, *, as_json: bool) -> int:  # noqa: ARG001  # it is JSON with and without the flag
    """Print the JSON Schema of the specification (fcs), with which editors complete and explain, or of reports."""
    if what == "report":
        from gocreator.observe.reportschema import report_schema

        echo_json(report_schema())
        return 0
    from gocreator.fcs.schema import json_schema

    echo_json(json_schema())
    return 0
