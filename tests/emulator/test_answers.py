"""Both providers' SDKs get what they ask for, streamed or not."""

from concurrent.futures import ThreadPoolExecutor

import anthropic
import httpx2
import openai

from tests.emulator.server import Emulator
from tests.emulator.tokens import count

ASK = 'Write:\n<file path="a.go"/>\n<file path="b/b.go"/>\n'
TREE = {"a.go": "package a\n", "b/b.go": "package b\n\nvar B = `é`", "c.go": "package c\n"}
SAID = '<file path="a.go">\npackage a\n</file>\n<file path="b/b.go">\npackage b\n\nvar B = `é`\n</file>\n'
SONNET, SOL = "claude-sonnet-5-5", "gpt-6.1-sol"


def test_messages(emulator: Emulator, claude: anthropic.Anthropic) -> None:
    emulator.settings.source = TREE
    message = claude.messages.create(model=SONNET, max_tokens=1000, messages=[{"role": "user", "content": ASK}])
    assert [block.text for block in message.content if block.type == "text"] == [SAID]
    assert message.stop_reason == "end_turn"
    assert (message.usage.input_tokens, message.usage.output_tokens) == (count(ASK), count(SAID))
    assert emulator.calls[0].wanted == ("a.go", "b/b.go")


def test_messages_streamed_with_thinking(emulator: Emulator, claude: anthropic.Anthropic) -> None:
    emulator.settings.source, emulator.settings.thinking = TREE, "Hm. "
    asked: list[anthropic.types.MessageParam] = [{"role": "user", "content": ASK}]
    with claude.messages.stream(model=SONNET, max_tokens=1000, messages=asked) as stream:
        assert "".join(stream.text_stream) == SAID
        message = stream.get_final_message()
        assert stream.request_id == emulator.calls[0].request_id
    assert [block.type for block in message.content] == ["thinking", "text"]
    assert message.usage.output_tokens == count(SAID) + 1
    assert message.usage.output_tokens_details is not None
    assert message.usage.output_tokens_details.thinking_tokens == 1


def test_responses(emulator: Emulator, gpt: openai.OpenAI) -> None:
    emulator.settings.source = TREE
    response = gpt.responses.create(model=SOL, input=ASK)
    assert (response.output_text, response.status) == (SAID, "completed")
    assert response.usage is not None
    assert (response.usage.input_tokens, response.usage.output_tokens) == (count(ASK), count(SAID))


def test_responses_streamed_with_thinking(emulator: Emulator, gpt: openai.OpenAI) -> None:
    emulator.settings.source, emulator.settings.thinking = TREE, "Hm. "
    with gpt.responses.stream(model=SOL, input=ASK) as stream:
        text = "".join(event.delta for event in stream if event.type == "response.output_text.delta")
        response = stream.get_final_response()
    assert text == response.output_text == SAID
    assert response.usage is not None
    assert response.usage.output_tokens_details.reasoning_tokens == 1


def test_chat(emulator: Emulator, gpt: openai.OpenAI) -> None:
    emulator.settings.source = TREE
    completion = gpt.chat.completions.create(model=SOL, messages=[{"role": "user", "content": ASK}])
    assert completion.choices[0].message.content == SAID
    assert completion.usage is not None
    assert completion.usage.total_tokens == count(ASK) + count(SAID)


def test_chat_streamed_reports_usage_only_where_asked(emulator: Emulator, gpt: openai.OpenAI) -> None:
    emulator.settings.source = TREE
    asked: list[openai.types.chat.ChatCompletionMessageParam] = [{"role": "user", "content": ASK}]
    bare = list(gpt.chat.completions.create(model=SOL, messages=asked, stream=True))
    options: openai.types.chat.ChatCompletionStreamOptionsParam = {"include_usage": True}
    full = list(gpt.chat.completions.create(model=SOL, messages=asked, stream=True, stream_options=options))
    assert "".join(chunk.choices[0].delta.content or "" for chunk in bare) == SAID
    assert all(chunk.usage is None for chunk in [*bare, *full[:-1]])
    assert full[-1].usage is not None
    assert (full[-1].choices, full[-1].usage.completion_tokens) == ([], count(SAID))


def test_what_asks_no_model(claude: anthropic.Anthropic, gpt: openai.OpenAI) -> None:
    counted = claude.messages.count_tokens(model=SONNET, messages=[{"role": "user", "content": ASK}])
    assert counted.input_tokens == count(ASK)
    assert gpt.responses.input_tokens.count(model=SOL, input=ASK).input_tokens == count(ASK)
    assert claude.models.retrieve(SONNET).max_input_tokens == 1_000_000


def test_only_the_last_user_message_names_what_is_wanted(emulator: Emulator, claude: anthropic.Anthropic) -> None:
    emulator.settings.source = TREE
    turns: list[anthropic.types.MessageParam] = [
        {"role": "user", "content": ASK},
        {"role": "assistant", "content": SAID},
        {
            "role": "user",
            "content": [{"type": "text", "text": "Now:"}, {"type": "text", "text": '<file path="c.go"/>'}],
        },
    ]
    claude.messages.create(model=SONNET, max_tokens=1000, messages=turns, system='Mind <file path="a.go"/>.')
    assert emulator.calls[0].answer == '<file path="c.go">\npackage c\n</file>\n'


def test_what_is_unknown_is_left_out(emulator: Emulator, gpt: openai.OpenAI) -> None:
    emulator.settings.source = {"a.go": "package a\n"}
    assert gpt.responses.create(model=SOL, input=ASK).output_text == '<file path="a.go">\npackage a\n</file>\n'


def test_connections_are_counted(emulator: Emulator) -> None:
    limits = httpx2.Limits(max_connections=3, max_keepalive_connections=3)
    pool = anthropic.DefaultHttpxClient(limits=limits)
    with anthropic.Anthropic(api_key="k", base_url=emulator.url, max_retries=0, http_client=pool) as client:

        def ask(number: int) -> None:
            client.messages.create(model=SONNET, max_tokens=9, messages=[{"role": "user", "content": f"{number}"}])

        with ThreadPoolExecutor(8) as threads:
            list(threads.map(ask, range(64)))
    records = emulator.records
    assert len(emulator.calls) == 64
    assert records.most_open <= 3
    assert 1 <= records.most_in_flight <= 3


def test_everything_is_recorded(emulator: Emulator, claude: anthropic.Anthropic) -> None:
    for _ in range(3):
        claude.messages.create(model=SONNET, max_tokens=9, messages=[{"role": "user", "content": "Hi"}])
    records = emulator.records
    assert (records.opened, records.most_open, records.most_in_flight, records.in_flight) == (1, 1, 1, 0)
    call = records.calls[2]
    assert (call.number, call.generation, call.connection, call.status) == (3, 3, 1, 200)
    assert call.raw.startswith(b"POST /v1/messages HTTP/1.1\r\n")
    assert call.raw.endswith(b'"model":"claude-sonnet-5-5"}')
    assert call.headers["authorization"] == "Bearer k"
    assert call.body["max_tokens"] == 9
    assert call.usage["input_tokens"] == 1
    assert call.began is not None
    assert call.ended is not None
    assert call.arrived <= call.began <= call.ended
