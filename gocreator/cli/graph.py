"""`gocreator graph`: what depends on what."""

import click

from gocreator.cli.options import JSON, Invocation, planning
from gocreator.cli.printing import FORMAT, echo_json


@click.command()
@click.option("--format", "form", type=click.Choice(["mermaid", "dot", "json"]), default="mermaid", show_default=True)
@JSON
@planning
def command(call: Invocation, *, form: str, as_json: bool) -> int:
    """Draw which targets depend on which elements and contracts."""
    from gocreator.plan.graph import draw, edges

    plan = call.session.plan
    if as_json or form == "json":
        drawn = [{"from": start, "to": end, "kind": kind} for start, end, kind in edges(plan)]
        nodes = sorted({end for edge in drawn for end in (edge["from"], edge["to"])})
        kinds = [{"id": node, "kind": "target" if node in plan.targets else "element"} for node in nodes]
        echo_json({"version": FORMAT, "nodes": kinds, "edges": drawn})
    else:
        click.echo(draw(plan, "dot" if form == "dot" else "mermaid"))
    return 0
