"""What a command imports: nothing that it does not need, because imports are most of what a short command costs."""

import json
import subprocess
import sys
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import Any

import pytest

PROBE = """\
import atexit, json, sys
def tell():
    path = lambda name: getattr(sys.modules[name], "__file__", None) or ""
    print("modules", json.dumps({name: path(name) for name in list(sys.modules) if "." not in name}), file=sys.stderr)
atexit.register(tell)
from gocreator.__main__ import main
sys.exit(main())
"""
HEAVY = frozenset(
    "asyncio ctypes difflib email http inspect logging multiprocessing pdb socket sqlite3 ssl subprocess tempfile "
    "threading unittest xml zipfile".split()
)
"""Parts of Python's own library that cost milliseconds; of what others wrote, everything counts."""
COMMAND_LINE = frozenset({"click", "inspect", "threading"})
"""click itself imports the other two."""
DOCUMENTS = frozenset(
    {"pydantic", "pydantic_core", "annotated_types", "typing_extensions", "typing_inspection", "yaml"}
)
OF_PYDANTIC = frozenset({"email", "socket", "tempfile", "zipfile"})
"""It looks for plugins with `importlib.metadata`, which imports these."""
PLANNING = COMMAND_LINE | DOCUMENTS | OF_PYDANTIC | {"jinja2", "markupsafe", "blake3", "difflib", "sqlite3"}
"""Specification, templates, keys, the state; contracts are known from the build, so no Go is parsed."""
ALLOWED: Mapping[tuple[str, ...], AbstractSet[str]] = {
    ("--help",): COMMAND_LINE,
    ("--version",): COMMAND_LINE,
    ("version",): COMMAND_LINE,
    ("build", "--help"): COMMAND_LINE,
    ("completion", "bash"): COMMAND_LINE,
    ("config",): COMMAND_LINE,
    ("schema",): COMMAND_LINE | DOCUMENTS | OF_PYDANTIC,
    ("list",): PLANNING,
    ("check",): PLANNING,
    ("why", "go.mod"): PLANNING,
    ("graph",): PLANNING,
    ("info",): PLANNING,
    ("build", "--dry-run"): PLANNING,
}


def imported(project: Any, *arguments: str) -> set[str]:
    ran = project.start(*arguments, python=("-c", PROBE))
    _, err = ran.communicate(timeout=60)
    assert ran.returncode == 0, err
    modules = json.loads(err[err.index("modules ") + 8 :])
    others = {name for name, place in modules.items() if "site-packages" in Path(place).parts}
    return {name for name in (modules.keys() & HEAVY) | others if not name.startswith("_")} - {"gocreator"}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, new_project: Any) -> Any:
    """Give a project that is up to date."""
    project = new_project(tmp_path_factory.mktemp("built") / "project")
    assert project("build", "--no-verify").code == 0
    return project


@pytest.mark.parametrize("arguments", ALLOWED, ids=" ".join)
def test_a_command_imports_only_what_it_needs(built: Any, arguments: tuple[str, ...]) -> None:
    assert imported(built, *arguments) - ALLOWED[arguments] == set()


def test_a_build_with_work_imports_its_engine_and_no_client_of_a_model_and_the_next_one_nothing(project: Any) -> None:
    found = imported(project, "build", "--no-verify")
    assert {"doit", "tree_sitter"} <= found
    assert not found & {"anthropic", "openai", "diskcache", "httpx", "asyncio", "ssl"}
    assert imported(project, "build", "--no-verify") == set()


def test_programs_import_what_they_use_alone() -> None:
    code = "import gocreator, sys; sys.exit(len({'doit', 'pydantic', 'jinja2', 'click', 'sqlite3'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize(("model", "known"), [("claude-sonnet-5-5", True), ("claude-opus-4-1", False)])
def test_the_list_of_prices_is_imported_for_a_model_that_the_table_does_not_know(
    project: Any, served: dict[str, str], model: str, *, known: bool
) -> None:
    assert served
    build = ("build", "--no-verify", "--provider", "anthropic", "--model", model)
    assert ("genai_prices" in imported(project, *build, "--dry-run")) is not known
    assert not known or "genai_prices" not in imported(project, *build)
