"""What each switch of `optimization` does to the calls, and that with all of them off the tool is the baseline."""

import json
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from gocreator.fcs.elements import elements
from gocreator.fcs.load import load_fcs
from tests.emulator.plugin import serve
from tests.emulator.records import Call
from tests.emulator.server import Emulator

EXAMPLES = Path(__file__).parents[2] / "examples"
CHINOOK = Path(__file__).parents[1] / "data/chinook.fcs.json"
PROVIDERS = ("anthropic", "openai")
NO_BATCHES = "optimization: {batching: {enabled: false}}\n"
ALL_OFF = """\
optimization:
  prompt_caching: {enabled: false}
  batching: {enabled: false}
  templates: {enabled: false}
  parallelization: {enabled: false}
  incremental: {enabled: false}
  context_window: {smart_filtering: false}
"""

Built = Callable[..., list[Call]]


@pytest.fixture
def chinook(project: Any, emulator: Emulator, served: dict[str, str]) -> dict[str, str]:
    """Let the project be Chinook, and the emulator answer with its files."""
    assert served
    (project.root / "fcs.yaml").unlink()
    shutil.copy(CHINOOK, project.root / "fcs.json")
    return serve(project, emulator)


@pytest.fixture
def built(project: Any, emulator: Emulator) -> Built:
    """Give a function that builds with a configuration and returns the calls."""

    def build(configuration: str = "", *arguments: str, provider: str = "anthropic") -> list[Call]:
        before = len(emulator.records.generations)
        project.write(".gocreator.yaml", configuration)
        done = project("build", "--no-verify", "--provider", provider, *arguments)
        assert done.code == 0, done.err
        return emulator.records.generations[before:]

    return build


def said(call: Call) -> Iterator[tuple[str, bool]]:
    """Yield the texts of a request to either provider, in order, and whether each ends with a mark."""
    messages = call.body["messages"] if "messages" in call.body else call.body["input"]
    for content in (call.body.get("system", []), *(message["content"] for message in messages)):
        for part in [{"text": content}] if isinstance(content, str) else content:
            yield part["text"], "cache_control" in part or "prompt_cache_breakpoint" in part


def text(call: Call) -> str:
    return "".join(part for part, _ in said(call))


def marks(call: Call) -> int:
    return sum(marked for _, marked in said(call))


def marked(call: Call) -> Iterator[str]:
    """Yield the prefixes that are marked."""
    prefix = ""
    for part, ends in said(call):
        prefix += part
        if ends:
            yield prefix


def asked(calls: list[Call]) -> list[str]:
    return [path for call in calls for path in call.wanted]


def tree(project: Any) -> dict[str, str]:
    return {path: data.decode() for path, data in project.files("generated").items()}


def whole(place: Path) -> list[str]:
    """Return a specification as prompts hold it."""
    return [f"{name} {element.json}" for name, element in elements(load_fcs(place).fcs).items()]


CACHING_OFF = {
    "optimization": "optimization: {prompt_caching: {enabled: false}}\n",
    "llm": "llm: {enable_caching: false}\n",
}


@pytest.mark.sample(1)
@pytest.mark.usefixtures("chinook")
@pytest.mark.parametrize("provider", PROVIDERS)
def test_what_calls_share_is_marked(built: Built, provider: str) -> None:
    assert any(map(marks, built(provider=provider)))


@pytest.mark.sample(1)
@pytest.mark.usefixtures("chinook")
@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize("name", CACHING_OFF)
def test_without_caching_nothing_is_marked(built: Built, provider: str, name: str) -> None:
    calls = built(CACHING_OFF[name], provider=provider)
    assert not any(map(marks, calls))
    for call in calls:
        assert b"cache_control" not in call.raw
        assert b"prompt_cache_breakpoint" not in call.raw
        assert b"prompt_cache_key" not in call.raw
        # Else OpenAI would write, and charge, what nobody marked.
        assert call.body.get("prompt_cache_options") == ({"mode": "explicit"} if provider == "openai" else None)


@pytest.mark.sample(1)
@pytest.mark.usefixtures("chinook")
@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize("off", PROVIDERS)
def test_caching_is_switched_off_for_a_provider(built: Built, provider: str, off: str) -> None:
    calls = built(f"optimization: {{prompt_caching: {{provider_support: {{{off}: false}}}}}}\n", provider=provider)
    assert any(map(marks, calls)) == (provider != off)


@pytest.mark.sample(1)
@pytest.mark.usefixtures("chinook")
@pytest.mark.parametrize("stable", [True, False])
def test_what_all_calls_share_is_marked_only_if_it_is_to_be(built: Built, *, stable: bool) -> None:
    calls = built(f"optimization: {{prompt_caching: {{cache_stable_content: {str(stable).lower()}}}}}\n")
    prefixes = [prefix for call in calls for prefix in marked(call)]
    assert prefixes
    assert any("# The specification of" not in prefix for prefix in prefixes) == stable


@pytest.mark.usefixtures("chinook")
def test_without_batching_a_call_brings_one_file(built: Built) -> None:
    assert 1 < max(len(call.wanted) for call in built("")) <= 5
    calls = built(NO_BATCHES, "--refresh", "rule:service", "rule:store")
    assert len(calls) > 10
    assert {len(call.wanted) for call in calls} == {1}


@pytest.mark.sample(1)
@pytest.mark.usefixtures("chinook")
@pytest.mark.parametrize(("most", "largest"), [(2, 2), (3, 3), (8, 6)])
def test_a_call_brings_at_most_so_many_files(built: Built, most: int, largest: int) -> None:
    """Groups are even: of eleven entities, two groups have six and five."""
    calls = built(f"optimization: {{batching: {{max_batch_size: {most}}}}}\n", "-n", "1")
    assert max(len(call.wanted) for call in calls) == largest


@pytest.mark.usefixtures("chinook")
def test_without_filtering_each_prompt_holds_the_whole_specification(built: Built) -> None:
    lines = whole(CHINOOK)
    assert not any(all(line in text(call) for line in lines) for call in built(NO_BATCHES, "rule:service"))
    unfiltered = "optimization: {batching: {enabled: false}, context_window: {smart_filtering: false}}\n"
    calls = built(unfiltered, "rule:service", "--refresh")
    assert calls
    assert all(line in text(call) for call in calls for line in lines)


def test_without_dependencies_a_prompt_holds_no_elements_beside_its_own(built: Built, served: dict[str, str]) -> None:
    assert served
    (call,) = built("", "internal/service/order.go")
    assert "\nentity:Customer#face " in text(call)
    alone = "optimization: {context_window: {include_dependencies: false}}\n"
    (call,) = built(alone, "internal/service/order.go", "--refresh")
    assert "\nentity:Order " in text(call)
    assert "\nentity:Customer" not in text(call)


@pytest.mark.usefixtures("chinook")
def test_a_call_holds_no_larger_share_of_the_specification_than_it_may(built: Built, project: Any) -> None:
    usual = built("", "rule:model", "-n", "1")
    bounded = "optimization: {context_window: {max_fcs_percentage: 10}}\n"
    fewer = built(bounded, "rule:model", "--refresh", "-n", "1")
    assert len(fewer) > len(usual)
    assert sorted(asked(fewer)) == sorted(asked(usual))
    tiny = "llm: {provider: anthropic}\noptimization: {context_window: {max_fcs_percentage: 1}}\n"
    project.write(".gocreator.yaml", tiny)
    warned = project("build", "rule:model", "--no-verify", "--refresh").err
    assert "more than the 1% of optimization.context_window.max_fcs_percentage" in warned


@pytest.mark.usefixtures("served")
def test_without_parallelization_one_call_is_in_flight(built: Built, emulator: Emulator) -> None:
    assert len(built("optimization: {batching: {enabled: false}, parallelization: {enabled: false}}\n")) > 4
    assert emulator.records.most_in_flight == 1


@pytest.mark.sample(1)
@pytest.mark.usefixtures("chinook")
@pytest.mark.parametrize(("provider", "name"), [("anthropic", "max_tokens"), ("openai", "max_output_tokens")])
def test_an_answer_is_no_longer_than_it_may_be(built: Built, provider: str, name: str) -> None:
    usual = built("", "rule:service", "-n", "1", provider=provider)
    assert max(call.body[name] for call in usual) > 6_000
    calls = built("llm: {max_tokens: 6000}\n", "rule:service", "--refresh", "-n", "1", provider=provider)
    assert {call.body[name] for call in calls} == {6_000}
    assert len(calls) > len(usual)
    assert sorted(asked(calls)) == sorted(asked(usual))


@pytest.mark.sample(1)
@pytest.mark.go
@pytest.mark.parametrize("provider", PROVIDERS)
def test_without_templates_models_write_every_file(
    project: Any, emulator: Emulator, served: dict[str, str], built: Built, provider: str
) -> None:
    calls = built("optimization: {templates: {enabled: false}}\n", "-n", "4", provider=provider)
    left = {".gitignore", "internal/handlers/openapi.json"}
    assert sorted(asked(calls)) == sorted(served.keys() - left)
    assert tree(project) == served
    assert project("check").code == 0
    verdict = json.loads(project("verify", "--json").out)
    statuses = {check["name"]: check["status"] for check in verdict["checks"]}
    assert [statuses[check] for check in ("gofmt", "build", "vet", "test")] == ["passed"] * 4
    count = len(emulator.calls)
    assert built("", "--origin", "template", provider=provider) == []
    assert tree(project) == served
    assert '"origin": "model"' not in (project.root / "gocreator.lock").read_text()
    assert len(emulator.calls) == count


def test_switched_on_again_templates_write_what_only_they_did(
    project: Any, served: dict[str, str], built: Built
) -> None:
    assert built("optimization: {templates: {enabled: false}}\n")
    assert built("") == []
    assert tree(project) == served
    locked = json.loads((project.root / "gocreator.lock").read_text())
    (section,) = locked["outputs"].values()
    by_model = {path for path, entry in section["targets"].items() if entry["origin"] == "model"}
    assert by_model
    assert all(path.startswith("internal/") and not path.endswith("_test.go") for path in by_model)


@pytest.mark.sample(1)
@pytest.mark.usefixtures("served")
@pytest.mark.parametrize("name", ["blog", "shop", "tickets"])
def test_no_file_that_templates_can_write_is_refused(project: Any, emulator: Emulator, name: str) -> None:
    shutil.copy(EXAMPLES / name / "fcs.yaml", project.root)
    expected = serve(project, emulator)
    project.write(".gocreator.yaml", "optimization: {templates: {enabled: false}}\ngeneration: {retries: 0}\n")
    done = project("build", "--no-verify", "--provider", "anthropic")
    failed = dict(re.findall(r"^failed +(\S+): (.*)$", done.err, re.MULTILINE))
    # Skeletons are refused whoever asks for them, and no contract is served.
    assert all("is unfinished" in why or "the contract of the package" in why for why in failed.values()), failed
    assert bool(failed) == (name == "tickets")
    assert {path: text for path, text in expected.items() if path not in failed} == tree(project)


@pytest.mark.usefixtures("served")
def test_whatever_origin_is_named_models_write_every_file(project: Any, built: Built) -> None:
    configuration = "generation: {origin: template}\noptimization: {templates: {enabled: false}}\n"
    calls = built(configuration, "go.mod", "internal/service/order.go")
    assert sorted(asked(calls)) == ["go.mod", "internal/service/order.go"]
    warned = project("list").err
    assert ".gocreator.yaml:1:22: optimization.templates.enabled is false, so models write every file" in warned


def test_what_is_no_go_is_asked_for_with_an_example_and_may_hold_no_secret(
    project: Any, emulator: Emulator, served: dict[str, str], built: Built
) -> None:
    (call,) = built("optimization: {templates: {enabled: false}}\n", "Dockerfile")
    assert "It is no Go: what is said of Go does not apply" in text(call)
    assert '<file path="Dockerfile">\n# syntax=docker' in text(call)
    emulator.settings.source = served | {"Makefile": "KEY = AKIAQ3EGR7TYPLMNS2VX\n"}
    project.write(".gocreator.yaml", "optimization: {templates: {enabled: false}}\ngeneration: {retries: 0}\n")
    refused = project("build", "Makefile", "--no-verify", "--provider", "anthropic")
    assert refused.code == 1
    assert "this looks like a secret" in refused.err


TESTED = "internal/service/order_test.go"
DAMAGES = {
    "package": ("package service_test", "package service", "the package clause is `package service`"),
    "import": ("import (", 'import (\n\t"os/exec"', 'import "os/exec" is not allowed'),
    "syntax": ("func Test", "func func Test", TESTED),
    "directive": ("package service_test", "//go:debug panicnil=1\n\npackage service_test", "is not allowed"),
}


@pytest.mark.parametrize("name", DAMAGES)
def test_tests_that_a_model_writes_are_judged(
    project: Any, emulator: Emulator, served: dict[str, str], name: str
) -> None:
    old, new, why = DAMAGES[name]
    assert old in served[TESTED]
    emulator.settings.source = served | {TESTED: served[TESTED].replace(old, new, 1)}
    project.write(".gocreator.yaml", "optimization: {templates: {enabled: false}}\ngeneration: {retries: 0}\n")
    refused = project("build", TESTED, "--no-verify", "--provider", "anthropic")
    assert refused.code == 1
    assert why in refused.err


def test_what_a_model_writes_of_any_kind_is_keyed_by_what_it_means(
    project: Any, served: dict[str, str], built: Built
) -> None:
    assert built("optimization: {templates: {enabled: false}}\n")
    project.edit("fcs.yaml", "name: string", "name: string\n      nick: string")
    found = json.loads(project("list", "--json").out)
    stale = {it["path"] for it in found["targets"] if it["status"] == "stale"}
    assert served.keys() > stale
    assert {"internal/models/customer.go", "internal/models/customer_test.go"} <= stale
    assert not {"go.mod", "Dockerfile", "internal/web/web.go", "internal/models/product_test.go"} & stale


def test_without_incremental_builds_each_makes_every_file(
    project: Any, emulator: Emulator, served: dict[str, str], built: Built
) -> None:
    switched = "optimization: {incremental: {enabled: false}}\n"
    first = asked(built(switched))
    said_of_it = "every build makes it, because optimization.incremental.enabled is false"
    assert said_of_it in project("why", "go.mod").out
    assert said_of_it in project("list", "internal/service/order.go").out
    assert said_of_it in project("build", "--dry-run").out
    foreseen = json.loads(project("list", "--dry-run", "--json", "--provider", "anthropic").out)["calls"]
    assert sorted(path for call in foreseen for path in call["targets"]) == sorted(first)
    assert project("check").code == 0
    project.write("generated/internal/service/order.go", served["internal/service/order.go"] + "\n// Mine.\n")
    again = asked(built(switched))
    assert sorted(again) == sorted({*first} - {"internal/service/order.go"})
    assert "// Mine." in tree(project)["internal/service/order.go"]
    assert project("adopt", "internal/service/order.go").code == 0
    assert "internal/service/order.go" not in asked(built(switched, "rule:service"))
    assert "// Mine." in tree(project)["internal/service/order.go"]
    count = len(emulator.calls)
    assert built("") == []
    assert len(emulator.calls) == count


def test_a_build_that_makes_every_file_is_never_recognised_as_unchanged(project: Any, served: dict[str, str]) -> None:
    assert served
    project.write(".gocreator.yaml", "optimization: {incremental: {enabled: false}}\n")
    for _ in range(2):
        running = project.start("build", "--no-verify")
        out, err = running.communicate(timeout=60)
        assert running.returncode == 0, err
        assert out.startswith(f"built {len(served)}, up to date 0")


@pytest.mark.sample(1)
@pytest.mark.parametrize("provider", PROVIDERS)
def test_with_all_switches_off_it_is_the_baseline(
    emulator: Emulator, chinook: dict[str, str], project: Any, built: Built, provider: str
) -> None:
    lines = whole(CHINOOK)
    calls = built(ALL_OFF, provider=provider)
    assert tree(project) == chinook
    assert sorted(asked(calls)) == sorted(chinook.keys() - {".gitignore", "internal/handlers/openapi.json"})
    assert {len(call.wanted) for call in calls} == {1}
    assert emulator.records.most_in_flight == 1
    assert not any(map(marks, calls))
    assert all(call.bill and call.bill.read == call.bill.short == call.bill.long == 0 for call in calls)
    assert all(line in text(call) for call in calls for line in lines)
