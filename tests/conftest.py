"""What all tests share: no address but loopback, no key, no home but a temporary one, a project to run commands in."""

import contextlib
import io
import os
import random
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from gocreator.cli.ending import run as run_command
from gocreator.golang.environment import go_environment
from gocreator.golang.toolchain import Toolchain, find_c_compiler, find_go

pytest_plugins = ["tests.emulator.plugin"]

LENGTH = os.environ.get("GOCREATOR_TESTS", "short")
"""`short` tries a sample of what `long` tries in full."""
SEED = os.environ.get("GOCREATOR_TESTS_SEED", "1")
"""Says which sample; and where tools that try at random begin."""
LOOPBACK = {"127.0.0.1", "::1", "localhost"}
GUARD = Path(__file__).parent / "guard"
"""Holds what every Python process of a test begins with."""
REAL_CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--no-skips", action="store_true", help="a test that is skipped fails")


def pytest_configure(config: pytest.Config) -> None:
    if LENGTH not in {"short", "long"}:
        raise pytest.UsageError(f"GOCREATOR_TESTS is short or long, not {LENGTH!r}")
    config.addinivalue_line(
        "markers", "sample(count, name): of a test's cases, or of all tests of that name, the short run tries so many"
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave a sample of the cases of a marked test, unless all are wanted or one is named."""
    if LENGTH == "long" or any("[" in argument for argument in config.args):
        return
    cases: dict[str, list[pytest.Item]] = {}
    for item in items:
        if marker := item.get_closest_marker("sample"):
            cases.setdefault(marker.args[1] if marker.args[1:] else item.nodeid.partition("[")[0], []).append(item)
    left: set[str] = set()
    for name, its in cases.items():
        marker = its[0].get_closest_marker("sample")
        assert marker is not None
        chance = random.Random(f"{name} {SEED}")  # noqa: S311 - it picks tests, it keeps no secrets
        kept = chance.sample(its, min(marker.args[0], len(its)))
        left |= {item.nodeid for item in its} - {item.nodeid for item in kept}
    config.hook.pytest_deselected(items=[item for item in items if item.nodeid in left])
    items[:] = [item for item in items if item.nodeid not in left]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if item.config.getoption("--no-skips") and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.longrepr = f"{reason}: with --no-skips a test that is skipped fails"
    return report


@pytest.fixture(scope="session")
def long() -> bool:
    """Tell whether tests are to try everything rather than a sample."""
    return LENGTH == "long"


@pytest.fixture(scope="session")
def seed() -> str:
    """Give the number that tools which try at random begin with."""
    return SEED


@pytest.fixture(autouse=True)
def _only_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6) and address[0] not in LOOPBACK:
            raise AssertionError(f"a test tried to reach {address}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)
    before = os.environ.get("PYTHONPATH")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(filter(None, [str(GUARD), before])))


@pytest.fixture(autouse=True)
def _own_home(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    home = tmp_path_factory.mktemp("home")
    for name in list(os.environ):
        # A make that a test starts is no part of the make that started the tests.
        if name.endswith("_API_KEY") or name.startswith(("GOCREATOR_", "MAKE", "MFLAGS")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    monkeypatch.delenv("XDG_STATE_HOME", raising=False)
    # Go's build cache is worth keeping: without it the first compilation of the standard library costs seconds.
    monkeypatch.setenv("XDG_CACHE_HOME", str(REAL_CACHE))


@dataclass(frozen=True)
class Ran:
    """What a command did."""

    code: int
    out: str
    err: str


class Project:
    """A directory with a specification, in which commands run as a user runs them."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def __call__(self, *arguments: str) -> Ran:
        """Run a command in the directory."""
        out, err = io.StringIO(), io.StringIO()
        with contextlib.chdir(self.root), contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = run_command(list(arguments))
        return Ran(code, out.getvalue(), err.getvalue())

    def start(self, *arguments: str, python: Sequence[str] = ("-m", "gocreator"), **more: str) -> subprocess.Popen[str]:
        """Start a command as a process of its own; `python` is what Python runs, `more` goes into its environment."""
        command = [sys.executable, *python, *arguments]
        return subprocess.Popen(
            command, cwd=self.root, env=os.environ | more, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )

    def write(self, path: str, text: str) -> Path:
        """Write a file, directories included."""
        place = self.root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)
        return place

    def edit(self, path: str, old: str, new: str) -> None:
        """Replace a text that must be there in a file."""
        place = self.root / path
        text = place.read_text()
        assert old in text
        place.write_text(text.replace(old, new))

    def files(self, below: str = ".") -> dict[str, bytes]:
        """Return all files below a directory."""
        start = self.root / below
        found = (path for path in sorted(start.rglob("*")) if path.is_file() and not path.is_symlink())
        return {path.relative_to(start).as_posix(): path.read_bytes() for path in found}


@pytest.fixture(scope="session")
def new_project() -> Callable[[Path], Project]:
    """Give what makes a project with a small specification in a directory."""

    def make(root: Path) -> Project:
        made = Project(root)
        made.write("fcs.yaml", SHOP)
        return made

    return make


@pytest.fixture
def project(request: pytest.FixtureRequest, new_project: Callable[[Path], Project]) -> Iterator[Project]:
    """Give a project with a small specification.

    With the mark `same_place` it lies where that of the test before lay: Go compiles anew in every other directory.
    """
    if not request.node.get_closest_marker("same_place"):
        yield new_project(request.getfixturevalue("tmp_path") / "project")
        return
    place = request.getfixturevalue("tmp_path_factory").getbasetemp() / "same-place"
    yield new_project(place / "project")
    shutil.rmtree(place)


class Go:
    """Runs Go's commands in a directory, as verification does."""

    def __init__(self, toolchain: Toolchain, env: dict[str, str]) -> None:
        self.toolchain = toolchain
        self.env = env

    def __call__(self, root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run `go`, or `gofmt` where that is the first argument."""
        program = self.toolchain.gofmt if arguments[0] == "gofmt" else self.toolchain.go
        rest = arguments[1:] if arguments[0] == "gofmt" else arguments
        return subprocess.run(
            [str(program), *rest], cwd=root, env=self.env, capture_output=True, text=True, timeout=300, check=False
        )


@pytest.fixture(scope="session")
def go(tmp_path_factory: pytest.TempPathFactory) -> Go:
    toolchain = find_go(os.environ)
    if toolchain is None:
        pytest.skip("Go is not installed")
    home = tmp_path_factory.mktemp("gohome")
    (home / "tmp").mkdir()
    cached = {"XDG_CACHE_HOME": str(REAL_CACHE)}
    return Go(toolchain, go_environment(toolchain, env=cached, home=home, c_compiler=find_c_compiler(os.environ)))


@pytest.fixture(scope="session")
def race(go: Go) -> list[str]:
    """Return the flag of the race detector, where it can run."""
    return ["-race"] if go.env["CGO_ENABLED"] == "1" else []


SHOP = """\
name: shop
module: example.com/shop
entities:
  - name: Customer
    attributes:
      email: {type: email, unique: true}
      name: string
  - name: Order
    description: What a customer wants.
    attributes:
      customer_id: uuid
      total: {type: decimal, min: 0}
      status: enum(open|paid)
  - name: Product
    attributes:
      title: string
relationships:
  - {from: Order, to: Customer, type: many_to_one, via: customer_id}
"""
