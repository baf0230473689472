"""The page of a report, made by real runs, opened in a real browser."""

import copy
import json
import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from gocreator.observe.page import page
from gocreator.observe.timeline import timeline
from tests.emulator.server import Emulator
from tests.observe.browser import opened

CONFIG = "llm: {provider: anthropic}\ngeneration: {origin: template, origins: {service: llm, model: llm}}\n"
Built = tuple[Path, dict[str, Any]]
EVIL = '"><script>document.title = "taken"</script><img src=x onerror=alert(1)> @@run-of-this-page@@'


class Read(HTMLParser):
    """What a page holds: its texts by the tag that they stand in, and all that leads elsewhere."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.leads: list[tuple[str, str | None]] = []
        self.scripted: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.leads += [it for it in attrs if it[0] in {"src", "href", "action", "data", "poster", "srcset", "style"}]
        self.scripted += [name for name, _ in attrs if name.startswith("on")]


def _latest(project: Any) -> Built:
    folder = project.root / ".gocreator/reports/latest"
    return folder / "report.html", json.loads((folder / "report.json").read_text())


def _cells(dom: str) -> str:
    return re.sub(r"<[^>]+>", "|", dom)


@pytest.fixture
def project(tmp_path: Path, new_project: Callable[[Path], Any]) -> Any:
    made = new_project(tmp_path / "project")
    requirement = "requirements:\n  - {id: FR-1, description: An Order has a total.}\n"
    made.edit("fcs.yaml", "name: shop\n", f"name: shop\n{requirement}")
    return made


@pytest.fixture
def run(project: Any, emulator: Emulator, served: dict[str, str]) -> Built:  # noqa: ARG001 - they answer
    """Give the page and the report of a run with calls."""
    project.write(".gocreator.yaml", CONFIG)
    ran = project("build", "--no-verify")
    assert ran.code == 0, ran.err
    return _latest(project)


@pytest.fixture
def built(run_before: list[tuple[str, dict[str, Any]]], request: pytest.FixtureRequest, tmp_path: Path) -> Built:
    """Give what `run` gives, of one run for all tests that only read it."""
    if not run_before:
        file, report = request.getfixturevalue("run")
        run_before.append((file.read_text(), report))
    text, report = run_before[0]
    copied = tmp_path / "report.html"
    copied.write_text(text)
    return copied, report


@pytest.fixture(scope="module")
def run_before() -> list[tuple[str, dict[str, Any]]]:
    return []


def test_a_browser_shows_what_the_report_holds(built: Built) -> None:
    file, report = built
    seen = opened(file, "--dump-dom")
    assert seen.said == ""
    shown = _cells(seen.dom)
    for target in report["targets"]:
        assert target["path"] in shown
    for call in report["calls"]:
        assert call["id"] in shown
    metrics = report["metrics"]
    assert f"{metrics['cached_tokens']:,}" in shown
    assert report["run"] in shown
    assert report["verdict"] in shown
    assert "FR-1" in shown
    assert "An Order has a total." in shown
    assert seen.dom.count("<rect") > len(report["calls"])
    assert "critical" in seen.dom


def test_a_page_needs_nobody_else(built: Built) -> None:
    text = built[0].read_text()
    read = Read(text)
    assert read.leads == []
    assert read.scripted == []
    assert not {"script", "link", "iframe", "img", "object", "base"} & set(read.tags)
    assert not re.search(r"https?:|url\(|@import", text)
    assert "prefers-color-scheme: dark" in text
    assert "@media print" in text


def test_the_policy_holds(built: Built, tmp_path: Path) -> None:
    text = built[0].read_text()
    changed = tmp_path / "changed.html"
    changed.write_text(text.replace(":root {", ":root{", 1))
    assert "Content Security Policy" in opened(changed, "--dump-dom").said
    changed.write_text(text.replace("<body>", "<body><script>document.title = 'taken'</script>", 1))
    seen = opened(changed, "--dump-dom")
    assert "Content Security Policy" in seen.said
    assert "<title>gocreator" in seen.dom


def test_a_page_can_be_printed(built: Built, tmp_path: Path) -> None:
    printed = tmp_path / "page.pdf"
    opened(built[0], f"--print-to-pdf={printed}")
    assert printed.read_bytes().startswith(b"%PDF-")


def test_texts_of_others_stay_texts(built: Built, tmp_path: Path) -> None:
    report = copy.deepcopy(built[1])
    report["warnings"] = [EVIL]
    report["targets"][0]["path"] = report["targets"][0]["reasons"][0] = EVIL
    report["requirements"][0]["said"] = report["calls"][0]["failure"] = EVIL
    file = tmp_path / "evil.html"
    file.write_text(page(report))
    seen = opened(file, "--dump-dom")
    assert "<title>gocreator" in seen.dom
    assert not {"script", "img"} & set(Read(seen.dom).tags)
    assert seen.dom.count("&lt;script&gt;") >= 5


@pytest.mark.parametrize("count", [50, 5_000])
def test_many_targets_fit_on_a_page(built: Built, tmp_path: Path, count: int) -> None:
    report = copy.deepcopy(built[1])
    targets, calls = report["targets"], report["calls"]
    report["targets"] = [
        targets[at % len(targets)] | {"path": f"internal/models/a_long_name_of_an_entity_{at}.go"}
        for at in range(count)
    ]
    report["calls"] = [
        calls[at % len(calls)]
        | {
            "id": f"call-{at}",
            "started": at / 2,
            "targets": [it["path"] for it in report["targets"][at * 5 : at * 5 + 5]],
        }
        for at in range(count // 5)
    ]
    file = tmp_path / "many.html"
    file.write_text(page(report))
    assert file.stat().st_size < 3_000_000
    seen = opened(file, "--dump-dom")
    assert seen.said == ""
    assert seen.dom.count("a_long_name_of_an_entity") >= count


def test_a_run_that_does_nothing_has_a_page_of_its_own(run: Built, project: Any) -> None:
    schema = json.loads(project("schema", "report").out)
    runs = {run[1]["run"]}
    for _ in range(3):  # the first goes the long way
        ran = project.start("build", "--no-verify")
        told = ran.communicate(timeout=60)
        assert ran.returncode == 0, told
        file, report = _latest(project)
        jsonschema.validate(report, schema)
        text = file.read_text()
        assert report["run"] in text
        assert report["started_at"].replace("T", " ").replace("Z", " UTC") in text
        assert "@@" not in text
        assert "Nothing was to be done." in text
        assert "FR-1" in text
        assert [it["requirement"] for it in report["requirements"]] == ["FR-1"]
        runs.add(report["run"])
    assert len(runs) == 4


def test_a_failed_build_has_a_page(project: Any) -> None:
    (project.root / "generated/go.mod").mkdir(parents=True)
    assert project("build").code == 1
    file, report = _latest(project)
    shown = _cells(opened(file, "--dump-dom").dom)
    (failed,) = [it for it in report["targets"] if it["action"] == "failed"]
    assert failed["reasons"][0] in shown
    assert "skipped (a target failed)" in shown


def test_the_critical_path_leads_through_the_call_whose_cache_others_wait_for() -> None:
    call = {"purpose": "write", "model": "m", "targets": ["a.go"]}
    long = call | {"id": "call-1", "started": 1.0, "seconds": 9.0, "ttft_seconds": 2.0}
    after = call | {"id": "call-2", "started": 3.1, "seconds": 8.0, "ttft_seconds": 0.2}
    beside = call | {"id": "call-3", "started": 1.0, "seconds": 1.0, "ttft_seconds": 0.5}
    bars = timeline({"targets": [], "calls": [long, after, beside], "verify": {}})
    assert [(bar.label[:6], bar.critical, bar.row) for bar in bars] == [
        ("call-1", True, 0),
        ("call-3", False, 1),
        ("call-2", True, 1),
    ]
