"""Ejecting leaves the Go project as it is, and nothing of gocreator's."""

import json
from typing import Any

import pytest

ORDER = "internal/models/order.go"


def test_the_tree_stays_and_all_traces_go(project: Any) -> None:
    project("build", "--no-verify")
    project.write(f"generated/{ORDER}", (project.root / "generated" / ORDER).read_text() + "\n// mine\n")
    before = project.files("generated")
    ejected = project("eject")
    assert ejected.code == 0
    assert "go build ./..." in ejected.out
    assert project.files("generated") == before
    assert {path.name for path in project.root.iterdir()} == {"fcs.yaml", "generated"}
    assert project("eject").code == 2


@pytest.mark.go
def test_go_alone_builds_it(project: Any, go: Any) -> None:
    project("build", "--no-verify")
    project("eject")
    done = go(project.root / "generated", "vet", "./...")
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("state", ["stale", "missing", "edited-stale", "orphan"])
def test_what_is_not_as_the_specification_says_is_refused_unless_forced(project: Any, state: str) -> None:
    project("build", "--no-verify")
    place = project.root / "generated" / ORDER
    if state == "missing":
        place.unlink()
    elif state == "orphan":
        project.edit("fcs.yaml", "  - name: Product\n    attributes:\n      title: string\n", "")
    else:
        project.edit("fcs.yaml", "enum(open|paid)", "enum(open|paid|sent)")
    if state == "edited-stale":
        place.write_text(place.read_text() + "\n// mine\n")
    before = project.files()
    refused = project("eject")
    assert refused.code == 4
    assert "--force" in refused.err
    after = project.files()
    after.pop(".gocreator/build.lock")
    before.pop(".gocreator/build.lock")
    assert after == before
    assert project("eject", "--force").code == 0
    assert not (project.root / ".gocreator").exists()
    assert {path for path in before if path.startswith("generated/")} == {f"generated/{it}" for it in
                                                                         project.files("generated")}  # fmt: skip


def test_another_output_stays_gocreators(project: Any) -> None:
    project.write("other.yaml", "name: other\nentities: {Thing: {attributes: {n: int}}}\n")
    project("build", "--no-verify")
    project("build", "-f", "other.yaml", "-o", "second", "--no-verify")
    assert project("eject", "-o", "second").code == 4
    assert project("eject", "-f", "other.yaml", "-o", "second").code == 0
    assert list(json.loads((project.root / "gocreator.lock").read_text())["outputs"]) == ["generated"]
    assert not (project.root / ".gocreator/second").exists()
    assert project("check").code == 0
    assert "built 0" in project("build", "--no-verify").out


def test_copies_of_edits_stay(project: Any) -> None:
    project("build", "--no-verify")
    mine = (project.root / "generated" / ORDER).read_text() + "\n// mine\n"
    project.write(f"generated/{ORDER}", mine)
    project("build", "--force", "--no-verify")
    ejected = project("eject")
    assert ".gocreator/backup" in ejected.out
    assert [copy.read_text() for copy in (project.root / ".gocreator/backup").rglob("order.go")] == [mine]
    assert {path.name for path in (project.root / ".gocreator").iterdir()} == {"backup", ".gitignore"}


def test_a_project_that_every_build_makes_anew_is_left_when_it_is_finished(project: Any) -> None:
    project.write(".gocreator.yaml", "optimization: {incremental: {enabled: false}}\n")
    project("build", "--no-verify")
    assert project("eject").code == 0
    assert not (project.root / ".gocreator").exists()
