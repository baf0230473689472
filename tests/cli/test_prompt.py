"""`gocreator prompt` shows the request that a build would send, and sends nothing."""

import json
from typing import Any

import pytest

from tests.emulator.server import Emulator

PATH = "internal/service/order.go"
OWN = "own/rules/service/prompt.md.j2"


@pytest.fixture
def own(project: Any) -> Any:
    project.write(".gocreator.yaml", "optimization: {templates: {template_dir: ./own}}\n")
    return project


def test_what_is_shown_is_what_is_sent(project: Any, emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> None:
    chosen = ("--provider", "anthropic", "--model", "claude-sonnet-5-5")
    shown = json.loads(project("prompt", PATH, *chosen, "--json").out)
    assert emulator.calls == []
    (prompt,) = shown["prompts"]
    assert prompt["writer"] == "model"
    assert prompt["ladder"] == [{"provider": "anthropic", "model": "claude-sonnet-5-5", "effort": ""}]
    monkeypatch.setenv("ANTHROPIC_BASE_URL", emulator.url)
    monkeypatch.setenv("ANTHROPIC_API_KEY", "k")
    project("build", PATH, "--no-verify", *chosen)
    body = next(call.body for call in emulator.calls if call.wanted == (PATH,))
    assert body["model"] == "claude-sonnet-5-5"
    assert body["max_tokens"] == prompt["output_limit"]
    said = {"system": body["system"], "user": body["messages"][0]["content"]}
    for role, blocks in said.items():
        text = "".join(part["text"] for part in prompt["parts"] if part["role"] == role)
        assert "".join(block["text"] for block in blocks) == text


def test_tokens_are_those_of_who_is_asked(project: Any) -> None:
    shown = [project("prompt", PATH, "--provider", name).out for name in ("anthropic", "openai")]
    tokens = [[line.rpartition("about ")[2] for line in out.splitlines() if line.startswith("=== ")] for out in shown]
    assert tokens[0] != tokens[1]
    assert [out.splitlines()[-1].partition(";")[0] for out in shown] == [
        "=== asked of anthropic claude-sonnet-5-5 with effort medium",
        "=== asked of openai gpt-6.1-sol with effort medium",
    ]


def test_without_a_provider_it_is_said_that_nobody_is_asked(project: Any) -> None:
    lines = project("prompt", PATH).out.splitlines()
    assert lines[-2].startswith(f"=== {PATH}, written by a template: about ")
    assert lines[-1].startswith("=== asked of nobody, because no provider is named; ")
    assert f"=== {PATH}, written by a model: about " in project("prompt", PATH, "--origin", "llm").out


@pytest.mark.parametrize(
    ("path", "text", "message"),
    [
        (OWN, "# Services\n\n{% if %}\n", "own/rules/service/prompt.md.j2:3:1: "),
        (OWN, "# Services\n{{ exmaple.path }}\n", "own/rules/service/prompt.md.j2:2:1: unknown name 'exmaple'"),
        ("own/prompts/system.md.j2", "You.\n\n{{ project.name }}\n", "own/prompts/system.md.j2:3:1: unknown name"),
    ],
)
def test_a_broken_prompt_is_told_by_every_command_that_plans(own: Any, path: str, text: str, message: str) -> None:
    own.write(path, text)
    wrong = own("check")
    assert wrong.code == 2
    assert wrong.err.startswith(message)


def test_a_prompt_of_ones_own_is_asked(own: Any) -> None:
    own.write(OWN, "# Our services\n\nAs in {{ example.path }}.\n")
    shown = json.loads(own("prompt", PATH, "--json").out)["prompts"][0]["parts"]
    assert shown[1]["text"].startswith("# Our services\n\nAs in internal/service/note.go.\n")
