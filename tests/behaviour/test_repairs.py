"""Files that the Go toolchain does not accept, repaired by models on an emulator, judged by the real toolchain."""

import json
import os
import re
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.emulator.faults import Hang, Spoil, Status
from tests.emulator.plugin import serve
from tests.emulator.server import Emulator
from tests.emulator.tokens import count

TINY = """\
name: tiny
entities:
  Order:
    attributes:
      number: string
      count: {type: int, min: 1}
"""
SERVICE = "internal/service/order.go"
MODEL = "internal/models/order.go"
TEST = "internal/service/order_test.go"
README = Path(__file__).parents[2] / "README.md"
STRANGE = "Zq7-strange-value"

pytestmark = pytest.mark.go


def _config(*rules: str, **more: str) -> str:
    origins = ", ".join(f"{rule}: llm" for rule in rules or ("service", "model"))
    lines = ["llm: {provider: anthropic}", f"generation: {{origin: template, origins: {{{origins}}}}}"]
    return "\n".join([*lines, *(f"{name}: {value}" for name, value in more.items()), ""])


def _report(project: Any) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((project.root / ".gocreator/reports/latest/report.json").read_text())
    return found


def _is_repair(call: Any) -> bool:
    return "You repair one file" in json.dumps(call.body.get("system"))


def _repairs(emulator: Emulator) -> list[Any]:
    return [call for call in emulator.calls if _is_repair(call)]


def _texts(call: Any) -> dict[str, str]:
    """Return what a repair's prompt says, by the first words of each part."""
    blocks = [block["text"] for turn in call.body["messages"] for block in turn["content"]]
    return {"system": call.body["system"][0]["text"], **{text.split("\n")[0]: text for text in blocks}}


def _tree(project: Any) -> dict[str, str]:
    return {path: data.decode() for path, data in project.files("generated").items()}


def _changed(old: str, new: str, path: str = SERVICE) -> Spoil:
    """Let a file be written with a text replaced."""

    def change(draft: Any) -> None:
        block = draft.block(path)
        assert re.search(old, block.source), block.source
        block.source = re.sub(old, lambda _: new, block.source, count=1)

    return Spoil(change)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the directory that all tests use in turn: what Go compiled in another one it would compile anew."""
    return tmp_path_factory.mktemp("repairs") / "project"


@pytest.fixture
def project(place: Path, new_project: Callable[[Path], Any]) -> Iterator[Any]:
    yield new_project(place)
    shutil.rmtree(place)


@pytest.fixture
def tiny(project: Any, served: dict[str, str], emulator: Emulator) -> dict[str, str]:  # noqa: ARG001 - it sets keys
    """Give a project of one entity, whose model and service are a model's."""
    project.write("fcs.yaml", TINY)
    tree = serve(project, emulator)
    project.write(".gocreator.yaml", _config())
    return tree


COUNTED = "go func() { orderServiceGets++ }(); orderServiceGets++"
IMPORTED = 'import (\n\t"os"'
UNUSED = _changed(r"import \(", IMPORTED)
BROKEN: dict[str, tuple[str, tuple[Spoil, ...]]] = {
    "an unused import": ("build", (UNUSED,)),
    "a wrong type": ("build", (_changed(r"return made, nil", 'return "made", nil'),)),
    "a failing contract test": ("test", (_changed(r'fmt\.Errorf\("delete order: %w", err\)', "nil"),)),
    "suspicious code": ("vet", (_changed(r"get order: %w", "get order: %w %d"),)),
    "a race": (
        "test",
        (
            _changed(r"(?<=\tkept, err := s\.stores\.Order\.Get\(ctx, id\)\n)", f"\t{COUNTED}\n"),
            _changed(r"\Z", "\nvar orderServiceGets int\n"),
        ),
    ),
}


@pytest.mark.sample(2)
@pytest.mark.parametrize("name", BROKEN)
def test_what_does_not_pass_is_repaired(project: Any, emulator: Emulator, tiny: dict[str, str], name: str) -> None:
    check, spoils = BROKEN[name]
    emulator.on(*spoils, path=SERVICE)
    built = project("build")
    assert built.code == 0, built.err
    assert _tree(project) == tiny
    (call,) = _repairs(emulator)
    assert call.wanted == (SERVICE,)
    assert f"- {check}: " in _texts(call)["# What is wrong with it"]
    assert str(project.root) not in json.dumps(call.body)
    (repair,) = _report(project)["repairs"]
    assert (repair["path"], repair["fixed"], repair["calls"]) == (SERVICE, True, 1)
    assert repair["input_tokens"] == call.bill.total
    assert repair["output_tokens"] == call.output
    assert "repaired 1 of 1 (1 of the calls" in built.out
    assert f"repaired {SERVICE}  (1 call, {repair['input_tokens']:,} tokens in, {call.output:,} out, $" in built.err
    assert "verify: passed" in built.out
    assert project("check").code == 0
    assert "built 0" in project("build").out


@pytest.mark.usefixtures("tiny")
def test_the_readme_shows_what_a_repair_looks_like(project: Any, emulator: Emulator) -> None:
    shown = (
        README.read_text().partition("### Only code that builds")[2].partition("```console\n")[2].partition("```")[0]
    )
    emulator.on(*BROKEN["a failing contract test"][1], path=SERVICE)
    command, *lines = (line for line in shown.splitlines() if line != "...")
    built = project(*command.split()[2:])
    assert lines
    assert [line for line in built.err.splitlines() if line in lines] == lines


def test_a_repair_shows_slice_contract_file_and_messages_and_is_short(
    project: Any, emulator: Emulator, tiny: dict[str, str]
) -> None:
    emulator.on(UNUSED, path=SERVICE)
    assert project("build").code == 0
    (call,) = _repairs(emulator)
    texts = _texts(call)
    assert [name.strip(":") for name in texts] == [
        "system",
        "# Its specification",
        "# Its contract",
        f"# `{SERVICE}` as it is",
        "# What is wrong with it",
        "Write these files",
    ]
    assert '"os"' in texts[f"# `{SERVICE}` as it is"]
    file = count(tiny[SERVICE])
    assert call.bill.total <= 2.5 * file + count(texts["# What is wrong with it"])


def test_a_repaired_file_survives_a_lost_tree(project: Any, emulator: Emulator, tiny: dict[str, str]) -> None:
    emulator.on(UNUSED, path=SERVICE)
    assert project("build").code == 0
    asked = len(emulator.calls)
    shutil.rmtree(project.root / "generated")
    shutil.rmtree(project.root / ".gocreator/generated")
    again = project("build")
    assert again.code == 0
    assert _tree(project) == tiny
    assert len(emulator.calls) == asked


def test_a_repair_that_was_paid_for_is_not_asked_for_again(
    project: Any, emulator: Emulator, tiny: dict[str, str]
) -> None:
    """A build that is killed after an answer was stored, and before its file was written, leaves this."""
    emulator.on(UNUSED, path=SERVICE)
    assert project("build").code == 0
    store = project.root / ".gocreator/store"
    shutil.copytree(store, project.root / "kept")
    for place in ("generated", ".gocreator", "gocreator.lock"):
        shutil.rmtree(project.root / place, ignore_errors=True)
    (project.root / "gocreator.lock").unlink(missing_ok=True)
    emulator.on(UNUSED, path=SERVICE)
    assert project("build", "--no-verify").code == 0
    assert '"os"' in _tree(project)[SERVICE]
    shutil.rmtree(store)
    (project.root / "kept").rename(store)
    asked = len(emulator.calls)
    built = project("build")
    assert built.code == 0, built.err
    assert _tree(project) == tiny
    assert len(emulator.calls) == asked


@pytest.mark.usefixtures("tiny")
def test_what_stays_broken_ends_in_a_clear_failure_and_is_no_success_afterwards(
    project: Any, emulator: Emulator
) -> None:
    emulator.on(UNUSED, path=SERVICE, times=None)
    built = project("build")
    assert built.code == 1
    assert f'{SERVICE}:6:2: "os" imported and not used' in built.err
    assert f"broken   {SERVICE}" in built.err
    assert "verify: failed" in built.out
    assert len(_repairs(emulator)) == 1  # the same problem came back, and there is nobody else to ask
    assert "verify: failed" in project("check").out
    again = project("build")
    assert again.code == 1
    assert "verify: failed" in again.out
    assert len(_repairs(emulator)) == 2


@pytest.mark.sample(2)
@pytest.mark.usefixtures("tiny")
@pytest.mark.parametrize("name", sorted(BROKEN.keys() - {"an unused import"}))
def test_whatever_stays_broken_is_asked_for_once_more_and_then_given_up(
    project: Any, emulator: Emulator, name: str
) -> None:
    emulator.on(*BROKEN[name][1], path=SERVICE, times=None)
    built = project("build")
    assert built.code == 1
    assert "verify: failed" in built.out
    assert [call.wanted for call in _repairs(emulator)] == [(SERVICE,)]
    assert [it["fixed"] for it in _report(project)["repairs"]] == [False]


@pytest.fixture
def ladder(project: Any, tiny: dict[str, str]) -> dict[str, str]:
    """Give the coder two models."""
    rungs = "[{provider: anthropic, model: claude-haiku-5-5}, {provider: anthropic, model: claude-opus-5-5}]"
    project.write(".gocreator.yaml", f"{_config()}roles: {{coder: {rungs}}}\n")
    return tiny


@pytest.mark.usefixtures("ladder")
def test_where_the_same_problem_is_back_the_next_model_is_asked_and_then_nobody(
    project: Any, emulator: Emulator
) -> None:
    emulator.on(UNUSED, path=SERVICE, times=None)
    assert project("build").code == 1
    assert [call.model for call in _repairs(emulator)] == ["claude-haiku-5-5", "claude-opus-5-5"]


def test_a_problem_that_is_another_one_is_progress(project: Any, emulator: Emulator, tiny: dict[str, str]) -> None:
    emulator.on(UNUSED, _changed(r"return made, nil", 'return "made", nil'), path=SERVICE)
    emulator.on(_changed(r"return made, nil", "return nil, 1"), path=SERVICE, when=_is_repair)
    built = project("build")
    assert built.code == 0, built.err
    assert [it["fixed"] for it in _report(project)["repairs"]] == [False, True]
    assert _tree(project) == tiny


def test_the_repaired_file_of_another_model_is_found_again(
    project: Any, emulator: Emulator, ladder: dict[str, str]
) -> None:
    emulator.on(UNUSED, path=SERVICE, model="claude-haiku-5-5", times=None)
    assert project("build").code == 0
    asked = len(emulator.calls)
    lock = json.loads((project.root / "gocreator.lock").read_text())
    assert lock["outputs"]["generated"]["targets"][SERVICE]["model"] == "claude-opus-5-5"
    shutil.rmtree(project.root / "generated")
    assert project("build").code == 0
    assert _tree(project) == ladder
    assert len(emulator.calls) == asked
    assert json.loads((project.root / "gocreator.lock").read_text()) == lock


@pytest.mark.usefixtures("tiny")
def test_no_more_than_max_repairs(project: Any, emulator: Emulator) -> None:
    project.write(".gocreator.yaml", _config(validation="{max_repairs: 0}"))
    emulator.on(UNUSED, path=SERVICE)
    assert project("build").code == 1
    assert _repairs(emulator) == []


def test_an_answer_that_is_not_accepted_is_a_repair_too(project: Any, emulator: Emulator, tiny: dict[str, str]) -> None:
    emulator.on(UNUSED, path=SERVICE)
    emulator.on(
        _changed(r"func \(s \*OrderService\) Delete", "func (s *OrderService) Remove"), path=SERVICE, when=_is_repair
    )
    assert project("build").code == 0
    first, second = _repairs(emulator)
    assert "was not accepted" in _texts(second)["# What is wrong with it"]
    assert second.bill.total <= 2.5 * count(tiny[SERVICE]) + count(_texts(second)["# What is wrong with it"])
    assert [it["fixed"] for it in _report(project)["repairs"]] == [False, True]
    assert _tree(project) == tiny
    assert first.wanted == second.wanted


@pytest.mark.usefixtures("tiny")
def test_what_was_edited_by_hand_is_never_repaired(project: Any, emulator: Emulator) -> None:
    assert project("build").code == 0
    project.edit(f"generated/{SERVICE}", "import (", 'import (\n\t"os"')
    mine = _tree(project)
    built = project("build")
    assert built.code == 1
    assert f'{SERVICE}:4:2: "os" imported and not used' in built.err
    assert _repairs(emulator) == []
    assert _tree(project) == mine


@pytest.mark.usefixtures("tiny")
def test_a_name_that_somebody_took_meanwhile_is_changed_in_the_file_of_a_model(
    project: Any, emulator: Emulator
) -> None:
    emulator.on(_changed(r"\Z", "\nvar orderServiceLimit = 3\n"), path=SERVICE)
    assert project("build").code == 0
    project.write("generated/internal/service/z.go", "package service\n\nvar orderServiceLimit = 4\n")
    built = project("build")
    assert built.code == 0, built.err
    assert [call.wanted for call in _repairs(emulator)] == [(SERVICE,)]
    assert "orderServiceLimit" not in _tree(project)[SERVICE]


def test_a_helpers_name_that_two_files_of_a_package_take_is_found_before_either_is_built(
    project: Any, emulator: Emulator, served: dict[str, str]
) -> None:
    customer = "internal/service/customer.go"
    both = {SERVICE, customer}
    helper = "\nfunc orderServiceCustomerService() int { return 1 }\n"
    project.write(".gocreator.yaml", _config("service"))
    emulator.on(_changed(r"\Z", helper), _changed(r"\Z", helper, customer), when=lambda call: both <= {*call.wanted})
    built = project("build", "--no-verify")
    assert built.code == 0, built.err
    again = [call.wanted for call in emulator.calls if len(call.wanted) == 1]
    assert len(again) == 1
    assert {*again[0]} < both
    tree = _tree(project)
    assert sum("orderServiceCustomerService" in tree[path] for path in both) == 1
    assert {path: text for path, text in tree.items() if path not in both} == {
        path: text for path, text in served.items() if path not in both
    }


@pytest.mark.usefixtures("served")
def test_a_helpers_name_that_stays_taken_fails_the_file(project: Any, emulator: Emulator) -> None:
    customer = "internal/service/customer.go"
    helper = "\nfunc orderServiceCustomerService() int { return 1 }\n"
    project.write(".gocreator.yaml", _config("service"))
    emulator.on(_changed(r"\Z", helper), _changed(r"\Z", helper, customer), when=lambda call: len(call.wanted) > 1)
    emulator.on(_changed(r"\Z", helper), path=SERVICE, times=None)
    emulator.on(_changed(r"\Z", helper, customer), path=customer, times=None)
    for _ in range(2):
        assert project("build", "--no-verify").code == 1


LOOP = "\nfunc TestOrderServiceLoops(t *testing.T) {\n\tfor {\n\t\tt.Helper()\n\t}\n}\n"
SPINNING = """\
	for n := 0; id != ""; n++ {
		id += "x"[:len(id)*0]
	}
"""
ENVIRONMENT = """
func TestOrderServiceHasAKey(t *testing.T) {
	if os.Getenv("ANTHROPIC_API_KEY") == "" {
		t.Fatal("there is no key", os.Environ())
	}
}
"""


WRONG_TESTS: dict[str, tuple[str, tuple[Spoil, ...]]] = {
    "an endless loop": ("test timed out", (_changed(r"\Z", LOOP, TEST),)),
    "a look at the environment": (
        "there is no key",
        (_changed(r"\Z", ENVIRONMENT, TEST), _changed(r"import \(", IMPORTED, TEST)),
    ),
}


@pytest.mark.sample(1)
@pytest.mark.parametrize("name", WRONG_TESTS)
def test_a_test_of_a_models_is_repaired(
    project: Any, emulator: Emulator, tiny: dict[str, str], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    said, spoils = WRONG_TESTS[name]
    monkeypatch.setenv("MY_SECRET", STRANGE)
    switched = "{templates: {enabled: false}}"
    project.write(
        ".gocreator.yaml",
        f"llm: {{provider: anthropic}}\noptimization: {switched}\nvalidation: {{test_timeout: 3s}}\n",
    )
    emulator.on(*spoils, path=TEST)
    built = project("build")
    assert built.code == 0, built.err
    assert [call.wanted for call in _repairs(emulator)] == [(TEST,)]
    assert said in _texts(_repairs(emulator)[0])["# What is wrong with it"]
    assert _tree(project) == tiny
    everything = [*(json.dumps(call.body) for call in emulator.calls), built.err, json.dumps(_report(project))]
    for private in (
        STRANGE,
        str(project.root),
        os.environ["HOME"],
        f"{os.environ['XDG_CACHE_HOME']}/gocreator",
        "-home-",
    ):
        assert not any(private in text for text in everything)


@pytest.mark.sample(1)
@pytest.mark.usefixtures("tiny")
@pytest.mark.parametrize("name", WRONG_TESTS)
def test_a_test_of_a_models_that_stays_wrong_is_given_up(project: Any, emulator: Emulator, name: str) -> None:
    switched = "optimization: {templates: {enabled: false}}\nvalidation: {test_timeout: 3s}\n"
    project.write(".gocreator.yaml", f"llm: {{provider: anthropic}}\n{switched}")
    emulator.on(*WRONG_TESTS[name][1], path=TEST, times=None)
    built = project("build")
    assert built.code == 1
    assert "verify: failed" in built.out
    assert 1 <= len(_repairs(emulator)) <= 2
    assert _repairs(emulator)[0].wanted == (TEST,)
    assert not any(it["fixed"] for it in _report(project)["repairs"])
    assert "verify: failed" in project("check").out


def test_an_endless_loop_that_a_test_finds_is_repaired_where_it_is(
    project: Any, emulator: Emulator, tiny: dict[str, str]
) -> None:
    project.write(".gocreator.yaml", _config(validation="{test_timeout: 3s}"))
    emulator.on(_changed(r"(?<=\) Delete\(ctx context\.Context, id string\) error \{\n)", SPINNING), path=SERVICE)
    built = project("build")
    assert built.code == 0, built.err
    assert [call.wanted for call in _repairs(emulator)] == [(SERVICE,)]
    assert _tree(project) == tiny


def test_files_of_a_package_are_repaired_side_by_side(project: Any, emulator: Emulator, served: dict[str, str]) -> None:
    customer = "internal/service/customer.go"
    project.write(".gocreator.yaml", _config("service"))
    both = (UNUSED, _changed(r"import \(", IMPORTED, customer))
    emulator.on(*both, when=lambda call: {SERVICE, customer} <= {*call.wanted})
    answer = threading.Event()
    emulator.on(Hang(until=answer), when=_is_repair, times=None)
    running = project.start("build", "-n", "2")
    try:
        emulator.records.wait(calls=len(emulator.calls) + 2, in_flight=2, timeout=60)
    finally:
        answer.set()
    _, err = running.communicate(timeout=60)
    assert running.returncode == 0, err
    assert sorted(path for call in _repairs(emulator) for path in call.wanted) == [customer, SERVICE]
    assert err.count("verifying with") == 2
    assert _tree(project) == served


def _without_key(project: Any, monkeypatch: pytest.MonkeyPatch) -> tuple[str, ...]:  # noqa: ARG001
    monkeypatch.delenv("ANTHROPIC_API_KEY")
    return ()


def _frozen(project: Any, monkeypatch: pytest.MonkeyPatch) -> tuple[str, ...]:  # noqa: ARG001
    return ("--frozen",)


def _unconfirmed(project: Any, monkeypatch: pytest.MonkeyPatch) -> tuple[str, ...]:
    monkeypatch.delenv("GOCREATOR_YES")
    project.write(".gocreator.yaml", _config(limits="{confirm_tokens: 100}"))
    return ()


def _limited(project: Any, monkeypatch: pytest.MonkeyPatch) -> tuple[str, ...]:  # noqa: ARG001
    return ("--max-tokens", "100")


@pytest.mark.usefixtures("tiny")
@pytest.mark.parametrize("forbid", [_without_key, _frozen, _unconfirmed, _limited])
def test_nothing_is_repaired_that_may_not_be_paid(
    project: Any,
    emulator: Emulator,
    monkeypatch: pytest.MonkeyPatch,
    forbid: Callable[[Any, pytest.MonkeyPatch], tuple[str, ...]],
) -> None:
    emulator.on(UNUSED, path=SERVICE)
    assert project("build", "--no-verify").code == 0
    flags = forbid(project, monkeypatch)
    built = project("build", *flags)
    assert built.code == 1
    assert f"{SERVICE}:6:2" in built.err
    assert re.search(rf"not repaired: .*|broken   {SERVICE}  \(limits\.max_tokens", built.err)
    assert _repairs(emulator) == []
    assert '"os"' in _tree(project)[SERVICE]


@pytest.mark.usefixtures("tiny")
def test_a_provider_that_fails_leaves_the_file_and_says_so(project: Any, emulator: Emulator) -> None:
    emulator.on(UNUSED, path=SERVICE)
    emulator.on(Status(401), when=_is_repair, times=None)
    built = project("build")
    assert built.code == 1
    assert f"broken   {SERVICE}  (" in built.err
    assert "verify: failed" in built.out
    assert '"os"' in _tree(project)[SERVICE]


LINTER = """\
#!/bin/sh
case "$1" in --version) echo "golangci-lint has version 2.4.0"; exit 0 ;; esac
if grep -q badName internal/service/order.go; then
  echo "internal/service/order.go:40:2: badName: a name with a capital inside (revive)"
  exit 1
fi
"""


def test_what_the_linter_finds_is_repaired_too(
    project: Any, emulator: Emulator, tiny: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    linter = tmp_path / "golangci-lint"
    linter.write_text(LINTER)
    linter.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    emulator.on(_changed(r"\Z", "\n// badName is a comment.\n"), path=SERVICE)
    built = project("build")
    assert built.code == 0, built.err
    assert "- lint: internal/service/order.go:40:2: badName" in _texts(_repairs(emulator)[0])["# What is wrong with it"]
    assert "lint passed" in built.out
    assert _tree(project) == tiny
