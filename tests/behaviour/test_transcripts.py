"""The sessions of tests/transcripts, with the real tools: they print what the transcripts say.

Where that is meant to change, `TRANSCRIPTS=write pytest tests/behaviour/test_transcripts.py` writes them anew.
"""

import os
import re
import shutil
from pathlib import Path

import pytest

from tests.transcripts.session import commands, comparable, environment, replay
from tests.transcripts.workflow import run_job

ROOT = Path(__file__).parents[2]
TRANSCRIPTS = ROOT / "tests/transcripts"
README = (ROOT / "README.md").read_text()
NEEDED = {"make": ("make",), "pre-commit": ("git",), "doit": ()}
WORKFLOW = ".github/workflows/gocreator.yml"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give an empty directory."""
    made = tmp_path / "library"
    made.mkdir()
    return made


def assert_as_written(name: str, printed: str) -> None:
    """Assert that a transcript says what was printed."""
    place = TRANSCRIPTS / f"{name}.txt"
    written = place.read_text()
    if os.environ.get("TRANSCRIPTS") == "write" and comparable(printed) != comparable(written):
        place.write_text(printed)
    assert comparable(printed) == comparable(place.read_text())


@pytest.mark.parametrize("name", sorted(NEEDED))
def test_a_session_prints_what_its_transcript_says(name: str, folder: Path) -> None:
    for tool in ("bash", *NEEDED[name]):
        if shutil.which(tool) is None:
            pytest.skip(f"{tool} is not installed")
    typed = commands((TRANSCRIPTS / f"{name}.txt").read_text())
    assert_as_written(name, replay(typed, folder, environment(folder.parent)))


@pytest.fixture
def clone(folder: Path) -> Path:
    """Give a clone of a repository that was set up as the README says."""
    if shutil.which("git") is None:
        pytest.skip("git is not installed")
    (folder / "fcs.yaml").write_text("name: notes\nentities:\n  - {name: Note, attributes: {text: string}}\n")
    typed = ["git init --quiet", "gocreator init --github", "gocreator build --no-verify"]
    typed += ["git add --all", "git commit --quiet --message Begin", "git clone --quiet . ../clone"]
    replay(typed, folder, environment(folder.parent))
    return folder.parent / "clone"


@pytest.mark.go
@pytest.mark.usefixtures("go")
def test_a_run_of_the_workflow_passes(clone: Path) -> None:
    assert_as_written("ci-passes", run_job(clone / WORKFLOW, clone, environment(clone.parent)))
    assert "Error:" not in (TRANSCRIPTS / "ci-passes.txt").read_text()


def test_a_run_of_the_workflow_fails_where_the_code_is_stale(clone: Path) -> None:
    specification = clone / "fcs.yaml"
    specification.write_text(specification.read_text().replace("text: string", "text: int"))
    assert_as_written("ci-fails", run_job(clone / WORKFLOW, clone, environment(clone.parent)))
    log = (TRANSCRIPTS / "ci-fails.txt").read_text()
    assert log.endswith("Error: Process completed with exit code 1.\n")
    assert "Run gocreator verify" not in log


def test_a_workflow_stops_at_the_step_that_fails_and_takes_no_unknown_action(tmp_path: Path) -> None:
    workflow = tmp_path / "workflow.yml"
    workflow.write_text("jobs: {one: {steps: [{run: 'false; echo no'}, {run: echo neither}]}}\n")
    assert run_job(workflow, tmp_path, environment(tmp_path)) == (
        "Run false; echo no\nError: Process completed with exit code 1.\n"
    )
    workflow.write_text("jobs: {one: {steps: [{uses: someone/else@v1}]}}\n")
    with pytest.raises(AssertionError):
        run_job(workflow, tmp_path, environment(tmp_path))


def test_what_differs_from_run_to_run_is_not_compared_and_all_else_is() -> None:
    one = "built 3 in 0.4 s\n[main 1a2b3c4] Begin\nverifying with go1.26.1\n"
    assert comparable(one) == comparable(one.replace("0.4 s", "11.25 s").replace("1a2b3c4", "00ff123"))
    assert comparable(one) != comparable(one.replace("built 3", "built 4"))


def test_the_sessions_in_the_readme_are_parts_of_the_transcripts() -> None:
    shown = re.findall(r"<!-- from (\S+): -->\n\n```console\n(.*?)```", README, re.DOTALL)
    assert {name for name, _ in shown} == {f"tests/transcripts/{place.name}" for place in TRANSCRIPTS.glob("*.txt")}
    for name, text in shown:
        transcript = comparable((ROOT / name).read_text())
        end = 0
        for part in comparable(text).split("...\n"):
            found = transcript.find(part, end)
            assert found >= 0, f"{name} does not say, after what comes before:\n{part}"
            end = found + len(part)
