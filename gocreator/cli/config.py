"""`gocreator config`: every setting, and where it came from."""

import click

from gocreator.cli.options import JSON, Invocation, planning
from gocreator.cli.printing import echo_json


@click.command()
@JSON
@planning
def command(call: Invocation, *, as_json: bool) -> int:
    """Show every setting and where it came from; secrets are hidden."""
    from gocreator.config.options import BY_KEY

    lines = call.settings.explain()
    for warning in call.settings.warnings:
        call.warn(str(warning))
    if as_json:
        echo_json({"settings": [{"key": it.key, "value": it.value, "source": it.source} for it in lines]})
        return 0
    width = max(len(line.key) for line in lines)
    for line in lines:
        effect = "" if BY_KEY[line.key].supported else "  (no effect yet)"
        click.echo(f"{line.key:<{width}}  {_shown(line.value):<28}  {line.source}{effect}")
    return 0


def _shown(value: object) -> str:
    if value is None:
        return "-"
    if isinstance(value, bool):
        return str(value).lower()
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
