"""Third-party modules of a specification, had from a module proxy in the file system, or not."""

import json
import os
import shutil
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Go

FCS = """\
name: greeter
module: example.com/greeter
dependencies:
  - example.org/quote v1.2.0
packages:
  - name: greeting
    purpose: Greets.
    dependencies: [example.org/quote]
    exports: ["func Greet() string"]
"""
GREETING = "generated/internal/greeting/greeting.go"
USING = """\
// Package greeting greets.
package greeting

import "example.org/quote"

// Greet greets.
func Greet() string {
	return quote.Hello()
}
"""
SOURCE = "// Package quote says something.\npackage quote\n\n// Hello greets.\nfunc Hello() string { return %s }\n"

pytestmark = [pytest.mark.go, pytest.mark.same_place]


def _release(proxy: Path, version: str, go: str = "1.21") -> None:
    """Publish a version of example.org/quote as the protocol of module proxies wants it (go help goproxy)."""
    place = proxy / "example.org/quote/@v"
    place.mkdir(parents=True, exist_ok=True)
    module = f"module example.org/quote\n\ngo {go}\n"
    (place / f"{version}.mod").write_text(module)
    (place / f"{version}.info").write_text(json.dumps({"Version": version, "Time": "2024-01-01T00:00:00Z"}))
    with zipfile.ZipFile(place / f"{version}.zip", "w") as packed:
        packed.writestr(f"example.org/quote@{version}/go.mod", module)
        packed.writestr(f"example.org/quote@{version}/quote.go", SOURCE % f'"{version}"')
    with (place / "list").open("a") as versions:
        versions.write(f"{version}\n")


@pytest.fixture
def proxy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    place = tmp_path / "proxy"
    for version in ("v1.2.0", "v1.3.0"):
        _release(place, version)
    monkeypatch.setenv("GOPROXY", f"file://{place}")
    monkeypatch.setenv("GOSUMDB", "off")
    monkeypatch.setenv("GOMODCACHE", str(tmp_path / "modules"))
    (tmp_path / "modules").mkdir()
    return place


@pytest.fixture
def greeter(project: Any) -> Any:
    """Give a project of a package that imports a module, written by hand."""
    project.write("fcs.yaml", FCS)
    assert project("build", "--no-verify").code == 0
    project.write(GREETING, USING)
    assert project("adopt", GREETING).code == 0
    return project


def _go_mod(project: Any) -> str:
    return str((project.root / "generated/go.mod").read_text())


@pytest.mark.usefixtures("proxy")
def test_where_modules_can_be_had_go_mod_and_go_sum_are_what_go_needs(greeter: Any, go: Go) -> None:
    built = greeter("build")
    assert built.code == 0, built.err
    assert "verify: passed" in built.out
    assert "tidied   go.sum" in built.err
    assert "require example.org/quote v1.2.0\n" in _go_mod(greeter)
    assert "example.org/quote v1.2.0 h1:" in (greeter.root / "generated/go.sum").read_text()
    own = Go(go.toolchain, go.env | {"GOMODCACHE": os.environ["GOMODCACHE"], "GOFLAGS": "-mod=readonly"})
    assert own(greeter.root / "generated", "build", "./...").returncode == 0
    before = greeter.files("generated")
    for _ in range(2):
        again = greeter("build", "--log-level", "debug")
        assert again.code == 0
        assert "built 0" in again.out
        assert "passed (nothing changed since)" in again.out
    assert greeter("check").code == 0
    assert greeter.files("generated") == before
    verified = greeter("verify")
    assert verified.code == 0
    assert "is not what the code needs" not in verified.out


@pytest.mark.usefixtures("proxy")
def test_a_fresh_clone_with_its_lock_is_up_to_date(greeter: Any) -> None:
    assert greeter("build").code == 0
    before = greeter.files("generated")
    shutil.rmtree(greeter.root / ".gocreator")
    assert greeter("check").code == 0
    assert greeter("build").code == 0
    assert greeter.files("generated") == before


@pytest.mark.usefixtures("proxy")
def test_another_version_in_the_specification_is_another_one_in_go_mod(greeter: Any) -> None:
    assert greeter("build").code == 0
    greeter.edit("fcs.yaml", "v1.2.0", "v1.3.0")
    assert greeter("build").code == 0
    assert "example.org/quote v1.3.0\n" in _go_mod(greeter)
    assert "v1.2.0" not in _go_mod(greeter) + (greeter.root / "generated/go.sum").read_text()


@pytest.mark.usefixtures("proxy")
def test_a_module_without_a_version_is_the_latest(project: Any) -> None:
    project.write("fcs.yaml", FCS.replace("quote v1.2.0", "quote"))
    project.write(GREETING, USING)
    project("build")
    assert project("adopt", GREETING).code == 0
    assert project("build").code == 0
    assert "example.org/quote v1.3.0" in _go_mod(project)


@pytest.mark.usefixtures("proxy")
def test_a_module_that_nothing_imports_is_taken_out_and_stays_out(project: Any) -> None:
    project.write("fcs.yaml", FCS)
    built = project("build")
    assert built.code == 0, built.err
    assert "example.org" not in _go_mod(project)
    assert project("check").code == 0
    before = project.files("generated")
    again = project("build", "--log-level", "debug")
    assert "built 0" in again.out
    assert project.files("generated") == before
    project.edit("fcs.yaml", "name: greeter", "name: greeter\ndescription: It greets.")
    assert project("build").code == 0
    assert "example.org" not in _go_mod(project)


@pytest.mark.usefixtures("proxy")
def test_what_the_user_wrote_in_go_mod_stays(greeter: Any) -> None:
    assert greeter("build").code == 0
    with (greeter.root / "generated/go.mod").open("a") as file:
        file.write("\nretract v0.1.0 // published by mistake\n")
    assert greeter("check").code == 0
    greeter.edit("fcs.yaml", "v1.2.0", "v1.3.0")
    assert greeter("build").code == 0
    assert "retract v0.1.0 // published by mistake\n" in _go_mod(greeter)
    assert "example.org/quote v1.3.0" in _go_mod(greeter)


def test_a_module_that_needs_a_newer_go_raises_it_for_good(greeter: Any, proxy: Path) -> None:
    _release(proxy, "v1.4.0", go="1.25.1")
    greeter.edit("fcs.yaml", "v1.2.0", "v1.4.0")
    assert greeter("build").code == 0
    assert "\ngo 1.25.1\n" in _go_mod(greeter)
    assert greeter("check").code == 0
    before = greeter.files("generated")
    assert "built 0" in greeter("build", "--log-level", "debug").out
    assert greeter.files("generated") == before


def test_where_modules_cannot_be_had_verification_is_skipped(
    greeter: Any, monkeypatch: pytest.MonkeyPatch, proxy: Path
) -> None:
    monkeypatch.setenv("GOPROXY", "off")
    built = greeter("build")
    assert built.code == 0, built.err
    assert "verify: skipped (modules not available: " in built.out
    assert "GOPROXY=off" in built.out
    assert "require example.org/quote v1.2.0\n" in _go_mod(greeter)
    assert not (greeter.root / "generated/go.sum").exists()
    verified = greeter("verify")
    assert verified.code == 0
    assert "skipped  build" in verified.out
    assert "modules not available" in verified.out
    assert "not run here" in greeter("check").out
    monkeypatch.setenv("GOPROXY", f"file://{proxy}")
    assert "verify: passed" in greeter("build").out


@pytest.mark.usefixtures("proxy")
def test_what_was_had_before_is_enough(greeter: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    assert greeter("build").code == 0
    monkeypatch.setenv("GOPROXY", "off")
    greeter.edit("fcs.yaml", "name: greeter", "name: greeter\ndescription: It greets.")
    assert "verify: passed" in greeter("build").out


@pytest.mark.usefixtures("proxy")
def test_a_module_that_nobody_has_is_named(greeter: Any) -> None:
    greeter.edit("fcs.yaml", "quote v1.2.0", "quote v1.9.9")
    built = greeter("build")
    assert built.code == 0
    assert "modules not available: " in built.out
    assert "example.org/quote@v1.9.9" in built.out


def test_without_modules_nothing_is_asked_for(project: Any, proxy: Path) -> None:
    shutil.rmtree(proxy)
    assert project("build").code == 0
    assert "require" not in _go_mod(project)
    assert not (project.root / "generated/go.sum").exists()
    project.write("generated/go.mod", "edited by hand\n")
    assert project("check").code == 1
