"""Money under control: nothing dear without a question, no limit exceeded, and what was paid for is kept."""

import contextlib
import json
import os
import subprocess
import sys
import threading
from typing import Any

import pytest

from tests.emulator.faults import Cut, Status
from tests.emulator.prices import PRICES
from tests.emulator.server import Emulator

UNPRICED = "claude-mythos-5-1"
ONE_BY_ONE = "optimization: {batching: {enabled: false}}\n"
ASK = ("build", "--no-verify", "--provider", "anthropic")


@pytest.fixture
def unasked(monkeypatch: pytest.MonkeyPatch, served: dict[str, str]) -> dict[str, str]:
    """Give what models answer, with nobody who has said yes beforehand."""
    monkeypatch.delenv("GOCREATOR_YES")
    return served


def tokens(emulator: Emulator) -> int:
    return sum(call.bill.total + call.output for call in emulator.records.generations if call.bill)


def dollars(emulator: Emulator) -> float:
    return sum(PRICES[call.model].cost(call.bill, call.output) for call in emulator.records.generations if call.bill)


@pytest.mark.usefixtures("unasked")
def test_without_a_terminal_a_dear_build_says_what_it_takes_and_how_to_let_it(project: Any, emulator: Emulator) -> None:
    total = json.loads(project("list", "--dry-run", "--json", *ASK[2:]).out)["totals"]
    expected = sum(total[it] for it in total if it.endswith("_tokens"))
    before = project.files()
    refused = project(*ASK)
    assert refused.code == 4
    assert f"this build takes about {expected:,} tokens: {total['calls']} calls of anthropic claude-" in refused.err
    assert "limits.confirm_tokens is 10,000" in refused.err
    assert "--yes" in refused.err
    assert "GOCREATOR_YES" in refused.err
    assert "generated" not in {path.split("/")[0] for path in project.files()}
    assert {path: it for path, it in project.files().items() if not path.startswith(".gocreator/")} == before
    assert emulator.calls == []


@pytest.mark.usefixtures("unasked")
@pytest.mark.parametrize("way", ["flag", "environment", "setting", "threshold"])
def test_who_said_yes_is_not_asked(project: Any, monkeypatch: pytest.MonkeyPatch, way: str) -> None:
    if way == "environment":
        monkeypatch.setenv("GOCREATOR_YES", "1")
    text = {"setting": "yes: true\n", "threshold": "limits: {confirm_tokens: 1000000}\n"}.get(way)
    if text:
        project.write(".gocreator.yaml", text)
    assert project(*ASK, *(["--yes"] if way == "flag" else [])).code == 0


@pytest.mark.usefixtures("unasked")
def test_what_is_cheap_or_known_asks_nothing(project: Any, emulator: Emulator) -> None:
    project.write(".gocreator.yaml", "limits: {confirm_tokens: 0}\n")
    assert project("build", "--no-verify", "--origin", "template").code == 0
    assert project(*ASK, "--yes").code == 0
    count = len(emulator.calls)
    assert project(*ASK).code == 0
    (project.root / "generated/internal/service/order.go").unlink()
    assert project(*ASK).code == 0  # the store has it
    assert len(emulator.calls) == count


def _read_on(terminal: int) -> None:
    """Read what a terminal is sent, until nobody has it open any more."""
    with contextlib.suppress(OSError):
        while os.read(terminal, 1000):
            pass


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="there are no terminals of POSIX here")
@pytest.mark.usefixtures("unasked")
@pytest.mark.parametrize(("answer", "code"), [("y", 0), ("n", 4), ("", 4)])
def test_on_a_terminal_a_question_is_asked(project: Any, emulator: Emulator, answer: str, code: int) -> None:
    mine, theirs = os.openpty()
    command = [sys.executable, "-m", "gocreator", *ASK]
    child = subprocess.Popen(command, cwd=project.root, stdin=theirs, stdout=subprocess.PIPE, stderr=theirs)
    os.close(theirs)
    said = b""
    while b"Go on? [y/N]" not in said:
        said += os.read(mine, 1000)
    assert b"this build takes about" in said
    assert emulator.calls == []
    os.write(mine, f"{answer}\n".encode())
    reading = threading.Thread(target=_read_on, args=(mine,))  # as a terminal does: else the build waits for it
    reading.start()
    child.communicate(timeout=60)
    reading.join()
    os.close(mine)
    assert child.returncode == code
    assert bool(emulator.calls) == (code == 0)


@pytest.mark.usefixtures("served")
@pytest.mark.parametrize("flag", ["--max-tokens", "--max-cost"])
def test_a_limit_keeps_what_was_finished_and_says_what_it_takes_to_go_on(
    project: Any, emulator: Emulator, flag: str
) -> None:
    project.write(".gocreator.yaml", ONE_BY_ONE)
    limit = "50000" if flag == "--max-tokens" else "0.18"
    stopped = project(*ASK, "-n", "2", flag, limit)
    assert stopped.code == 4
    assert emulator.calls
    assert (tokens(emulator) if flag == "--max-tokens" else dollars(emulator)) <= float(limit)
    assert "a limit stopped calls: to go on it takes about " in stopped.err
    assert "limits.max_tokens is 50,000" in stopped.err or "limits.max_cost_usd is $0.18:" in stopped.err
    asked = [path for call in emulator.calls for path in call.wanted]
    assert 1 < len(asked) < 9
    assert {*asked} < {*project.files("generated")}
    went_on = project(*ASK)
    assert went_on.code == 0, went_on.err
    again = [path for call in emulator.calls for path in call.wanted]
    assert len(again) == len(set(again))


@pytest.mark.usefixtures("served")
def test_an_unknown_price_stops_a_build_that_may_cost_so_much(project: Any, emulator: Emulator) -> None:
    refused = project(*ASK, "--model", UNPRICED, "--max-cost", "5")
    assert refused.code == 4
    assert f"nobody knows what {UNPRICED} costs" in refused.err
    assert emulator.calls == []
    shown = project("list", "--dry-run", "--provider", "anthropic", "--model", UNPRICED)
    assert "an unknown sum" in shown.out
    listed = json.loads(project("list", "--dry-run", "--json", *ASK[2:], "--model", UNPRICED).out)
    assert listed["totals"]["cost_usd"] is None
    assert project(*ASK, "--model", UNPRICED, "--max-tokens", "1000000").code == 0


@pytest.mark.usefixtures("served")
def test_frozen_asks_nobody_and_lists_what_would_be_asked(project: Any, emulator: Emulator) -> None:
    refused = project(*ASK, "--frozen")
    assert refused.code == 4
    assert "with --frozen no model is asked, and 9 files would need one:\n  internal/" in refused.err
    assert emulator.calls == []
    assert not (project.root / "generated").exists()
    assert project(*ASK).code == 0
    count = len(emulator.calls)
    assert project(*ASK, "--frozen").code == 0
    (project.root / "generated/internal/service/order.go").unlink()
    assert project(*ASK, "--frozen").code == 0
    project.edit("fcs.yaml", "title: string", "title: text")
    assert project(*ASK, "--frozen").code == 4
    assert len(emulator.calls) == count


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        (("--max-tokens", "0"), "--max-tokens"),
        (("--max-cost", "0"), "--max-cost"),
        (("--max-cost", "much"), "--max-cost"),
    ],
)
def test_limits_that_make_no_sense_are_refused(project: Any, flags: tuple[str, ...], said: str) -> None:
    refused = project("build", *flags)
    assert refused.code == 2
    assert said in refused.err


@pytest.mark.parametrize("text", ["limits: {max_tokens: 0}", "limits: {max_cost_usd: -1}", "limits: {max_token: 1}"])
def test_settings_of_limits_are_checked(project: Any, text: str) -> None:
    project.write(".gocreator.yaml", f"{text}\n")
    refused = project("build")
    assert refused.code == 2
    assert ".gocreator.yaml:1:" in refused.err


@pytest.mark.usefixtures("served")
def test_the_end_says_what_the_calls_cost(project: Any, emulator: Emulator) -> None:
    emulator.on(Status(529), generation=1)
    built = project(*ASK)
    assert built.code == 0
    cost = dollars(emulator)
    assert f" out, ${cost:.3f})" in built.out
    (report,) = (project.root / ".gocreator/reports").rglob("report.json")
    assert json.loads(report.read_text())["metrics"]["estimated_cost_usd"] == pytest.approx(cost, abs=1e-6)
    assert "calls" not in project("build", "--no-verify").out


@pytest.mark.usefixtures("served")
def test_what_broke_off_is_not_said_to_have_cost_nothing(project: Any, emulator: Emulator) -> None:
    emulator.on(Cut(300))
    built = project(*ASK)
    assert built.code == 0
    assert "at least $" in built.out


def holding(project: Any, tokens: int) -> None:
    project.write(".gocreator.yaml", f"llm: {{prices: {{claude-sonnet-5-5: {{context_window: {tokens}}}}}}}\n")


@pytest.mark.usefixtures("served")
def test_a_small_window_gets_calls_for_fewer_files_and_no_call_that_it_cannot_hold(
    project: Any, emulator: Emulator
) -> None:
    def takes() -> list[int]:
        calls = json.loads(project("list", "--dry-run", "--json", *ASK[2:]).out)["calls"]
        return [sum(it for name, it in call["estimated"].items() if name.endswith("_tokens")) for call in calls]

    usual = takes()
    holding(project, 12_000)
    small = takes()
    assert len(small) > len(usual)
    assert max(small) <= 12_000 < max(usual)
    assert "hardly" not in project(*ASK).err
    assert len(emulator.calls) == len(small)
    assert all(call.body["max_tokens"] < 12_000 for call in emulator.calls)


@pytest.mark.usefixtures("served")
def test_what_a_model_cannot_hold_is_warned_of_and_not_sent(project: Any, emulator: Emulator) -> None:
    holding(project, 5000)
    planned = project("list", "--dry-run", *ASK[2:])
    assert "of the 5,000 tokens that claude-sonnet-5-5 holds" in planned.err
    refused = project(*ASK)
    assert refused.code == 4
    assert "and claude-sonnet-5-5 holds 5,000" in refused.err
    assert emulator.calls == []


@pytest.mark.usefixtures("served", "emulator")
@pytest.mark.parametrize("command", [("list", "--dry-run"), ("build", "--dry-run")])
def test_a_dry_run_ends_as_a_frozen_build_does(project: Any, command: tuple[str, ...]) -> None:
    refused = project(*command, "--json", *ASK[2:], "--frozen")
    assert refused.code == 4
    assert json.loads(refused.out)["totals"]["calls"] > 0
    assert "with --frozen no model is asked, and 9 files would need one" in refused.err
    assert project(*ASK).code == 0
    assert project(*command, *ASK[2:], "--frozen").code == 0


@pytest.mark.usefixtures("served")
def test_a_dry_run_tells_of_a_missing_key(project: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ANTHROPIC_API_KEY")
    assert "no key for anthropic, so a build would ask nobody" in project("list", "--dry-run", *ASK[2:]).err


@pytest.mark.usefixtures("served")
def test_a_dry_run_says_for_each_call_what_it_takes_and_in_all(project: Any) -> None:
    told = json.loads(project("build", "--dry-run", "--json", *ASK[2:]).out)
    kinds = ("input_tokens", "cache_read_tokens", "cache_write_tokens", "output_tokens", "cost_usd")
    for kind in kinds:
        parts = [call["estimated"][kind] for call in told["calls"]]
        assert sum(parts) == pytest.approx(told["totals"][kind], abs=1e-5)
        assert sum(phase[kind] for phase in told["phases"]) == pytest.approx(told["totals"][kind], abs=1e-5)
    assert told["totals"]["calls"] == len(told["calls"]) > 1
    by_id = {call["id"]: call["targets"] for call in told["calls"]}
    asked = [target for target in told["targets"] if target["call"]]
    assert sorted(target["path"] for target in asked) == sorted(path for paths in by_id.values() for path in paths)
    assert all(target["path"] in by_id[target["call"]] for target in asked)
    assert {"path", "rule", "phase", "origin", "status", "reasons", "call"} <= set(told["targets"][0])
    shown = project("build", "--dry-run", *ASK[2:]).out
    assert f"about ${told['totals']['cost_usd']:.3f} and " in shown
    assert "(prices: table 2026-" in shown
