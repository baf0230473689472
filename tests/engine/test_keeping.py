"""What the store has of a call: the whole conversation with its cache marks, and the answer; nothing secret."""

from pathlib import Path
from typing import Any

import pytest

from gocreator.config.terms import Keep
from gocreator.engine.keeping import Keeping, Remembered
from gocreator.llm.provider import Block, Request, Rung, Turn, Usage
from gocreator.prompt.secrets import Secrets
from gocreator.store.artifacts import open_artifacts
from gocreator.store.entry import Kind
from gocreator.store.workspace import workspace
from gocreator.values import RelPath

PATHS = [RelPath("a.go")]


def asked(*said: str) -> Request:
    """Return a conversation."""
    first = Turn("user", (Block("the project", Keep.LONG), Block("write it", Keep.SHORT)))
    more = (Turn("user" if number % 2 else "assistant", (Block(text),)) for number, text in enumerate(said))
    return Request(Rung("anthropic", "claude", "high"), (Block("you write Go"),), (first, *more), 100)


@pytest.fixture
def keeping(tmp_path: Path) -> Any:
    store = open_artifacts(tmp_path / "store")
    yield Keeping(store, workspace(tmp_path, Path("generated")), Secrets(known=("the-key-in-use",)))
    store.close()


def test_a_call_is_kept_as_it_was_said(keeping: Keeping) -> None:
    kept = keeping.call(asked("package b", "again"), PATHS, "package a \udcff", Usage(uncached=7, output=5))
    assert kept.prompt
    assert kept.response
    prompt = keeping.store.get(Kind.PROMPT, kept.prompt)
    response = keeping.store.get(Kind.RESPONSE, kept.response)
    assert prompt
    assert response
    assert prompt.content.decode() == (
        "=== system\nyou write Go\n=== user, cache: long\nthe project\n=== user, cache: short\nwrite it\n"
        "=== assistant\npackage b\n=== user\nagain"
    )
    assert (response.content, response.prompt, response.path) == (b"package a ?", kept.prompt, "a.go")
    assert (response.model, response.effort, response.input_tokens, response.output_tokens) == ("claude", "high", 7, 5)


def test_equal_calls_are_kept_once(keeping: Keeping) -> None:
    first, second = (keeping.call(asked(), PATHS, "package a", Usage()) for _ in range(2))
    other = keeping.call(asked(), [*PATHS, RelPath("b.go")], "package b", Usage())
    assert first == second
    assert other.prompt == first.prompt
    assert keeping.store.summary().total.entries == 3


def test_what_holds_a_secret_is_not_kept(keeping: Keeping) -> None:
    assert keeping.call(asked(), PATHS, "the-key-in-use", Usage()).response is None
    assert keeping.call(asked("the-key-in-use", "again"), PATHS, "package a", Usage()).prompt is None
    assert keeping.call(asked(), PATHS, "", Usage()) == Remembered()
    assert keeping.refused(PATHS[0], "// the-key-in-use") == ""
    assert keeping.refused(PATHS[0], "package") == ".gocreator/generated/answers/a.go.txt"
    assert all(b"the-key-in-use" not in held.entry.content for held in keeping.store.entries())
