"""Secrets are sent to nobody and kept nowhere: what looks like one, and the keys of providers."""

import re
import shutil
from collections.abc import Iterator
from typing import Any

import pytest

from gocreator.store.artifacts import open_artifacts
from tests.emulator import damages
from tests.emulator.faults import Cut, ErrorEvent, Fault, Raw, Spoil, Status
from tests.emulator.server import Emulator

PATH = "internal/service/order.go"
EXAMPLE = "sk_live_" + "4eC39HqLyjWDarjtT1zdp7dc"
KEY = "wholly-made-up-key-Zq7Xw2"
SETTINGS = "llm: {provider: %s}\ngeneration: {retries: 1, origin: template, origins: {service: llm}}\n"
QUICK = "retry: {initial_backoff: 1ms, max_backoff: 2ms, max_attempts: 2}\n"


@pytest.fixture(autouse=True)
def asking(project: Any, emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the project ask models for its services; the emulator answers with what the templates write."""
    for name, url in (("ANTHROPIC", emulator.url), ("OPENAI", emulator.openai_url)):
        monkeypatch.setenv(f"{name}_BASE_URL", url)
        monkeypatch.setenv(f"{name}_API_KEY", KEY)
    emulator.settings.keys = frozenset()
    project("build", "--no-verify")
    emulator.settings.source = {path: data.decode() for path, data in project.files("generated").items()}
    shutil.rmtree(project.root / "generated")
    project.write(".gocreator.yaml", SETTINGS % "anthropic")


def told(project: Any) -> Iterator[tuple[str, str]]:
    """Return what a project says of its builds: reports, logs, answers, the store; not copies of the specification."""
    for path, data in project.files().items():
        if not path.startswith("generated/") and not re.search(
            r"fcs\.yaml|state.db|/(elements|contracts|base|planned)/", path
        ):
            yield path, data.decode(errors="replace")
    for held in open_artifacts(project.root / ".gocreator/store", create=False).entries():
        yield held.entry.name, held.entry.content.decode()


def wire(emulator: Emulator) -> str:
    """Return the bodies of all requests."""
    return "".join(str(call.body) for call in emulator.calls)


def test_what_looks_like_a_secret_is_sent_only_where_that_is_allowed(project: Any, emulator: Emulator) -> None:
    project.edit("fcs.yaml", "What a customer wants.", f"What a customer wants, with {EXAMPLE} for trying.")
    refused = project("build", "--no-verify", "--log-level", "debug")
    assert refused.code == 4
    assert f"{PATH}: the prompt may hold a secret, so it was not sent: " in refused.err
    assert EXAMPLE not in wire(emulator)
    assert EXAMPLE not in refused.out + refused.err
    assert [path for path, text in told(project) if EXAMPLE in text] == []
    allowing = re.search(r"add ([0-9a-f]{16}) to secrets.allow", refused.err)
    assert allowing
    project.write(".gocreator.yaml", f"secrets: {{allow: [{allowing[1]}]}}\n{SETTINGS % 'anthropic'}")
    built = project("build", "--no-verify")
    assert built.code == 0, built.err
    assert EXAMPLE in wire(emulator)
    other = EXAMPLE.replace("4eC39", "5fD40")
    project.edit("fcs.yaml", EXAMPLE, f"{EXAMPLE} or {other}")
    assert project("build", "--no-verify").code == 4
    assert other not in wire(emulator)


def test_an_allowed_one_may_stand_in_a_file(project: Any, emulator: Emulator) -> None:
    def with_example(source: str) -> str:
        return source.replace("</file>", f'\nconst orderTrial = "{EXAMPLE}"\n</file>')

    emulator.on(damages.edited_by(with_example), path=PATH, times=None)
    failed = project("build", "--no-verify", "--log-level", "debug")
    assert failed.code == 1
    assert re.search(r"order\.go: .* line \d+: this looks like a secret \(stripe\), which no file may hold", failed.err)
    assert EXAMPLE not in wire(emulator) + failed.out + failed.err
    assert [path for path, text in told(project) if EXAMPLE in text] == []
    allowing = re.search(r"add ([0-9a-f]{16}) to secrets.allow", failed.err)
    assert allowing
    project.write(".gocreator.yaml", f"secrets: {{allow: [{allowing[1]}]}}\n{SETTINGS % 'anthropic'}")
    assert project("build", "--no-verify").code == 0
    assert EXAMPLE in (project.root / "generated" / PATH).read_text()


@pytest.mark.parametrize("allowed", [EXAMPLE, "stripe", "4eC39"])
def test_only_fingerprints_are_allowed_and_a_wrong_one_is_not_repeated(project: Any, allowed: str) -> None:
    project.write(".gocreator.yaml", f"secrets: {{allow: [{allowed}]}}\n")
    wrong = project("build", "--no-verify")
    assert wrong.code == 2
    assert wrong.err.startswith(".gocreator.yaml:1:")
    assert "fingerprints of 16 hexadecimal digits" in wrong.err
    assert allowed not in wrong.err


def _echoing(edit: str) -> Spoil:
    return damages.edited_by(lambda text: text.replace("</file>", f"{edit}\n</file>"))


# How a server may give the key back, or break off with it.
ECHOES: dict[str, Fault] = {
    "a refused key": Status(401, message=f"Incorrect API key provided: {KEY}."),
    "another error": Status(400, message=f"invalid header: x-api-key: {KEY}"),
    "a page": Raw(f"<html>{KEY}</html>".encode(), 502, "text/html"),
    "an error event": ErrorEvent(50),
    "cut": Cut(60),
    "in a file": _echoing(f'const orderKey = "{KEY}"'),
    "in Go that is none": _echoing(f"func {KEY}("),
    "in an import": damages.edited_by(lambda text: text.replace("import (", f'import (\n\t"{KEY}.com/x"')),
    "in a directive": _echoing(f"//go:generate {KEY}"),
    "in a path": damages.renamed(f"{KEY}.go", PATH),
    "in prose": damages.prose(f"Your key is {KEY}."),
}


@pytest.mark.sample(3)
@pytest.mark.parametrize("provider", ["anthropic", "openai"])
@pytest.mark.parametrize("name", ECHOES)
def test_keys_reach_nothing_that_is_written_or_said(project: Any, emulator: Emulator, provider: str, name: str) -> None:
    project.write(".gocreator.yaml", f"{SETTINGS % provider}{QUICK}logging: {{execution_log: execution.jsonl}}\n")
    emulator.on(ECHOES[name], path=PATH, times=None)
    running = project.start("build", "--no-verify", "--log-level", "debug", "--log-format", "json")
    out, err = running.communicate(timeout=60)
    assert running.returncode == 1, err
    assert PATH in err
    assert KEY not in out + err
    assert "Traceback" not in err
    shown = project("cache", "show", PATH)
    assert KEY not in shown.out + shown.err
    assert [path for path, data in project.files().items() if KEY.encode() in data] == []
    assert [path for path, text in told(project) if KEY in text] == []
    calls = [call for call in emulator.calls if PATH in call.wanted]
    assert calls
    assert {call.key for call in calls} == {KEY}, "where it belongs"
    assert KEY not in wire(emulator), "and never back in a conversation"


def test_a_key_in_the_configuration_is_kept_to_it(project: Any, emulator: Emulator) -> None:
    other = "configured-key-Pw4Lm9"
    project.write(".gocreator.yaml", f"{SETTINGS % 'anthropic'}".replace("}", f", api_key: {other}}}", 1))
    emulator.on(Status(401, message=f"no such key: {other}"), path=PATH, times=None)
    failed = project("build", "--no-verify", "--log-level", "debug")
    assert failed.code == 1
    assert other in {call.key for call in emulator.calls}
    assert other not in failed.out + failed.err + project("config").out + project("config", "--json").out
    found = [path for path, data in project.files().items() if other.encode() in data]
    assert found == [".gocreator.yaml"]


def test_logs_of_the_libraries_do_not_tell_keys(project: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANTHROPIC_LOG", "debug")
    monkeypatch.setenv("OPENAI_LOG", "debug")
    for provider in ("anthropic", "openai"):
        shutil.rmtree(project.root / "generated", ignore_errors=True)
        running = project.start("build", "--no-verify", "--provider", provider, "--refresh", "--log-level", "debug")
        out, err = running.communicate(timeout=60)
        assert running.returncode == 0, err
        assert KEY not in out + err
