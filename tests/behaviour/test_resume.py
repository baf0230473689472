"""`build --resume` goes on with the build that stopped last: as it was asked for, and into the same report."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.emulator.server import Emulator

ONE_BY_ONE = "optimization: {batching: {enabled: false}}\n"
STOPPED = (
    "build",
    "--no-verify",
    "--provider",
    "openai",
    "-n",
    "1",
    "--max-tokens",
    "45000",
    "rule:service",
    "rule:model",
)


@pytest.fixture
def stopped(project: Any, served: dict[str, str]) -> Any:
    """Give a project whose build was stopped by a limit."""
    assert served
    project.write(".gocreator.yaml", ONE_BY_ONE)
    assert project(*STOPPED).code == 4
    return project


def report(project: Any) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((project.root / ".gocreator/reports/latest/report.json").read_text())
    return found


def journal(project: Any) -> Path:
    found: Path = project.root / ".gocreator/run.jsonl"
    return found


def test_it_takes_the_options_and_adds_the_figures(stopped: Any, emulator: Emulator) -> None:
    first, before = report(stopped), len(emulator.calls)
    went_on = stopped("build", "--resume")
    assert went_on.code == 0, went_on.err
    second = report(stopped)
    assert second["run"] == first["run"]
    assert f"resuming run {first['run']}" in went_on.err
    asked = [path for call in emulator.calls for path in call.wanted]
    assert len(asked) == len(set(asked)) == 6
    assert len(emulator.calls) > before > 0
    assert {call.model for call in emulator.calls} == {"gpt-6.1-sol"}
    assert second["counts"]["built"] == 6
    assert second["metrics"]["total_llm_calls"] == len(emulator.calls)
    billed = sum(call.output for call in emulator.records.generations)
    assert second["metrics"]["total_output_tokens"] == billed
    assert not journal(stopped).exists()


def test_what_is_said_now_counts_more(stopped: Any, emulator: Emulator) -> None:
    before = len(emulator.calls)
    assert stopped("build", "--resume", "--provider", "anthropic", "rule:model").code == 0
    later = emulator.calls[before:]
    assert {call.model for call in later} == {"claude-sonnet-5-5"}
    assert all(path.startswith("internal/models/") for call in later for path in call.wanted)


@pytest.mark.usefixtures("emulator")
def test_a_dry_run_says_what_would_be_gone_on_with(stopped: Any) -> None:
    calls = json.loads(stopped("list", "--dry-run", "--json", "--resume").out)["calls"]
    assert {call["provider"] for call in calls} == {"openai"}
    assert {path.split("/")[1] for call in calls for path in call["targets"]} <= {"service", "models"}
    assert journal(stopped).exists()


def test_where_nothing_stopped_it_is_a_plain_build(project: Any) -> None:
    built = project("build", "--no-verify", "--resume", "--log-level", "info")
    assert built.code == 0
    assert "nothing to resume" in built.err
    assert project("build", "--no-verify", "--resume").code == 0


def test_a_journal_that_nobody_can_read_is_set_aside(stopped: Any) -> None:
    journal(stopped).write_text("{}\n[]\n")
    built = stopped("build", "--no-verify", "--origin", "template", "--resume")
    assert built.code == 0
    assert "run.jsonl is damaged" in built.err
    assert list((stopped.root / ".gocreator").glob("run.jsonl.corrupt-*"))


def test_a_half_written_last_line_does_no_harm(stopped: Any) -> None:
    with journal(stopped).open("a") as file:
        file.write('{"event": "CallFin')
    assert stopped("build", "--resume").code == 0


def test_a_specification_that_is_gone_is_an_error(stopped: Any) -> None:
    (stopped.root / "fcs.yaml").rename(stopped.root / "other.yaml")
    refused = stopped("build", "--resume")
    assert refused.code == 2
    assert "fcs.yaml is not there any more" in refused.err
    assert "build without --resume" in refused.err
