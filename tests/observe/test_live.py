"""How a run is shown while it goes on: in a real terminal, and elsewhere as plain lines."""

import json
import re
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from gocreator.observe import live
from tests.emulator.faults import Hang, Status
from tests.emulator.plugin import serve
from tests.emulator.server import Emulator
from tests.observe.terminal import Terminal

CONFIG = """\
llm: {provider: anthropic}
generation: {origin: template, origins: {service: llm, model: llm, store: llm, handler: llm}}
retry: {initial_backoff: 300ms, max_backoff: 600ms}
optimization: {batching: {enabled: false}}
"""
UNLIKE = "optimization: {batching: {similarity_threshold: 1.0}}"
LOGGED = re.compile(
    r"(building|built    |phase    |waiting  |warning: |verifying |built \d+, |models|repository|handlers|service|"
    r"phase +files|model +time|anthropic |saved: |advice: |  |$)"
)
"""How lines begin that stay."""
TOTALS = re.compile(r"\d+/\d+ files.* · \d+ s")
BUILD = [sys.executable, "-m", "gocreator", "build", "--no-verify", "-n", "6"]


def _report(project: Any) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((project.root / ".gocreator/reports/latest/report.json").read_text())
    return found


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Callable[[int], Terminal]]:
    (tmp_path / "t").mkdir()
    made: list[Terminal] = []

    def make(width: int) -> Terminal:
        made.append(Terminal(tmp_path / "t", width))
        return made[-1]

    yield make
    for it in made:
        it.__exit__()


@pytest.fixture
def many(project: Any, emulator: Emulator, served: dict[str, str], *, long: bool) -> Emulator:  # noqa: ARG001
    """Give a project whose files take many calls, of which some fail at first."""
    entities = "".join(f"  Thing{n:02}: {{attributes: {{name: string}}}}\n" for n in range(67 if long else 8))
    project.write("fcs.yaml", f"name: many\nmodule: example.com/many\nentities:\n{entities}")
    serve(project, emulator)
    project.write(".gocreator.yaml", CONFIG)
    emulator.on(Status(529), times=2)
    emulator.on(Status(500), times=3)
    return emulator


def test_a_build_with_failures_is_shown_and_leaves_whole_lines(
    project: Any, many: Emulator, terminal: Callable[[int], Terminal]
) -> None:
    window = terminal(100)
    window.start(BUILD, project.root)
    seen: list[list[str]] = []
    end, sizes, changed = time.monotonic() + 120, [60, 200, 100], time.monotonic() + 3
    while window.code is None and time.monotonic() < end:
        seen.append(window.shown())
        if sizes and time.monotonic() > changed:
            window.resize(sizes.pop(0))
            changed = time.monotonic() + 1
        time.sleep(0.03)
    assert window.code == 0, window.all()
    regions = [lines for lines in seen if any(map(TOTALS.match, lines))]
    assert regions
    for lines in regions:
        assert sum(bool(TOTALS.match(it)) for it in lines) == 1, lines
    assert any("call-" in "\n".join(lines) for lines in regions)
    left = window.all()
    assert [it for it in left if TOTALS.match(it)] == []
    assert [it for it in left if not LOGGED.match(it)] == []
    assert "\x1b[2J" not in window.raw.read_text()
    _figures_agree(project, many, left)


def _figures_agree(project: Any, emulator: Emulator, lines: list[str]) -> None:
    """See that the terminal, the report and the bills say the same."""
    report = _report(project)
    metrics = report["metrics"]
    bills = [call.bill for call in emulator.calls if call.bill]
    assert metrics["total_input_tokens"] == sum(it.total for it in bills)
    assert metrics["total_output_tokens"] == sum(call.output for call in emulator.calls)
    assert metrics["total_llm_calls"] == len(emulator.calls) == len(bills) + 5
    (summary,) = [it for it in lines if it.startswith("built ") and "verify:" in it]
    assert f"calls {metrics['total_llm_calls']} ({metrics['total_input_tokens']:,} tokens in" in summary
    assert f"{metrics['total_output_tokens']:,} out" in summary
    assert sum(it.startswith("built    ") for it in lines) == report["counts"]["built"]
    phases = {it.split()[1].rstrip(":") for it in lines if it.startswith("phase    ") and "files:" not in it}
    assert {it["phase"] for it in report["phases"] if it["calls"]} <= phases


@pytest.mark.parametrize("width", [60, 200])
def test_every_width_is_used_and_none_is_exceeded(
    project: Any, many: Emulator, terminal: Callable[[int], Terminal], width: int
) -> None:
    many.on(Hang(), times=2)
    window = terminal(width)
    window.start(BUILD, project.root, NO_COLOR="1")
    lines = window.until(r"call-\d.*\n(.*\n)*\d+/\d+ files")
    region = [it for it in lines if TOTALS.match(it) or "call-" in it]
    assert [it for it in region if len(it) >= width] == []
    assert any("claude-sonnet-5-5" in it for it in region) == (width == 200)
    raw = window.raw.read_text()
    assert not re.search(r"\x1b\[[0-9;]*(3|9)[0-8]m", raw), "NO_COLOR was not heard"


def test_no_line_is_lost_when_a_window_is_made_narrower_and_wider(
    project: Any, many: Emulator, terminal: Callable[[int], Terminal]
) -> None:
    many.on(Hang(), times=6)
    window = terminal(100)
    window.start(BUILD, project.root)
    window.until(r"call-\d.*\n(.*\n)*\d+/\d+ files")
    time.sleep(3)  # until no call waits for its turn
    before = re.findall(r"(?:built|phase) {4}\S+", "\n".join(window.all()))
    assert len(before) > 30
    for width in (60, 200, 60, 200):
        window.resize(width)
        time.sleep(4 * live.TICK)
    assert re.findall(r"(?:built|phase) {4}\S+", "\n".join(window.all())) == before


def test_what_is_over_soon_is_not_shown(project: Any, terminal: Callable[[int], Terminal]) -> None:
    assert project("build", "--no-verify").code == 0
    project.edit("fcs.yaml", "title: string", "title: int")
    window = terminal(100)
    window.start(BUILD, project.root)
    window.until(r"built \d+, .*verify")
    lines = window.all()
    assert not any(map(TOTALS.match, lines))


def test_without_a_terminal_there_are_plain_lines_and_a_heartbeat(
    project: Any, many: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "HEARTBEAT", 0.3)
    many.on(Status(503), times=1)
    built = project("build", "--no-verify", "-n", "2")
    assert built.code == 0, built.err
    assert "\x1b" not in built.err + built.out
    beats = [it for it in built.err.splitlines() if it.startswith("working  ")]
    assert len(beats) > 1
    assert all(re.fullmatch(r"working  \d+ of \d+ files(, .*)?, \d+ s", it) for it in beats)
    assert any("calls in flight" in it for it in beats)
    phases = [it for it in built.err.splitlines() if it.startswith("phase    ")]
    assert any("tokens in" in it and "$" in it for it in phases)


def test_quiet_says_nothing_and_verbose_everything(project: Any) -> None:
    quiet = project("build", "--no-verify", "-q")
    assert (quiet.code, quiet.out, quiet.err) == (0, "", "")
    for _ in range(2):  # the second goes the fast way
        again = project.start("build", "--no-verify", "-q")
        assert again.communicate(timeout=60) == ("", "")
        assert again.returncode == 0
    assert "ready    " in project("build", "--no-verify", "-v").err
    (project.root / "generated/go.mod").unlink()
    (project.root / "generated/go.mod").mkdir()
    failed = project("build", "--no-verify", "--quiet")
    assert failed.code == 1
    assert failed.err.startswith("failed   go.mod: ")
    both = project("build", "-q", "-v")
    assert both.code == 2
    assert "exclude each other" in both.err


def test_json_is_events_and_nothing_else(project: Any, many: Emulator) -> None:  # noqa: ARG001 - it answers
    built = project("build", "--no-verify", "--json")
    assert built.code == 0
    assert built.err == ""
    events = [json.loads(line) for line in built.out.splitlines()]
    kinds = [it["event"] for it in events]
    assert kinds[-1] == "RunFinished"
    assert {"RunStarted", "CallsPlanned", "OptimizationDecided", "AttemptStarted", "CallFinished"} <= set(kinds)
    assert "AnswerGrew" not in kinds
    assert kinds.count("TargetBuilt") == _report(project)["counts"]["built"]
    again = project.start("build", "--no-verify", "--json")
    out, err = again.communicate(timeout=60)
    assert err == ""
    assert json.loads(out.splitlines()[-1])["event"] == "RunFinished"


def test_every_decision_is_in_the_log(project: Any, many: Emulator) -> None:
    assert project("build", "--no-verify").code == 0
    lines = [json.loads(it) for it in (project.root / ".gocreator/logs/events.jsonl").read_text().splitlines()]
    run = _report(project)["run"]
    assert {it["run"] for it in lines} == {run}
    decided = [it for it in lines if it["event"] == "OptimizationDecided"]
    calls = {it["call"] for it in lines if it["event"] == "CallFinished"}
    assert {it["call"] for it in decided} == calls
    assert {"alone", "marked", "ordered"} <= {it["decision"] for it in decided}
    assert all(it["why"] and it["targets"] for it in decided)
    (planned,) = [it for it in lines if it["event"] == "CallsPlanned"]
    assert planned["calls"] == len(calls)
    started = [it for it in lines if it["event"] == "AttemptStarted"]
    ended = [it for it in lines if it["event"] == "AttemptFinished"]
    assert len(started) == len(ended) == len(many.calls)
    assert sorted(it["status"] for it in ended if it["status"]) == [500, 500, 500, 529, 529]
    ids = {it["id"] for it in _report(project)["calls"]}
    assert ids == calls
    (project.root / "generated/internal/service/thing01.go").unlink()
    assert project("build", "--no-verify").code == 0
    lines = [json.loads(it) for it in (project.root / ".gocreator/logs/events.jsonl").read_text().splitlines()]
    decided = [it for it in lines if it["event"] == "OptimizationDecided" and it["run"] != run]
    reused = [it for it in decided if it["decision"] == "reused"]
    assert reused
    assert all(it["call"] == "" for it in reused)


def test_what_shares_a_call_is_in_the_log(project: Any, many: Emulator) -> None:
    project.write(".gocreator.yaml", CONFIG.replace("optimization: {batching: {enabled: false}}\n", ""))
    assert project("build", "--no-verify").code == 0
    lines = [json.loads(it) for it in (project.root / ".gocreator/logs/events.jsonl").read_text().splitlines()]
    decided = [it for it in lines if it["event"] == "OptimizationDecided"]
    asked = {it.wanted for it in many.calls}
    for it in decided:
        assert tuple(it["targets"]) in asked
        if it["decision"] == "grouped":
            assert it["figures"]["files"] == len(it["targets"]) > 1
    assert {"grouped", "hoisted", "marked", "ordered"} <= {it["decision"] for it in decided}


@pytest.mark.usefixtures("emulator", "served")
@pytest.mark.parametrize(
    ("settings", "files", "alone", "unmarked"),
    [
        (
            "optimization: {batching: {enabled: false}}",
            ["models/order.go"],
            "batching is off",
            "no other call begins as",
        ),
        (
            "optimization: {prompt_caching: {enabled: false}}",
            ["models/order.go", "repository/order.go"],
            "its group has no other file of its kind, and there are workers for each kind",
            "caching is off",
        ),
        ("", ["models/order.go"], "no other file of its kind is wanted", "no other call begins as it does"),
        (
            f"llm: {{provider: anthropic, model: claude-haiku-4-5}}\n{UNLIKE}",
            ["models/order.go", "models/customer.go"],
            "no other file of its kind that is wanted is alike enough",
            "what it shares has about",
        ),
    ],
)
def test_the_log_says_why_a_file_travels_alone_and_why_nothing_is_marked(
    project: Any, settings: str, files: list[str], alone: str, unmarked: str
) -> None:
    project.write(".gocreator.yaml", f"{settings}\n")
    asked = [f"internal/{it}" for it in files]
    provider = () if "provider" in settings else ("--provider", "anthropic")
    assert project("build", "--no-verify", "--origin", "llm", *provider, *asked).code == 0
    lines = [json.loads(it) for it in (project.root / ".gocreator/logs/events.jsonl").read_text().splitlines()]
    said = {it["decision"]: it["why"] for it in lines if it["event"] == "OptimizationDecided"}
    assert said["alone"].startswith(alone)
    assert said["unmarked"].startswith(unmarked)


def test_a_large_log_is_turned_over(project: Any) -> None:
    logs = project.root / ".gocreator/logs"
    for number in range(5):
        project.write(".gocreator/logs/events.jsonl", f"{number}\n" + "x" * 5_000_000)
        assert project("build", "--no-verify").code == 0
    kept = sorted(path.name for path in logs.iterdir())
    assert kept == ["events.1.jsonl", "events.2.jsonl", "events.3.jsonl", "events.jsonl"]
    assert [(logs / name).read_text()[0] for name in kept] == ["4", "3", "2", "{"]


def test_who_stops_reading_does_not_stop_a_build(project: Any) -> None:
    building = project.start("build", "--no-verify", "--json")
    assert building.stdout.readline()
    building.stdout.close()
    assert building.wait(60) == 0, building.stderr.read()
    building.stderr.close()
    assert _report(project)["exit_code"] == 0
    assert project("check").code == 0
