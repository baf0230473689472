import marshal
import os
from pathlib import Path
from typing import Any

import pytest
from blake3 import blake3

TARGET = "internal/models/order.go"


@pytest.fixture
def kept(project: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    assert project("build", "--no-verify").code == 0
    return tmp_path / "cache/gocreator/templates"


def _again(project: Any) -> None:
    """Forget what was rendered, and render it again."""
    before = project.files("generated")
    for place in (project.root / ".gocreator").rglob("renderings.json"):
        place.unlink()
    (project.root / "generated" / TARGET).unlink()
    done = project("build", "--no-verify")
    assert done.code == 0, done.err
    assert project.files("generated") == before


def _poisoned(place: Path) -> bytes:
    """Return what is kept, with code that betrays itself."""
    code = marshal.dumps(compile(f"open({str(place)!r}, 'w').close()", "x", "exec"))
    return blake3(code).digest() + code


def test_compiled_templates_are_kept_for_their_user_alone(kept: Path, project: Any) -> None:
    assert list(kept.iterdir())
    assert not kept.stat().st_mode & 0o077
    before = {path: path.stat().st_mtime_ns for path in kept.iterdir()}
    _again(project)
    assert {path: path.stat().st_mtime_ns for path in kept.iterdir()} == before


@pytest.mark.parametrize("damage", [b"", b"garbage", None], ids=["empty", "garbage", "cut"])
def test_what_is_damaged_is_compiled_anew(kept: Path, project: Any, damage: bytes | None) -> None:
    whole = {path: path.read_bytes() for path in kept.iterdir()}
    for path, data in whole.items():
        path.write_bytes(data[: len(data) // 2] if damage is None else damage)
    _again(project)
    assert any(path.read_bytes() == data for path, data in whole.items())


def test_where_others_may_write_nothing_is_taken_and_nothing_kept(kept: Path, project: Any, tmp_path: Path) -> None:
    betrayed = tmp_path / "betrayed"
    for path in kept.iterdir():
        path.write_bytes(_poisoned(betrayed))
    kept.chmod(0o777)
    _again(project)
    assert not betrayed.exists()
    assert {path.read_bytes() for path in kept.iterdir()} == {_poisoned(betrayed)}


def test_without_a_place_each_process_compiles_its_own(kept: Path, project: Any) -> None:
    for path in kept.iterdir():
        path.unlink()
    kept.rmdir()
    kept.write_text("no directory")
    _again(project)


def test_what_nobody_used_for_long_goes(kept: Path, project: Any) -> None:
    old = kept / "old"
    old.write_bytes(b"")
    os.utime(old, (0, 0))
    _again(project)
    assert not old.exists()
