"""Real specifications become Go projects that the Go toolchain accepts, tests included."""

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gocreator.fcs.load import load_fcs

ROOT = Path(__file__).parents[2]
SPECIFICATIONS = {
    "chinook": ROOT / "tests/data/chinook.fcs.json",
    "simple-spec": ROOT / "tests/data/original/simple-spec.yaml",
    **{place.parent.name: place for place in sorted(ROOT.glob("examples/*/fcs.yaml"))},
}

Go = Callable[..., subprocess.CompletedProcess[str]]


@pytest.mark.go
@pytest.mark.sample(1)
@pytest.mark.parametrize("name", SPECIFICATIONS)
def test_the_go_toolchain_accepts_what_is_built(project: Any, name: str, go: Go) -> None:
    specification = SPECIFICATIONS[name]
    shutil.copy(specification, project.root)
    built = project("build", "--no-verify", "-f", specification.name)
    assert built.code == 0, built.err
    verdict = json.loads(project("verify", "--json").out)
    statuses = {check["name"]: check["status"] for check in verdict["checks"]}
    assert [statuses[check] for check in ("gofmt", "build", "vet", "test")] == ["passed"] * 4
    assert project("check", "-f", specification.name).code == 0
    wanted = load_fcs(specification).fcs.testing.coverage_target
    assert _coverage(project.root / "generated", go) >= wanted


@pytest.mark.parametrize("place", sorted(ROOT.glob("examples/*/fcs.yaml")), ids=lambda place: place.parent.name)
def test_examples_are_read_without_a_warning(place: Path) -> None:
    assert load_fcs(place).warnings == ()


def _coverage(root: Path, go: Go) -> float:
    """Return the percentage of all statements that the tests reach."""
    done = go(root, "test", "-coverpkg=./...", "-coverprofile=cover.out", "./...")
    assert done.returncode == 0, done.stdout + done.stderr
    total = go(root, "tool", "cover", "-func=cover.out").stdout.split()[-1]
    return float(total.rstrip("%"))


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
