"""What the README promises in tables is what the code says."""

from pathlib import Path

from gocreator.cli.main import COMMANDS
from gocreator.fcs.types import TABLE
from gocreator.values import Status

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()


def type_table() -> str:
    rows = [f"| `{row.name}` | {row.description} | `{row.go}` | `{row.sql}` |" for row in TABLE]
    return "\n".join(["| type | what it is | Go | SQL |", "|---|---|---|---|", *rows])


def test_the_table_of_types_is_the_one_in_force() -> None:
    assert type_table() in README


def test_every_command_and_every_status_is_explained() -> None:
    assert all(f"`{command}" in README for command in COMMANDS)
    current = set(Status) - {Status.OUTDATED, Status.PENDING}
    assert all(f"`{status}`" in README for status in current)


def test_all_files_that_documents_name_exist() -> None:
    for name in ("CONTRIBUTING.md", "CHANGELOG.md", "LICENSE", "requirements.lock"):
        assert (ROOT / name).is_file()


def test_every_example_is_named() -> None:
    for place in ROOT.glob("examples/*/fcs.yaml"):
        assert f"({place.relative_to(ROOT)})" in README
