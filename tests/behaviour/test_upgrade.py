"""Files that another model wrote, or one that was told something else: kept, reported, written anew on request."""

import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

import gocreator
from tests.emulator.faults import Status
from tests.emulator.server import Emulator

CUSTOMER, ORDER, PRODUCT = SERVICES = tuple(f"internal/service/{name}.go" for name in ("customer", "order", "product"))
PROMPT_CHANGED = ["the prompt of rule service changed"]
MODEL_CHANGED = ["written by claude-sonnet-5-5, now gpt-6.1-sol is asked"]
SONNET = "{provider: anthropic, model: claude-sonnet-5-5, effort: medium}"
GPT = "{provider: openai, model: gpt-6.1-sol, effort: low}"
PROMPT = Path(__file__).parents[2] / "templates/rules/service/prompt.md.j2"
LATER = " // once more\n"


def _settings(project: Any, *ladder: str) -> None:
    roles = f"llm: {{roles: {{coder: [{', '.join(ladder)}]}}}}\n" if ladder else ""
    project.write(
        ".gocreator.yaml",
        f"{roles}generation: {{origin: template, origins: {{service: llm}}, retries: 0}}\n"
        "retry: {max_attempts: 1}\n"
        "optimization: {batching: {enabled: false}, templates: {template_dir: own}}\n",
    )


def _reword(project: Any, text: str = "Write it well.\n") -> None:
    project.write("own/rules/service/prompt.md.j2", PROMPT.read_text() + text)


def _listed(project: Any) -> dict[str, tuple[str, list[str]]]:
    """Return status and reasons of what models write."""
    document = json.loads(project("list", "--json").out)
    found = {it["path"]: (it["status"], it["reasons"]) for it in document["targets"] if it["origin"] == "model"}
    assert document["counts"].get("outdated", 0) == sum(status == "outdated" for status, _ in found.values())
    return found


def _outdated(project: Any) -> dict[str, list[str]]:
    return {path: reasons for path, (status, reasons) in _listed(project).items() if status == "outdated"}


def _asked(emulator: Emulator) -> list[tuple[str, str]]:
    return [(path, call.body["model"]) for call in emulator.calls for path in call.wanted]


def _entries(project: Any) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((project.root / "gocreator.lock").read_text())
    return {path: entry for path, entry in found["outputs"]["generated"]["targets"].items() if path in SERVICES}


@pytest.fixture
def built(project: Any, emulator: Emulator, served: dict[str, str]) -> Any:
    """A project whose services a model wrote; a later answer differs by a comment."""
    (project.root / "own").mkdir()
    _settings(project, SONNET)
    assert project("build", "--no-verify").code == 0
    emulator.settings.source = served | {path: served[path] + LATER for path in SERVICES}
    emulator.records.calls.clear()
    return project


def test_what_wrote_a_file_is_recorded(built: Any) -> None:
    for entry in _entries(built).values():
        assert (entry["provider"], entry["model"], entry["effort"]) == ("anthropic", "claude-sonnet-5-5", "medium")
        assert len(entry["recipe"]) == 16
    lock = (built.root / "gocreator.lock").read_text()
    assert lock.count('"recipe"') == len(SERVICES), "templates have none"
    assert not _outdated(built)


def test_another_model_makes_files_outdated_and_they_are_kept(built: Any, emulator: Emulator) -> None:
    before = built.files("generated")
    _settings(built, GPT)
    assert _outdated(built) == dict.fromkeys(SERVICES, MODEL_CHANGED)
    ran = built("build", "--no-verify")
    assert ran.code == 0
    assert f"outdated {len(SERVICES)}, " in ran.out
    assert ran.out.endswith("3 files are outdated, and kept: `gocreator build --upgrade` asks for them anew\n")
    assert not emulator.calls
    assert built.files("generated") == before
    assert set(_outdated(built)) == set(SERVICES)


def test_another_effort_makes_files_outdated(built: Any) -> None:
    _settings(built, SONNET.replace("medium", "high"))
    reason = "written by claude-sonnet-5-5 with effort medium, now it is asked with effort high"
    assert _outdated(built) == {path: [reason] for path in SERVICES}


def test_a_flag_that_names_another_model_counts(built: Any) -> None:
    found = built("list", "--provider", "anthropic", "--model", "claude-opus-5-5").out
    assert f"outdated     {ORDER}  written by claude-sonnet-5-5, now claude-opus-5-5 is asked" in found


def test_another_prompt_makes_files_outdated(built: Any) -> None:
    _reword(built)
    assert _outdated(built) == dict.fromkeys(SERVICES, PROMPT_CHANGED)
    assert built("why", ORDER).out == f"{ORDER} is outdated\n  the prompt of rule service changed\n"
    checked = built("check")
    assert checked.code == 0
    assert f"outdated     {ORDER}  the prompt of rule service changed" in checked.out
    assert ", 3 outdated; verify" in checked.out
    document = json.loads(built("check", "--json").out)
    assert document["ok"] is True
    assert document["counts"]["outdated"] == 3
    _reword(built, "")
    assert not _outdated(built)


def test_upgrade_asks_for_what_is_outdated_and_for_nothing_else(
    built: Any, emulator: Emulator, served: dict[str, str]
) -> None:
    _settings(built, GPT)
    planned = json.loads(built("list", "--dry-run", "--upgrade", "--json").out)
    assert sorted(path for call in planned["calls"] for path in call["targets"]) == sorted(SERVICES)
    assert [action["path"] for action in planned["actions"]] == list(SERVICES)
    assert built("build", "--dry-run", "--upgrade").out == built("list", "--dry-run", "--upgrade").out
    assert "would build 3, " in built("list", "--dry-run", "--upgrade").out
    ran = built("build", "--no-verify", "--upgrade")
    assert ran.code == 0, ran.err
    assert sorted(_asked(emulator)) == [(path, "gpt-6.1-sol") for path in SERVICES]
    assert f"built    {ORDER}  (written by claude-sonnet-5-5, now gpt-6.1-sol is asked)" in ran.err
    assert "outdated" not in ran.out
    written = built.files("generated")
    assert {path for path, text in served.items() if written[path].decode() != text} == set(SERVICES)
    assert not _outdated(built)
    assert {entry["model"] for entry in _entries(built).values()} == {"gpt-6.1-sol"}
    assert not (built.root / ".gocreator/backup").exists(), "what a model wrote is no edit"


def test_upgrade_is_for_the_targets_that_are_named(built: Any, emulator: Emulator) -> None:
    _reword(built)
    assert built("build", "--no-verify", "--upgrade", "rule:model").code == 0
    assert not emulator.calls
    assert built("build", "--no-verify", "--upgrade", CUSTOMER).code == 0
    assert [path for path, _ in _asked(emulator)] == [CUSTOMER]
    assert set(_outdated(built)) == {ORDER, PRODUCT}


def test_an_upgrade_makes_what_is_stale_too(built: Any, emulator: Emulator) -> None:
    _reword(built)
    built.edit("fcs.yaml", "title: string", "title: string\n      note: string?")
    assert _listed(built)[PRODUCT][0] == "stale", "what it means counts first"
    assert set(_outdated(built)) == {CUSTOMER, ORDER}
    assert built("build", "--no-verify", CUSTOMER, PRODUCT).code == 0
    assert [path for path, _ in _asked(emulator)] == [PRODUCT]
    built.edit("fcs.yaml", "note: string?", "notes: string?")
    assert built("build", "--no-verify", "--upgrade").code == 0
    assert {path for path, _ in _asked(emulator)[1:]} == set(SERVICES)


@pytest.mark.parametrize("status", [401, 500])
def test_an_upgrade_that_fails_leaves_the_old_file(built: Any, emulator: Emulator, status: int) -> None:
    before = built.files("generated")
    _settings(built, GPT)
    emulator.on(Status(status), path=ORDER, times=None)
    failed = built("build", "--no-verify", "--upgrade")
    assert failed.code == 1
    assert built.files("generated")[ORDER] == before[ORDER]
    assert set(_outdated(built)) == {ORDER}
    assert built("check").code == 0


def test_an_upgrade_without_a_key_is_refused(built: Any, emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> None:
    before = built.files("generated")
    _settings(built, GPT)
    monkeypatch.delenv("OPENAI_API_KEY")
    assert built("build", "--no-verify", "--upgrade").code == 4
    assert not emulator.calls
    assert built.files("generated") == before
    assert set(_outdated(built)) == set(SERVICES)


def test_who_is_still_on_the_ladder_wrote_it_well(built: Any) -> None:
    _settings(built, GPT, SONNET)
    assert not _outdated(built), "it may have been asked because the first failed"
    _settings(built, GPT, SONNET.replace("medium", "low"))
    assert set(_outdated(built)) == set(SERVICES)


def test_an_upgrade_that_must_spend_nothing_is_refused_and_what_is_outdated_is_not(
    built: Any, emulator: Emulator
) -> None:
    before = built.files("generated")
    _settings(built, GPT)
    assert built("build", "--no-verify", "--frozen").code == 0
    assert built("build", "--no-verify", "--frozen", "--upgrade").code == 4
    assert not emulator.calls
    assert built.files("generated") == before
    assert set(_outdated(built)) == set(SERVICES)


def test_what_the_next_rung_wrote_is_not_outdated(project: Any, emulator: Emulator, served: dict[str, str]) -> None:
    (project.root / "own").mkdir()
    _settings(project, SONNET, GPT)
    emulator.on(Status(500), path=ORDER, model="claude-sonnet-5-5", times=None)
    assert project("build", "--no-verify").code == 0
    assert {path: entry["model"] for path, entry in _entries(project).items() if path in served} == {
        CUSTOMER: "claude-sonnet-5-5",
        ORDER: "gpt-6.1-sol",
        PRODUCT: "claude-sonnet-5-5",
    }
    assert not _outdated(project)
    _settings(project, SONNET)
    assert _outdated(project) == {ORDER: ["written by gpt-6.1-sol, now claude-sonnet-5-5 is asked"]}


def test_files_that_came_together_are_outdated_alike(project: Any, emulator: Emulator, served: dict[str, str]) -> None:
    project.write(".gocreator.yaml", "generation: {origin: template, origins: {service: llm}}\n")
    flags = ("--provider", "anthropic", "-n", "1")
    assert project("build", "--no-verify", *flags).code == 0
    assert max(len(call.wanted) for call in emulator.calls) > 1
    assert {path: entry["effort"] for path, entry in _entries(project).items() if path in served} == dict.fromkeys(
        SERVICES, "medium"
    )
    assert "outdated" not in project("list", *flags).out
    assert project("list", *flags, "--model", "claude-opus-5-5").out.count("\noutdated") == len(SERVICES)
    assert "outdated" not in project("check").out, "nobody would be asked"


def test_the_reason_names_who_can_be_asked(built: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ANTHROPIC_API_KEY")
    _settings(built, "{provider: anthropic, model: claude-opus-5-5}", GPT)
    assert _outdated(built)[ORDER] == MODEL_CHANGED


def test_without_a_provider_nothing_is_outdated(built: Any) -> None:
    _settings(built)
    _reword(built)
    assert not _outdated(built)
    assert "outdated" not in built("build", "--no-verify").out


def test_an_edited_file_is_edited_and_an_accepted_one_up_to_date(built: Any) -> None:
    built.edit(f"generated/{ORDER}", "package service", "// Mine.\npackage service")
    _settings(built, GPT)
    assert _listed(built)[ORDER] == ("edited", ["edited by hand since it was written"])
    assert set(_outdated(built)) == {CUSTOMER, PRODUCT}
    built("adopt", ORDER)
    assert _listed(built)[ORDER][0] == "up-to-date"


def test_a_lock_that_does_not_say_it_makes_nothing_outdated(built: Any) -> None:
    place = built.root / "gocreator.lock"
    document = json.loads(place.read_text())
    for entry in document["outputs"]["generated"]["targets"].values():
        for name in ("provider", "effort", "recipe"):
            entry.pop(name, None)
    place.write_text(json.dumps(document))
    shutil.rmtree(built.root / ".gocreator")
    _settings(built, GPT)
    assert not _outdated(built)
    assert built("build", "--no-verify").code == 0
    assert not _outdated(built)


def test_a_clone_knows_from_the_lock_alone(built: Any, emulator: Emulator) -> None:
    shutil.rmtree(built.root / ".gocreator")
    _reword(built)
    assert set(_outdated(built)) == set(SERVICES)
    before = _entries(built)
    assert built("build", "--no-verify").code == 0, "which records what the lock says"
    assert _entries(built) == before
    assert set(_outdated(built)) == set(SERVICES)
    assert not emulator.calls


def test_an_upgrade_that_a_colleague_made_is_known_though_the_text_is_the_same(
    built: Any, emulator: Emulator, served: dict[str, str]
) -> None:
    state = {path: data for path, data in built.files(".gocreator").items() if path.startswith("generated/state")}
    _reword(built)
    emulator.settings.source = served
    assert built("build", "--no-verify", "--upgrade").code == 0
    shutil.rmtree(built.root / ".gocreator")
    for path, data in state.items():
        place = built.root / ".gocreator" / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
    entries = _entries(built)
    assert not _outdated(built)
    assert built("build", "--no-verify").code == 0
    assert _entries(built) == entries
    assert not _outdated(built)


def test_what_the_store_gives_back_is_recorded_with_who_wrote_it(built: Any, emulator: Emulator) -> None:
    before = _entries(built)
    for place in ("generated", ".gocreator/generated"):
        shutil.rmtree(built.root / place)
    (built.root / "gocreator.lock").unlink()
    assert built("build", "--no-verify").code == 0
    assert not emulator.calls
    assert _entries(built) == before


def test_going_back_costs_nothing(built: Any, emulator: Emulator) -> None:
    before = built.files("generated")
    _settings(built, GPT)
    built("build", "--no-verify", "--upgrade")
    count = len(emulator.calls)
    _settings(built, SONNET)
    assert set(_outdated(built)) == set(SERVICES)
    assert "3 files are in the store and cost nothing" in built("list", "--dry-run", "--upgrade").out
    assert built("build", "--no-verify", "--upgrade").code == 0
    assert len(emulator.calls) == count
    assert built.files("generated") == before
    assert not _outdated(built)


def test_refresh_has_an_outdated_file_written_too(built: Any, emulator: Emulator) -> None:
    _settings(built, GPT)
    assert built("build", "--no-verify", "--refresh", ORDER).code == 0
    assert _asked(emulator) == [(ORDER, "gpt-6.1-sol")]
    assert set(_outdated(built)) == {CUSTOMER, PRODUCT}


def test_list_upgrade_is_for_dry_runs(project: Any) -> None:
    assert project("list", "--upgrade").code == 2


def _process(project: Any, *arguments: str) -> tuple[str, str]:
    process = project.start(*arguments)
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0, out + err
    return out, err


@pytest.mark.parametrize("change", ["model", "prompt"])
def test_the_fast_path_hides_no_change_and_says_what_is_outdated(built: Any, change: str) -> None:
    """A build that finds nothing to do is remembered, in a process of its own, as a user's is."""
    call: Sequence[str] = ("build", "--no-verify")
    assert "outdated" not in _process(built, *call)[0]
    assert "outdated" not in _process(built, *call)[0]
    _settings(built, GPT) if change == "model" else _reword(built)
    said = "3 files are outdated, and kept: `gocreator build --upgrade` asks for them anew\n"
    for _ in range(3):
        out, _ = _process(built, *call)
        assert ", outdated 3, removed 0" in out
        assert out.endswith(said)
    last = max((built.root / ".gocreator/reports").iterdir(), key=lambda place: place.name)
    report = json.loads((last / "report.json").read_text())
    assert report["counts"]["outdated"] == 3


def test_programs_are_told(built: Any, emulator: Emulator) -> None:
    _settings(built, GPT)
    found = {finding.target.path for finding in gocreator.check(built.root) if finding.status == "outdated"}
    assert found == set(SERVICES)
    events: list[gocreator.events.Event] = []
    report = gocreator.build(built.root, verify=False, on_event=events.append)
    kept = {it.path: it.reasons for it in events if isinstance(it, gocreator.events.TargetOutdated)}
    assert kept == dict.fromkeys(SERVICES, tuple(MODEL_CHANGED))
    assert report["counts"]["outdated"] == 3
    assert gocreator.build(built.root, verify=False, upgrade=True)["counts"]["built"] == 3
    assert len(emulator.calls) == 3
