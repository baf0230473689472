import sys
from pathlib import Path

import pytest

from gocreator.errors import Failed
from gocreator.golang.environment import go_cache, go_environment
from gocreator.golang.module import is_newer
from gocreator.golang.toolchain import Toolchain, find_go


def script(folder: Path, body: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    program = folder / "go"
    program.write_text(f"#!/bin/sh\n{body}\n")
    program.chmod(0o755)
    return program


@pytest.fixture
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No Go stands beside Python."""
    monkeypatch.setattr(sys, "executable", str(tmp_path / "bin" / "python"))


@pytest.mark.go
def test_the_toolchain_beside_python_is_found_without_a_path(toolchain: Toolchain) -> None:
    assert toolchain.go == toolchain.goroot / "bin" / "go"
    assert toolchain.gofmt.is_file()
    assert toolchain.version.startswith("go1.")


@pytest.mark.go
def test_the_path_comes_first(tmp_path: Path, toolchain: Toolchain) -> None:
    script(tmp_path, f'exec {toolchain.go} "$@"')
    env = {"PATH": str(tmp_path)}
    assert find_go(env) == toolchain


@pytest.mark.go
def test_a_broken_go_is_passed_over(tmp_path: Path, toolchain: Toolchain) -> None:
    script(tmp_path, "exit 1")
    assert find_go({"PATH": str(tmp_path)}) == toolchain


@pytest.mark.usefixtures("alone")
@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("echo no version is chosen >&2; exit 126", "says: no version is chosen"),
        ("exit 7", "exit code 7"),
        ("echo hello", "does not answer like Go"),
        ("echo '[]'", "does not answer like Go"),
        ("""echo '{"GOROOT": "/nowhere", "GOVERSION": "go1.26"}'""", "holds no bin/go"),
    ],
)
def test_a_broken_go_alone_is_a_failure_with_its_reason(tmp_path: Path, body: str, reason: str) -> None:
    script(tmp_path, body)
    with pytest.raises(Failed, match=reason):
        find_go({"PATH": str(tmp_path)})


@pytest.mark.usefixtures("alone")
def test_no_go_is_none() -> None:
    assert find_go({"PATH": "/nowhere"}) is None
    assert find_go({}) is None


@pytest.mark.usefixtures("alone")
def test_a_go_in_the_current_directory_is_not_trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script(tmp_path, "exit 0")
    monkeypatch.chdir(tmp_path)
    assert find_go({"PATH": ".:"}) is None


def test_only_named_variables_pass(tmp_path: Path) -> None:
    toolchain = Toolchain(Path("/go/bin/go"), Path("/go/bin/gofmt"), "go1.26", Path("/go"))
    user = {"PATH": "/secret/bin", "HOME": "/home/user", "GITHUB_TOKEN": "x", "GOFLAGS": "-toolexec=evil"}
    env = go_environment(toolchain, env=user, home=tmp_path)
    assert not {"GITHUB_TOKEN", "CC"} & env.keys()
    assert "/secret/bin" not in env["PATH"]
    assert "evil" not in env["GOFLAGS"]
    assert (env["HOME"], env["GOTOOLCHAIN"], env["GOPROXY"]) == (str(tmp_path), "local", "off")
    assert env["GOCACHE"] == "/home/user/.cache/gocreator/go-build"


def test_the_cache_follows_xdg() -> None:
    assert go_cache({"XDG_CACHE_HOME": "/c", "HOME": "/h"}) == Path("/c/gocreator/go-build")
    assert go_cache({"XDG_CACHE_HOME": "relative", "HOME": "/h"}) == Path("/h/.cache/gocreator/go-build")


@pytest.mark.parametrize(
    ("wanted", "available", "newer"),
    [
        ("1.24", "go1.26.8", False),
        ("1.26.9", "go1.26.8", True),
        ("1.26.8", "go1.26.8", False),
        ("1.27", "go1.27rc1", False),
        ("1.27.0", "go1.27rc1", True),
        ("1.100", "go1.27.3", True),
        ("1.26", "devel +abc", False),
        ("1.26", "go1.26-custom", False),
    ],
)
def test_go_versions_are_compared_as_go_does(wanted: str, available: str, *, newer: bool) -> None:
    assert is_newer(wanted, available) is newer
