"""The calls that a dry run shows are those that a build makes, and what it says of the cache is what is billed."""

import json
import os
import shutil
from functools import reduce
from operator import add
from pathlib import Path
from typing import Any

import pytest

from gocreator.config.load import load_settings
from gocreator.engine.callplan import CallPlan, plan_calls, wanted_of_models
from gocreator.engine.models import models_of
from gocreator.engine.session import Session, request_of
from gocreator.fcs.elements import elements
from gocreator.fcs.load import load_fcs
from gocreator.prompt.cost import Billed
from gocreator.store.artifacts import NoStore
from tests.benchmarks.specifications import specification
from tests.emulator.plugin import serve
from tests.emulator.server import Emulator
from tests.emulator.tokens import count

ROOT = Path(__file__).parents[2]
SPECIFICATIONS = {
    "chinook": ROOT / "tests/data/chinook.fcs.json",
    "shop": ROOT / "examples/shop/fcs.yaml",
    "blog": ROOT / "examples/blog/fcs.yaml",
}
MODELS = {
    "claude-sonnet-5-5": "anthropic",
    "claude-haiku-4-5": "anthropic",
    "gpt-6.1-sol": "openai",
    "gpt-5.4": "openai",
}


@pytest.fixture
def specified(project: Any, emulator: Emulator, served: dict[str, str]) -> Any:
    """Give a function that takes a specification for the project and lets the emulator answer with its files."""
    assert served

    def take(name: str) -> Any:
        (project.root / "fcs.yaml").unlink()
        source = SPECIFICATIONS[name]
        shutil.copy(source, project.root / f"fcs{source.suffix}")
        serve(project, emulator)
        return project

    return take


def planned(project: Any, flags: dict[str, Any]) -> CallPlan:
    """Plan as a build would, counting as the emulator does."""
    settings = load_settings(project.root, config_file=None, flags=flags, env=os.environ, home=None)
    session = Session(request_of(settings, project.root, None))
    return plan_calls(
        session.texts,
        models_of(settings, session.workspace),
        wanted_of_models(session.findings()),
        NoStore(),
        workers=settings.tasks,
        count=lambda part: count(part.text),
    )


@pytest.mark.sample(2)
@pytest.mark.parametrize("workers", [1, 4, 12])
@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("name", SPECIFICATIONS)
def test_what_is_planned_is_made_and_billed(
    specified: Any, emulator: Emulator, name: str, model: str, workers: int
) -> None:
    project = specified(name)
    asked = {"llm.provider": MODELS[model], "llm.model": model}
    plan = planned(project, asked | {"optimization.parallelization.max_concurrent_tasks": workers})
    shown = json.loads(
        project("list", "--dry-run", "--json", "-n", str(workers), "--provider", MODELS[model], "--model", model).out
    )
    assert emulator.calls == []
    built = project("build", "--no-verify", "-n", str(workers), "--provider", MODELS[model], "--model", model)
    assert built.code == 0, built.err
    made = sorted(call.wanted for call in emulator.records.generations)
    assert made == sorted(tuple(call["targets"]) for call in shown["calls"])
    assert made == sorted(tuple(target.path for target in call.targets) for call in plan.calls)
    bills = [call.bill for call in emulator.records.generations if call.bill]
    billed = reduce(add, (Billed(it.plain, it.read, it.short, it.long) for it in bills))
    foreseen = reduce(add, (call.billed for call in plan.calls))
    if model == "gpt-5.4":
        # Blocks are joined there, and what is cached unasked ends at intervals, wherever texts that differ begin.
        assert billed.total == pytest.approx(foreseen.total, rel=0.001)
        assert billed.cache_read == pytest.approx(foreseen.cache_read, rel=0.02)
    else:
        assert billed == foreseen


PATH = "internal/service/order.go"


@pytest.mark.sample(2)
@pytest.mark.parametrize(
    "flags", [("--refresh",), ("--refresh", PATH), ("--force",), ("--force", "--refresh")], ids=" ".join
)
def test_a_dry_run_shows_the_calls_that_the_same_flags_make(
    project: Any, emulator: Emulator, served: dict[str, str], flags: tuple[str, ...]
) -> None:
    asking = ("build", "--no-verify", "--provider", "anthropic")
    assert project(*asking).code == 0
    path = project.root / "generated" / PATH
    if "--force" in flags:
        path.write_text(f"{served[PATH]}\n// Mine.\n")
    elif PATH not in flags:
        path.unlink()
    before = len(emulator.records.generations)
    shown = project(*asking, "--dry-run", *flags).out
    assert len(emulator.records.generations) == before
    assert project(*asking, *flags).code == 0
    made = [", ".join(call.wanted) for call in emulator.records.generations[before:]]
    assert made == ([PATH] if "--refresh" in flags else [])
    assert [line.partition(":")[0].split()[1] for line in shown.splitlines() if line.startswith("ask ")] == made
    assert ["build", PATH] in [line.split()[:2] for line in shown.splitlines()]


@pytest.mark.parametrize("workers", [1, 4])
def test_what_one_file_needs_is_not_shown_to_others_of_its_element(project: Any, workers: int) -> None:
    """The README needs most of a specification, what lies beside it next to nothing."""
    project.write("fcs.yaml", specification(12))
    plan = planned(
        project,
        {
            "llm.provider": "anthropic",
            "optimization.templates.enabled": False,
            "optimization.parallelization.max_concurrent_tasks": workers,
        },
    )
    cut = elements(load_fcs(project.root / "fcs.yaml").fcs)
    whole = sum(len(element.json) for element in cut.values())
    large = []
    for call in plan.calls:
        lines = [line for part in call.prompt.parts for line in part.text.splitlines()]
        shown = [line for line in lines if line.partition(" {")[0].partition("#")[0] in cut]
        assert shown
        if sum(map(len, shown)) > 0.4 * whole:
            large.append(call.targets)
    assert large, "the README's own call"
    warned = [warning.partition(" needs ")[0] for warning in plan.warnings if " needs " in warning]
    assert sorted(warned) == sorted(it.path for (it,) in large)


@pytest.mark.parametrize(("count", "workers"), [(1, 1), (3, 4), (10, 1), (10, 4)])
def test_files_share_a_call_only_if_one_answer_has_room_for_them(project: Any, count: int, workers: int) -> None:
    """Whether they are of one kind, or of several because there are few of them."""
    project.write("fcs.yaml", specification(count))
    longest = 6_000
    project.write(".gocreator.yaml", f"llm: {{provider: anthropic, max_tokens: {longest}}}\n")
    shown = json.loads(project("list", "--dry-run", "--json", "-n", str(workers)).out)["calls"]
    several = [call["estimated"]["output_tokens"] for call in shown if len(call["targets"]) > 1]
    assert several
    assert max(several) <= 0.8 * longest


def test_what_no_answer_has_room_for_is_asked_for_in_several_calls(project: Any) -> None:
    """No setting bounds answers, but models do."""
    project.write("fcs.yaml", wide(12, attributes=100))
    shown = json.loads(project("list", "--dry-run", "--json", "--provider", "anthropic").out)["calls"]
    assert shown
    assert max(call["estimated"]["output_tokens"] for call in shown if len(call["targets"]) > 1) <= 0.8 * 64_000


def wide(entities: int, *, attributes: int) -> str:
    """Return a specification of entities that have many attributes."""
    one = "".join(f"      field_{number}: {{type: string, max_length: 100}}\n" for number in range(attributes))
    many = "".join(f"  - name: Wide{number}\n    attributes:\n{one}" for number in range(entities))
    return f"name: wide\nmodule: example.com/wide\nentities:\n{many}"
