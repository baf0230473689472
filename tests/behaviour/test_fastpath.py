"""An unchanged project is recognised before anything heavy is imported, and never wrongly."""

import compileall
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

import gocreator
from gocreator.resources import data_dir

ORDER = "generated/internal/models/order.go"


def _run(project: Any, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-X", "importtime", "-m", "gocreator", *arguments]
    return subprocess.run(
        command, cwd=project.root, env=os.environ | more, capture_output=True, text=True, check=False, timeout=60
    )


def _was_fast(ran: subprocess.CompletedProcess[str]) -> bool:
    return not any(
        f"| {' ' * depth}{name}" in ran.stderr for depth in range(40) for name in ("click", "doit", "pydantic")
    )


def _is_fast(project: Any, *arguments: str) -> bool:
    """Run a build that has nothing to do; where it is not recognised, say what was touched last."""
    if _was_fast(_run(project, *arguments)):
        return True
    places = [Path(gocreator.__file__).parent, data_dir("templates"), project.root]
    found = {path: path.lstat() for place in places for path in (place, *place.rglob("*"))}
    newest = sorted((max(its.st_mtime_ns, its.st_ctime_ns), str(path)) for path, its in found.items())[-200:]
    raise AssertionError("\n".join(f"{nanoseconds} {path}" for nanoseconds, path in newest))


@pytest.fixture(scope="module", autouse=True)
def _compiled() -> None:
    """Compile gocreator: who does it first makes folders among the code, and is not trusted to know what it ran."""
    assert compileall.compile_dir(Path(gocreator.__file__).parent, quiet=1)


@pytest.fixture
def built(project: Any) -> Any:
    assert _run(project, "build", "--no-verify").returncode == 0
    return project


def test_an_unchanged_project_imports_nothing_heavy(built: Any) -> None:
    again = _run(built, "build", "--no-verify")
    assert again.returncode == 0
    assert _was_fast(again)
    assert "built 0" in again.stdout
    total = json.loads(built("list", "--json").out)["counts"]["up-to-date"]
    assert f"up to date {total}," in again.stdout


def test_a_fast_run_leaves_a_report_and_else_nothing(built: Any) -> None:
    generated = {path: path.stat().st_mtime_ns for path in built.root.rglob("generated/**/*")}
    _run(built, "build", "--no-verify")
    runs = [path for path in (built.root / ".gocreator/reports").iterdir() if not path.is_symlink()]
    assert len(runs) == 2
    report = json.loads((built.root / ".gocreator/reports/latest/report.json").read_text())
    assert report["counts"]["built"] == 0
    assert report["output"] == "generated"
    assert {path: path.stat().st_mtime_ns for path in built.root.rglob("generated/**/*")} == generated


def _touch_fcs(project: Any) -> None:
    project.edit("fcs.yaml", "title: string", "title: text")


def _same_size_edit_with_the_same_time(project: Any) -> None:
    place = project.root / ORDER
    stat = place.stat()
    place.write_text(place.read_text().replace("Order", "Ordre"))
    os.utime(place, ns=(stat.st_atime_ns, stat.st_mtime_ns))


CHANGES = {
    "specification": _touch_fcs,
    "target edited": lambda project: project.edit(ORDER, "Order", "Ordre"),
    "target edited, size and time kept": _same_size_edit_with_the_same_time,
    "target deleted": lambda project: (project.root / ORDER).unlink(),
    "file added to the output": lambda project: project.write("generated/internal/models/own.go", "package models\n"),
    "configuration added": lambda project: project.write(".gocreator.yaml", "logging: {level: debug}\n"),
    "second specification": lambda project: project.write("fcs.json", "{}"),
    "lock deleted": lambda project: (project.root / "gocreator.lock").unlink(),
    "state deleted": lambda project: (project.root / ".gocreator/generated/state.db").unlink(),
}


@pytest.mark.sample(3)
@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_any_change_leads_to_the_ordinary_path(built: Any, change: Any) -> None:
    change(built)
    assert not _was_fast(_run(built, "build", "--no-verify"))


def test_a_manifest_serves_only_its_flags_and_its_environment(built: Any) -> None:
    assert _is_fast(built, "build", "--no-verify")
    assert not _was_fast(_run(built, "build", "--no-verify", "-n", "2"))
    assert not _was_fast(_run(built, "build", "--no-verify", GOCREATOR_LOGGING_LEVEL="debug"))
    assert not _was_fast(_run(built, "build", "--no-verify", PATH=f"/nonsense:{os.environ['PATH']}"))
    assert not _was_fast(_run(built, "build", "--dry-run"))
    assert not _was_fast(_run(built, "build"))


def test_an_edited_file_is_reported_by_every_build(built: Any) -> None:
    built.edit(ORDER, "Order", "Ordre")
    for _ in range(2):
        again = _run(built, "build", "--no-verify")
        assert "kept 1" in again.stdout


def test_old_entries_are_no_longer_hashed(built: Any) -> None:
    time.sleep(2.1)
    _run(built, "build", "--no-verify")
    (manifest,) = (built.root / ".gocreator/manifests").glob("*.json")
    entries = json.loads(manifest.read_text())["entries"]
    assert entries[ORDER][-1] is None
    assert _is_fast(built, "build", "--no-verify")


def test_help_and_version_import_no_engine(project: Any) -> None:
    for arguments in (["--help"], ["version"], ["build", "--help"]):
        ran = _run(project, *arguments)
        assert ran.returncode == 0
        for heavy in ("doit", "pydantic", "jinja2", "anthropic", "openai", "rich", "diskcache"):
            assert f" {heavy}\n" not in ran.stderr


def test_another_directory_is_another_project(built: Any, tmp_path: Path) -> None:
    assert _is_fast(built, "build", "--no-verify")
    other = type(built)(tmp_path / "other")
    other.write("fcs.yaml", (built.root / "fcs.yaml").read_text())
    ran = _run(built, "build", "--no-verify", "-C", str(other.root))
    assert ran.returncode == 0
    assert not _was_fast(ran)
