"""Files that the Go toolchain does not accept, repaired by models on an emulator, judged by the real toolchain."""

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.emulator import damages
from tests.emulator.faults import Spoil
from tests.emulator.server import Emulator

SERVICE = "internal/service/order.go"
MODEL = "internal/models/order.go"
SOME = "llm: {provider: anthropic}\ngeneration: {origin: template, origins: {service: llm, model: llm}}\n"

pytestmark = pytest.mark.go


def _report(project: Any) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((project.root / ".gocreator/reports/latest/report.json").read_text())
    return found


def _repairs(emulator: Emulator) -> list[Any]:
    return [call for call in emulator.calls if "You repair one file" in json.dumps(call.body)]


def _tree(project: Any) -> dict[str, str]:
    return {path: data.decode() for path, data in project.files("generated").items()}


def _changed(old: str, new: str, path: str = SERVICE) -> Spoil:
    """Let a file be written with a text replaced."""

    def change(draft: Any) -> None:
        block = draft.block(path)
        assert re.search(old, block.source), block.source
        block.source = re.sub(old, new, block.source, count=1)

    return Spoil(change)


@pytest.fixture
def some(project: Any, served: dict[str, str]) -> dict[str, str]:
    project.write(".gocreator.yaml", SOME)
    return served


def test_an_unused_import_is_repaired(project: Any, emulator: Emulator, some: dict[str, str]) -> None:
    emulator.on(_changed(r"import \(", 'import (\n\t"os"'), path=SERVICE)
    built = project("build")
    print(built.out, built.err)
    assert built.code == 0
    assert _tree(project) == some
    (call,) = _repairs(emulator)
    print(json.dumps(call.body, indent=1).replace("\\n", "\n"))
    assert 0
