"""What a dry run says that a build will cost is near what the providers bill, and nearer once there were calls."""

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.benchmarks.answering import answered
from tests.benchmarks.asking import serving
from tests.benchmarks.builders import BIN
from tests.benchmarks.measuring import measure
from tests.benchmarks.subjects import CHINOOK, SHOP, Subject
from tests.emulator.journal import Entry, entries

SUBJECTS = {"chinook": CHINOOK, "shop": SHOP}
COUNTED = {"anthropic": "claude", "openai": "openai"}


@dataclass
class Estimating:
    """A project whose calls are counted as its provider counts, or so many times as many tokens."""

    folder: Path
    answers: Path
    provider: str
    times: float = 1.0

    def foresee(self) -> dict[str, Any]:
        """Return what a dry run says in all."""
        self._run("list", "--dry-run", "--json")
        totals: dict[str, Any] = json.loads((self.folder / ".bench.log").read_text())["totals"]
        return totals

    def build(self) -> list[Entry]:
        """Build, and return what was billed."""
        self._run("build", "--no-verify", "--yes", "--log-level", "error")
        return entries(self._journal)

    def forget(self) -> None:
        """Drop what was made and all that is remembered, but for what calls taught."""
        for command in (["cache", "clear", "--yes"], ["clean"], ["forget"]):
            measure([BIN / "gocreator", *command], self.folder)
        shutil.rmtree(self.folder / "generated", ignore_errors=True)

    @property
    def _journal(self) -> Path:
        return self.folder.with_suffix(".journal")

    def _run(self, *command: str) -> None:
        counting = ("--count-like", COUNTED[self.provider], "--times", str(self.times))
        with serving(self.answers, self._journal, 0, *counting) as environment:
            measure([BIN / "gocreator", *command, "--provider", self.provider], self.folder, environment=environment)


def estimating(tmp_path: Path, subject: Subject, provider: str, times: float = 1.0) -> Estimating:
    project = tmp_path / "project"
    project.mkdir()
    (project / subject.file).write_text(subject.text)
    return Estimating(project, answered(subject, tmp_path / "answers"), provider, times)


def cost(calls: list[Entry]) -> float:
    return sum(call.cost for call in calls)


def longer(answers: Path) -> None:
    """Let models write a fifth more than the templates do."""
    for place in answers.rglob("*.go"):
        text = place.read_text()
        line = "// A model says more than a template does.\n"
        place.write_text(text + "\n" + line * round(len(text) / 5 / len(line)))


@pytest.mark.sample(1)
@pytest.mark.parametrize("provider", COUNTED)
@pytest.mark.parametrize("name", SUBJECTS)
def test_the_first_run_is_foreseen_within_a_fifth(tmp_path: Path, name: str, provider: str) -> None:
    project = estimating(tmp_path, SUBJECTS[name], provider)
    foreseen = project.foresee()
    made = project.build()
    assert foreseen["calls"] == len(made)
    assert foreseen["cost_usd"] == pytest.approx(cost(made), rel=0.2)
    told = sum(foreseen[it] for it in ("input_tokens", "cache_read_tokens", "cache_write_tokens"))
    assert told == pytest.approx(sum(call.bill.total for call in made), rel=0.2)


@pytest.mark.sample(1)
@pytest.mark.parametrize("provider", COUNTED)
def test_the_second_run_is_foreseen_within_a_twentieth_whatever_the_tokenizer(tmp_path: Path, provider: str) -> None:
    project = estimating(tmp_path, CHINOOK, provider, times=1.5)
    longer(project.answers)
    first, billed = project.foresee(), cost(project.build())
    assert first["cost_usd"] < billed / 1.2
    project.forget()
    again = project.foresee()
    assert again["calls"] == first["calls"]
    made = project.build()
    assert again["cost_usd"] == pytest.approx(cost(made), rel=0.05)
    assert again["output_tokens"] == pytest.approx(sum(call.output for call in made), rel=0.05)
    for name, billed_as in {"cache_read_tokens": "read", "cache_write_tokens": "short"}.items():
        assert again[name] == pytest.approx(sum(getattr(call.bill, billed_as) for call in made), rel=0.05)
