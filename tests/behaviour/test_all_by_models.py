"""Files of all kinds, written by models: what only they get wrong, and what is said where nobody can be asked."""

import json
from typing import Any

import pytest

from tests.emulator.faults import Raw
from tests.emulator.server import Emulator

ALL = "optimization: {templates: {enabled: false, template_dir: ./mine}}\n"
SHARED = """\
version: 1
title: What git knows of files
for_each: project
path: .gitattributes
phase: boilerplate
merge: lines
reads: [entity]
"""


@pytest.fixture
def asking(project: Any, served: dict[str, str]) -> Any:
    """Give the project with templates switched off, and a rule of its own whose file is shared with the user."""
    assert served
    project.write("mine/rules/attributes/rule.yaml", SHARED)
    project.write(
        "mine/rules/attributes/file.txt.j2", "{% for it in entities %}\n{{ it.file }}.go text\n{% endfor %}\n"
    )
    project.write(".gocreator.yaml", f"llm: {{provider: anthropic}}\n{ALL}")
    return project


def test_lines_of_the_user_outlive_what_a_build_writes(asking: Any, emulator: Emulator) -> None:
    def build() -> str:
        built = asking("build", ".gitattributes", "--no-verify")
        assert built.code == 0, built.err
        return str((asking.root / "generated/.gitattributes").read_text())

    asking.write("generated/.gitattributes", f"{build()}*.png binary\n")
    build()
    asking.edit("fcs.yaml", "  - name: Product\n    attributes:\n      title: string\n", "")
    assert build() == "customer.go text\norder.go text\n*.png binary\n"
    assert emulator.calls == []


def test_half_a_character_is_refused_in_every_file(asking: Any, emulator: Emulator) -> None:
    text = '<file path="Makefile">\nall:\n\techo \ud83d\n</file>\n'
    usage = {"input_tokens": 1, "output_tokens": 1}
    message = {"id": "msg_1", "type": "message", "role": "assistant", "model": "claude-sonnet-5-5", "content": []}
    events: list[dict[str, Any]] = [
        {"type": "message_start", "message": message | {"stop_reason": None, "stop_sequence": None, "usage": usage}},
        {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
        {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": text}},
        {"type": "content_block_stop", "index": 0},
        {"type": "message_delta", "delta": {"stop_reason": "end_turn", "stop_sequence": None}, "usage": usage},
        {"type": "message_stop"},
    ]
    stream = "".join(f"event: {it['type']}\ndata: {json.dumps(it)}\n\n" for it in events)
    emulator.on(Raw(stream.encode(), content_type="text/event-stream"), path="Makefile")
    built = asking("build", "Makefile", "--no-verify")
    assert built.code == 0, built.err
    _, again = emulator.calls
    assert "line 2: it is no UTF-8" in again.body["messages"][-1]["content"][0]["text"]


def test_what_is_advised_where_nobody_can_be_asked_helps(asking: Any) -> None:
    asking.write(".gocreator.yaml", ALL)
    refused = asking("build", "Makefile", "--no-verify")
    assert refused.code == 4
    assert "no provider is configured: set llm.provider, or set optimization.templates.enabled to true" in refused.err
    asking.write(".gocreator.yaml", ALL.replace("false", "true"))
    assert asking("build", "Makefile", "--no-verify").code == 0


def test_a_change_of_what_a_file_says_reaches_its_model(asking: Any, emulator: Emulator) -> None:
    written = ("go.mod", ".golangci.yml", "internal/models/order_test.go")
    assert asking("build", *written, "--no-verify").code == 0
    count = len(emulator.calls)
    asking.edit("fcs.yaml", "name: shop", "name: shop\ntesting_strategy: {coverage_target: 55}")
    assert "built 0" in asking("build", *written, "--no-verify").out
    asking.edit("fcs.yaml", "coverage_target: 55}", "coverage_target: 55}\nbuild_config: {go_version: '1.25'}")
    assert asking("why", "go.mod").out == "go.mod is stale\n  project: go_version: 1.24 -> 1.25\n"
    asking("build", "go.mod", "Makefile", "--no-verify")
    asked = {call.wanted: call.raw.decode().replace("\\", "") for call in emulator.calls[count:]}
    assert '"go_version":"1.25"' in asked["go.mod",]
    assert '"coverage_target":55.0' in asked["Makefile",]
