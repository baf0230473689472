from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from gocreator.golang.toolchain import Toolchain, find_go
from gocreator.golang.verify import Verification, VerifyOptions, verify
from tests.conftest import REAL_CACHE

GOOD = {
    "go.mod": "module example.com/shop\n\ngo 1.24\n",
    "internal/cart/cart.go": "package cart\n\n// Add adds.\nfunc Add(a, b int) int { return a + b }\n",
    "internal/cart/cart_test.go": (
        'package cart\n\nimport "testing"\n\nfunc TestAdd(t *testing.T) {\n\tif Add(1, 2) != 3 {\n'
        '\t\tt.Fatal("wrong")\n\t}\n}\n'
    ),
    "cmd/shop/main.go": (
        'package main\n\nimport "example.com/shop/internal/cart"\n\nfunc main() { println(cart.Add(1, 2)) }\n'
    ),
}

Judge = Callable[..., Verification]


def write_tree(root: Path, files: Mapping[str, str]) -> Path:
    for path, content in files.items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(content, encoding="utf-8")
    return root


@pytest.fixture(scope="session")
def toolchain() -> Toolchain:
    found = find_go({"PATH": ""})
    if found is None:
        pytest.skip("the test group's Go is not installed")
    return found


@pytest.fixture(scope="session")
def go_env() -> dict[str, str]:
    """The user's environment; its cache is that of all tests, because a cold one costs half a minute."""
    return {"PATH": "/usr/bin:/bin", "XDG_CACHE_HOME": str(REAL_CACHE), "ANTHROPIC_API_KEY": "sk-ant-secret"}


@pytest.fixture
def judge(tmp_path: Path, toolchain: Toolchain, go_env: dict[str, str]) -> Judge:
    """Verify the good project with some files replaced; `None` removes a file."""

    def judge(changes: Mapping[str, str | None] | None = None, **options: object) -> Verification:
        files = {**GOOD, **(changes or {})}
        root = write_tree(tmp_path / "project", {path: text for path, text in files.items() if text is not None})
        chosen: dict[str, object] = {"race": False, "test_timeout": 60.0, **options}
        return verify(root, toolchain, VerifyOptions(**chosen), env=go_env)  # type: ignore[arg-type]

    return judge
