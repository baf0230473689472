"""Changes of the public API of files that are made again, as `output.api_changes` wants them treated."""

import json
from typing import Any

import pytest

from tests.emulator.faults import Spoil
from tests.emulator.server import Emulator

MODEL = "internal/models/order.go"
SERVICE = "internal/service/order.go"
GONE = ("OrderParams.Status is gone", "Order.Status is gone")
EXTRA = "\n// Count returns nothing.\nfunc (s *OrderService) Count() int { return 0 }\n"


def _without_a_field(project: Any) -> None:
    project.edit("fcs.yaml", "      status: enum(open|paid)\n", "")


def _told(project: Any) -> dict[str, list[str]]:
    report = json.loads((project.root / ".gocreator/reports/latest/report.json").read_text())
    return {it["path"]: it["changes"] for it in report["api_changes"]}


def test_a_change_is_told(project: Any) -> None:
    assert project("build", "--no-verify").code == 0
    assert _told(project) == {}
    project.edit("fcs.yaml", "name: string", "name: string\n      phone: string?")
    added = project("build", "--no-verify")
    assert "warning: " not in added.err
    assert _told(project) == {}
    _without_a_field(project)
    built = project("build", "--no-verify")
    assert built.code == 0
    for change in GONE:
        assert f"warning: {MODEL}: {change}\n" in built.err
        assert change in _told(project)[MODEL]
    assert "_test.go" not in "".join(_told(project))


def test_it_may_be_allowed(project: Any) -> None:
    project.write(".gocreator.yaml", "output: {api_changes: allow}\n")
    assert project("build", "--no-verify").code == 0
    _without_a_field(project)
    built = project("build", "--no-verify")
    assert built.code == 0
    assert "is gone" not in built.err
    assert set(GONE) <= {*_told(project)[MODEL]}


def test_it_may_be_refused_before_anything_is_written(project: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    project.write(".gocreator.yaml", "output: {api_changes: fail}\n")
    assert project("build", "--no-verify").code == 0
    _without_a_field(project)
    before = project.files("generated")
    lock = (project.root / "gocreator.lock").read_bytes()
    for _ in range(2):
        refused = project("build", "--no-verify")
        assert refused.code == 1
        assert "the public API would change, so nothing was built:" in refused.err
        for change in GONE:
            assert f"\n  {MODEL}: {change}" in refused.err
        assert "GOCREATOR_OUTPUT_API_CHANGES=warn" in refused.err
        assert project.files("generated") == before
        assert (project.root / "gocreator.lock").read_bytes() == lock
    monkeypatch.setenv("GOCREATOR_OUTPUT_API_CHANGES", "warn")
    assert project("build", "--no-verify").code == 0
    assert project("check").code == 0


def test_a_file_that_was_not_built_before_changes_nothing(project: Any) -> None:
    project.write(".gocreator.yaml", "output: {api_changes: fail}\n")
    assert project("build", "--no-verify").code == 0
    (project.root / "generated" / MODEL).unlink()
    assert project("build", "--no-verify").code == 0
    assert _told(project) == {}


def test_what_a_model_leaves_out_that_no_contract_names_is_refused_file_by_file(
    project: Any, emulator: Emulator, served: dict[str, str]
) -> None:
    def more(draft: Any) -> None:
        draft.block(SERVICE).source += EXTRA

    project.write(
        ".gocreator.yaml",
        "llm: {provider: anthropic}\ngeneration: {origin: template, origins: {service: llm}}\n"
        "output: {api_changes: fail}\n",
    )
    emulator.on(Spoil(more), path=SERVICE)
    assert project("build", "--no-verify").code == 0
    kept = (project.root / "generated" / SERVICE).read_text()
    assert kept == served[SERVICE] + EXTRA
    refused = project("build", SERVICE, "--no-verify", "--refresh")
    assert refused.code == 1
    assert "func (*OrderService) Count() int is gone" in refused.err
    assert (project.root / "generated" / SERVICE).read_text() == kept
    assert project("build", SERVICE, "--no-verify", "--refresh", "--force").code == 1
