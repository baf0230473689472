"""Plain doit on the dodo.py that gocreator gives: the tree of a build, byte for byte, and nothing to do afterwards."""

import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

TEMPLATES = Path(__file__).parents[2] / "dodo_templates"
DOIT = (sys.executable, "-m", "doit")


def doit(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*DOIT, *arguments], cwd=root, capture_output=True, text=True, timeout=120, check=False)


@pytest.fixture
def dodo(project: Any) -> Any:
    """Give a project with a dodo.py that does not verify, which is slow."""
    for name in ("dodo.py", "doit.cfg"):
        shutil.copy(TEMPLATES / name, project.root)
    project.edit("dodo.py", "doit_tasks()", "doit_tasks(verify=False)")
    return project


@pytest.fixture
def built(project: Any, tmp_path: Path) -> Any:
    """Give a copy of the project that `gocreator build` built."""
    copy = type(project)(tmp_path / "built")
    shutil.copytree(project.root, copy.root)
    assert copy("build", "--no-verify").code == 0
    return copy


def executed(output: str) -> list[str]:
    return [line[3:] for line in output.splitlines() if line.startswith(".  ")]


def assert_same(one: Any, other: Any) -> None:
    assert one.files("generated") == other.files("generated")
    assert (one.root / "gocreator.lock").read_bytes() == (other.root / "gocreator.lock").read_bytes()


@pytest.mark.sample(1)
@pytest.mark.parametrize("how", [("-n", "4"), ("-n", "2", "-P", "process")])
def test_doit_makes_what_a_build_makes_and_then_nothing(dodo: Any, built: Any, how: tuple[str, ...]) -> None:
    ran = doit(dodo.root, *how)
    assert ran.returncode == 0, ran.stderr
    assert "generate:internal/models/order.go" in executed(ran.stdout)
    assert_same(dodo, built)
    assert dodo("check").code == 0
    again = doit(dodo.root, *how)
    assert (again.returncode, executed(again.stdout), again.stderr) == (0, [], "")
    assert "-- verify" in again.stdout
    assert not list(dodo.root.glob(".doit*")), "doit's own files lie in .gocreator"


def test_it_works_without_its_doit_cfg(dodo: Any, built: Any) -> None:
    (dodo.root / "doit.cfg").unlink()
    assert doit(dodo.root, "-n", "2").returncode == 0
    assert_same(dodo, built)
    assert executed(doit(dodo.root, "-n", "2").stdout) == []


def test_a_build_and_doit_know_of_each_other(dodo: Any) -> None:
    assert dodo("build", "--no-verify").code == 0
    assert executed(doit(dodo.root).stdout) == []
    dodo.edit("fcs.yaml", "title: string", "title: int")
    assert "generate:internal/models/product.go" in (changed := executed(doit(dodo.root, "-n", "4").stdout))
    assert "generate:internal/models/customer.go" not in changed
    assert "built 0" in dodo("build", "--no-verify").out


def test_what_left_the_specification_is_removed_and_edits_are_kept(dodo: Any) -> None:
    assert doit(dodo.root).returncode == 0
    dodo.write("generated/internal/models/customer.go", "package models // mine\n")
    dodo.write("generated/.gitignore", "mine\n")
    text = (dodo.root / "fcs.yaml").read_text()
    dodo.write("fcs.yaml", text.replace("  - name: Product\n    attributes:\n      title: string\n", ""))
    assert doit(dodo.root, "-n", "4").returncode == 0
    files = dodo.files("generated")
    assert "internal/models/product.go" not in files
    assert files["internal/models/customer.go"] == b"package models // mine\n"
    assert files[".gitignore"] == b"mine\n"
    dodo.edit("fcs.yaml", "      name: string\n", "      name: int\n")
    ran = doit(dodo.root, "-n", "4")
    assert ran.returncode == 1
    assert "internal/models/customer.go" in ran.stderr
    assert dodo.files("generated")["internal/models/customer.go"] == b"package models // mine\n"


def test_list_info_clean_and_forget_are_sensible(dodo: Any, built: Any) -> None:
    assert doit(dodo.root).returncode == 0
    listed = doit(dodo.root, "list").stdout.splitlines()
    assert [line.split()[0] for line in listed] == ["generate", "verify"]
    assert "generate:internal/models/order.go" in doit(dodo.root, "list", "--all").stdout
    assert "up-to-date" in doit(dodo.root, "info", "generate:go.mod").stdout
    dodo.write("generated/internal/models/customer.go", "package models // mine\n")
    assert "would remove go.mod" in doit(dodo.root, "clean", "-n").stdout
    assert "go.mod" in dodo.files("generated")
    assert "kept internal/models/customer.go" in doit(dodo.root, "clean").stdout
    assert list(dodo.files("generated")) == ["internal/models/customer.go"]
    (dodo.root / "generated/internal/models/customer.go").unlink()
    assert doit(dodo.root, "forget", "--all").returncode == 0
    assert doit(dodo.root, "-n", "4").returncode == 0
    assert_same(dodo, built)


def test_one_file_can_be_made_alone(dodo: Any) -> None:
    assert doit(dodo.root, "generate:go.mod").returncode == 0
    assert list(dodo.files("generated")) == ["go.mod"]
    assert dodo("build", "--no-verify").code == 0


def test_a_run_that_was_cut_off_is_taken_up_even_by_another_specification(dodo: Any, built: Any) -> None:
    assert doit(dodo.root, "generate").returncode == 0  # as if killed before the last task
    dodo.edit("fcs.yaml", "title: string", "title: int")
    assert doit(dodo.root, "-n", "4").returncode == 0
    assert dodo("check").code == 0
    dodo.edit("fcs.yaml", "title: int", "title: string")
    assert doit(dodo.root).returncode == 0
    assert_same(dodo, built)


@pytest.mark.sample(1)
@pytest.mark.parametrize("files", [1, 20])
def test_a_killed_run_is_taken_up(dodo: Any, built: Any, files: int) -> None:
    ran = subprocess.Popen([*DOIT, "-n", "4"], cwd=dodo.root, stdout=subprocess.DEVNULL, start_new_session=True)
    end = time.monotonic() + 60
    while len([*(dodo.root / "generated").rglob("[!.]*.*")]) < files and ran.poll() is None and time.monotonic() < end:
        time.sleep(0.001)
    ran.kill()
    ran.wait()
    assert doit(dodo.root, "-n", "4").returncode == 0
    assert_same(dodo, built)
    assert executed(doit(dodo.root).stdout) == []


def test_what_is_wrong_is_said_without_a_traceback(dodo: Any) -> None:
    dodo.edit("fcs.yaml", "title: string", "title: strong")
    ran = doit(dodo.root)
    assert ran.returncode == 3
    assert "ERROR: fcs.yaml:" in ran.stderr
    assert "Traceback" not in ran.stderr
    assert not (dodo.root / "generated").exists()


def test_a_file_that_cannot_be_written_fails_alone(dodo: Any) -> None:
    (dodo.root / "generated/go.mod").mkdir(parents=True)
    ran = doit(dodo.root, "-c", "-n", "4")
    assert ran.returncode == 2  # doit's code where tasks were left undone
    assert "go.mod: this is not a regular file" in ran.stdout + ran.stderr
    assert "internal/models/order.go" in dodo.files("generated")


def test_another_build_at_work_is_refused(dodo: Any) -> None:
    import fcntl  # noqa: PLC0415

    (dodo.root / ".gocreator").mkdir()
    with (dodo.root / ".gocreator/build.lock").open("a+") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        ran = doit(dodo.root, "-n", "4")
    assert ran.returncode == 1
    assert "another gocreator is at work" in ran.stdout + ran.stderr
    assert not (dodo.root / "generated").exists()


@pytest.mark.go
def test_verification_is_the_last_task_and_holds(project: Any, go: Any) -> None:  # noqa: ARG001  # go: skips where there is none
    for name in ("dodo.py", "doit.cfg"):
        shutil.copy(TEMPLATES / name, project.root)
    project.write("fcs.yaml", "name: small\nentities:\n  - {name: Note, attributes: {text: string}}\n")
    ran = doit(project.root, "-n", "4")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "verifying with" in ran.stderr
    assert executed(doit(project.root, "-n", "4").stdout) == []
