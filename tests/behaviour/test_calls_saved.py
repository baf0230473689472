"""What models cost beside a build with every optimisation off: calls, billed input, dollars, as the emulator counts."""

import threading
from typing import Any

import pytest

from tests.benchmarks.asking import BASELINE, PROVIDERS
from tests.benchmarks.figures import Spent, saved, spent
from tests.benchmarks.subjects import CHANGED_SHOP, CHINOOK, SHOP, TEN, Subject
from tests.emulator.faults import Hang
from tests.emulator.journal import Entry
from tests.emulator.plugin import serve
from tests.emulator.server import Emulator

both = pytest.mark.parametrize("provider", PROVIDERS)


def _write(project: Any, emulator: Emulator, subject: Subject) -> None:
    """Begin a project of a subject, whose templates' files the emulator answers with."""
    (project.root / "fcs.yaml").unlink()
    project.write(subject.file, subject.text)
    serve(project, emulator)


def _build(project: Any, emulator: Emulator, *flags: str) -> Spent:
    before = len(emulator.calls)
    built = project("build", "--no-verify", *flags)
    assert built.code == 0, built.err
    return spent([entry for call in emulator.calls[before:] if (entry := Entry.of(call))])


@pytest.mark.sample(1)
@both
def test_a_build_costs_a_fraction_of_what_it_would(
    project: Any, emulator: Emulator, served: dict[str, str], monkeypatch: pytest.MonkeyPatch, provider: str
) -> None:
    assert served
    _write(project, emulator, CHINOOK)
    settings = project.write(".gocreator.yaml", BASELINE)
    baseline = _build(project, emulator, "--provider", provider)
    settings.unlink()
    monkeypatch.setenv(f"{provider.upper()}_API_KEY", "k2")  # whose cache is empty
    optimised = _build(project, emulator, "--provider", provider, "--refresh", "--output", "optimised")
    # .gitignore is shared with the user, and the OpenAPI document is too long for an answer.
    assert baseline.calls == len(emulator.settings.source) - 2  # type: ignore[arg-type]
    assert baseline.hits == 0
    assert saved(baseline.calls, optimised.calls) >= 75
    assert saved(baseline.billed, optimised.billed) >= 92
    assert saved(baseline.cost, optimised.cost) >= 65
    assert optimised.hits >= 80


@both
def test_ten_models_are_asked_for_in_two_or_three_calls(
    project: Any, emulator: Emulator, served: dict[str, str], provider: str
) -> None:
    assert served
    _write(project, emulator, TEN)
    assert 2 <= _build(project, emulator, "rule:model", "--provider", provider).calls <= 3


@pytest.mark.sample(1)
@both
def test_a_change_of_one_entity_costs_little_and_none_costs_nothing(
    project: Any, emulator: Emulator, served: dict[str, str], provider: str
) -> None:
    assert served
    _write(project, emulator, CHANGED_SHOP)
    changed = emulator.settings.source
    (project.root / CHANGED_SHOP.file).unlink()
    project.write("fcs.yaml", SHOP.text)
    serve(project, emulator)
    full = _build(project, emulator, "--provider", provider)
    assert _build(project, emulator, "--provider", provider).calls == 0
    project.write(CHANGED_SHOP.file, CHANGED_SHOP.text)
    emulator.settings.source = changed
    change = _build(project, emulator, "--provider", provider)
    assert 0 < change.calls <= 5
    assert saved(full.cost, change.cost) >= 85


@pytest.mark.sample(1)
@both
def test_twelve_workers_keep_ten_calls_in_flight_and_more(
    project: Any, emulator: Emulator, served: dict[str, str], provider: str
) -> None:
    assert served
    _write(project, emulator, SHOP)
    enough = threading.Event()
    emulator.on(Hang(1, until=enough), times=None)  # after it has begun: others may wait for that
    running = project.start("build", "--no-verify", "--provider", provider, "-n", "12")
    try:
        emulator.records.wait(calls=10, timeout=30)
        assert emulator.records.most_in_flight >= 10
    finally:
        enough.set()
        _, err = running.communicate(timeout=60)
    assert running.returncode == 0, err
    assert emulator.records.most_in_flight <= 12
