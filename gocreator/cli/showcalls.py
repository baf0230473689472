"""The calls of models that a build would make, for people and as JSON."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from gocreator.cli.options import Invocation

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gocreator.engine.callplan import CallPlan, PlannedCall
    from gocreator.engine.models import Models
    from gocreator.plan.staleness import Finding


def foreseen_calls(
    call: Invocation, findings: "Iterable[Finding]", models: "Models | None" = None
) -> "CallPlan | None":
    """Return the calls that a build would make; None where it would ask nobody."""
    from gocreator.values import Origin

    findings = [it for it in findings if it.work and it.target.origin is Origin.MODEL]
    if not findings:
        return None
    from gocreator.engine.callplan import foreseen

    return foreseen(call.session, models or call.models, findings, workers=call.settings.tasks)


def show_calls(plan: "CallPlan") -> None:
    """Print the calls in the order in which they leave, and what they take together."""
    for warning in plan.warnings:
        click.echo(f"warning: {warning}", err=True)
    for call in plan.calls:
        files = ", ".join(target.path for target in call.targets)
        click.echo(f"ask      {files}: {_tokens(_counted(call))}")
    if plan.reused:
        click.echo(f"{len(plan.reused)} files are in the store and cost nothing")
    if plan.calls and plan.rung:
        total = {name: sum(_counted(call)[name] for call in plan.calls) for name in _counted(plan.calls[0])}
        many = f"{len(plan.calls)} call{'s' * (len(plan.calls) > 1)}"
        click.echo(f"{many} of {plan.rung.provider} {plan.rung.model}: {_tokens(total)}")


def calls_document(plan: "CallPlan | None") -> dict[str, Any]:
    """Return what `list --dry-run --json` says of calls."""
    if plan is None:
        return {"calls": [], "reused": []}
    return {"calls": list(_documents(plan)), "reused": [target.path for target in plan.reused]}


def _documents(plan: "CallPlan") -> Iterator[dict[str, Any]]:
    rung = plan.rung
    for call in plan.calls:
        asked = {"provider": rung.provider, "model": rung.model, "effort": rung.effort} if rung else {}
        yield {
            "files": [target.path for target in call.targets],
            "rules": list(dict.fromkeys(target.rule for target in call.targets)),
            **asked,
            **_counted(call),
        }


def _counted(call: "PlannedCall") -> dict[str, int]:
    """Count tokens, about."""
    billed = call.billed
    return {
        "input_tokens": billed.total,
        "cache_read_tokens": billed.cache_read,
        "cache_write_tokens": billed.cache_write + billed.cache_write_long,
        "output_tokens": call.prompt.output,
    }


def _tokens(count: dict[str, int]) -> str:
    read, written = count["cache_read_tokens"], count["cache_write_tokens"]
    cached = [f"{read:,} read from the cache" if read else "", f"{written:,} written there" if written else ""]
    of_them = f" ({', '.join(filter(None, cached))})" if any(cached) else ""
    return f"about {count['input_tokens']:,} tokens in{of_them}, {count['output_tokens']:,} out"
