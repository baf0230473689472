"""Files written by models, through the real SDKs and an emulator of both providers on loopback."""

import shutil
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import gocreator
from tests.emulator import damages
from tests.emulator.faults import Cut, ErrorEvent, Fault, Hang, Raw, Refuse, Status, Truncate
from tests.emulator.interrupting import interrupt
from tests.emulator.plugin import serve
from tests.emulator.server import Emulator

Model = Callable[..., Any]
PATH = "internal/service/order.go"
PROVIDERS = ("anthropic", "openai")
ORIGINS = "generation: {origin: template, origins: {service: llm}}\n"
ONE_BY_ONE = (
    "optimization: {batching: {enabled: false}, prompt_caching: {enabled: false}}\n"
    "retry: {initial_backoff: 1ms, max_backoff: 2ms}\n"
)
CHINOOK = Path(__file__).parents[1] / "data/chinook.fcs.json"


def _tree(project: Any) -> dict[str, str]:
    return {path: data.decode() for path, data in project.files("generated").items()}


def _asked(emulator: Emulator) -> list[str]:
    return [path for call in emulator.calls for path in call.wanted]


@pytest.mark.go
@pytest.mark.sample(1)
@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_project_of_a_model_is_what_was_served_and_go_accepts_it(
    project: Any, emulator: Emulator, served: dict[str, str], provider: str, *, long: bool
) -> None:
    (project.root / "fcs.yaml").unlink()
    shutil.copy(CHINOOK, project.root / "fcs.json")
    served = serve(project, emulator)
    # What equals the templates' text is judged by Go where these are tried.
    built = project("build", "--provider", provider, "-n", "4", *([] if long else ["--no-verify"]))
    assert built.code == 0, built.err
    assert f"verify: {'passed' if long else 'skipped'}" in built.out
    assert _tree(project) == served
    asked = _asked(emulator)
    assert len(asked) == len(set(asked)) > 30
    assert all(path.startswith("internal/") and not path.endswith("_test.go") for path in asked)
    assert 1 < emulator.records.most_open <= 4
    assert emulator.records.most_open == emulator.records.opened
    assert project("check").code == 0


@pytest.mark.sample(2)
@pytest.mark.parametrize("jobs", [1, 3, 6])
@pytest.mark.parametrize("provider", PROVIDERS)
def test_there_are_as_many_connections_as_calls_in_flight(
    project: Any, emulator: Emulator, served: dict[str, str], provider: str, jobs: int
) -> None:
    project.write(".gocreator.yaml", ONE_BY_ONE)
    answer = threading.Event()
    emulator.on(Hang(until=answer), times=None, skip=1)  # the first finds out for all what the server understands
    running = project.start("build", "--no-verify", "--provider", provider, "-n", str(jobs))
    try:
        emulator.records.wait(calls=1 + jobs, in_flight=jobs, timeout=30)
        time.sleep(0.3)  # for one call too many to arrive
        assert emulator.records.in_flight == emulator.records.open == jobs
    finally:
        answer.set()
        _, err = running.communicate(timeout=60)
    assert running.returncode == 0, err
    assert emulator.records.opened == jobs < len(emulator.calls)
    assert _tree(project) == served


def test_a_key_alone_spends_nothing(project: Any, emulator: Emulator, served: dict[str, str]) -> None:
    assert project("build", "--no-verify").code == 0
    assert _tree(project) == served
    assert emulator.calls == []


def test_what_was_paid_for_is_not_asked_again(project: Any, emulator: Emulator, served: dict[str, str]) -> None:
    project("build", "--no-verify", "--provider", "anthropic")
    count = len(emulator.calls)
    shutil.rmtree(project.root / "generated")
    again = project("build", "--no-verify", "--provider", "anthropic")
    assert again.code == 0
    assert _tree(project) == served
    assert len(emulator.calls) == count
    shutil.rmtree(project.root / "generated")
    project("build", "--no-verify", "--provider", "anthropic", "--refresh")
    assert len(emulator.calls) == 2 * count


def test_without_a_key_the_rest_is_refused_by_name(
    project: Any, emulator: Emulator, served: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ANTHROPIC_API_KEY")
    refused = project("build", "--no-verify", "--provider", "anthropic")
    assert refused.code == 4
    assert f"failed   {PATH}" in refused.err
    assert "a model writes it, and there is no key for anthropic: set ANTHROPIC_API_KEY" in refused.err
    assert emulator.calls == []
    built = _tree(project)
    assert PATH not in built
    assert built["go.mod"] == served["go.mod"]


def test_a_colleague_without_a_key_is_up_to_date(
    project: Any, served: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    project.write(".gocreator.yaml", "llm: {provider: anthropic}\n")
    assert project("build", "--no-verify").code == 0
    monkeypatch.delenv("ANTHROPIC_API_KEY")
    shutil.rmtree(project.root / ".gocreator")
    assert project("check").code == 0
    assert project("build", "--no-verify").code == 0
    assert _tree(project) == served


def test_the_lock_keeps_who_wrote_a_file(project: Any, emulator: Emulator, served: dict[str, str]) -> None:
    project("build", "--no-verify", "--provider", "anthropic")
    count = len(emulator.calls)
    assert "built 0" in project("build", "--no-verify").out
    offline = project("build", "--no-verify", "--origin", "template")
    assert offline.code == 0
    assert len(emulator.calls) == count
    assert _tree(project) == served
    assert '"origin": "model"' not in (project.root / "gocreator.lock").read_text()


def test_single_rules_have_origins_of_their_own(project: Any, emulator: Emulator, served: dict[str, str]) -> None:
    project.write(
        ".gocreator.yaml", "llm: {provider: openai}\ngeneration: {origin: template, origins: {service: llm}}\n"
    )
    assert project("build", "--no-verify").code == 0
    assert {path.split("/")[1] for path in _asked(emulator)} == {"service"}
    assert _tree(project) == served


# What is mended by asking again, with how often the file is asked for.
MENDED: dict[str, tuple[Fault, ...]] = {
    "broken": (damages.broken(PATH),),
    "wrong package": (damages.wrong_package(PATH),),
    "missing": (damages.without(PATH),),
    "renamed": (damages.renamed("internal/service/other.go", PATH),),
    "escaping": (damages.renamed("../../escaped.go", PATH),),
    "without a function": (damages.without_function("Create", PATH),),
    "unclosed": (damages.unclosed(PATH),),
    "empty": (damages.empty(),),
    "emptied": (damages.emptied(PATH),),
    "prose": (damages.prose(),),
    "truncated": (Truncate(20),),
    "cut": (Cut(60),),
    "blank": (damages.prose(" \n"),),
    "ended early": (Cut(60, clean=True),),
    "overloaded": (Status(529),),
    "failed": (Status(500),),
    "limited": (Status(429, retry_after=0),),
    "overloaded in the middle": (ErrorEvent(50),),
    "a page": (Raw(b"<html>bad gateway</html>", 502, "text/html"),),
}
TAKEN: dict[str, tuple[Fault, ...]] = {
    "chatter": (damages.chatter(),),
    "fenced": (damages.fenced(PATH),),
    "crlf": (damages.crlf(),),
    "thinking": (damages.thinking(),),
    "twice": (damages.twice(PATH),),
    "unasked": (damages.unasked("internal/service/unasked.go"),),
}
REFUSED: dict[str, tuple[Fault, ...]] = {
    "key": (Status(401),),
    "money": (Status(402),),
    "model": (Status(404),),
    "quota": (Status(429, quota=True),),
    "refusal": (Refuse("I cannot."),),
    "always failing": (Status(500),),
    "always cut": (Cut(60),),
    "always broken": (damages.broken(PATH),),
}


@pytest.fixture
def quick(project: Any) -> None:
    project.write(".gocreator.yaml", "retry: {initial_backoff: 1ms, max_backoff: 2ms}\n")


@pytest.mark.sample(4)
@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize("name", MENDED)
def test_what_is_wrong_once_is_asked_for_again(
    project: Any, emulator: Emulator, served: dict[str, str], provider: str, name: str
) -> None:
    emulator.on(*MENDED[name], path=PATH)
    built = project("build", "--no-verify", "--provider", provider)
    assert built.code == 0, built.err
    assert _asked(emulator).count(PATH) == 2
    assert _tree(project) == served
    assert not (project.root.parent / "escaped.go").exists()


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_file_that_was_whole_when_the_call_broke_off_is_taken(
    project: Any, emulator: Emulator, served: dict[str, str], provider: str
) -> None:
    project.write(".gocreator.yaml", ONE_BY_ONE)
    emulator.on(damages.chatter(after="\nAnd now for something else. " * 20), Cut(len(served[PATH]) + 200), path=PATH)
    assert project("build", "--no-verify", "--provider", provider).code == 0
    assert _asked(emulator).count(PATH) == 1
    assert _tree(project) == served


@pytest.mark.sample(3)
@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize("name", TAKEN)
def test_what_only_looks_odd_is_taken(
    project: Any, emulator: Emulator, served: dict[str, str], provider: str, name: str
) -> None:
    emulator.on(*TAKEN[name], path=PATH, times=None)
    assert project("build", "--no-verify", "--provider", provider).code == 0
    assert _asked(emulator).count(PATH) == 1
    assert _tree(project) == served


@pytest.mark.sample(3)
@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize("name", REFUSED)
def test_what_stays_wrong_fails_alone(
    project: Any, emulator: Emulator, served: dict[str, str], provider: str, name: str
) -> None:
    project.write(".gocreator.yaml", ONE_BY_ONE)
    emulator.on(*REFUSED[name], path=PATH, times=None)
    failed = project("build", "--no-verify", "--provider", provider)
    assert failed.code == 1
    assert _asked(emulator).count(PATH) <= 5
    assert f"failed   {PATH}: " in failed.err
    assert "Traceback" not in failed.err
    assert "Bearer" not in failed.err
    assert _tree(project) == {path: text for path, text in served.items() if path != PATH}


@pytest.mark.usefixtures("quick")
def test_the_next_rung_gets_what_the_first_cannot(project: Any, emulator: Emulator, served: dict[str, str]) -> None:
    ladder = "[{provider: anthropic, model: claude-sonnet-5-5}, {provider: openai, model: gpt-6.1-sol}]"
    project.write(".gocreator.yaml", f"llm: {{roles: {{coder: {ladder}}}}}\ngeneration: {{retries: 1}}\n{ONE_BY_ONE}")
    emulator.on(damages.broken(PATH), path=PATH, model="claude-sonnet-5-5", times=None)
    assert project("build", "--no-verify").code == 0
    asked = [call.body["model"] for call in emulator.calls if call.wanted == (PATH,)]
    assert asked == ["claude-sonnet-5-5", "claude-sonnet-5-5", "gpt-6.1-sol"]
    assert _tree(project) == served


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize(
    "fault", [Refuse("I cannot."), Status(413), Status(500, headers=(("x-should-retry", "false"),))]
)
def test_what_will_not_pass_goes_to_the_next_rung_at_once(
    project: Any, emulator: Emulator, served: dict[str, str], fault: Fault
) -> None:
    ladder = "[{provider: anthropic, model: claude-sonnet-5-5}, {provider: openai, model: gpt-6.1-sol}]"
    project.write(".gocreator.yaml", f"llm: {{roles: {{coder: {ladder}}}}}\n{ONE_BY_ONE}")
    emulator.on(fault, path=PATH, model="claude-sonnet-5-5", times=None)
    assert project("build", "--no-verify").code == 0
    asked = [call.body["model"] for call in emulator.calls if call.wanted == (PATH,)]
    assert asked == ["claude-sonnet-5-5", "gpt-6.1-sol"]
    assert _tree(project) == served


def test_without_go_nobody_is_asked(
    project: Any, emulator: Emulator, served: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    refused = project("build", "--no-verify", "--provider", "anthropic")
    assert refused.code == 2
    assert "hint: install Go" in refused.err
    assert emulator.calls == []
    assert served


@pytest.mark.parametrize("origins", ["{servce: llm}", "{service: [llm]}", "{service: models}", "{main: llm}"])
def test_origins_of_rules_are_checked(project: Any, origins: str) -> None:
    project.write(".gocreator.yaml", f"generation: {{origins: {origins}}}\n")
    wrong = project("build", "--no-verify")
    assert wrong.code == 2
    assert wrong.err.startswith(".gocreator.yaml:1:")
    assert "hint: " in wrong.err


def test_the_reason_is_told_to_the_model(project: Any, emulator: Emulator, served: dict[str, str]) -> None:
    project.write(".gocreator.yaml", ONE_BY_ONE)
    emulator.on(damages.wrong_package(PATH, name="elsewhere"), path=PATH)
    project("build", "--no-verify", "--provider", "anthropic")
    (again,) = [call for call in emulator.calls if call.wanted == (PATH,)][1:]
    last = again.body["messages"][-1]["content"][0]["text"]
    assert "elsewhere" in last
    assert served


@pytest.mark.sample(1)
@pytest.mark.parametrize("after", [None, 0, 50])
def test_an_interrupt_ends_a_call_within_a_second(
    project: Any, emulator: Emulator, served: dict[str, str], after: int | None
) -> None:
    emulator.on(Hang(after), path=PATH)
    interrupt(project.start("build", "--no-verify", "--provider", "anthropic"), emulator, PATH)
    assert served


DODO = """\
import gocreator

def task_all():
    yield from gocreator.doit_tasks(verify=False)
"""


def test_a_program_and_plain_doit_ask_too(project: Any, emulator: Emulator, served: dict[str, str]) -> None:
    project.write(".gocreator.yaml", "llm: {provider: anthropic}\n")
    assert gocreator.build(project.root, verify=False)["exit_code"] == 0
    assert _tree(project) == served
    count = len(emulator.calls)
    shutil.rmtree(project.root / "generated")
    project.write("dodo.py", DODO)
    ran = project.start("-n", "2", "-P", "thread", python=("-m", "doit"))
    out, err = ran.communicate(timeout=60)
    assert ran.returncode == 0, out + err
    assert _tree(project) == served
    assert len(emulator.calls) == count


def test_names_of_a_neighbour_that_is_not_made_now_are_taken(
    project: Any, emulator: Emulator, served: dict[str, str]
) -> None:
    neighbour = "internal/service/customer.go"
    both = {path: f"{served[path]}\nfunc customerOrderHelper() {{}}\n" for path in (neighbour, PATH)}
    emulator.settings.source = served | both
    assert project("build", neighbour, "--no-verify", "--provider", "anthropic").code == 0
    project.edit("fcs.yaml", "name: string", "name: string\n      nick: string")
    failed = project("build", PATH, "--no-verify", "--provider", "anthropic")
    assert failed.code == 1
    assert f"the name customerOrderHelper is taken by {neighbour}" in failed.err
