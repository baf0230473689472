"""A disk that is full, a directory that cannot be written: it is said, nothing is lost, and the next build completes.

Permissions do not bind root, so the obstacles are mounts, in a namespace of mounts of their own.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

MINE = "\n// Mine.\n"
CUSTOMER = "generated/internal/models/customer.go"
SMALL_DISK = """\
mount -t tmpfs -o size=64m none "$PLACE"
cp -a "$PROJECT/." "$PLACE"
cd "$PLACE"
mount -o "remount,size=$(($(df -k --output=used . | tail -1) + $LEFT))k" "$PLACE"
"""
READ_ONLY = """\
mount --bind "$PROJECT/$FOLDER" "$PROJECT/$FOLDER"
mount -o remount,ro,bind "$PROJECT/$FOLDER"
cd "$PROJECT"
"""
SMALL_FILES = """\
cd "$PROJECT"
ulimit -f "$BLOCKS"
"""
BUILD = """
"$PYTHON" -m gocreator build --no-verify > "$SAID/out" 2> "$SAID/err"
code=$?
if [ "$(pwd)" = "$PLACE" ]; then cp -a . "$SAID/tree"; fi
exit $code
"""


@pytest.fixture
def namespace() -> list[str]:
    """Give the command that runs another where mounts are its own."""
    command = ["unshare", "--mount", *([] if os.getuid() == 0 else ["--map-root-user"])]
    tried = [*command, "sh", "-c", "mount -t tmpfs none /mnt"]
    if shutil.which("unshare") is None or subprocess.run(tried, capture_output=True, check=False).returncode != 0:
        pytest.skip("a namespace of mounts is not permitted here")
    return command


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory, new_project: Any) -> Any:
    """Give a project that was changed and edited, and built where nothing stood in the way."""
    return _built(_changed(new_project(tmp_path_factory.mktemp("clean") / "project")))


def _changed(project: Any) -> Any:
    """Build a project, edit a file by hand, and change the specification."""
    assert project("build", "--no-verify").code == 0
    place = project.root / CUSTOMER
    place.write_text(place.read_text() + MINE)
    project.edit("fcs.yaml", "title: string", "title: {type: string, max_length: 7}")
    project.edit("fcs.yaml", "relationships:\n", "  - name: Invoice\n    attributes: {number: int}\nrelationships:\n")
    return project


def _built(project: Any) -> Any:
    assert project("build", "--no-verify").code == 0
    return project


def _hindered(project: Any, within: list[str], obstacle: str, tmp_path: Path, **more: object) -> tuple[int, str, Path]:
    """Build with an obstacle; return the exit code, what was said, and where what is there then lies."""
    said = tmp_path / "said"
    for folder in (said, tmp_path / "place"):
        folder.mkdir()
    places = {"PYTHON": sys.executable, "PROJECT": project.root, "SAID": said, "PLACE": tmp_path / "place"}
    environment = os.environ | {name: str(value) for name, value in (places | more).items()}
    command = [*within, "sh", "-c", f"set -e\n{obstacle}\nset +e\n{BUILD}"]
    ran = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)
    assert (said / "err").exists(), ran.stderr
    where = said / "tree" if (said / "tree").exists() else project.root
    return ran.returncode, (said / "err").read_text(), where


def _is_said(err: str, reason: str) -> None:
    assert re.search(reason, err), err
    assert "hint: " in err
    assert "Traceback" not in err
    assert "bug" not in err


def _completes(project: Any, clean: Any, before: dict[str, bytes]) -> None:
    """Nothing was lost, every file is the old or the new one, and a build where there is no obstacle completes."""
    for path, content in project.files("generated").items():
        assert path.endswith(".gocreator-tmp") or content in (before.get(path), clean.files("generated").get(path)), (
            path
        )
    assert before.keys() <= project.files("generated").keys()
    _built(project)
    assert project.files("generated") == clean.files("generated")
    assert project.files()["gocreator.lock"] == clean.files()["gocreator.lock"]
    assert project("check", "--json").out == clean("check", "--json").out
    assert "built 0" in project("build", "--no-verify").out
    assert not [name for name in project.files() if "tmp" in name or ".half-" in name or "corrupt" in name]


@pytest.mark.sample(1)
@pytest.mark.parametrize("left", [*range(0, 160, 8), *range(160, 400, 24)])
def test_a_disk_that_gets_full_is_said_and_loses_nothing(
    project: Any, clean: Any, namespace: list[str], tmp_path: Path, left: int
) -> None:
    before = _changed(project).files("generated")
    code, err, where = _hindered(project, namespace, SMALL_DISK, tmp_path, LEFT=left)
    assert code == 0 or left < 350
    if code:
        assert code == 1
        _is_said(err, "No space left on device|disk is full")
    _completes(type(project)(where), clean, before)


@pytest.mark.sample(1)
@pytest.mark.parametrize("left", range(4, 1000, 60))
def test_a_disk_that_is_too_small_for_a_first_build_is_said(
    project: Any, namespace: list[str], tmp_path: Path, left: int
) -> None:
    code, err, where = _hindered(project, namespace, SMALL_DISK, tmp_path, LEFT=left)
    if code:
        assert code == 1
        _is_said(err, "No space left on device|disk is full")
    built = type(project)(where)
    _completes(built, _built(project), {})


@pytest.mark.sample(2)
@pytest.mark.parametrize(
    "folder", [".", "generated", ".gocreator", ".gocreator/generated", "generated/internal/models"]
)
def test_a_directory_that_cannot_be_written_is_said_and_loses_nothing(
    project: Any, clean: Any, namespace: list[str], tmp_path: Path, folder: str
) -> None:
    before = _changed(project).files("generated")
    code, err, where = _hindered(project, namespace, READ_ONLY, tmp_path, FOLDER=folder)
    assert code == 1
    _is_said(err, "Read-only file system|readonly database")
    _completes(type(project)(where), clean, before)


@pytest.mark.sample(1)
@pytest.mark.parametrize("blocks", [0, 1, 4, 16, 48, 64, 100])
def test_files_that_may_not_grow_are_said_and_lose_nothing(
    project: Any, clean: Any, tmp_path: Path, blocks: int
) -> None:
    before = _changed(project).files("generated")
    code, err, where = _hindered(project, [], SMALL_FILES, tmp_path, BLOCKS=blocks)
    assert code in (0, 1)
    if code and blocks > 1:  # what it says goes into a file, too
        _is_said(err, "File too large|disk is full|disk I/O error")
    _completes(type(project)(where), clean, before)
