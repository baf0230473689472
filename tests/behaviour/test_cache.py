"""`gocreator cache`: looking into the store, emptying it, carrying it to another project."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.emulator.server import Emulator


@pytest.fixture
def filled(project: Any, emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Give a project whose store holds what a model wrote."""
    monkeypatch.setenv("ANTHROPIC_BASE_URL", emulator.url)
    monkeypatch.setenv("ANTHROPIC_API_KEY", "k")
    project("build", "--no-verify")
    emulator.settings.source = {path: data.decode() for path, data in project.files("generated").items()}
    assert project("build", "--no-verify", "--provider", "anthropic", "--origin", "llm").code == 0
    return project


def _entries(project: Any) -> int:
    found: int = json.loads(project("cache", "stats", "--json").out)["entries"]
    return found


def test_it_says_what_is_there_and_where(filled: Any, emulator: Emulator) -> None:
    assert _entries(filled) == len(emulator.calls) > 0
    place = Path(filled("cache", "path").out.strip())
    assert place.is_dir()
    assert place.is_relative_to(filled.root)
    assert "claude-sonnet-5-5" in filled("cache", "stats").out


def test_it_is_emptied_on_request_alone(filled: Any) -> None:
    before = _entries(filled)
    refused = filled("cache", "clear")
    assert refused.code == 4
    assert _entries(filled) == before
    assert filled("cache", "clear", "--yes").code == 0
    assert _entries(filled) == 0


def test_another_project_takes_what_was_paid_for(
    filled: Any, emulator: Emulator, new_project: Any, tmp_path: Path
) -> None:
    assert filled("cache", "export", "store.tar").code == 0
    other = new_project(tmp_path / "other")
    shutil.copy(filled.root / "fcs.yaml", other.root)
    assert other("cache", "import", str(filled.root / "store.tar")).code == 0
    count = len(emulator.calls)
    assert other("build", "--no-verify", "--provider", "anthropic").code == 0
    assert len(emulator.calls) == count
    assert other.files("generated") == filled.files("generated")


@pytest.mark.parametrize("content", [b"", b"garbage", b"\x1f\x8b" + bytes(100)])
def test_what_is_no_archive_is_refused(project: Any, content: bytes) -> None:
    (project.root / "store.tar").write_bytes(content)
    refused = project("cache", "import", "store.tar")
    assert refused.code in (1, 2)
    assert "store.tar" in refused.err
    assert "Traceback" not in refused.err
    assert _entries(project) == 0
