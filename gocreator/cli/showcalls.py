"""The calls of models that a build would make, with what they take, for people and as JSON."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import click

from gocreator.cli.options import Invocation
from gocreator.observe.figures import added, money, span

if TYPE_CHECKING:
    from gocreator.engine.callplan import CallPlan, PlannedCall
    from gocreator.engine.models import Models
    from gocreator.plan.staleness import Finding

Tokens = dict[str, int]


def foreseen_calls(
    call: Invocation, names: "Sequence[str]", made: "Iterable[Finding]", models: "Models | None" = None
) -> "CallPlan | None":
    """Return the calls of a build of some targets, which would make so many; None where it would ask nobody."""
    from gocreator.values import Origin

    models, known = models or call.models, {it.target.path: it for it in made}
    findings = [known.get(it.target.path, it) for it in call.session.findings(names)]
    findings = [it for it in findings if it.target.origin is Origin.MODEL]
    if not any(it.work for it in findings) and not (findings and models.reviewers):
        return None
    from gocreator.engine.foreseeing import foreseen

    return foreseen(call.session, models, findings, workers=call.settings.tasks)


def end_of_dry_run(call: Invocation, plan: "CallPlan | None") -> int:
    """Return how a dry run ends: as the build would, where no model may be asked."""
    if plan and plan.all:
        call.gate.admit_files(plan.paths)
    return 0


def show_calls(plan: "CallPlan") -> None:
    """Print the calls in the order in which they leave, and what they take together."""
    for warning in plan.warnings:
        click.echo(f"warning: {warning}", err=True)
    for call in plan.calls:
        files = ", ".join(target.path for target in call.targets)
        click.echo(f"ask      {files}: {_said(_tokens([call]))}, {money(call.cost)}")
    if plan.reused:
        click.echo(f"{len(plan.reused)} files are in the store and cost nothing")
    for call in plan.reviews:
        click.echo(f"review   {call.targets[0].path}: {_said(_tokens([call]))}, {money(call.cost)}")
    if plan.all:
        for phase, _, calls in _phases(plan) if len(_phases(plan)) > 1 else ():
            click.echo(f"{phase}: {_many(calls)}, {_said(_tokens(calls))}, {money(added(call.cost for call in calls))}")
        for rung, its in plan.lanes:
            click.echo(f"{_many(its)} of {rung.provider} {rung.model}: {_said(_tokens(its))}")
        takes = f"about {money(plan.cost)} and {span(plan.seconds)} with {plan.workers} at a time"
        click.echo(f"{takes}, where the provider has nothing in its cache yet (prices: {plan.prices})")


def calls_document(plan: "CallPlan | None") -> dict[str, Any]:
    """Return what `list --dry-run --json` says of calls, and what they come to."""
    if plan is None:
        return {"calls": [], "reused": [], "totals": _estimated(()) | {"calls": 0, "seconds": 0.0}, "phases": []}
    return {
        "calls": [_document(plan, number, call) for number, call in enumerate(plan.all, 1)],
        "reused": [target.path for target in plan.reused],
        "totals": _estimated(plan.all) | {"calls": len(plan.all), "seconds": round(plan.seconds, 1)},
        "phases": [
            {
                "phase": phase,
                "provider": provider,
                "calls": len(calls),
                **_estimated(calls),
                "seconds": round(sum(call.seconds for call in calls), 1),
            }
            for phase, provider, calls in _phases(plan)
        ],
    }


def call_ids(plan: "CallPlan | None") -> dict[str, str]:
    """Return the call that brings each file, by path."""
    calls = plan.calls if plan else ()
    return {target.path: _id(number) for number, call in enumerate(calls, 1) for target in call.targets}


def _id(number: int) -> str:
    return f"call-{number}"


def _document(plan: "CallPlan", number: int, call: "PlannedCall") -> dict[str, Any]:
    rung = call.rung or plan.rung
    return {
        "id": _id(number),
        **({"provider": rung.provider, "model": rung.model, "effort": rung.effort} if rung else {}),
        "purpose": call.purpose.value,
        "targets": [target.path for target in call.targets],
        "rules": list(dict.fromkeys(target.rule for target in call.targets)),
        "estimated": _estimated([call]) | {"seconds": round(call.seconds, 1)},
    }


def _phases(plan: "CallPlan") -> list[tuple[str, str, list["PlannedCall"]]]:
    """Return the calls of each phase and provider; one for files of several phases counts where its first file does."""
    found: dict[tuple[str, str], list[PlannedCall]] = {}
    for call in plan.all:
        rung = call.rung or plan.rung
        found.setdefault((call.targets[0].phase, rung.provider if rung else ""), []).append(call)
    return [(phase, provider, calls) for (phase, provider), calls in found.items()]


def _estimated(calls: "Sequence[PlannedCall]") -> dict[str, Any]:
    cost = added(call.cost for call in calls)
    return {**_tokens(calls), "cost_usd": None if cost is None else round(cost, 6)}


def _tokens(calls: "Iterable[PlannedCall]") -> Tokens:
    """Count tokens, about; each stands in one count only."""
    found = {"input_tokens": 0, "cache_read_tokens": 0, "cache_write_tokens": 0, "output_tokens": 0}
    for call in calls:
        found["input_tokens"] += call.billed.uncached
        found["cache_read_tokens"] += call.billed.cache_read
        found["cache_write_tokens"] += call.billed.cache_write + call.billed.cache_write_long
        found["output_tokens"] += call.output
    return found


def _said(tokens: Tokens) -> str:
    cached = _cached(tokens)
    whole = tokens["input_tokens"] + tokens["cache_read_tokens"] + tokens["cache_write_tokens"]
    return f"about {whole:,} tokens in{f' ({cached})' if cached else ''}, {tokens['output_tokens']:,} out"


def _cached(tokens: Tokens) -> str:
    named = (("cache_read_tokens", "read from the cache"), ("cache_write_tokens", "written there"))
    return ", ".join(_parts(named, tokens))


def _parts(named: Iterable[tuple[str, str]], tokens: Tokens) -> Iterator[str]:
    return (f"{tokens[name]:,} {what}" for name, what in named if tokens[name])


def _many(calls: "Sequence[PlannedCall]") -> str:
    return f"{len(calls)} call{'s' * (len(calls) > 1)}"
