"""Real specifications become Go projects that the Go toolchain accepts, tests included."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
SPECIFICATIONS = {
    "blog": ROOT / "examples/blog/fcs.yaml",
    "chinook": ROOT / "tests/data/chinook.fcs.json",
    "simple-spec": ROOT / "tests/data/original/simple-spec.yaml",
}


@pytest.mark.go
@pytest.mark.parametrize("name", SPECIFICATIONS)
def test_the_go_toolchain_accepts_what_is_built(project: Any, name: str) -> None:
    specification = SPECIFICATIONS[name]
    shutil.copy(specification, project.root)
    built = project("build", "-f", specification.name)
    assert built.code == 0, built.err
    verdict = json.loads(project("verify", "--json").out)
    statuses = {check["name"]: check["status"] for check in verdict["checks"]}
    assert [statuses[check] for check in ("gofmt", "build", "vet", "test")] == ["passed"] * 4
    assert project("check", "-f", specification.name).code == 0


@pytest.mark.go
def test_verification_is_a_target_of_its_own(project: Any) -> None:
    first = project("build")
    assert first.code == 0, first.err
    assert "verify: passed (gofmt passed" in first.out
    assert "verify: passed (nothing changed since)" in project("build").out
    assert "verify: passed" in project("check").out
    project.write("generated/internal/models/own.go", 'package models\n\nvar broken int = "text"\n')
    for _ in range(2):
        broken = project("build")
        assert broken.code == 1
        assert "own.go:3" in broken.err
    assert "verify: failed" in project("check").out
    assert project("build", "--no-verify").code == 0
    assert project("verify").code == 1
    assert "verify: failed" in project("check").out
    (project.root / "generated/internal/models/own.go").unlink()
    assert "verify: passed (gofmt" in project("build").out
    project.write("generated/internal/models/own.go", "package models\n\nconst own = 1\n")
    assert "verify: not run since the last change" in project("check").out
    assert project("verify").code == 0
    assert "verify: passed" in project("check").out
    assert "verify: passed (nothing changed since)" in project("build").out


@pytest.mark.go
def test_without_go_verification_is_skipped_and_never_passed(project: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gocreator.golang.toolchain.sys.executable", "/nowhere/python")
    monkeypatch.setenv("PATH", "/nowhere")
    built = project("build")
    assert built.code == 0
    assert "verify: skipped (no Go toolchain" in built.out
    report = json.loads((project.root / ".gocreator/reports/latest/report.json").read_text())
    assert report["verify"]["status"] == "skipped"
    assert "verify: not run here" in project("check").out
    assert project("verify").code == 0
    assert "passed" not in project("verify").out
