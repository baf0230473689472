"""What a user wrote is never lost."""

import json
from typing import Any

ORDER = "generated/internal/models/order.go"


def _edit(project: Any) -> str:
    text: str = (project.root / ORDER).read_text() + "\n// by hand\n"
    project.write(ORDER, text)
    return text


def _status(project: Any) -> str:
    listed = json.loads(project("list", "internal/models/order.go", "--json").out)
    return str(listed["targets"][0]["status"])


def test_an_edited_target_is_kept_and_reported_by_every_command(project: Any) -> None:
    project("build", "--no-verify")
    mine = _edit(project)
    for _ in range(2):
        built = project("build", "--no-verify")
        assert built.code == 0
        assert "kept 1" in built.out
        assert "order.go" in built.err
    assert (project.root / ORDER).read_text() == mine
    assert _status(project) == "edited"
    checked = project("check")
    assert checked.code == 1
    assert "order.go" in checked.out


def test_an_edited_target_that_is_stale_is_kept_and_fails_the_build(project: Any) -> None:
    project("build", "--no-verify")
    mine = _edit(project)
    project.edit("fcs.yaml", "enum(open|paid)", "enum(open|paid|sent)")
    assert _status(project) == "edited-stale"
    for _ in range(2):
        assert project("build", "--no-verify").code == 1
    assert (project.root / ORDER).read_text() == mine
    why = project("why", "internal/models/order.go").out
    assert "edited by hand" in why
    assert "attributes.status" in why


def test_an_edited_target_that_is_stale_is_merged_and_forgotten(project: Any) -> None:
    project("build", "--no-verify")
    _edit(project)
    project.edit("fcs.yaml", "enum(open|paid)", "enum(open|paid|sent)")
    told = project("build", "--no-verify").err
    planned = project.root / ".gocreator/generated/planned/internal/models/order.go"
    assert str(planned.relative_to(project.root)) in told
    assert "gocreator adopt internal/models/order.go" in told
    merged = planned.read_text() + "\n// by hand\n"
    project.write(ORDER, merged)
    assert project("forget", "internal/models/order.go").code == 0
    assert project("build", "--no-verify").code == 0
    assert (project.root / ORDER).read_text() == merged
    assert _status(project) == "edited"
    assert not planned.exists()


def test_another_specification_does_not_take_an_output_over_by_mistake(project: Any) -> None:
    project("build", "--no-verify")
    before = project.files("generated")
    project.write("other.yaml", "name: other\nentities: {Thing: {attributes: {n: int}}}\n")
    for arguments in (["build", "-f", "other.yaml"], ["build", "-f", "other.yaml", "--dry-run"]):
        refused = project(*arguments)
        assert refused.code == 4
        assert "fcs.yaml" in refused.err
    assert project.files("generated") == before
    (project.root / "fcs.yaml").rename(project.root / "fcs.yml")
    assert "built 0" in project("build", "--no-verify").out
    assert project("build", "-f", "other.yaml", "--force", "--no-verify").code == 0
    assert "internal/models/thing.go" in project.files("generated")


def test_force_rewrites_an_edited_target_and_keeps_a_copy(project: Any) -> None:
    project("build", "--no-verify")
    pristine = (project.root / ORDER).read_text()
    mine = _edit(project)
    assert project("build", "--force", "--no-verify").code == 0
    assert (project.root / ORDER).read_text() == pristine
    copies = list((project.root / ".gocreator/backup").rglob("order.go"))
    assert [copy.read_text() for copy in copies] == [mine]
    assert project("check").code == 0


def test_undoing_an_edit_makes_the_target_up_to_date(project: Any) -> None:
    project("build", "--no-verify")
    pristine = (project.root / ORDER).read_text()
    _edit(project)
    project("build", "--no-verify")
    project.write(ORDER, pristine)
    assert _status(project) == "up-to-date"
    assert project("check").code == 0


def test_a_file_that_was_there_before_is_not_overwritten(project: Any) -> None:
    project.write("generated/README.md", "my own words\n")
    built = project("build", "--no-verify")
    assert built.code == 0
    assert "README.md" in built.err
    assert (project.root / "generated/README.md").read_text() == "my own words\n"
    assert project("check").code == 1
    project("build", "--force", "--no-verify")
    assert "my own words" not in (project.root / "generated/README.md").read_text()
    assert [copy.read_text() for copy in (project.root / ".gocreator/backup").rglob("README.md")] == ["my own words\n"]


def test_a_file_that_is_there_already_as_planned_is_adopted(project: Any) -> None:
    project("build", "--no-verify")
    (project.root / "gocreator.lock").unlink()
    project("forget")
    assert "built 0" in project("build", "--no-verify").out
    assert project("check").code == 0


def test_gitignore_is_shared_line_by_line(project: Any) -> None:
    project.write("generated/.gitignore", "secrets.txt\n")
    project.write("mine/.gitignore", "*.bak\n")
    project.write(".gocreator.yaml", "optimization: {templates: {template_dir: mine}}\n")
    assert project("build", "--no-verify").code == 0
    lines = (project.root / "generated/.gitignore").read_text().splitlines()
    assert lines[0] == "secrets.txt"
    assert "*.bak" in lines
    assert "*.test" in lines
    project.write("generated/.gitignore", "\n".join([line for line in lines if line != "*.test"] + ["more/"]))
    assert project("check").code == 0
    project.write("mine/.gitignore", "*.old\n")
    assert project("build", "--no-verify").code == 0
    lines = (project.root / "generated/.gitignore").read_text().splitlines()
    assert {"secrets.txt", "more/", "*.old"} <= set(lines)
    assert not {"*.bak", "*.test"} & set(lines)


def test_clean_removes_what_nobody_edited(project: Any) -> None:
    project("build", "--no-verify")
    _edit(project)
    before = project.files("generated")
    assert project("clean", "--dry-run").code == 0
    assert project.files("generated") == before
    assert project("clean").code == 0
    assert project.files("generated").keys() == {"internal/models/order.go"}
    assert project("build", "--no-verify").code == 0
    assert project.files("generated").keys() == before.keys()


def test_an_ignored_target_is_left_alone_until_it_is_forgotten(project: Any) -> None:
    project("build", "--no-verify")
    _edit(project)
    assert project("ignore", "internal/models/order.go").code == 0
    assert project("check").code == 0
    project.edit("fcs.yaml", "enum(open|paid)", "enum(open|paid|sent)")
    assert project("build", "internal/models/order.go", "--no-verify").code == 0
    assert _status(project) == "ignored"
    assert project("forget", "internal/models/order.go").code == 0
    assert _status(project) == "edited"


def test_forget_keeps_the_files(project: Any) -> None:
    project("build", "--no-verify")
    before = project.files("generated")
    assert project("forget").code == 0
    assert project.files("generated") == before
    assert json.loads((project.root / "gocreator.lock").read_text())["outputs"] == {}
    assert not project.files(".gocreator/generated/base")


def test_a_skeleton_is_there_to_be_edited(project: Any) -> None:
    project.write("fcs.yaml", (project.root / "fcs.yaml").read_text() + "endpoints:\n  - POST /orders/{id}/pay\n")
    assert project("build", "--no-verify").code == 0
    path = "internal/handlers/pay_order.go"
    needing = [it["path"] for it in json.loads(project("list", "--json").out)["targets"] if it["needs_provider"]]
    assert needing == [path]
    project.edit(f"generated/{path}", "not implemented yet", "closed on Sundays")
    assert project("check").code == 0
    target = next(it for it in json.loads(project("list", "--json").out)["targets"] if it["path"] == path)
    assert (target["status"], target["needs_provider"]) == ("edited", False)
    project.edit("fcs.yaml", "- POST /orders/{id}/pay", "- endpoint: POST /orders/{id}/pay\n    request: {a: int}")
    assert project("check").code == 1
