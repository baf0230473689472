"""Reading the reports of former runs."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from gocreator.errors import Failed, WrongUsage
from gocreator.observe.reportschema import FORMAT

_SHOWN = 5


def read_report(reports: Path, run: str) -> dict[str, Any]:
    """Return the report of a run; the beginning of its name is enough where only one begins so."""
    names = _runs(reports)
    found = [name for name in names if name == run] or [name for name in names if name.startswith(run)]
    if run == "latest" and (reports / run).exists():
        found = [run]
    if len(found) != 1:
        newest = ", ".join(names[: -_SHOWN - 1 : -1])
        said = f"there are {len(found)} runs that begin with {run}" if found else f"there is no run {run}"
        raise WrongUsage(said, hint=f"the newest are {newest}" if names else "`gocreator build` writes a report")
    report = _read(reports / found[0] / "report.json")
    if report is None:
        place = reports / found[0] / "report.json"
        raise Failed(f"{place} cannot be read as a report", hint="another version may have written it; build again")
    return report


def history_of(reports: Path, limit: int) -> list[dict[str, Any]]:
    """Return what the last runs took, the newest last; what cannot be read is left out."""
    read = (_read(reports / name / "report.json") for name in _runs(reports)[-limit:])
    return [_compared(report) for report in read if report is not None]


def _compared(report: Mapping[str, Any]) -> dict[str, Any]:
    metrics = report["metrics"]
    return {
        "run": report["run"],
        "started_at": report["started_at"],
        "output": report["output"],
        "exit_code": report["exit_code"],
        "built": report["counts"]["built"],
        "calls": metrics["total_llm_calls"],
        "input_tokens": metrics["total_input_tokens"],
        "output_tokens": metrics["total_output_tokens"],
        "cache_hit_rate": metrics["cache_hit_rate"],
        "cost_usd": metrics["estimated_cost_usd"],
        "unpriced_calls": metrics["unpriced_calls"],
        "seconds": metrics["total_duration"],
        "verify": report["verify"].get("status", ""),
    }


def _runs(reports: Path) -> list[str]:
    return sorted(place.name for place in reports.iterdir() if place.name[:1].isdigit() and place.is_dir())


def _read(place: Path) -> dict[str, Any] | None:
    """Return a report; None if it is damaged, or of a version that is not known, or of before there were metrics."""
    try:
        found = json.loads(place.read_bytes())
        complete = found["version"] == FORMAT and {"calls", "phases", "providers", "advice"} <= found.keys()
        _compared(found)
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None
    return dict(found) if complete else None
