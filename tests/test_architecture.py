"""The house as CONTRIBUTING.md draws it: imports point down, doit and the SDKs have one door, files stay small."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "gocreator"
MODULES = sorted(PACKAGE.rglob("*.py"))

LEVELS = {
    "errors": 0,
    "values": 0,
    "gonames": 0,
    "resources": 1,
    "source": 1,
    "gosource": 1,
    "fcs": 2,
    "plan": 3,
    "config": 3,
    "golang": 4,
    "output": 4,
    "store": 4,
    "prompt": 4,
    "llm": 4,
    "engine": 5,
    "cli": 6,
    "api": 6,
    "events": 6,
}
"""A module imports from its own part and from lower levels only; parts of one level do not know each other."""

ANYWHERE = {"observe", "interrupts", ""}
"""Everyone may emit events and hold back interrupts; the root holds the version."""

PURE = ("gosource", "fcs", "plan", "prompt")
READERS = {"fcs/load.py", "plan/rulebook.py"}
"""The two pure parts have one reader of files each."""

IO = {"os", "subprocess", "socket", "sqlite3", "shutil", "tempfile", "urllib", "http", "pathlib", "io"}
DOORS = {
    "doit": "engine/",
    "anthropic": "llm/anthropic.py",
    "openai": "llm/openai.py",
    "diskcache": "store/",
    "genai_prices": "config/prices.py",
}


def _name(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def _part(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute"
            yield from (f"{node.module}.{name.name}" for name in node.names)


def _used_parts(path: Path) -> set[str]:
    return {name.split(".")[1] for name in _imports(path) if name.startswith("gocreator.")}


@pytest.mark.parametrize("path", [path for path in MODULES if _part(path) in LEVELS], ids=_name)
def test_imports_point_down(path: Path) -> None:
    own = _part(path)
    for used in _used_parts(path) & LEVELS.keys() - {own}:
        assert LEVELS[used] < LEVELS[own], f"{_name(path)} imports {used}"


def test_every_part_has_a_level() -> None:
    known = LEVELS.keys() | ANYWHERE | {"observe", "__init__", "__main__", "fastpath"}
    assert {_part(path) for path in MODULES} <= known


@pytest.mark.parametrize("path", [path for path in MODULES if _part(path) in PURE], ids=_name)
def test_the_pure_parts_do_no_io(path: Path) -> None:
    if _name(path) not in READERS:
        assert not {name.split(".")[0] for name in _imports(path)} & IO


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_each_library_has_one_door(path: Path) -> None:
    for library in {name.split(".")[0] for name in _imports(path)} & DOORS.keys():
        assert _name(path).startswith(DOORS[library])


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_files_and_functions_stay_small(path: Path) -> None:
    text = path.read_text()
    assert len(text.splitlines()) <= 400
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert node.end_lineno is not None
            assert node.end_lineno - node.lineno <= 60, f"{_name(path)}: {node.name}"


def test_events_know_nobody() -> None:
    assert not _used_parts(PACKAGE / "observe" / "events.py")
