"""A build does, and says, only what changed."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

ORDER = "internal/models/order.go"
CUSTOMER = "internal/models/customer.go"
PRODUCT = "internal/models/product.go"


def _statuses(project: Any, *arguments: str) -> dict[str, str]:
    listed = json.loads(project("list", "--json", *arguments).out)
    return {target["path"]: target["status"] for target in listed["targets"]}


def _stats(root: Path) -> dict[str, tuple[int, int]]:
    return {str(path): (path.stat().st_mtime_ns, path.stat().st_ino) for path in root.rglob("*") if path.is_file()}


def test_two_builds_of_one_specification_are_byte_identical(project: Any, tmp_path: Path) -> None:
    other = type(project)(tmp_path / "a place with another name")
    other.write("fcs.yaml", (project.root / "fcs.yaml").read_text())
    assert project("build", "--no-verify").code == 0
    assert other("build", "--no-verify").code == 0
    assert project.files("generated") == other.files("generated")
    assert project.files()["gocreator.lock"] == other.files()["gocreator.lock"]


def test_a_second_build_writes_nothing(project: Any) -> None:
    project("build", "--no-verify")
    before = _stats(project.root / "generated")
    again = project("build", "--no-verify")
    assert again.code == 0
    assert "built 0" in again.out
    assert _stats(project.root / "generated") == before


@pytest.mark.parametrize(
    "reformatted",
    [
        lambda text: f"# a comment\n\n{text}",
        lambda text: text.replace("{type: email, unique: true}", "{unique: true,   type: email}"),
        lambda text: text.replace("      email: {type: email, unique: true}\n      name: string\n",
                                  "      name: string\n      email: {type: email, unique: true}\n"),
        lambda text: text.replace("name: shop\nmodule: example.com/shop\n", "module: example.com/shop\nname: 'shop'\n"),
    ],
    ids=["comment", "keys of an attribute", "attributes", "keys of the document"],
)  # fmt: skip
def test_a_comment_key_order_and_reformatting_make_nothing_stale(project: Any, reformatted: Any) -> None:
    project("build", "--no-verify")
    text = (project.root / "fcs.yaml").read_text()
    changed = reformatted(text)
    assert changed != text
    project.write("fcs.yaml", changed)
    assert set(_statuses(project).values()) == {"up-to-date"}
    assert project("check").code == 0


def test_one_changed_field_rebuilds_only_what_it_reaches_and_why_names_it(project: Any) -> None:
    project("build", "--no-verify")
    project.edit("fcs.yaml", "      title: string", "      title: {type: string, max_length: 80}")
    stale = {path for path, status in _statuses(project).items() if status != "up-to-date"}
    assert PRODUCT in stale
    assert all("product" in path for path in stale)
    why = project("why", PRODUCT)
    assert why.code == 0
    assert "entity:Product" in why.out
    assert "attributes.title.max_length" in why.out
    before = _stats(project.root / "generated")
    built = project("build", "--no-verify")
    assert f"built {len(stale)}," in built.out
    changed = {path for path, stat in _stats(project.root / "generated").items() if before[path] != stat}
    assert {str(Path(path).relative_to(project.root / "generated")) for path in changed} == stale


def test_a_new_field_of_an_entity_leaves_its_neighbours_alone(project: Any) -> None:
    project("build", "--no-verify")
    project.edit("fcs.yaml", "      name: string", "      name: string\n      phone: string?")
    stale = {path for path, status in _statuses(project).items() if status == "stale"}
    assert CUSTOMER in stale
    assert ORDER not in stale


def test_a_fresh_clone_with_the_lock_and_no_state_is_up_to_date(project: Any, tmp_path: Path) -> None:
    project("build", "--no-verify")
    clone = tmp_path / "clone"
    shutil.copytree(project.root, clone, ignore=shutil.ignore_patterns(".gocreator"))
    fresh = type(project)(clone)
    before = _stats(clone)
    assert fresh("check").code == 0
    assert _stats(clone) == before
    assert not (clone / ".gocreator").exists()
    assert "built 0" in fresh("build", "--no-verify").out
    assert _stats(clone / "generated").keys() == {path for path in before if "generated" in path}


def test_a_deleted_target_comes_back(project: Any) -> None:
    project("build", "--no-verify")
    text = (project.root / "generated" / ORDER).read_bytes()
    (project.root / "generated" / ORDER).unlink()
    assert project("check").code == 1
    assert "built 1," in project("build", "--no-verify").out
    assert (project.root / "generated" / ORDER).read_bytes() == text


def test_an_entity_that_left_takes_its_unedited_files_with_it(project: Any) -> None:
    project("build", "--no-verify")
    edited = project.root / "generated/internal/models/product_test.go"
    edited.write_text(edited.read_text() + "\n// mine\n")
    project.edit("fcs.yaml", "  - name: Product\n    attributes:\n      title: string\n", "")
    assert "orphan" in project("check").out
    built = project("build", "--no-verify")
    assert built.code == 0
    left = {path for path in project.files("generated") if "product" in path}
    assert left == {"internal/models/product_test.go"}
    assert "product_test.go" in built.err
    assert project("check").code == 0


def test_two_specifications_and_two_outputs_do_not_touch_each_other(project: Any) -> None:
    project.write("other.yaml", (project.root / "fcs.yaml").read_text().replace("Product", "Gadget"))
    project("build", "--no-verify")
    one = project.files("generated")
    assert project("build", "-f", "other.yaml", "-o", "second", "--no-verify").code == 0
    assert project.files("generated") == one
    assert project("check").code == 0
    assert project("check", "-f", "other.yaml", "-o", "second").code == 0
    project.edit("fcs.yaml", "title: string", "title: text")
    project("build", "--no-verify")
    assert project("check", "-f", "other.yaml", "-o", "second").code == 0


def test_only_the_chosen_targets_are_built(project: Any) -> None:
    built = project("build", "entity:Order", "generated/go.mod", "--no-verify")
    assert built.code == 0
    made = project.files("generated").keys()
    assert {ORDER, "go.mod"} <= made
    assert not {path for path in made if "product" in path}
    assert project("build", "rule:nonsense").code == 2
    assert project("build", "phase:models", "--no-verify").code == 0
    assert PRODUCT in project.files("generated")


def test_a_dry_run_tells_what_a_build_does_and_leaves_no_trace(project: Any) -> None:
    planned = project("list", "--dry-run")
    assert planned.code == 0
    assert project("build", "--dry-run").out == planned.out
    assert project.files().keys() == {"fcs.yaml"}
    document = json.loads(project("list", "--dry-run", "--json").out)
    wanted = {action["path"] for action in document["actions"] if action["action"] == "build"}
    project("build", "--no-verify")
    assert wanted == project.files("generated").keys()


@pytest.mark.parametrize("workers", ["1", "4", "16"])
def test_the_number_of_workers_changes_nothing(project: Any, workers: str, tmp_path: Path) -> None:
    other = type(project)(tmp_path / "other")
    other.write("fcs.yaml", (project.root / "fcs.yaml").read_text())
    project("build", "--no-verify")
    assert other("build", "--no-verify", "-n", workers).code == 0
    assert project.files("generated") == other.files("generated")


def test_state_and_report_say_what_was_done(project: Any) -> None:
    project("build", "--no-verify")
    state = json.loads(project.files(".gocreator/generated")["state.json"])
    assert state["generated_files"][ORDER]["template"] is True
    assert "entity:Order" in state["dependency_graph"][ORDER]
    assert state["checksums"][ORDER].startswith("sha256:")
    report = json.loads((project.root / ".gocreator/reports/latest/report.json").read_text())
    assert report["counts"]["built"] == len(project.files("generated"))
    assert report["metrics"]["total_llm_calls"] == 0
    assert {target["path"] for target in report["targets"]} == project.files("generated").keys()


def test_another_checksum_algorithm_makes_nothing_stale(project: Any) -> None:
    project("build", "--no-verify")
    project.write(".gocreator.yaml", "optimization: {incremental: {checksum_algorithm: blake3}}\n")
    assert project("check").code == 0
    project.edit("fcs.yaml", "title: string", "title: {type: string, max_length: 9}")
    project("build", "--no-verify")
    assert project("check").code == 0
    state = json.loads(project.files(".gocreator/generated")["state.json"])
    assert state["checksums"][PRODUCT].startswith("blake3:")


@pytest.mark.parametrize("text", ["", "[]", '{"maker": 1}', '{"maker": "x", "renderings": {"a": [1]}}', "\x00"])
def test_what_is_remembered_of_renderings_may_be_lost(project: Any, text: str) -> None:
    assert project("build", "--no-verify").code == 0
    remembered = project.root / ".gocreator/generated/renderings.json"
    whole = remembered.read_text()
    remembered.write_text(text)
    project.edit("fcs.yaml", "title: string", "title: {type: string, max_length: 9}")
    built = project("build", "--no-verify")
    assert built.code == 0, built.err
    assert "max_length" not in (project.root / "generated/internal/models/product.go").read_text()
    assert "at most 9 characters" in (project.root / "generated/internal/models/product.go").read_text()
    assert remembered.read_text() != whole
    assert "built 0" in project("build", "--no-verify").out
