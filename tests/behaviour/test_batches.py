"""Several files in one call: what comes stands, and what does not is asked for alone."""

import shutil
from typing import Any

import pytest

from gocreator.fcs.elements import elements
from gocreator.fcs.load import load_fcs
from tests.benchmarks.specifications import specification
from tests.emulator import damages
from tests.emulator.faults import Cut, Status, Truncate
from tests.emulator.plugin import serve
from tests.emulator.records import Call
from tests.emulator.server import Emulator

SERVICES = tuple(f"internal/service/{name}.go" for name in ("customer", "order", "product"))
PATH = "internal/service/order.go"
QUICK = "retry: {initial_backoff: 1ms, max_backoff: 2ms}\n"
PROVIDERS = ("anthropic", "openai")


def tree(project: Any) -> dict[str, str]:
    return {path: data.decode() for path, data in project.files("generated").items()}


def asked(emulator: Emulator) -> list[tuple[str, ...]]:
    return [call.wanted for call in emulator.records.generations]


def texts(call: Call) -> list[str]:
    """Return the texts of a request to Anthropic, in order."""
    said = [*call.body["system"], *(part for message in call.body["messages"] for part in message["content"])]
    return [part["text"] for part in said]


@pytest.mark.sample(3)
@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize(
    "damage",
    [damages.broken(PATH), damages.without(PATH), damages.unclosed(PATH), damages.wrong_package(PATH)],
    ids=["refused", "missing", "unclosed", "wrong package"],
)
def test_what_is_wrong_is_asked_for_alone_and_the_others_stand(
    project: Any, emulator: Emulator, served: dict[str, str], provider: str, damage: Any
) -> None:
    emulator.on(damage, path=PATH)
    built = project("build", "rule:service", "--no-verify", "--provider", provider)
    assert built.code == 0, built.err
    first, *again = asked(emulator)
    assert sorted(first) == sorted(SERVICES)
    # A block that is not closed swallows the one behind it.
    assert (PATH,) in again
    assert len(again) <= 2
    assert all(len(paths) == 1 for paths in again)
    assert {path: tree(project)[path] for path in SERVICES} == {path: served[path] for path in SERVICES}


def test_a_file_that_was_refused_is_told_why_and_shown_its_contract(
    project: Any, emulator: Emulator, served: dict[str, str]
) -> None:
    emulator.on(damages.broken(PATH), path=PATH)
    assert project("build", "rule:service", "--no-verify", "--provider", "anthropic").code == 0
    first, again = emulator.records.generations
    assert again.body["system"] == first.body["system"]
    assert again.body["messages"][0]["content"][:-1] == first.body["messages"][0]["content"][:-1]
    _, said, why = again.body["messages"]
    assert said["role"] == "assistant"
    assert said["content"][0]["text"].startswith(f'<file path="{PATH}">\n')
    assert "product.go" not in said["content"][0]["text"]
    assert "The file was not accepted:" in why["content"][0]["text"]
    assert "func (s *OrderService) Create(" in why["content"][0]["text"]
    assert served


@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize("cut", ["connection", "limit"])
def test_an_answer_that_breaks_off_keeps_the_files_that_were_whole(
    project: Any, emulator: Emulator, served: dict[str, str], provider: str, cut: str
) -> None:
    project.write(".gocreator.yaml", f"{QUICK}generation: {{retries: 0}}\n")
    size = len(served[SERVICES[0]].encode())
    fault = Cut(2 * size) if cut == "connection" else Truncate(size * 3 // 8)
    emulator.on(fault, path=PATH)
    built = project("build", "rule:service", "--no-verify", "--provider", provider)
    assert built.code == 0, built.err
    first, *again = asked(emulator)
    assert len(first) == 3
    assert 1 <= len(again) <= 2, "what was whole is not asked for again"
    assert sorted(again) == sorted((path,) for path in first[3 - len(again) :])
    assert {path: tree(project)[path] for path in SERVICES} == {path: served[path] for path in SERVICES}


def test_a_leader_that_fails_hands_over(project: Any, emulator: Emulator, served: dict[str, str]) -> None:
    project.write(".gocreator.yaml", QUICK)
    emulator.on(Status(529), times=2)
    assert project("build", "--no-verify", "-n", "4", "--provider", "anthropic").code == 0
    bills = [call.bill for call in emulator.records.generations if call.bill]
    (head,) = {bill.read for bill in bills if bill.read and bill.short} or {0}
    assert sum(bill.short for bill in bills) <= max(bill.total for bill in bills) + head
    assert tree(project) == served


def test_with_which_others_a_file_came_is_in_no_key(project: Any, emulator: Emulator, served: dict[str, str]) -> None:
    assert project("build", PATH, "--no-verify", "--provider", "anthropic").code == 0
    assert project("build", "--no-verify", "-n", "1", "--provider", "anthropic").code == 0
    before = len(emulator.calls)
    assert not [paths for paths in asked(emulator)[1:] if PATH in paths]
    for jobs, size in ((2, 2), (12, 1)):
        shutil.rmtree(project.root / "generated")
        shutil.rmtree(project.root / ".gocreator/generated")
        (project.root / "gocreator.lock").unlink()
        project.write(".gocreator.yaml", f"optimization: {{batching: {{max_batch_size: {size}}}}}\n")
        assert project("build", "--no-verify", "-n", str(jobs), "--provider", "anthropic").code == 0
        assert tree(project) == served
    assert len(emulator.calls) == before


def test_equal_input_gives_equal_requests(project: Any, emulator: Emulator, served: dict[str, str]) -> None:
    """Every byte of the bodies, in processes that hash differently."""
    runs = []
    for seed in ("1", "2"):
        before = len(emulator.calls)
        running = project.start("build", "--no-verify", "--provider", "anthropic", PYTHONHASHSEED=seed)
        _, err = running.communicate(timeout=60)
        assert running.returncode == 0, err
        bodies = [call.raw.partition(b"\r\n\r\n")[2] for call in emulator.calls[before:]]
        runs.append(sorted(bodies))
        for place in ("generated", ".gocreator"):
            shutil.rmtree(project.root / place)
        (project.root / "gocreator.lock").unlink()
    assert len(runs[0]) == 3
    assert runs[0] == runs[1]
    assert served


def test_ten_models_take_two_or_three_calls(project: Any, emulator: Emulator, served: dict[str, str]) -> None:
    project.write("fcs.yaml", specification(10))
    serve(project, emulator)
    assert project("build", "rule:model", "--no-verify", "--provider", "anthropic").code == 0
    assert sorted(len(paths) for paths in asked(emulator)) in ([5, 5], [3, 3, 4])
    assert served


def test_a_change_of_one_entity_takes_few_calls(project: Any, emulator: Emulator, served: dict[str, str]) -> None:
    project.write("fcs.yaml", specification(16))
    serve(project, emulator)
    assert project("build", "--no-verify", "--provider", "anthropic").code == 0
    full = len(emulator.calls)
    assert project("build", "--no-verify", "--provider", "anthropic").code == 0
    assert len(emulator.calls) == full
    project.write("fcs.yaml", specification(16, limit=99))
    emulator.settings.source = changed(project)
    assert project("build", "--no-verify", "--provider", "anthropic").code == 0
    assert 1 <= len(emulator.calls) - full <= 5 < full
    assert served


def changed(project: Any) -> dict[str, str]:
    """Return what templates write for the specification as it is now, in another output."""
    project("build", "--no-verify", "--origin", "template", "-o", "other")
    files = {path: data.decode() for path, data in project.files("other").items()}
    shutil.rmtree(project.root / "other")
    return files


def test_no_call_holds_more_of_a_large_specification_than_allowed(
    project: Any, emulator: Emulator, served: dict[str, str]
) -> None:
    project.write("fcs.yaml", specification(20))
    serve(project, emulator)
    cut = elements(load_fcs(project.root / "fcs.yaml").fcs)
    whole = sum(len(element.json) for element in cut.values())
    for percent in (40, 10):
        before = len(emulator.calls)
        project.write(
            ".gocreator.yaml",
            f"optimization: {{context_window: {{max_fcs_percentage: {percent}}}}}\nstore: {{dir: store{percent}}}\n",
        )
        assert project("build", "--no-verify", "--provider", "anthropic").code == 0
        calls = emulator.records.generations[before:]
        assert calls
        for call in calls:
            lines = [line for text in texts(call) for line in text.splitlines()]
            shown = [line for line in lines if line.partition(" {")[0].partition("#")[0] in cut]
            assert shown
            assert sum(map(len, shown)) <= percent / 100 * whole
        shutil.rmtree(project.root / "generated")
        shutil.rmtree(project.root / ".gocreator")
        (project.root / "gocreator.lock").unlink()
    assert served
