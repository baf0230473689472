# ruff: noqa: E501 - a table of ways stands in lines
"""Thirty ways to go wrong: each message names the cause and what to do, ends with a code, and the code is explained."""

import fcntl
import re
import shutil
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from gocreator.cli.explain import explanations
from gocreator.config.options import OPTIONS
from gocreator.errors import Code
from tests.emulator.faults import Cut, Fault, Raw, Refuse, Status
from tests.emulator.plugin import serve
from tests.emulator.server import Emulator

PATH = "internal/service/order.go"
README = Path(__file__).parents[2] / "README.md"
MODELS = """\
llm: {provider: anthropic}
generation: {origin: template, origins: {service: llm}, retries: 1}
optimization: {batching: {enabled: false}}
retry: {max_attempts: 2, initial_backoff: 1ms, max_backoff: 2ms}
"""


@dataclass(frozen=True)
class Way:
    """A way to go wrong, with what the message must say."""

    code: str
    exit: int
    cause: str
    fix: str
    arguments: tuple[str, ...] = ("build", "--no-verify")
    prepare: Callable[[Any, pytest.MonkeyPatch], Any] = lambda _, __: None
    fault: Fault | None = None
    """What the provider does."""


def _written(path: str, text: str) -> Callable[[Any, pytest.MonkeyPatch], Any]:
    return lambda project, _: project.write(path, text)


def _edited(old: str, new: str) -> Callable[[Any, pytest.MonkeyPatch], Any]:
    return lambda project, _: project.edit("fcs.yaml", old, new)


def _unset(name: str) -> Callable[[Any, pytest.MonkeyPatch], Any]:
    return lambda _, patch: patch.delenv(name)


def _elsewhere(_: Any, patch: pytest.MonkeyPatch) -> None:
    """Let the base URL lead to a port where nobody listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        patch.setenv("ANTHROPIC_BASE_URL", f"http://127.0.0.1:{free.getsockname()[1]}")


def _without_go(_: Any, patch: pytest.MonkeyPatch) -> None:
    patch.setenv("PATH", "")
    patch.setattr("sys.executable", "/nowhere/python")


def _go_that_does_not_work(project: Any, patch: pytest.MonkeyPatch) -> None:
    program = project.write("bin/go", "#!/bin/sh\necho nonsense\n")
    program.chmod(0o755)
    patch.setenv("PATH", str(program.parent))
    patch.setattr("sys.executable", "/nowhere/python")


def _in_the_way(project: Any, _: pytest.MonkeyPatch) -> None:
    (project.root / "generated/go.mod").mkdir(parents=True)


def _no_specification(project: Any, _: pytest.MonkeyPatch) -> None:
    (project.root / "fcs.yaml").unlink()


def _of_another(project: Any, _: pytest.MonkeyPatch) -> None:
    assert project("build", "--no-verify").code == 0
    shutil.copy(project.root / "fcs.yaml", project.root / "other.yaml")


def _damaged_lock(project: Any, _: pytest.MonkeyPatch) -> None:
    project.write("gocreator.lock", "<<<<<<< HEAD\n{}\n=======\n{}\n>>>>>>> theirs\n")


def _asks_first(project: Any, patch: pytest.MonkeyPatch) -> None:
    patch.delenv("GOCREATOR_YES")
    project.write(".gocreator.yaml", f"{MODELS}limits: {{confirm_tokens: 0}}\n")


def _of_a_price_that_nobody_knows(project: Any, _: pytest.MonkeyPatch) -> None:
    project.write(".gocreator.yaml", MODELS.replace("anthropic}", "anthropic, model: nobody-knows-1}"))


WAYS = {
    "an unknown flag": Way("GC101", 2, "--nonsense", "--help", ("build", "--nonsense")),
    "an unknown command": Way("GC101", 2, "biuld", "'build'", ("biuld",)),
    "an unknown target": Way("GC101", 2, "ordr.go", "order.go", ("why", "internal/models/ordr.go")),
    "an unknown run": Way("GC101", 2, "no reports", "gocreator build", ("report",)),
    "YAML that is none": Way("GC102", 2, r"fcs.yaml:2:1:", "brackets", prepare=_written("fcs.yaml", "name: [\n")),
    "an unknown type": Way("GC102", 2, "strong", "string", prepare=_edited("title: string", "title: strong")),
    "an unknown entity": Way("GC102", 2, "Custmer", "Customer", prepare=_edited("to: Customer", "to: Custmer")),
    "an unknown option": Way("GC103", 2, "optimisation", "optimization", prepare=_written(".gocreator.yaml", "optimisation: {}\n")),
    "an option of another kind": Way("GC103", 2, "retries", "number", prepare=_written(".gocreator.yaml", "generation: {retries: many}\n")),
    "a lock with conflicts": Way("GC105", 2, "gocreator.lock", "resolve the merge", prepare=_damaged_lock),
    "no specification": Way("GC106", 2, "no specification", "gocreator init", prepare=_no_specification),
    "an output around the project": Way("GC107", 2, "around the project", "-o", ("build", "-o", "..")),
    "an output that is a file": Way("GC107", 2, "not a directory", "-o DIR", ("build", "-o", "fcs.yaml")),
    "an output of another specification": Way("GC206", 4, "other", "-o DIR", ("build", "--no-verify", "-f", "other.yaml"), _of_another),
    "no provider": Way("GC312", 4, "no provider", "llm.provider", prepare=_written(".gocreator.yaml", "generation: {origins: {service: llm}}\n")),
    "no key": Way("GC301", 4, "no key for anthropic", "ANTHROPIC_API_KEY", prepare=_unset("ANTHROPIC_API_KEY")),
    "a key that is refused": Way("GC301", 1, "the key for anthropic is refused", "ANTHROPIC_API_KEY", fault=Status(401)),
    "a key that may not": Way("GC301", 1, "may not do this", "this model", fault=Status(403)),
    "no credit": Way("GC302", 1, "credit", "billing page", fault=Status(402)),
    "an unknown model": Way("GC303", 1, "no such model", "model's name", fault=Status(404)),
    "a prompt too long": Way("GC304", 1, "longer than it takes", "max_batch_size", fault=Status(413)),
    "a prompt too long, in words": Way("GC304", 1, "longer than it takes", "max_batch_size", fault=Status(400, message="prompt is too long: 210000 tokens > 200000 maximum")),
    "a rate limit": Way("GC305", 1, "too many requests", "-n", fault=Status(429, retry_after=0)),
    "an overloaded provider": Way("GC306", 1, "trouble of its own", "", fault=Status(529)),
    "a refusal": Way("GC307", 1, "refused to answer", "", fault=Refuse("I cannot.")),
    "nobody listens": Way("GC308", 1, "127.0.0.1", "network, or the proxy", prepare=_elsewhere),
    "an answer that breaks off": Way("GC308", 1, "order.go", "network, or the proxy", fault=Cut()),
    "the page of a proxy": Way("GC309", 1, "no answer of its protocol", "base URL", fault=Raw(b"<html>Login</html>", content_type="text/html")),
    "a request that is not accepted": Way("GC310", 1, "not accepted", "model's name and its effort", fault=Status(400)),
    "no more tokens": Way("GC204", 4, "max_tokens", "higher", ("build", "--no-verify", "--max-tokens", "10")),
    "nobody confirms": Way("GC202", 4, "tokens", "--yes", prepare=_asks_first),
    "frozen": Way("GC203", 4, "--frozen", "without --frozen", ("build", "--no-verify", "--frozen")),
    "a price that nobody knows": Way("GC205", 4, "nobody knows what nobody-knows-1 costs", "llm.prices", ("build", "--no-verify", "--max-cost", "1"), _of_a_price_that_nobody_knows),
    "no Go": Way("GC401", 2, "gofmt|Go", "install Go", prepare=_without_go),
    "a Go that does not work": Way("GC402", 1, "does not answer like Go", "PATH", prepare=_go_that_does_not_work),
    "a directory in the way": Way("GC503", 1, "go.mod: this is not a regular file", "", prepare=_in_the_way),
}  # fmt: skip
"""By a name for people."""


def test_there_are_thirty_ways() -> None:
    assert len(WAYS) >= 30


@pytest.mark.parametrize("name", WAYS)
def test_the_message_names_the_cause_and_the_fix(
    project: Any, emulator: Emulator, served: dict[str, str], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    way = WAYS[name]
    project.write(".gocreator.yaml", MODELS if int(way.code[2:]) in {*range(201, 206), *range(300, 403)} else "")
    way.prepare(project, monkeypatch)
    if way.fault:
        emulator.on(way.fault, path=PATH, times=None)
    ran = project(*way.arguments)
    said = ran.err
    assert ran.code == way.exit, said
    assert re.search(way.cause, said), said
    assert re.search(way.fix, said), said
    assert "Traceback" not in said
    assert f"gocreator explain {way.code}" in said
    explained = project("explain", way.code)
    assert explained.code == 0
    assert len(explained.out.splitlines()) > 4
    assert served


def _shown(beginning: str) -> list[str]:
    """Return the lines that the README shows from one on."""
    text = README.read_text()
    block = text[text.index(beginning) :].partition("```")[0]
    return [line for line in block.splitlines() if line != "..."]


def test_the_readme_shows_what_is_said(
    project: Any, emulator: Emulator, served: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    project.write(".gocreator.yaml", MODELS)
    emulator.on(Status(401, message="invalid x-api-key"), times=None)
    failed = project("build", "--no-verify").err.splitlines()
    for line in _shown("failed   internal/service/order.go: the key"):
        assert line in failed
    monkeypatch.delenv("ANTHROPIC_API_KEY")
    examined = re.sub(
        r"\d+ targets|go\d\S* in \S+", "*", re.sub(r"/\S+/project/", "", project("doctor").out)
    ).splitlines()
    for line in _shown("ok    settings "):
        assert re.sub(r"\d+ targets|go\d\S* in \S+", "*", line) in examined
    assert served


def test_failures_of_one_reason_stand_together(project: Any, emulator: Emulator, served: dict[str, str]) -> None:
    project.write(".gocreator.yaml", f"{MODELS.replace('service: llm', 'service: llm, model: llm')}")
    emulator.on(Status(404), path=PATH, times=None)
    emulator.on(Status(401), times=None, skip=1)
    failed = project("build", "--no-verify", "-n", "1")
    assert failed.code == 1
    end = failed.err[failed.err.index(" files failed, for ") - 2 :]
    assert end.count("the key for anthropic is refused") == 1
    assert "2 reasons, the first on top" in end
    codes = re.findall(r"gocreator explain (GC\d+)", end)
    assert sorted(codes) == ["GC301", "GC303"]
    assert served


@pytest.mark.go
@pytest.mark.usefixtures("go")
def test_what_go_does_not_accept_has_a_code(project: Any) -> None:
    project.write("fcs.yaml", "name: small\nmodule: example.com/small\n")
    assert project("build", "--no-verify").code == 0
    project.write("generated/internal/broken/broken.go", 'package broken\n\nvar x int = ""\n')
    failed = project("build")
    assert failed.code == 1
    assert "internal/broken/broken.go:3" in failed.err
    assert "gocreator explain GC403" in failed.err
    assert "gocreator explain GC403" in project("verify").err


def test_another_build_at_work_has_a_code(project: Any) -> None:
    (project.root / ".gocreator").mkdir()
    with (project.root / ".gocreator/build.lock").open("a+") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        refused = project("build")
    assert refused.code == 4
    assert "gocreator explain GC201" in refused.err


def test_every_code_is_explained(project: Any) -> None:
    texts = explanations()
    assert texts.keys() == {code.value for code in Code}
    listed = project("explain").out.splitlines()
    assert [line.split()[0] for line in listed] == list(texts)
    known = {it.key for it in OPTIONS} | {name for it in OPTIONS for name in _above(it.key)}
    for code, text in texts.items():
        assert "`" in text, code
        for name in re.findall(_OPTION, text):
            assert name in known, name
    unknown = project("explain", "GC999")
    assert unknown.code == 2
    assert "no code GC999" in unknown.err


_OPTION = r"`((?:llm|limits|generation|optimization|output|validation|secrets|workflow)\.[\w.]+)`"


def _above(name: str) -> Iterator[str]:
    while "." in name:
        name = name.rpartition(".")[0]
        yield name


@contextmanager
def _nothing_is_sent(emulator: Emulator) -> Iterator[None]:
    yield
    assert emulator.calls == []


def test_the_doctor_finds_what_is_missing(
    project: Any, emulator: Emulator, served: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    serve(project, emulator)
    project.write(".gocreator.yaml", MODELS)
    with _nothing_is_sent(emulator):
        well = project("doctor")
        assert well.code == 0, well.out
        assert "ok    key anthropic" in well.out
        for name in ("settings", "specification", "prices", "go", "git", "store", "state", "disk"):
            assert re.search(rf"^(ok|note)  ? *{name} ", well.out, re.MULTILINE), name
        monkeypatch.setenv("ANTHROPIC_API_KEY", "secret-part and-more")
        odd = project("doctor")
        assert odd.code == 1
        assert "wrong key anthropic" in odd.out
        assert "secret-part" not in odd.out
        monkeypatch.delenv("ANTHROPIC_API_KEY")
        none = project("doctor", "--json")
        assert none.code == 1
        assert '"status": "wrong"' in none.out
        assert "set ANTHROPIC_API_KEY" in none.out
        project.edit("fcs.yaml", "title: string", "title: strong")
        _without_go(project, monkeypatch)
        bad = project("doctor")
        assert bad.code == 1
        assert re.search("wrong go .*no Go toolchain", bad.out)
        assert re.search("wrong specification .*strong", bad.out)
    assert served
