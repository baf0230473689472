"""The real pre-commit in a real git repository, with the hooks that this repository offers; without any network."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")


class Git:
    """Runs git and pre-commit in a repository as somebody of no account."""

    def __init__(self, root: Path, home: Path) -> None:
        self.root = root
        path = os.pathsep.join([os.environ["PATH"], str(Path(sys.executable).parent)])
        name = {
            f"GIT_{who}_{what}": "nobody@example.com" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")
        }
        own = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
        self.env = own | name | {"PATH": path, "PRE_COMMIT_HOME": str(home), "GIT_CONFIG_GLOBAL": os.devnull}

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command, cwd=self.root, env=self.env, capture_output=True, text=True, timeout=120, check=False
        )

    def __call__(self, *arguments: str) -> str:
        ran = self.run("git", *arguments)
        assert ran.returncode == 0, ran.stdout + ran.stderr
        return ran.stdout.strip()

    def commit(self, message: str) -> subprocess.CompletedProcess[str]:
        self("add", "--all")
        return self.run("git", "commit", "-m", message)


@pytest.fixture
def git(project: Any, tmp_path: Path) -> Git:
    made = Git(project.root, tmp_path / "pre-commit")
    made("init", "--quiet")
    return made


@pytest.fixture
def hooks(tmp_path: Path) -> tuple[Path, str]:
    """Give a repository with our definitions of hooks, and its commit."""
    place = tmp_path / "hooks"
    place.mkdir()
    shutil.copy(ROOT / ".pre-commit-hooks.yaml", place)
    git = Git(place, tmp_path / "unused")
    git("init", "--quiet")
    assert git.commit("Offer hooks").returncode == 0
    return place, git("rev-parse", "HEAD")


def configure(project: Any, hooks: tuple[Path, str], *names: str) -> None:
    """Ask for hooks; `language: system` takes the program that is installed instead of building an environment."""
    asked = "".join(f"      - {{id: {name}, language: system}}\n" for name in names)
    project.write(".pre-commit-config.yaml", f"repos:\n  - repo: {hooks[0]}\n    rev: {hooks[1]}\n    hooks:\n{asked}")


def test_check_stops_a_commit_of_stale_code(project: Any, git: Git, hooks: tuple[Path, str]) -> None:
    configure(project, hooks, "gocreator-check")
    assert git.run("pre-commit", "install").returncode == 0
    assert project("build", "--no-verify").code == 0
    first = git.commit("Build")
    assert first.returncode == 0, first.stderr
    assert "gocreator check" in first.stderr
    assert "Passed" in first.stderr
    project.edit("fcs.yaml", "title: string", "title: int")
    stopped = git.commit("Change the specification alone")
    assert stopped.returncode == 1
    assert "Failed" in stopped.stderr
    assert "internal/models/product.go" in stopped.stderr
    assert project("build", "--no-verify").code == 0
    assert git.commit("Change the specification").returncode == 0
    project.write("generated/go.mod", "edited by hand\n")
    assert git.commit("Edit generated code").returncode == 1
    git("checkout", "HEAD", "--", ".")
    project.write("notes.txt", "nothing of ours\n")
    assert "no files to check" in git.commit("Add notes").stderr
    assert git("status", "--porcelain") == ""


def test_build_makes_what_the_commit_lacks(project: Any, git: Git, hooks: tuple[Path, str]) -> None:
    configure(project, hooks, "gocreator-build", "gocreator-check")
    assert project("build", "--no-verify").code == 0
    assert git.commit("Build").returncode == 0
    assert git.run("pre-commit", "install").returncode == 0
    project.edit("fcs.yaml", "title: string", "title: int")
    stopped = git.commit("Change the specification")
    assert stopped.returncode == 1
    assert "files were modified by this hook" in stopped.stderr
    assert "M generated/internal/models/product.go" in git("status", "--porcelain")
    assert git.commit("Change the specification").returncode == 0
    assert git("status", "--porcelain") == ""


def test_the_definitions_are_valid(git: Git) -> None:
    ran = git.run("pre-commit", "validate-manifest", str(ROOT / ".pre-commit-hooks.yaml"))
    assert ran.returncode == 0, ran.stdout


def test_what_init_writes_works_as_it_is(project: Any, git: Git) -> None:
    assert project("init", "--pre-commit").code == 0
    assert git.run("pre-commit", "install").returncode == 0
    assert git.commit("Begin").returncode == 1, "nothing is built yet"
    assert project("build", "--no-verify").code == 0
    assert git.commit("Begin").returncode == 0
