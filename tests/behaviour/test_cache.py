"""`gocreator cache`: looking into the store, emptying it, carrying it to another project."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.emulator import damages
from tests.emulator.server import Emulator


@pytest.fixture
def filled(project: Any, served: dict[str, str]) -> Any:
    """Give a project whose store holds what a model wrote."""
    assert served
    assert project("build", "--no-verify", "--provider", "anthropic", "--origin", "llm").code == 0
    return project


def _entries(project: Any) -> int:
    found: int = json.loads(project("cache", "stats", "--json").out)["entries"]
    return found


def _kinds(project: Any) -> dict[str, int]:
    kinds = json.loads(project("cache", "stats", "--json").out)["kinds"]
    return {it["kind"]: it["entries"] for it in kinds}


def test_it_says_what_is_there_and_where(filled: Any, emulator: Emulator) -> None:
    files = sum(len(call.wanted) for call in emulator.calls)
    assert _kinds(filled) == {"artifact": files, "prompt": len(emulator.calls), "response": len(emulator.calls)}
    assert files > len(emulator.calls)
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


PATH = "internal/service/order.go"


def test_it_shows_what_made_a_file(filled: Any, emulator: Emulator) -> None:
    (call,) = [it for it in emulator.calls if PATH in it.wanted]
    shown = filled("cache", "show", f"generated/{PATH}")
    assert shown.code == 0
    assert "=== artifact, " in shown.out
    assert f"{PATH}, by anthropic claude-sonnet-5-5" in shown.out
    assert all(part["text"] in shown.out for part in call.body["messages"][0]["content"]), "what was asked"
    assert call.answer in shown.out, "and answered"
    document = json.loads(filled("cache", "show", PATH, "--json").out)
    made, prompt, response = document["entries"]
    assert document["others"] == []
    assert (made["path"], made["model"], made["hits"]) == (PATH, "claude-sonnet-5-5", 0)
    assert made["content"] == (filled.root / "generated" / PATH).read_text()
    assert (made["prompt"], made["response"]) == (prompt["key"], response["key"])
    assert made["input_tokens"] > 1000
    assert made["created_at"] <= made["last_used_at"] < made["expires_at"]
    by_key = filled("cache", "show", response["key"][:12])
    assert call.answer in by_key.out


def test_what_saved_tokens_says_so(filled: Any) -> None:
    shutil.rmtree(filled.root / "generated")
    assert filled("build", "--no-verify", "--provider", "anthropic").code == 0
    made = json.loads(filled("cache", "show", PATH, "--json").out)["entries"][0]
    assert made["hits"] == 1
    assert made["tokens_saved"] == made["input_tokens"] + made["output_tokens"]


def test_what_is_not_there_is_told(filled: Any) -> None:
    for what in ("go.mod", "internal/service/nothing.go", "a" * 64, "../../etc/passwd", "\0"):
        missing = filled("cache", "show", what)
        assert missing.code == 2
        assert "the store holds nothing of" in missing.err


def test_what_is_shown_gives_a_terminal_no_commands(filled: Any, emulator: Emulator) -> None:
    emulator.on(damages.chatter(before="\x1b]0;owned\x07\n"), path=PATH)
    shutil.rmtree(filled.root / "generated")
    assert filled("build", "--no-verify", "--provider", "anthropic", "--refresh").code == 0
    assert "owned" in filled("cache", "show", PATH).out
    assert "\x1b" not in filled("cache", "show", PATH).out
