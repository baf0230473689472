"""The two lengths of the tests: what the short run leaves out, and how skips are treated."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

CONFTEST = Path(__file__).parent / "conftest.py"
TESTS = """\
import pytest

@pytest.mark.sample(3)
@pytest.mark.parametrize("number", range(20))
def test_each(number): pass

def test_plain(long, seed): print(f"long={long} seed={seed}")

def test_without_a_tool(): pytest.skip("there is no browser")
"""


def _run(place: Path, *arguments: str, **more: str) -> str:
    shutil.copy(CONFTEST, place / "conftest.py")
    (place / "test_it.py").write_text(TESTS)
    command = [sys.executable, "-m", "pytest", "-c", os.devnull, "--rootdir", str(place), "-ra", "-v", "-s", *arguments]
    done = subprocess.run(command, cwd=place, env=os.environ | more, capture_output=True, text=True, check=False)
    return f"{done.stdout}{done.stderr}\nexit code {done.returncode}"


def _cases(output: str) -> set[str]:
    return {line.split(" ")[0] for line in output.splitlines() if line.startswith("test_it.py::test_each[")}


def test_the_short_run_tries_a_sample_that_the_seed_decides(tmp_path: Path) -> None:
    first, again = _run(tmp_path), _run(tmp_path)
    assert len(_cases(first)) == 3
    assert _cases(first) == _cases(again)
    assert "long=False seed=1" in first
    other = _run(tmp_path, GOCREATOR_TESTS_SEED="2")
    assert len(_cases(other)) == 3
    assert _cases(other) != _cases(first)


def test_the_long_run_tries_all(tmp_path: Path) -> None:
    output = _run(tmp_path, GOCREATOR_TESTS="long")
    assert len(_cases(output)) == 20
    assert "long=True" in output
    assert "exit code 4" in _run(tmp_path, GOCREATOR_TESTS="longer")


def test_a_skip_is_named_and_fails_where_none_is_wanted(tmp_path: Path) -> None:
    output = _run(tmp_path)
    assert "exit code 0" in output
    assert "there is no browser" in output
    strict = _run(tmp_path, "--no-skips")
    assert "exit code 1" in strict
    assert "there is no browser" in strict
    assert "FAILED test_it.py::test_without_a_tool" in strict


@pytest.mark.parametrize("named", ["test_it.py::test_each[7]"])
def test_a_case_that_is_named_is_run(tmp_path: Path, named: str) -> None:
    assert _cases(_run(tmp_path, named)) == {named}
