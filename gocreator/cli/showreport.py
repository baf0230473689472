"""Reports, for people."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import click

from gocreator.observe.figures import money, span


def show_report(report: Mapping[str, Any]) -> None:
    """Print what a run did."""
    click.echo("\n".join(_lines(report)))


def _lines(report: Mapping[str, Any]) -> Iterator[str]:
    counts, metrics = report["counts"], report["metrics"]
    yield f"run {report['run']}: {report['command']} of {report['output']} from {report['fcs']}"
    yield f"began {report['started_at']}, took {span(metrics['total_duration'])}, exit code {report['exit_code']}"
    yield ", ".join(f"{name.replace('_', ' ')} {count}" for name, count in counts.items() if count or name == "built")
    took = metrics["verify_duration"]
    yield f"verify: {report['verdict']}{f' in {took:.1f} s' if took else ''}"
    for target in report["targets"]:
        reasons = target.get("reasons") or [""]
        yield f"  {target['action']:<9} {target['path']}{f'  ({reasons[0]})' if reasons[0] else ''}"
    yield from _taken_by(report)
    if report["calls"]:
        yield f"saved: {_saved(report)}"
    for repair in report["repairs"]:
        end = "repaired" if repair["fixed"] else "not repaired"
        yield f"{end} {repair['path']} ({repair['attempt']}, {repair['model']}): {repair['messages'][0]}"
    for review in report["reviews"]:
        yield from (f"{review['path']}:{it['line']}: {it['severity']}: {it['what']}" for it in review["findings"])
    for changed in report["api_changes"]:
        yield from (f"{changed['path']}: {it}" for it in changed["changes"])
    yield from _advice(report)


def breakdown(report: Mapping[str, Any]) -> Iterator[str]:
    """Yield what the calls of a run took by phase and model, what was saved, and what can be gained."""
    asked = {**report, "phases": [it for it in report["phases"] if it["calls"]]}
    yield from (line for line in _taken_by(asked) if line)
    yield f"saved: {_saved(report)}"
    yield from _advice(report)


def _saved(report: Mapping[str, Any]) -> str:
    """Say what was not paid for and not waited for, and why."""
    metrics = report["metrics"]
    kept = report["counts"]["up_to_date"] + metrics["reused_artifacts"]
    return ", ".join(
        [
            f"{money(metrics['saved_by_cache_usd'])} by the provider's cache",
            f"{metrics['template_files']} files by templates",
            f"{metrics['spared_calls']} calls by asking for several files at once",
            f"{kept} files by not asking again",
            f"{span(metrics['times_saved'])} by calls side by side",
        ]
    )


def _advice(report: Mapping[str, Any]) -> Iterator[str]:
    for it in report["advice"]:
        yield f"advice: {it['what']}: {it['setting']}"


def _taken_by(report: Mapping[str, Any]) -> Iterator[str]:
    if report["phases"]:
        yield ""
        yield from _table(
            ("phase", "files", "time", "calls", "in", "read", "out", "cost"),
            [(it["phase"], it["built"], f"{it['seconds']:.1f} s", *_taken(it)) for it in report["phases"]],
        )
    if report["providers"]:
        yield ""
        yield from _table(
            ("model", "time", "ttft p95", "calls", "in", "read", "out", "cost"),
            [
                (
                    f"{it['provider']} {it['model']}",
                    f"{it['seconds']:.1f} s",
                    _seconds(it["ttft_p95_seconds"]),
                    *_taken(it),
                )
                for it in report["providers"]
            ],
        )


def show_history(runs: Sequence[Mapping[str, Any]]) -> None:
    """Print how runs compare."""
    rows = [
        (
            it["run"],
            it["output"],
            it["exit_code"],
            it["built"],
            it["calls"],
            f"{it['input_tokens']:,}",
            f"{it['cache_hit_rate']:.0%}",
            f"{it['output_tokens']:,}",
            money(it["cost_usd"]) + ("+" if it["unpriced_calls"] else ""),
            f"{it['seconds']:.1f} s",
            it["verify"],
        )
        for it in runs
    ]
    head = ("run", "output", "exit", "built", "calls", "in", "read", "out", "cost", "time", "verify")
    click.echo("\n".join(_table(head, rows)) if rows else "no run has a report")


def _taken(it: Mapping[str, Any]) -> tuple[str, ...]:
    if not it["calls"]:
        return ("",) * 5
    tokens = it["input_tokens"] + it["cache_read_tokens"] + it["cache_write_tokens"]
    read = f"{it['cache_hit_rate']:.0%}"
    return str(it["calls"]), f"{tokens:,}", read, f"{it['output_tokens']:,}", money(it["cost_usd"])


def _seconds(value: float | None) -> str:
    return "" if value is None else f"{value:.2f} s"


def _table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> Iterator[str]:
    """Line up columns; the first is text, the others are figures."""
    cells = [[str(it) for it in row] for row in (head, *rows)]
    widths = [max(len(row[at]) for row in cells) for at in range(len(head))]
    for row in cells:
        figures = (it.rjust(width) for it, width in zip(row[1:], widths[1:], strict=True))
        yield "  ".join([row[0].ljust(widths[0]), *figures]).rstrip()
