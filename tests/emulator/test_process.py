"""The emulator runs as a process of its own, for demonstrations and measurements."""

import subprocess
import sys
from pathlib import Path

import httpx2


def test_it_prints_where_it_listens(tmp_path: Path) -> None:
    (tmp_path / "a.go").write_text("package a\n")
    command = [sys.executable, "-m", "tests.emulator", "--tree", str(tmp_path), "--port", "0"]
    with subprocess.Popen(command, cwd=Path(__file__).parents[2], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        lines = dict(process.stdout.readline().strip().split("=", 1) for _ in range(2))
        body = {"model": "gpt-6.1-sol", "input": '<file path="a.go"/><file path="../a.go"/>'}
        reply = httpx2.post(f"{lines['OPENAI_BASE_URL']}/responses", json=body, headers={"authorization": "Bearer x"})
        process.terminate()
    assert lines["OPENAI_BASE_URL"] == lines["ANTHROPIC_BASE_URL"] + "/v1"
    assert reply.json()["output"][0]["content"][0]["text"] == '<file path="a.go">\npackage a\n</file>\n'
