"""Reviews of what models wrote: by another provider than the coder's, on an emulator of both."""

import json
import shutil
import threading
from collections.abc import Callable
from typing import Any

import pytest

from tests.emulator.faults import Hang, Spoil, Status
from tests.emulator.server import Emulator

SERVICE = "internal/service/order.go"
WRITTEN = {f"internal/service/{name}.go" for name in ("customer", "order", "product")}
ORIGINS = "generation: {origin: template, origins: {service: llm}}\n"
CONFIG = f"llm: {{provider: anthropic}}\n{ORIGINS}roles: {{reviewer: openai}}\nreview: {{enabled: true}}\n"
ONE_BY_ONE = "optimization: {batching: {enabled: false}, prompt_caching: {enabled: false}}\n"
ERROR = {"severity": "error", "line": 12, "what": "the error is dropped", "why": "nobody learns of it"}
WARNING = {"severity": "warning", "line": 0, "what": "the lock is held long", "why": "others wait"}


def _is_review(call: Any) -> bool:
    return any(path.endswith(".review") for path in call.wanted)


def _is_repair(call: Any) -> bool:
    return "You repair one file" in json.dumps(call.body)


def _reviews(emulator: Emulator) -> list[str]:
    return [path.removesuffix(".review") for call in emulator.calls if _is_review(call) for path in call.wanted]


def _report(project: Any) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((project.root / ".gocreator/reports/latest/report.json").read_text())
    return found


def _tree(project: Any) -> dict[str, str]:
    return {path: data.decode() for path, data in project.files("generated").items()}


@pytest.fixture
def say(emulator: Emulator, served: dict[str, str]) -> Callable[..., None]:
    """Give what sets the findings of reviews by path; a list of lists is said in turn."""
    said: dict[str, list[Any]] = {}
    lock = threading.Lock()

    def answer(path: str) -> str | None:
        if not path.endswith(".review"):
            return served.get(path)
        with lock:
            turns = said.get(path.removesuffix(".review"), [])
            return json.dumps(turns.pop(0) if turns else [])

    def setter(path: str, *turns: list[Any]) -> None:
        said[path] = list(turns)

    emulator.settings.source = answer
    return setter


@pytest.fixture
def reviewed(project: Any, say: Callable[..., None]) -> Callable[..., None]:
    project.write(".gocreator.yaml", CONFIG)
    return say


@pytest.mark.usefixtures("say")
def test_nobody_reviews_unless_it_is_wanted(project: Any, emulator: Emulator) -> None:
    project.write(".gocreator.yaml", CONFIG.replace("true", "false"))
    assert project("build", "--no-verify").code == 0
    assert _reviews(emulator) == []


def test_each_file_is_reviewed_once_with_the_contracts_that_it_uses(
    project: Any, emulator: Emulator, served: dict[str, str], reviewed: Callable[..., None]
) -> None:
    reviewed(SERVICE, [WARNING])
    built = project("build", "--no-verify")
    assert built.code == 0, built.err
    assert sorted(_reviews(emulator)) == sorted(WRITTEN)
    assert _tree(project) == served
    (call,) = (call for call in emulator.calls if call.wanted == (f"{SERVICE}.review",))
    assert call.path.startswith("/v1/")
    assert "anthropic-version" not in call.headers
    said = json.dumps(call.body)
    assert "the error of Close is dropped" in said  # how to answer
    assert "   1 package service" in said
    assert "type OrderStore interface" in said
    assert "entity:Order" not in said
    assert f"{SERVICE}:0: warning: the lock is held long (others wait)" in built.err
    assert "reviewed 3 (1 finding, 3 of the calls" in built.out
    found = {it["path"]: it["findings"] for it in _report(project)["reviews"]}
    assert found == {path: [WARNING] if path == SERVICE else [] for path in WRITTEN}
    count = len(emulator.calls)
    for place in ((), ("generated",), ("generated", ".gocreator/generated")):
        for name in place:
            shutil.rmtree(project.root / name)
        assert project("build", "--no-verify").code == 0
    assert len(emulator.calls) == count


def test_what_is_serious_is_repaired_once_and_reviewed_again(
    project: Any, emulator: Emulator, served: dict[str, str], reviewed: Callable[..., None]
) -> None:
    reviewed(SERVICE, [ERROR, WARNING], [WARNING])

    def change(draft: Any) -> None:
        draft.block(SERVICE).source += "\n// Mended.\n"

    emulator.on(Spoil(change), when=_is_repair)
    built = project("build", "--no-verify")
    assert built.code == 0, built.err
    (repair,) = (call for call in emulator.calls if _is_repair(call))
    assert repair.wanted == (SERVICE,)
    assert "anthropic-version" in repair.headers
    assert "review: line 12: the error is dropped (nobody learns of it)" in json.dumps(repair.body)
    assert "the lock is held long" not in json.dumps(repair.body)
    assert _tree(project)[SERVICE] == served[SERVICE] + "\n// Mended.\n"
    assert _reviews(emulator).count(SERVICE) == 2
    (told,) = _report(project)["repairs"]
    assert (told["path"], told["fixed"], told["calls"]) == (SERVICE, True, 1)
    count = len(emulator.calls)
    assert "built 0" in project("build", "--no-verify").out
    assert project("check").code == 0
    shutil.rmtree(project.root / "generated")
    assert project("build", "--no-verify").code == 0
    assert "// Mended." in _tree(project)[SERVICE]
    assert len(emulator.calls) == count


def test_what_stays_serious_is_reported_and_repaired_no_more(
    project: Any, emulator: Emulator, served: dict[str, str], reviewed: Callable[..., None]
) -> None:
    reviewed(SERVICE, [ERROR], [ERROR], [ERROR])

    def change(draft: Any) -> None:
        draft.block(SERVICE).source += "\n// Mended.\n"

    emulator.on(Spoil(change), when=_is_repair, times=None)
    assert project("build", "--no-verify").code == 0
    assert sum(map(_is_repair, emulator.calls)) == 1
    assert [it["fixed"] for it in _report(project)["repairs"]] == [False]
    assert SERVICE in served


def test_a_repair_that_is_not_accepted_leaves_the_file(
    project: Any, emulator: Emulator, served: dict[str, str], reviewed: Callable[..., None]
) -> None:
    reviewed(SERVICE, [ERROR])

    def spoil(draft: Any) -> None:
        draft.block(SERVICE).source = "package service\n"

    emulator.on(Spoil(spoil), when=_is_repair, times=None)
    built = project("build", "--no-verify")
    assert built.code == 0
    assert f"broken   {SERVICE}  (" in built.err
    assert _tree(project) == served


@pytest.mark.usefixtures("reviewed")
def test_both_providers_are_busy_at_once(project: Any, emulator: Emulator) -> None:
    project.write(".gocreator.yaml", CONFIG + ONE_BY_ONE)
    answer = threading.Event()
    emulator.on(Hang(until=answer), when=_is_review, times=None)
    emulator.on(Hang(until=answer), skip=2, times=None)
    running = project.start("build", "--no-verify", "-n", "2")
    try:
        emulator.records.wait(in_flight=2, calls=3, timeout=30)
        last = emulator.calls[-2:]
    finally:
        answer.set()
        running.communicate(timeout=60)
    assert sorted(map(_is_review, last)) == [False, True]
    assert running.returncode == 0


def test_an_answer_that_is_no_review_is_asked_for_again(
    project: Any, emulator: Emulator, reviewed: Callable[..., None]
) -> None:
    reviewed(SERVICE, [{"severity": "fatal", "line": -1, "what": ""}], [WARNING])
    assert project("build", "--no-verify").code == 0
    assert _reviews(emulator).count(SERVICE) == 2
    assert any("0.severity" in json.dumps(call.body) for call in emulator.calls)
    assert [it["findings"] for it in _report(project)["reviews"] if it["path"] == SERVICE] == [[WARNING]]


@pytest.mark.usefixtures("reviewed")
def test_a_review_that_fails_is_said_and_made_up_for(project: Any, emulator: Emulator, served: dict[str, str]) -> None:
    emulator.on(Status(401), when=_is_review, times=3)
    built = project("build", "--no-verify")
    assert built.code == 0
    assert f"warning: {SERVICE} was not reviewed: " in built.err
    assert "not reviewed 3" in built.out
    assert _tree(project) == served
    again = project("build", "--no-verify")
    assert again.code == 0
    assert "reviewed 3 (0 findings" in again.out
    count = len(emulator.calls)
    assert project("build", "--no-verify").code == 0
    assert len(emulator.calls) == count


def test_a_build_that_goes_on_reports_the_reviews_of_its_first_part(
    project: Any, emulator: Emulator, reviewed: Callable[..., None]
) -> None:
    reviewed(SERVICE, [WARNING])
    project.write("generated/README.md", "mine\n")
    project.edit("fcs.yaml", "name: shop", "name: shop\ndescription: It sells.")
    (project.root / "generated/go.mod").mkdir()  # so that the build fails
    assert project("build", "--no-verify").code == 1
    (project.root / "generated/go.mod").rmdir()
    assert project("build", "--no-verify", "--resume").code == 0
    found = {it["path"]: it["findings"] for it in _report(project)["reviews"]}
    assert found[SERVICE] == [WARNING]
    assert found.keys() == WRITTEN
    assert sorted(_reviews(emulator)) == sorted(WRITTEN)


@pytest.mark.usefixtures("say")
def test_what_was_written_before_is_reviewed_when_that_is_wanted(
    project: Any, emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.write(".gocreator.yaml", CONFIG.replace("true", "false"))
    assert project("build", "--no-verify").code == 0
    project.edit("generated/internal/service/product.go", "package service", "// Mine.\n\npackage service")
    project.write(".gocreator.yaml", CONFIG)
    shutil.copytree(project.root / ".gocreator/store", project.root / "kept")
    shutil.rmtree(project.root / ".gocreator/store")
    assert project("build", "--no-verify").code == 0
    assert _reviews(emulator) == []  # a colleague who pulled the files did not pay for them
    shutil.rmtree(project.root / ".gocreator/store", ignore_errors=True)
    (project.root / "kept").rename(project.root / ".gocreator/store")
    monkeypatch.delenv("OPENAI_API_KEY")
    refused = project("build", "--no-verify", "--log-level", "debug")
    assert "there is no key for openai: nothing is reviewed" in refused.err
    monkeypatch.setenv("OPENAI_API_KEY", "k")
    assert project("build", "--no-verify").code == 0
    assert sorted(_reviews(emulator)) == sorted(WRITTEN - {"internal/service/product.go"})


@pytest.mark.usefixtures("reviewed")
def test_a_dry_run_shows_reviews_and_a_build_asks_about_them(
    project: Any, emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GOCREATOR_YES")
    document = json.loads(project("list", "--dry-run", "--json").out)
    planned = [(call["purpose"], call["provider"]) for call in document["calls"]]
    assert planned.count(("review", "openai")) == 3
    assert document["totals"]["calls"] == len(planned)
    assert f"review   {SERVICE}: about" in project("build", "--dry-run").out
    frozen = project("build", "--no-verify", "--frozen")
    assert frozen.code == 4
    assert "3 files would need one" in frozen.err
    asked = project("build", "--no-verify")
    assert asked.code == 4
    assert "of openai gpt-6.1-terra" in asked.err
    assert emulator.calls == []
    monkeypatch.setenv("GOCREATOR_YES", "1")
    assert project("build", "--no-verify").code == 0
    assert len(emulator.calls) == len(planned)
    made = [call.bill.total for call in emulator.calls if _is_review(call) and call.bill]
    foreseen = sum(it["estimated"]["input_tokens"] for it in document["calls"] if it["purpose"] == "review")
    assert sum(made) == pytest.approx(foreseen, rel=0.35)
    again = json.loads(project("list", "--dry-run", "--json").out)
    assert again["calls"] == []
