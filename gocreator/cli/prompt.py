"""`gocreator prompt TARGET`: what a model is asked for a file."""

from typing import TYPE_CHECKING, Any

import click

from gocreator.cli.options import JSON, SOME_TARGETS, Invocation, planning
from gocreator.cli.printing import echo_json

if TYPE_CHECKING:
    from gocreator.prompt.prompt import Prompt


@click.command()
@SOME_TARGETS
@JSON
@planning
def command(call: Invocation, targets: tuple[str, ...], *, as_json: bool) -> int:
    """Show what a model is asked for TARGET, part by part, with an estimate of its tokens.

    TARGET may be a contract of a package, such as contracts/mailer.go, which the planner is asked for.
    """
    from gocreator.engine.contracts import prompts_of_contracts

    session = call.session
    prompts = prompts_of_contracts(session, targets)
    if others := [name for name in targets if name not in prompts]:
        prompts |= {path: session.prompts.of(session.plan.targets[path]) for path in session.select(others)}
    if as_json:
        echo_json({"prompts": [{"path": path, **_document(prompt)} for path, prompt in prompts.items()]})
        return 0
    for path, prompt in prompts.items():
        _show(path, prompt)
    return 0


def _show(path: str, prompt: "Prompt") -> None:
    for part in prompt.parts:
        click.echo(f"=== {part.role}: {part.name}, about {part.tokens:,} tokens")
        click.echo(part.text)
    total = sum(part.tokens for part in prompt.parts)
    click.echo(f"=== {path}: about {total:,} tokens to read and {prompt.output:,} to write")


def _document(prompt: "Prompt") -> dict[str, Any]:
    return {
        "parts": [
            {"name": part.name, "role": part.role, "tokens": part.tokens, "text": part.text} for part in prompt.parts
        ],
        "input_tokens": sum(part.tokens for part in prompt.parts),
        "output_tokens": prompt.output,
    }
