"""The programming interface gives the same as the command line."""

import json
from typing import Any

import pytest

import gocreator
from gocreator.errors import FcsError


def test_plan_check_and_build(project: Any) -> None:
    planned = gocreator.make_plan(project.root)
    assert not (project.root / "generated").exists()
    report = gocreator.build(project.root, verify=False)
    assert report["exit_code"] == 0
    assert report["counts"]["built"] == len(planned.targets)
    assert project.files("generated").keys() == planned.targets.keys()
    assert {finding.status.value for finding in gocreator.check(project.root)} == {"up-to-date"}
    assert project("check").code == 0
    assert json.loads((project.root / ".gocreator/reports/latest/report.json").read_text()) == report


def test_load_fcs(project: Any) -> None:
    assert gocreator.load_fcs(project.root / "fcs.yaml").name == "shop"
    project.write("fcs.yaml", "nmae: x\n")
    with pytest.raises(FcsError, match="nmae"):
        gocreator.load_fcs(project.root / "fcs.yaml")


def test_there_is_nothing_else() -> None:
    with pytest.raises(AttributeError):
        _ = gocreator.nonsense
