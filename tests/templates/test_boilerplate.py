"""The standard files are well-formed whatever the specification says, and do what they promise."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from gocreator.fcs.model import Fcs

Render = Callable[[Fcs], dict[str, bytes]]
Tree = Callable[[Fcs], Path]


@pytest.mark.parametrize("name", ["chinook", "demanding"])
def test_the_linter_has_a_configuration_of_version_2(name: str, render: Render, request: Any) -> None:
    linting = yaml.safe_load(render(request.getfixturevalue(name))[".golangci.yml"])
    assert linting == {"version": "2", "linters": {"default": "standard"}, "formatters": {"enable": ["gofmt"]}}


@pytest.mark.parametrize("name", ["chinook", "demanding"])
def test_the_workflow_may_read_and_judges_every_change(name: str, render: Render, request: Any) -> None:
    workflow = yaml.safe_load(render(request.getfixturevalue(name))[".github/workflows/ci.yml"])
    # YAML 1.1, which PyYAML reads, takes the word `on` for true.
    assert workflow[True] == {"push": None, "pull_request": None}
    assert workflow["permissions"] == {"contents": "read"}
    steps = [step for job in workflow["jobs"].values() for step in job["steps"]]
    assert all(("uses" in step) != ("run" in step) for step in steps)
    assert {step["with"]["go-version-file"] for step in steps if "setup-go" in step.get("uses", "")} == {"go.mod"}
    commands = " ".join(step.get("run", "") for step in steps)
    for command in ("gofmt -l", "go build ./...", "go vet ./...", "go test -race", "go tool cover"):
        assert command in commands


@pytest.mark.parametrize(("covered", "code"), [("79.9", 1), ("80.0", 0), ("100.0", 0)])
def test_workflow_and_makefile_want_the_coverage_of_the_specification(
    covered: str, code: int, tree: Tree, chinook: Fcs, tmp_path: Path
) -> None:
    root = tree(chinook)
    _program(tmp_path / "go", f'[ "$1" = tool ] && echo "total: (statements) {covered}%"; exit 0')
    env = os.environ | {"PATH": f"{tmp_path}:{os.environ['PATH']}"}
    workflow = yaml.safe_load((root / ".github/workflows/ci.yml").read_text())
    step = next(step for step in workflow["jobs"]["test"]["steps"] if "coverage" in step.get("name", ""))
    commands = (["bash", "-e", "-o", "pipefail", "-c", step["run"]], ["make", "cover"])
    for command in commands:
        done = subprocess.run(
            command, cwd=root, env=env | step["env"], capture_output=True, text=True, timeout=60, check=False
        )
        assert bool(done.returncode) == bool(code), done.stderr
        assert f"coverage {covered}%, wanted 80%" in done.stdout


def test_the_workflow_refuses_what_gofmt_would_change(tree: Tree, chinook: Fcs, tmp_path: Path) -> None:
    root = tree(chinook)
    workflow = yaml.safe_load((root / ".github/workflows/ci.yml").read_text())
    step = next(step for step in workflow["jobs"]["test"]["steps"] if "format" in step.get("name", ""))
    for listed, code in (("", 0), ("own.go", 1)):
        _program(tmp_path / "gofmt", f'printf %s "{listed}"')
        done = subprocess.run(
            ["bash", "-e", "-c", step["run"]],
            cwd=root,
            env=os.environ | {"PATH": f"{tmp_path}:{os.environ['PATH']}"},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert (done.returncode, done.stderr) == (code, listed)


def test_the_makefile_lists_every_command(tree: Tree, chinook: Fcs) -> None:
    done = subprocess.run(["make"], cwd=tree(chinook), capture_output=True, text=True, timeout=60, check=True)
    listed = [line.split()[0] for line in done.stdout.splitlines()]
    assert listed == "help build run test race vet lint fmt cover check clean".split()


def _program(place: Path, script: str) -> None:
    place.write_text(f"#!/bin/sh\n{script}\n")
    place.chmod(0o755)
