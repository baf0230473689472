"""The original's files are read unchanged, and nothing that they say is lost."""

from pathlib import Path

from gocreator.fcs.load import load_fcs

DATA = Path(__file__).parents[1] / "data"


def test_a_specification_of_the_original_as_json() -> None:
    loaded = load_fcs(DATA / "chinook.fcs.json", "chinook.fcs.json")
    fcs = loaded.fcs
    assert not loaded.warnings
    assert (fcs.name, fcs.module, fcs.build.output_path) == ("chinook", "chinook", "bin/chinook")
    assert (len(fcs.entities), len(fcs.relationships), len(fcs.endpoints)) == (11, 11, 55)
    assert all(item.via for item in fcs.relationships)
    assert all(item.entity for item in fcs.endpoints)
    assert len([item for item in fcs.requirements if item.kind == "non_functional"]) == 1
    assert "2026-01-01" not in fcs.model_dump_json()


def test_a_sample_of_the_original_as_yaml() -> None:
    fcs = load_fcs(DATA / "original/simple-spec.yaml").fcs
    assert (fcs.name, fcs.title, fcs.build.go_version) == ("todo-cli", "TODO CLI", "1.22")
    (task,) = fcs.entities
    assert [(item.name, item.type.base) for item in task.attributes] == [
        ("id", "uuid"),
        ("description", "text"),
        ("completed", "bool"),
        ("created_at", "timestamp"),
    ]
    assert [item.id for item in fcs.scenarios] == ["US1-Add-Task", "US2-List-Tasks", "US3-Complete-Task"]
    assert len(fcs.success_criteria) == 3
    assert [item.id for item in fcs.requirements] == ["FR-001", "FR-002", "FR-003", "NFR-001", "NFR-002", "NFR-003"]
    assert fcs.testing.coverage_target == 80
