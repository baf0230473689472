"""`gocreator explain CODE`: what an error means, how it comes about, and what to do."""

import click

from gocreator.cli.options import Invocation, common
from gocreator.errors import Code, WrongUsage


@click.command()
@click.argument("code", required=False)
@common
def command(call: Invocation, code: str | None) -> int:  # noqa: ARG001 - all commands have one
    """Explain CODE, which stands at the end of an error; without it, list all codes."""
    texts = explanations()
    if code is None:
        for known, said in texts.items():
            click.echo(f"{known}  {said.splitlines()[0]}")
        return 0
    text = texts.get(code.upper())
    if text is None:
        raise WrongUsage(f"there is no code {code}", hint="`gocreator explain` lists them")
    click.echo(f"{code.upper()}: {text}")
    return 0


def explanations() -> dict[str, str]:
    """Return the explanation of each code, its first line a title."""
    from gocreator.resources import data_dir

    text = (data_dir("templates") / "explain.md").read_text(encoding="utf-8")
    sections = (part.partition(": ") for part in text.split("\n## ")[1:])
    found = {code: rest.strip() for code, _, rest in sections}
    return {code.value: found[code.value] for code in Code}
