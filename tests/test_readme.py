"""What the README promises in tables is what the code says."""

import re
from pathlib import Path

import gocreator
from gocreator.cli.main import COMMANDS
from gocreator.config.kinds import Kind
from gocreator.config.options import BY_KEY, OPTIONS
from gocreator.fcs.load import load_fcs
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


def test_every_switch_of_optimization_is_explained() -> None:
    switches = [it.key.removeprefix("optimization.") for it in OPTIONS if it.key.startswith("optimization.")]
    rows = "".join(re.findall(r"^\| `[a-z_]+\.[^\n]+$", README, re.MULTILINE))
    for name in (it for it in switches if BY_KEY[f"optimization.{it}"].kind is Kind.BOOL):
        assert f"`{name}`" in rows or f"`.{name.rpartition('.')[2]}`" in rows, name


def test_all_files_that_documents_name_exist() -> None:
    for name in ("CONTRIBUTING.md", "CHANGELOG.md", "LICENSE", "requirements.lock"):
        assert (ROOT / name).is_file()


def test_every_example_is_named() -> None:
    for place in ROOT.glob("examples/*/fcs.yaml"):
        assert f"({place.relative_to(ROOT)})" in README


def test_the_specification_that_is_shown_makes_the_files_that_are_shown(tmp_path: Path) -> None:
    specification, tree = re.findall(r"```(?:yaml|text)\n(name: shop.*?|generated/\n.*?)```", README, re.DOTALL)
    (tmp_path / "fcs.yaml").write_text(specification)
    assert load_fcs(tmp_path / "fcs.yaml").warnings == ()
    planned = gocreator.make_plan(tmp_path).targets
    shown = [line.split("  ")[0] for line in re.findall(r"^  ((?:internal|cmd)/\S+)", tree, re.MULTILINE)]
    assert len(shown) > 8
    for path in shown:
        assert any(target == path or target.startswith(path) for target in planned), path
