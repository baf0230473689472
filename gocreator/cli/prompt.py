"""`gocreator prompt TARGET`: what a model is asked for a file."""

from typing import TYPE_CHECKING, Any

import click

from gocreator.cli.options import JSON, SOME_TARGETS, Invocation, asking
from gocreator.cli.printing import echo_json

if TYPE_CHECKING:
    from gocreator.llm.provider import Rung
    from gocreator.plan.target import Target
    from gocreator.prompt.prompt import Prompt


@click.command()
@SOME_TARGETS
@JSON
@asking
def command(call: Invocation, targets: tuple[str, ...], *, as_json: bool) -> int:
    """Show what a model is asked for TARGET, part by part, with an estimate of its tokens.

    Nothing is sent, and no key is needed.
    """
    session, models = call.session, call.models
    kind = models.endpoints[models.ladder[0].provider].kind if models.ladder else "anthropic"
    chosen = [session.plan.targets[path] for path in session.select(targets)]
    asked = [(target, session.prompts.of(target)) for target in chosen]
    if as_json:
        ladder = [{"provider": it.provider, "model": it.model, "effort": it.effort} for it in models.ladder]
        echo_json({"ladder": ladder, "prompts": [_document(target, prompt, kind) for target, prompt in asked]})
        return 0
    for target, prompt in asked:
        _show(target, prompt, kind)
        limit = f"the answer, thinking included, has at most {prompt.limit:,} tokens"
        click.echo(f"=== asked of {_who(models.ladder)}; {limit}")
    return 0


def _show(target: "Target", prompt: "Prompt", kind: str) -> None:
    for part in prompt.parts:
        click.echo(f"=== {part.role}: {part.name}, about {part.tokens(kind):,} tokens")
        click.echo(part.text)
    total = sum(part.tokens(kind) for part in prompt.parts)
    writer = f"written by a {target.origin}"
    click.echo(f"=== {target.path}, {writer}: about {total:,} tokens to read and {prompt.output:,} to write")


def _who(ladder: "tuple[Rung, ...]") -> str:
    named = [f"{it.provider} {it.model}{f' with effort {it.effort}' if it.effort else ''}" for it in ladder]
    return ", then of ".join(named) or "nobody, because no provider is named"


def _document(target: "Target", prompt: "Prompt", kind: str) -> dict[str, Any]:
    return {
        "path": target.path,
        "origin": target.origin,
        "parts": [
            {"name": part.name, "role": part.role, "tokens": part.tokens(kind), "text": part.text}
            for part in prompt.parts
        ],
        "input_tokens": sum(part.tokens(kind) for part in prompt.parts),
        "output_tokens": prompt.output,
        "output_limit": prompt.limit,
    }
