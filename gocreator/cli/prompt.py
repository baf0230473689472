"""`gocreator prompt TARGET`: what a model is asked for a file."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from gocreator.cli.options import JSON, SOME_TARGETS, Invocation, asking
from gocreator.cli.printing import echo_json

if TYPE_CHECKING:
    from gocreator.llm.provider import Rung
    from gocreator.prompt.prompt import Prompt, PromptPart


class _Asked(NamedTuple):
    """What is asked for a file, and of whom."""

    path: str
    writer: str
    prompt: "Prompt"
    ladder: "Sequence[Rung]"
    awaited: Sequence[str]
    """The contracts that must be known before; until then the prompt does not hold all of it."""
    kind: str
    """The kind of provider whose tokens are counted: that of the first rung, else the one that takes most."""

    def tokens(self, part: "PromptPart") -> int:
        """Return about how many tokens a part takes."""
        return part.tokens(self.kind)

    @property
    def input(self) -> int:
        """Return about how many tokens there are to read."""
        return sum(map(self.tokens, self.prompt.parts))


@click.command()
@SOME_TARGETS
@JSON
@asking
def command(call: Invocation, targets: tuple[str, ...], *, as_json: bool) -> int:
    """Show what a model is asked for TARGET, part by part, with an estimate of its tokens.

    TARGET may be a contract of a package, such as contracts/mailer.go, which the planner is asked for. Nothing is sent,
    and no key is needed.
    """
    asked = list(_asked(call, targets))
    if as_json:
        echo_json({"prompts": [_document(it) for it in asked]})
        return 0
    for it in asked:
        _show(it)
    return 0


def _asked(call: Invocation, names: Sequence[str]) -> Iterator[_Asked]:
    from gocreator.engine.contracts import prompts_of_contracts

    session, models = call.session, call.models
    coder, planner = (
        models.endpoints[it[0].provider].kind if it else "anthropic" for it in (models.ladder, models.planners)
    )
    contracts = prompts_of_contracts(session, names)
    for path, prompt in contracts.items():
        yield _Asked(path, "the planner", prompt, models.planners, (), planner)
    if others := [name for name in names if name not in contracts]:
        for target in (session.plan.targets[path] for path in session.select(others)):
            awaited = [session.contracts.path(name) for name in target.awaits]
            prompt = session.texts.alone(target)
            yield _Asked(target.path, f"a {target.origin}", prompt, models.ladder, awaited, coder)


def _show(asked: _Asked) -> None:
    prompt = asked.prompt
    for part in prompt.parts:
        click.echo(f"=== {part.role}: {part.name}, about {asked.tokens(part):,} tokens")
        click.echo(part.text)
    sizes = f"about {asked.input:,} tokens to read and {prompt.output:,} to write"
    click.echo(f"=== {asked.path}, written by {asked.writer}: {sizes}")
    limit = f"the answer, thinking included, has at most {prompt.limit:,} tokens"
    click.echo(f"=== asked of {_who(asked.ladder)}; {limit}")
    if asked.awaited:
        click.echo(f"=== asked for when there is {', '.join(asked.awaited)}, which it will hold then")


def _who(ladder: "Sequence[Rung]") -> str:
    named = [f"{it.provider} {it.model}{f' with effort {it.effort}' if it.effort else ''}" for it in ladder]
    return ", then of ".join(named) or "nobody, because no provider is named"


def _document(asked: _Asked) -> dict[str, Any]:
    prompt = asked.prompt
    return {
        "path": asked.path,
        "awaits": list(asked.awaited),
        "writer": asked.writer.split()[-1],
        "ladder": [{"provider": it.provider, "model": it.model, "effort": it.effort} for it in asked.ladder],
        "parts": [
            {"name": part.name, "role": part.role, "tokens": asked.tokens(part), "text": part.text}
            for part in prompt.parts
        ],
        "input_tokens": asked.input,
        "output_tokens": prompt.output,
        "output_limit": prompt.limit,
    }
