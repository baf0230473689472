"""The picture of the README is what a terminal shows: `PICTURES=write` with this test makes it anew."""

import html
import io
import os
import re
import shutil
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from rich.text import Text

from tests.emulator.faults import Hang
from tests.emulator.plugin import serve
from tests.emulator.server import Emulator
from tests.observe.terminal import Terminal

ROOT = Path(__file__).parents[2]
PICTURE = ROOT / "tests/pictures/build.svg"
WIDTH = 100
CONFIG = """\
llm: {provider: anthropic}
generation: {origin: template, origins: {service: llm, model: llm, store: llm, handler: llm}}
limits: {max_cost_usd: 2}
"""
SHOWN = 14
"""So many lines of the screen are in the picture."""


@pytest.fixture
def screen(
    project: Any,
    emulator: Emulator,
    served: dict[str, str],  # noqa: ARG001 - it sets keys
    tmp_path: Path,
) -> Iterator[str]:
    """Give the screen of a build whose calls are all in the middle of their answers, with its colours."""
    shutil.copy(ROOT / "examples/blog/fcs.yaml", project.root / "fcs.yaml")
    serve(project, emulator)
    project.write(".gocreator.yaml", CONFIG)
    going_on = threading.Event()
    emulator.on(Hang(after=300, until=going_on, seconds=60), times=None)
    (tmp_path / "t").mkdir()
    with Terminal(tmp_path / "t", WIDTH) as window:
        window.start([sys.executable, "-m", "gocreator", "build", "-n", "4", "--no-verify"], project.root)
        window.until(r"(?s)(call-\d [^\n]*~[\d,]+ tokens.*){4}about")
        yield "\n".join(line for line in window.coloured() if line.strip())
        going_on.set()


def _plain(screen: str) -> list[str]:
    return [Text.from_ansi(line).plain.rstrip() for line in screen.splitlines()][-SHOWN:]


def _shape(line: str) -> str:
    """Return a line without what differs from run to run."""
    line = re.sub(r"[━╸╺]+", "━", re.sub(r"^[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏]", "*", line))
    return re.sub(r" +", " ", re.sub(r"[\d,.]+", "0", re.sub(r"\d+ min ", "", line)))


def _of_region(lines: list[str]) -> list[str]:
    """Return what is drawn, in an order of its own; what was built before comes in any order."""
    drawn = [line for line in lines if re.search(r"call-|━| files.* · |calls", line)]
    return sorted(_shape(re.sub(r"internal/\S+", "FILE", line)) for line in drawn)


def _svg(screen: str) -> str:
    console = Console(record=True, width=WIDTH, file=io.StringIO(), force_terminal=True, color_system="truecolor")
    for line in screen.splitlines()[-SHOWN:]:
        console.print(Text.from_ansi(line), soft_wrap=True)
    drawn = console.export_svg(title="gocreator build -n 4")
    return re.sub(r"@font-face \{.*?\}\s*", "", drawn, flags=re.DOTALL)  # it would be fetched from elsewhere


def test_the_picture_is_what_a_terminal_shows(screen: str) -> None:
    if os.environ.get("PICTURES") == "write":
        PICTURE.parent.mkdir(exist_ok=True)
        PICTURE.write_text(_svg(screen))
        PICTURE.with_suffix(".txt").write_text("\n".join(_plain(screen)) + "\n")
    kept = PICTURE.with_suffix(".txt").read_text().splitlines()
    assert _of_region(_plain(screen)) == _of_region(kept)
    words = re.sub(r"<[^>]+>", " ", html.unescape(PICTURE.read_text())).replace("\xa0", " ")
    for line in kept:
        for word in re.sub("[━╸╺]", " ", line).split():
            assert word in words, word
    assert not re.search(r"url\((?!#)|href=", PICTURE.read_text()), "it would be fetched from elsewhere"
    assert "(tests/pictures/build.svg)" in (ROOT / "README.md").read_text()
