"""What becomes of answers that are not taken: the reason goes to the model, the answer is kept for reading."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.emulator import damages
from tests.emulator.answers import Draft
from tests.emulator.faults import Raw, Spoil, Status, Truncate
from tests.emulator.server import Emulator

PATH = "internal/service/order.go"


@pytest.fixture
def asking(project: Any, served: dict[str, str]) -> Any:
    """Give a project that asks models for its services, one by one; the emulator answers with what templates write."""
    assert served
    project.write(
        ".gocreator.yaml",
        "llm: {provider: anthropic}\ngeneration: {retries: 1, origins: {service: llm}, origin: template}\n"
        "optimization: {batching: {enabled: false}}\n",
    )
    return project


def added(text: str) -> Spoil:
    """Add a declaration to the first file of an answer."""

    def change(draft: Draft) -> None:
        draft.block(None).source += f"\n{text}\n"

    return Spoil(change)


def said(emulator: Emulator) -> list[str]:
    """Return the last messages of the calls for the file."""
    return [call.body["messages"][-1]["content"][0]["text"] for call in emulator.calls if call.wanted == (PATH,)]


def test_names_of_a_file_by_hand_are_kept_apart(asking: Any, emulator: Emulator) -> None:
    asking.write("generated/internal/service/mine.go", "package service\n\nfunc orderTotal() int { return 1 }\n")
    emulator.on(added("func orderTotal() {\n}"), path=PATH)
    built = asking("build", "--no-verify")
    assert built.code == 0, built.err
    _, again = said(emulator)
    assert "the name orderTotal is taken by internal/service/mine.go" in again
    assert "orderTotal" not in (asking.root / "generated" / PATH).read_text()


def test_names_of_what_this_build_writes_anew_are_free(asking: Any, emulator: Emulator) -> None:
    emulator.on(added("func orderTotal() {\n}"), path=PATH)
    assert asking("build", "--no-verify").code == 0
    (asking.root / "generated/internal/service/customer.go").unlink(missing_ok=True)
    shutil.rmtree(asking.root / "generated/internal/service")
    built = asking("build", "--no-verify")
    assert built.code == 0, built.err
    assert len(said(emulator)) == 1, "the store has what was taken before"
    assert Path(asking.root / "generated" / PATH).read_text().count("orderTotal") == 1


def test_an_answer_that_is_not_taken_is_kept_until_one_is(asking: Any, emulator: Emulator) -> None:
    emulator.on(damages.broken(PATH), path=PATH, times=2)
    failed = asking("build", "--no-verify")
    assert failed.code == 1
    kept = f".gocreator/generated/answers/{PATH}.txt"
    assert f"(the answer lies in {kept})" in failed.err
    refused = [call.answer for call in emulator.calls if call.wanted == (PATH,)]
    assert (asking.root / kept).read_text() == refused[-1]
    assert asking("build", "--no-verify").code == 0
    assert not (asking.root / ".gocreator/generated/answers/internal").exists()


def test_refused_answers_are_in_the_store_too(asking: Any, emulator: Emulator) -> None:
    emulator.on(damages.broken(PATH), path=PATH, times=2)
    asking("build", "--no-verify")
    refused = [call.answer for call in emulator.calls if call.wanted == (PATH,)]
    shown = asking("cache", "show", PATH)
    assert shown.code == 0
    assert "=== response, " in shown.out
    assert refused[-1] in shown.out
    assert "The file was not accepted" in shown.out, "the conversation that it belongs to"
    assert asking("build", "--no-verify").code == 0
    assert "=== artifact, " in asking("cache", "show", PATH).out


def test_half_a_character_is_refused_like_any_other_error(asking: Any, emulator: Emulator) -> None:
    text = f'<file path="{PATH}">\npackage service // \ud83d\n</file>\n'
    usage = {"input_tokens": 1, "output_tokens": 1}
    message = {"id": "msg_1", "type": "message", "role": "assistant", "model": "claude-sonnet-5-5", "content": []}
    events: list[dict[str, Any]] = [
        {"type": "message_start", "message": message | {"stop_reason": None, "stop_sequence": None, "usage": usage}},
        {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
        {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": text}},
        {"type": "content_block_stop", "index": 0},
        {"type": "message_delta", "delta": {"stop_reason": "end_turn", "stop_sequence": None}, "usage": usage},
        {"type": "message_stop"},
    ]
    stream = "".join(f"event: {it['type']}\ndata: {json.dumps(it)}\n\n" for it in events)
    emulator.on(Raw(stream.encode(), content_type="text/event-stream"), path=PATH)
    built = asking("build", "--no-verify")
    assert built.code == 0, built.err
    assert len(said(emulator)) == 2


def test_an_answer_of_nothing_but_space_is_asked_for_again(asking: Any, emulator: Emulator) -> None:
    emulator.on(damages.prose(" \n\n"), path=PATH)
    built = asking("build", "--no-verify")
    assert built.code == 0, built.err
    again = [call for call in emulator.calls if call.wanted == (PATH,)][1]
    assert again.body["messages"][1]["content"][0]["text"] == "(nothing)"


def test_an_answer_that_was_too_long_may_be_longer_the_next_time(asking: Any, emulator: Emulator) -> None:
    emulator.on(Truncate(40), path=PATH)
    assert asking("build", "--no-verify").code == 0
    first, second = (call.body["max_tokens"] for call in emulator.calls if call.wanted == (PATH,))
    assert second == 2 * first


def test_an_answer_without_end_is_left(asking: Any, emulator: Emulator) -> None:
    start: dict[str, Any] = {
        "type": "message_start",
        "message": {"usage": {"input_tokens": 1, "output_tokens": 1}, "content": []},
    }
    opened: dict[str, Any] = {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}}
    more: dict[str, Any] = {
        "type": "content_block_delta",
        "index": 0,
        "delta": {"type": "text_delta", "text": "and so on, " * 1000},
    }
    events = [start, opened, *[more] * 60]
    body = "".join(f"event: {it['type']}\ndata: {json.dumps(it)}\n\n" for it in events)
    emulator.on(Raw(body.encode(), content_type="text/event-stream"), path=PATH)
    built = asking("build", "--no-verify")
    assert built.code == 0, built.err
    again = [call for call in emulator.calls if call.wanted == (PATH,)][1]
    assert "the answer does not end" in again.body["messages"][-1]["content"][0]["text"]


def test_what_was_wrong_is_told_also_if_the_next_call_fails(asking: Any, emulator: Emulator) -> None:
    emulator.on(damages.wrong_package(PATH, name="elsewhere"), path=PATH)
    emulator.on(Status(401), path=PATH, times=None)
    failed = asking("build", "--no-verify")
    assert failed.code == 1
    line = next(line for line in failed.err.splitlines() if line.startswith(f"failed   {PATH}"))
    assert "elsewhere" in line
    assert "401" in line or "key" in line


def test_a_skeleton_is_no_answer(asking: Any, emulator: Emulator, served: dict[str, str]) -> None:
    asking.edit("fcs.yaml", "entities:", "entities:\n  - {name: Loan, attributes: {days: int}, rules: [It ends.]}")
    asking.write(".gocreator.yaml", "generation: {retries: 1}\n")
    path = "internal/service/loan.go"
    skeleton = asking("build", path, "--no-verify")
    assert "skeletons 1" in skeleton.out
    emulator.settings.source = served | {path: (asking.root / "generated" / path).read_text()}
    failed = asking("build", path, "--no-verify", "--provider", "anthropic", "--origin", "llm")
    assert failed.code == 1
    assert "is unfinished" in failed.err


def test_lines_are_told_as_they_were_written(asking: Any, emulator: Emulator) -> None:
    def change(draft: Draft) -> None:
        block = draft.block(None)
        block.source = block.source.replace("\n\n", "\n\n\n\n\n") + "\nfunc Extra() {}\n"

    emulator.on(Spoil(change), path=PATH)
    assert asking("build", "--no-verify").code == 0
    _, again = (call for call in emulator.calls if call.wanted == (PATH,))
    written = again.body["messages"][1]["content"][0]["text"].splitlines()
    lines = again.body["messages"][-1]["content"][0]["text"].splitlines()
    said = next(line for line in lines if "Extra is exported" in line)
    number = int(said.split("line ")[1].split(":")[0])
    begins = next(place for place, line in enumerate(written) if line.startswith("<file "))
    assert written[begins + number] == "func Extra() {}"


def test_a_file_is_written_again_on_request(asking: Any, emulator: Emulator, served: dict[str, str]) -> None:
    assert asking("build", "--no-verify").code == 0
    before = len(emulator.calls)
    thought = served[PATH].replace("// Get returns", "// A thought.\n\n// Get returns")
    emulator.settings.source = served | {PATH: thought}
    assert asking("build", "--no-verify", "--refresh").code == 0
    assert len(emulator.calls) == before
    again = asking("build", PATH, "--no-verify", "--refresh")
    assert again.code == 0, again.err
    assert [call.wanted for call in emulator.calls[before:]] == [(PATH,)]
    assert "// A thought." in (asking.root / "generated" / PATH).read_text()


def test_that_the_next_is_asked_is_said_once(asking: Any, emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "wrong")
    ladder = "[{provider: anthropic}, {provider: openai}]"
    asking.write(".gocreator.yaml", f"llm: {{roles: {{coder: {ladder}}}}}\ngeneration: {{origins: {{service: llm}}}}\n")
    built = asking("build", "rule:service", "--no-verify", "-n", "1")
    assert built.code == 0, built.err
    assert emulator.calls
    assert built.err.count("warning: openai is asked instead, because the key for anthropic is refused") == 1


def test_what_gofmt_makes_far_longer_is_not_taken(asking: Any, emulator: Emulator) -> None:
    emulator.on(added(f"func orderDeep() {{{'{' * 3000}{'}' * 3000}}}"), path=PATH)
    assert asking("build", "--no-verify").code == 0
    _, again = (call for call in emulator.calls if call.wanted == (PATH,))
    assert "nested so deeply" in again.body["messages"][-1]["content"][0]["text"]


def test_a_gofmt_that_does_not_end_fails_files_and_not_the_build(asking: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gocreator.golang.syntax._SECONDS", 1e-6)
    failed = asking("build", "--no-verify")
    assert failed.code == 1
    assert "gofmt does not come to an end" in failed.err


def test_a_call_that_fails_at_once_is_the_only_reason(asking: Any, emulator: Emulator) -> None:
    emulator.on(Status(401), path=PATH, times=None)
    failed = asking("build", "--no-verify")
    assert f"failed   {PATH}" in failed.err
    assert "the key for anthropic is refused" in failed.err
