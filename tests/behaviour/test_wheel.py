"""The wheel carries what the checkout has beside the package."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]


def _run(*command: str | Path, cwd: Path, **more: str) -> str:
    environment = os.environ | more
    ran = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False, timeout=300)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def test_an_installed_wheel_builds(project: Any, tmp_path: Path) -> None:
    _run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", tmp_path / "dist", cwd=ROOT)
    (wheel,) = (tmp_path / "dist").glob("*.whl")
    place = tmp_path / "installed"
    _run(
        sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--target", place, wheel,
        cwd=tmp_path, PIP_FIND_LINKS="",
    )  # fmt: skip
    more = {"PYTHONPATH": str(place)}
    found = _run(sys.executable, "-c", "import gocreator; print(gocreator.__file__)", cwd=tmp_path, **more)
    assert found.startswith(str(place))
    assert (place / "gocreator/py.typed").is_file(), "type checkers pass over what does not say that it has types"
    _run(sys.executable, "-m", "gocreator", "build", "--no-verify", "-C", project.root, cwd=tmp_path, **more)
    assert "internal/models/order.go" in project.files("generated")
    fresh = tmp_path / "fresh"
    fresh.mkdir()
    _run(sys.executable, "-m", "gocreator", "init", "--makefile", "--dodo", "-C", fresh, cwd=tmp_path, **more)
    assert {path.name for path in fresh.iterdir()} == {"fcs.yaml", "Makefile", "dodo.py", "doit.cfg"}
