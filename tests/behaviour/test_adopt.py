"""A hand edit that was accepted counts as up to date, everywhere, until the specification asks for something else."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

ORDER = "internal/models/order.go"
PLACE = f"generated/{ORDER}"


@pytest.fixture
def adopted(project: Any) -> Any:
    project("build", "--no-verify")
    project.write(PLACE, (project.root / PLACE).read_text() + "\n// by hand\n")
    assert project("check").code == 1
    assert project("adopt", ORDER).out == f"adopted  {ORDER}\n"
    return project


def _status(project: Any) -> str:
    (found,) = json.loads(project("list", ORDER, "--json").out)["targets"]
    return str(found["status"])


def _clone(project: Any, place: Path) -> Any:
    shutil.copytree(project.root, place, ignore=shutil.ignore_patterns(".gocreator"))
    return type(project)(place)


def test_an_accepted_edit_is_up_to_date_here_and_in_a_clone(adopted: Any, tmp_path: Path) -> None:
    mine = (adopted.root / PLACE).read_bytes()
    clone = _clone(adopted, tmp_path / "clone")
    for place in (clone, adopted):
        assert place("check").code == 0
        assert "accepted as it is" in place("why", ORDER).out
        for _ in range(2):
            built = place("build", "--no-verify")
            assert built.code == 0
            assert "built 0" in built.out
            assert "kept 0" in built.out
        assert place("build", "--force", "--no-verify").code == 0
        assert place("check").code == 0
        assert (place.root / PLACE).read_bytes() == mine
    assert clone.files()["gocreator.lock"] == adopted.files()["gocreator.lock"]


@pytest.mark.parametrize("where", ["here", "clone", "clone that was built"])
def test_a_later_change_of_the_specification_makes_it_edited_and_stale(
    adopted: Any, where: str, tmp_path: Path
) -> None:
    project = adopted if where == "here" else _clone(adopted, tmp_path / "clone")
    if where == "clone that was built":
        project("build", "--no-verify")
    mine = (project.root / PLACE).read_bytes()
    project.edit("fcs.yaml", "enum(open|paid)", "enum(open|paid|sent)")
    assert _status(project) == "edited-stale"
    assert project("check").code == 1
    built = project("build", "--no-verify")
    assert built.code == 1
    assert (project.root / PLACE).read_bytes() == mine
    assert "sent" in (project.root / ".gocreator/generated/planned" / ORDER).read_text()
    if where == "here":
        assert "attributes.status" in project("why", ORDER).out
    assert project("adopt", "entity:Order").code == 0
    assert not (project.root / ".gocreator/generated/planned" / ORDER).exists()
    assert project("check").code == 0
    assert (project.root / PLACE).read_bytes() == mine


def test_a_change_that_leaves_the_target_as_it_was_leaves_it_accepted(adopted: Any) -> None:
    adopted.edit("fcs.yaml", "title: string", "title: {type: string, max_length: 7}")
    assert _status(adopted) == "up-to-date"
    assert adopted("build", "--no-verify").code == 0
    assert adopted("check").code == 0


def test_a_further_edit_counts_again(adopted: Any) -> None:
    adopted.write(PLACE, (adopted.root / PLACE).read_text() + "\n// more\n")
    assert _status(adopted) == "edited"
    assert adopted("check").code == 1
    adopted("build", "--no-verify")
    assert _status(adopted) == "edited"


def test_forget_ends_it_and_keeps_the_file(adopted: Any) -> None:
    mine = (adopted.root / PLACE).read_bytes()
    assert adopted("forget", ORDER).code == 0
    assert _status(adopted) == "edited"
    assert adopted("build", "--no-verify").code == 0
    assert _status(adopted) == "edited"
    assert (adopted.root / PLACE).read_bytes() == mine


def test_undoing_the_edit_ends_it(adopted: Any) -> None:
    adopted.write(PLACE, (adopted.root / PLACE).read_text().removesuffix("\n// by hand\n"))
    assert adopted("check").code == 0
    adopted("build", "--no-verify")
    assert "accepted" not in (adopted.root / "gocreator.lock").read_text()


def test_an_accepted_file_is_neither_cleaned_nor_removed_with_its_entity(adopted: Any) -> None:
    assert adopted("clean", ORDER).code == 0
    assert (adopted.root / PLACE).exists()
    text = (adopted.root / "fcs.yaml").read_text()
    head, _, rest = text.partition("  - name: Order\n")
    adopted.write("fcs.yaml", head + rest[rest.index("  - name: Product") : rest.index("relationships:")])
    assert adopted("build", "--no-verify").code == 0
    assert "// by hand" in (adopted.root / PLACE).read_text()
    assert not (adopted.root / "generated/internal/models/order_test.go").exists()
    assert adopted("check").code == 0


def test_a_missing_file_comes_back_as_generated(adopted: Any) -> None:
    (adopted.root / PLACE).unlink()
    assert adopted("build", "--no-verify").code == 0
    assert "// by hand" not in (adopted.root / PLACE).read_text()
    assert "accepted" not in (adopted.root / "gocreator.lock").read_text()


def test_a_file_that_was_there_before_is_accepted_without_a_build(project: Any) -> None:
    project.write("generated/README.md", "my own words\n")
    assert project("adopt", "README.md").code == 0
    assert project("build", "--no-verify").code == 0
    assert project("check").code == 0
    assert (project.root / "generated/README.md").read_text() == "my own words\n"


def test_what_is_not_edited_is_not_accepted(project: Any) -> None:
    project("build", "--no-verify")
    lock = project.files()["gocreator.lock"]
    project.edit("fcs.yaml", "enum(open|paid)", "enum(open|paid|sent)")
    assert "nothing to adopt" in project("adopt", "internal").out
    assert project.files()["gocreator.lock"] == lock
    assert _status(project) == "stale"
    assert project("adopt", "internal/nothing.go").code == 2


def test_an_accepted_skeleton_needs_nobody_any_more(project: Any) -> None:
    project.edit("fcs.yaml", "relationships:", "endpoints: ['POST /orders/{id}/pay']\nrelationships:")
    project("build", "--no-verify")
    listed = json.loads(project("list", "--json").out)["targets"]
    skeleton = next(it["path"] for it in listed if it["needs_provider"] and it["path"].endswith(".go"))
    project.write(f"generated/{skeleton}", (project.root / "generated" / skeleton).read_text() + "\n// written\n")
    assert project("check").code == 0
    assert project("adopt", skeleton).code == 0
    assert project("check").code == 0
    listed = json.loads(project("list", skeleton, "--json").out)["targets"]
    assert [(it["status"], it["needs_provider"]) for it in listed] == [("up-to-date", False)]
