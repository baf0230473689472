"""`gocreator report`: what a run did and cost, how runs compare; and the schema of what it shows."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests.emulator.server import Emulator

CONFIG = "llm: {provider: anthropic}\ngeneration: {origin: template, origins: {service: llm, model: llm}}\n"


def _report(project: Any, *arguments: str) -> dict[str, Any]:
    shown = project("report", "--json", *arguments)
    assert shown.code == 0, shown.err
    found: dict[str, Any] = json.loads(shown.out)
    return found


@pytest.fixture
def schema(project: Any) -> dict[str, Any]:
    printed = project("schema", "report")
    assert printed.code == 0
    found: dict[str, Any] = json.loads(printed.out)
    jsonschema.Draft202012Validator.check_schema(found)
    return found


def test_figures_are_what_was_billed(
    project: Any, emulator: Emulator, served: dict[str, str], schema: dict[str, Any]
) -> None:
    project.write(".gocreator.yaml", CONFIG)
    built = project("build", "--no-verify", "-n", "3")
    assert built.code == 0, built.err
    report = _report(project)
    jsonschema.validate(report, schema)
    bills = [call.bill for call in emulator.calls if call.bill]
    assert len(bills) == len(report["calls"]) == report["metrics"]["total_llm_calls"] > 1
    metrics = report["metrics"]
    assert metrics["total_input_tokens"] == sum(it.total for it in bills)
    assert metrics["cached_tokens"] == sum(it.read for it in bills)
    assert metrics["cache_write_tokens"] == sum(it.written for it in bills)
    assert metrics["total_output_tokens"] == sum(call.output for call in emulator.calls)
    assert metrics["cache_hits"] == sum(it.read > 0 for it in bills)
    assert metrics["cache_hits"] + metrics["cache_misses"] == len(bills)
    for name, total in (("input_tokens", "plain"), ("cache_read_tokens", "read"), ("cache_write_tokens", "written")):
        told = sum(call[name] for call in report["calls"])
        assert told == sum(getattr(it, total) for it in bills)
        assert told == sum(it[name] for it in report["phases"]) == sum(it[name] for it in report["providers"])
    assert sum(it["cost_usd"] for it in report["calls"]) == pytest.approx(metrics["estimated_cost_usd"], abs=1e-4)
    assert metrics["cost_breakdown"]["anthropic"] == pytest.approx(metrics["estimated_cost_usd"], abs=1e-4)
    assert metrics["ttft_p95_seconds"]["anthropic"] > 0
    assert {path for call in report["calls"] for path in call["targets"]} == {
        it["path"] for it in report["targets"] if it["origin"] == "model"
    }
    assert sum(it["built"] for it in report["phases"]) == report["counts"]["built"] == len(served)
    shown = project("report").out
    assert f"{metrics['total_input_tokens']:,}" in shown
    assert "anthropic claude-sonnet-5-5" in shown


def test_a_run_that_did_nothing_cost_nothing(
    project: Any, emulator: Emulator, schema: dict[str, Any], served: dict[str, str]
) -> None:
    project.write(".gocreator.yaml", CONFIG)
    assert project("build", "--no-verify").code == 0
    count = len(emulator.calls)
    for flags in (["--log-level", "debug"], [], []):
        assert project("build", "--no-verify", *flags).code == 0
        report = _report(project)
        jsonschema.validate(report, schema)
        assert report["counts"]["up_to_date"] == len(served)
        assert report["calls"] == report["targets"] == []
        assert report["metrics"]["estimated_cost_usd"] == report["metrics"]["total_llm_calls"] == 0
    assert len(emulator.calls) == count


def test_runs_are_compared(project: Any, served: dict[str, str]) -> None:
    project.write(".gocreator.yaml", CONFIG)
    assert project("build", "--no-verify").code == 0
    project.edit("generated/README.md", "# ", "# My ")
    assert project("build", "--no-verify").code == 0
    runs = json.loads(project("report", "--history", "--json").out)["runs"]
    assert [it["built"] for it in runs][-2] == len(served)
    assert 0 == runs[-1]["cost_usd"] < runs[-2]["cost_usd"]
    table = project("report", "--history").out.splitlines()
    assert len(table) == 1 + len(runs)
    assert table[0].split()[:4] == ["run", "output", "exit", "built"]
    assert len(json.loads(project("report", "--history", "--json", "--limit", "1").out)["runs"]) == 1
    first = runs[0]["run"]
    assert _report(project, first)["run"] == _report(project, first[:-3])["run"] == first


def test_what_cannot_be_shown_is_said(project: Any) -> None:
    none = project("report")
    assert none.code == 2
    assert "`gocreator build` writes one" in none.err
    assert project("build", "--no-verify").code == 0
    assert project("build", "--no-verify").code == 0
    unknown = project("report", "yesterday")
    assert unknown.code == 2
    assert "there is no run yesterday" in unknown.err
    several = project("report", "2")
    assert several.code == 2
    assert "there are 2 runs that begin with 2" in several.err
    place = project.root / ".gocreator/reports/latest/report.json"
    place.write_text('{"version": 1}')
    damaged = project("report")
    assert damaged.code == 1
    assert "cannot be read as a report" in damaged.err
    assert project("report", "--history").code == 0


@pytest.mark.usefixtures("served")
def test_advice_names_the_setting(project: Any) -> None:
    assert project("build", "--no-verify").code == 0
    assert "llm.provider, or --provider" in {it["setting"] for it in _report(project)["advice"]}
    project.write(".gocreator.yaml", f"{CONFIG}optimization: {{batching: {{enabled: false}}}}\n")
    assert project("build", "--no-verify", "--origin", "llm").code == 0
    advice = {it["setting"]: it["what"] for it in _report(project)["advice"]}
    (batching,) = (what for setting, what in advice.items() if "optimization.batching.enabled" in setting)
    assert "brought a single file" in batching
    assert f"advice: {batching}" in project("report").out


def test_a_page_is_opened(project: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\necho "$1" > {tmp_path}/opened\n')
    browser.chmod(0o755)
    monkeypatch.setenv("BROWSER", str(browser))
    assert project("build", "--no-verify").code == 0
    page = (project.root / ".gocreator/reports/latest/report.html").resolve()
    shown = subprocess.run(
        [sys.executable, "-m", "gocreator", "report", "--open"],
        cwd=project.root,
        capture_output=True,
        text=True,
        check=True,
    )
    assert shown.stdout == f"{page}\n"
    assert (tmp_path / "opened").read_text() == f"{page.as_uri()}\n"
    page.unlink()
    missing = project("report", "--open")
    assert missing.code == 1
    assert "report.html is missing" in missing.err
