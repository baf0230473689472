"""What can go wrong goes wrong when the script says so, and only then."""

import threading
import time
from collections.abc import Callable

import anthropic
import httpx2
import openai
import pytest

from tests.emulator import damages
from tests.emulator.faults import (
    BAD_JSON,
    BAD_SSE,
    HTML_502,
    Cut,
    ErrorEvent,
    Fault,
    Hang,
    Raw,
    Refuse,
    Status,
    Truncate,
)
from tests.emulator.server import Emulator

SONNET, SOL = "claude-sonnet-5-5", "gpt-6.1-sol"
ASK = 'Write:\n<file path="a.go"/>\n<file path="b/b.go"/>\n'
TREE = {"a.go": "package a\n\nfunc F() {\n\treturn\n}\n", "b/b.go": "package b\n"}
Ask = Callable[[], str]


def said(*faults: Fault) -> str:
    """Return what a model says where this goes wrong with the answer."""
    with Emulator() as emulator:
        emulator.settings.source = TREE
        emulator.on(*faults)
        with httpx2.Client(base_url=emulator.openai_url, headers={"authorization": "Bearer k"}) as client:
            body = {"model": SOL, "messages": [{"role": "user", "content": ASK}]}
            return str(client.post("/chat/completions", json=body).json()["choices"][0]["message"]["content"])


@pytest.fixture
def claude_streams(emulator: Emulator, claude: anthropic.Anthropic) -> Ask:
    emulator.settings.source = TREE

    def ask() -> str:
        asked: list[anthropic.types.MessageParam] = [{"role": "user", "content": ASK}]
        with claude.messages.stream(model=SONNET, max_tokens=1000, messages=asked) as stream:
            return "".join(stream.text_stream)

    return ask


@pytest.fixture
def gpt_streams(emulator: Emulator, gpt: openai.OpenAI) -> Ask:
    emulator.settings.source = TREE

    def ask() -> str:
        stream = gpt.responses.create(model=SOL, input=ASK, stream=True)
        return "".join(event.delta for event in stream if event.type == "response.output_text.delta")

    return ask


@pytest.mark.parametrize("code", [400, 401, 402, 403, 404, 408, 413, 422, 429, 500, 503, 529])
def test_statuses(emulator: Emulator, claude_streams: Ask, gpt_streams: Ask, code: int) -> None:
    emulator.on(Status(code, retry_after=7), times=2)
    with pytest.raises(anthropic.APIStatusError) as first:
        claude_streams()
    with pytest.raises(openai.APIStatusError) as second:
        gpt_streams()
    assert (first.value.status_code, second.value.status_code) == (code, code)
    assert first.value.type not in {None, "error"}
    assert second.value.type is not None
    assert first.value.response.headers["retry-after"] == second.value.response.headers["retry-after"] == "7"
    assert claude_streams() == gpt_streams()


def test_a_spent_quota(emulator: Emulator, claude_streams: Ask, gpt_streams: Ask) -> None:
    emulator.on(Status(429, quota=True), times=2)
    with pytest.raises(anthropic.RateLimitError) as first:
        claude_streams()
    with pytest.raises(openai.RateLimitError) as second:
        gpt_streams()
    assert "retry-after" not in first.value.response.headers
    assert second.value.code == "insufficient_quota"


def test_the_script_says_when(emulator: Emulator, gpt: openai.OpenAI) -> None:
    emulator.on(Status(500), generation=2)
    emulator.on(Status(503), model="gpt-6-luna", times=None)
    emulator.on(Status(529), path="x.go", skip=1)

    def status(model: str, asked: str) -> int:
        try:
            gpt.responses.create(model=model, input=asked)
        except openai.APIStatusError as error:
            return error.status_code
        return 200

    asked = [(SOL, "Hi"), (SOL, "Hi"), ("gpt-6-luna", "Hi"), ("gpt-6-luna", "Hi")]
    assert [status(*each) for each in asked] == [200, 500, 503, 503]
    assert [status(SOL, '<file path="x.go"/>') for _ in range(3)] == [200, 529, 200]


def test_an_error_in_the_middle(emulator: Emulator, claude_streams: Ask, gpt_streams: Ask) -> None:
    emulator.on(ErrorEvent(after=10), times=2)
    with pytest.raises(anthropic.APIStatusError, match="overloaded_error"):
        claude_streams()
    assert gpt_streams() == str(emulator.calls[1].answer)[:10]
    emulator.on(ErrorEvent(after=10))
    body = {"model": SOL, "input": ASK, "stream": True}
    reply = httpx2.post(f"{emulator.openai_url}/responses", json=body, headers={"authorization": "Bearer k"})
    assert "event: error\n" in reply.text
    assert "response.completed" not in reply.text


@pytest.mark.parametrize("after", [0, 10, 75])
def test_a_stream_is_cut(emulator: Emulator, claude: anthropic.Anthropic, after: int) -> None:
    emulator.settings.source = TREE
    emulator.on(Cut(after=after))
    got: list[str] = []
    asked: list[anthropic.types.MessageParam] = [{"role": "user", "content": ASK}]
    with (
        pytest.raises((httpx2.HTTPError, anthropic.APIConnectionError)),
        claude.messages.stream(model=SONNET, max_tokens=1000, messages=asked) as stream,
    ):
        got.extend(stream.text_stream)
    assert "".join(got) == emulator.calls[0].answer[:after]
    assert emulator.calls[0].gone


def test_a_stream_ends_without_its_last_events(emulator: Emulator, claude_streams: Ask, gpt_streams: Ask) -> None:
    emulator.on(Cut(after=10, clean=True), times=2)
    assert claude_streams() == gpt_streams() == emulator.calls[0].answer[:10]


def test_a_response_fails_in_the_middle(emulator: Emulator, gpt: openai.OpenAI) -> None:
    emulator.on(ErrorEvent(after=10, code=500, failed=True))
    last = list(gpt.responses.create(model=SOL, input="Hi", stream=True))[-1]
    assert last.type == "response.failed"
    assert last.response.error is not None
    assert last.response.error.code == "server_error"


def test_a_chat_fails_in_the_middle(emulator: Emulator, gpt: openai.OpenAI) -> None:
    emulator.on(ErrorEvent(after=10, code=500))
    stream = gpt.chat.completions.create(model=SOL, messages=[{"role": "user", "content": "Hi"}], stream=True)
    with pytest.raises(openai.APIError, match="Internal server error"):
        list(stream)


def test_a_connection_is_closed_before_anything(emulator: Emulator, claude_streams: Ask, gpt_streams: Ask) -> None:
    emulator.on(Cut(after=None), times=2)
    with pytest.raises(anthropic.APIConnectionError):
        claude_streams()
    with pytest.raises(openai.APIConnectionError):
        gpt_streams()


def test_a_whole_answer_is_cut(emulator: Emulator, gpt: openai.OpenAI) -> None:
    emulator.on(Cut(after=10))
    with pytest.raises((httpx2.HTTPError, openai.APIConnectionError)):
        gpt.responses.create(model=SOL, input="Hi")


@pytest.mark.parametrize("after", [None, 10])
def test_a_hang_lasts_until_the_client_leaves(emulator: Emulator, gpt: openai.OpenAI, after: int | None) -> None:
    emulator.settings.source = TREE
    emulator.on(Hang(after=after))
    with pytest.raises((httpx2.TimeoutException, openai.APITimeoutError)):
        list(gpt.with_options(timeout=0.2).responses.create(model=SOL, input=ASK, stream=True))
    emulator.records.wait(in_flight=0)
    assert emulator.calls[0].gone
    assert (emulator.calls[0].began is None) == (after is None)


def test_a_hang_can_end(emulator: Emulator, claude_streams: Ask) -> None:
    emulator.on(Hang(after=10, seconds=0.1))
    before = time.monotonic()
    assert claude_streams() == emulator.calls[0].answer
    assert time.monotonic() - before >= 0.1


def test_stopping_ends_a_hang() -> None:
    emulator = Emulator()
    emulator.on(Hang())
    with httpx2.Client(base_url=emulator.openai_url, headers={"authorization": "Bearer k"}) as client:
        stopping = threading.Timer(0.1, emulator.stop)
        stopping.start()
        with pytest.raises(httpx2.HTTPError):
            client.post("/responses", json={"model": SOL, "input": "Hi"})
        stopping.join()
    assert not emulator.bugs


def test_the_output_limit(emulator: Emulator, claude: anthropic.Anthropic, gpt: openai.OpenAI) -> None:
    emulator.settings.source = TREE
    message = claude.messages.create(model=SONNET, max_tokens=5, messages=[{"role": "user", "content": ASK}])
    assert (message.stop_reason, message.usage.output_tokens) == ("max_tokens", 5)
    assert emulator.calls[0].answer == '<file path="a.go">\np'
    emulator.on(Truncate(5), times=2)
    response = gpt.responses.create(model=SOL, input=ASK)
    assert response.incomplete_details is not None
    assert (response.status, response.incomplete_details.reason) == ("incomplete", "max_output_tokens")
    completion = gpt.chat.completions.create(model=SOL, messages=[{"role": "user", "content": ASK}])
    assert completion.choices[0].finish_reason == "length"


def test_stop_sequences(emulator: Emulator, claude: anthropic.Anthropic) -> None:
    emulator.settings.otherwise = "one END two"
    asked: list[anthropic.types.MessageParam] = [{"role": "user", "content": "Hi"}]
    message = claude.messages.create(model=SONNET, max_tokens=99, messages=asked, stop_sequences=["END"])
    assert (message.stop_reason, message.stop_sequence) == ("stop_sequence", "END")
    assert emulator.calls[0].answer == "one "


def test_refusals(emulator: Emulator, claude: anthropic.Anthropic, gpt: openai.OpenAI) -> None:
    emulator.on(Refuse("No."), times=3)
    message = claude.messages.create(model=SONNET, max_tokens=99, messages=[{"role": "user", "content": ASK}])
    assert message.stop_reason == "refusal"
    response = gpt.responses.create(model=SOL, input=ASK)
    assert response.incomplete_details is not None
    assert response.incomplete_details.reason == "content_filter"
    completion = gpt.chat.completions.create(model=SOL, messages=[{"role": "user", "content": ASK}])
    assert completion.choices[0].finish_reason == "content_filter"


@pytest.mark.parametrize("raw", [BAD_JSON, BAD_SSE, HTML_502])
def test_garbage(emulator: Emulator, raw: Raw) -> None:
    emulator.on(raw)
    body = {"model": SOL, "input": "Hi"}
    reply = httpx2.post(f"{emulator.openai_url}/responses", json=body, headers={"authorization": "Bearer k"})
    assert (reply.status_code, reply.content) == (raw.status, raw.body)
    assert reply.headers["content-type"] == raw.content_type


A, B = (
    '<file path="a.go">\npackage a\n\nfunc F() {\n\treturn\n}\n</file>\n',
    '<file path="b/b.go">\npackage b\n</file>\n',
)


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (damages.without(), B),
        (damages.without("b/b.go"), A),
        (damages.renamed("../x.go"), A.replace('"a.go', '"../x.go') + B),
        (damages.renamed("/etc/x.go", "b/b.go"), A + B.replace("b/b.go", "/etc/x.go")),
        (damages.twice("b/b.go"), A + B + B),
        (damages.twice("b/b.go", source="package c\n"), A + B + B.replace("package b", "package c")),
        (damages.unasked("c.go"), A + B + '<file path="c.go">\npackage unasked\n</file>\n'),
        (damages.broken(), A.replace("}\n", "\n") + B),
        (damages.wrong_package(), A.replace("package a", "package elsewhere") + B),
        (damages.without_function("F"), A.replace("func F() {\n\treturn\n}\n", "") + B),
        (damages.chatter("1\n", "2\n", "3\n"), f"1\n{A}2\n{B}3\n"),
        (damages.fenced("b/b.go"), A + B.replace("package b\n", "```go\npackage b\n```\n")),
        (damages.fenced_around(), f"```go\n{A}```\n\n```go\n{B}```\n"),
        (damages.unclosed("b/b.go"), A + B.removesuffix("</file>\n")),
        (damages.crlf(), (A + B).replace("\n", "\r\n")),
        (damages.empty(), ""),
        (damages.emptied("b/b.go"), A + B.replace("package b\n", "")),
        (damages.prose("Sorry."), "Sorry."),
        (damages.secret("b/b.go"), A + B.replace("b\n<", f'b\n\nconst leaked = "{damages.SECRET}"\n<')),
    ],
)
def test_spoilt_answers(fault: Fault, expected: str) -> None:
    assert said(fault) == expected


def test_thinking_comes_first(emulator: Emulator, claude: anthropic.Anthropic) -> None:
    emulator.on(damages.thinking("Well. "))
    message = claude.messages.create(model=SONNET, max_tokens=99, messages=[{"role": "user", "content": ASK}])
    assert message.content[0].type == "thinking"
