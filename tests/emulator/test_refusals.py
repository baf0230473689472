"""What the real APIs refuse is refused, in their words' shape."""

from typing import Any

import anthropic
import openai
import pytest

from tests.emulator.server import Emulator

SONNET, SOL = "claude-sonnet-5-5", "gpt-6.1-sol"
HI = [{"role": "user", "content": "Hi"}]
SHORT, LONG = {"type": "ephemeral"}, {"type": "ephemeral", "ttl": "1h"}


def text(said: str, mark: dict[str, str] | None = None) -> dict[str, Any]:
    return {"type": "text", "text": said, **({"cache_control": mark} if mark else {})}


def user(*blocks: dict[str, Any]) -> dict[str, Any]:
    return {"messages": [{"role": "user", "content": list(blocks)}]}


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"temperature": 0.5}, "temperature"),
        ({"top_p": 0.5}, "top_p"),
        ({"top_k": 5}, "top_k"),
        ({"nonsense": 1}, "nonsense"),
        ({"max_tokens": None}, "max_tokens"),
        ({"max_tokens": 128_001}, "128000"),
        ({"messages": []}, "messages"),
        ({"messages": [*HI, {"role": "assistant", "content": "package"}]}, "prefill"),
        ({"messages": [{"role": "system", "content": "x"}, *HI]}, "system"),
        ({"tool_choice": {"type": "any"}}, "tool_choice"),
        ({"thinking": {"type": "disabled"}}, "thinking"),
        ({"output_config": {"effort": "enormous"}}, "effort"),
        ({"max_tokens": 0, "stream": True}, "max_tokens"),
        (user(text("")), "non-empty"),
        (user(*[text(f"{number}", SHORT) for number in range(5)]), "4 blocks"),
        (user(text("a", SHORT), text("b", LONG)), "1h"),
        (user(text("a", {"type": "eternal"})), "cache_control"),
        ({**user(text("a", SHORT)), "cache_control": LONG}, "ttl"),
        ({**user(*[text(f"{number}", SHORT) for number in range(4)], text("b")), "cache_control": SHORT}, "Found 5"),
    ],
)
def test_messages(claude: anthropic.Anthropic, change: dict[str, Any], word: str) -> None:
    body = {
        key: value
        for key, value in {"model": SONNET, "max_tokens": 10, "messages": HI, **change}.items()
        if value is not None
    }
    with pytest.raises(anthropic.BadRequestError, match=word) as refused:
        claude.post("/v1/messages", body=body, cast_to=object)
    assert refused.value.type == "invalid_request_error"
    assert (refused.value.request_id or "").startswith("req_")


@pytest.mark.parametrize(
    ("change", "param", "code"),
    [
        ({"nonsense": 1}, "nonsense", "unknown_parameter"),
        ({"temperature": 0.5}, "temperature", "unsupported_parameter"),
        ({"input": None}, "input", "missing_required_parameter"),
        ({"reasoning": {"effort": "none"}}, "reasoning.effort", "unsupported_value"),
        ({"prompt_cache_options": {"mode": "magic"}}, "prompt_cache_options.mode", "invalid_value"),
        ({"prompt_cache_options": {}, "model": "gpt-5.5"}, "prompt_cache_options", "unsupported_parameter"),
        ({"max_output_tokens": 0}, "max_output_tokens", "integer_below_min_value"),
    ],
)
def test_responses(gpt: openai.OpenAI, change: dict[str, Any], param: str, code: str) -> None:
    body = {key: value for key, value in {"model": SOL, "input": "Hi", **change}.items() if value is not None}
    with pytest.raises(openai.BadRequestError) as refused:
        gpt.post("/responses", body=body, cast_to=object)
    assert (refused.value.param, refused.value.code) == (param, code)
    assert (refused.value.request_id or "").startswith("req_")


@pytest.mark.parametrize(
    ("change", "param"),
    [
        ({"max_tokens": 5}, "max_tokens"),
        ({"input": "Hi"}, "input"),
        ({"stream_options": {"include_usage": True}}, "stream_options"),
        ({"prompt_cache_options": {"prewarm": True}}, "prompt_cache_options.prewarm"),
        ({"prompt_cache_options": {"ttl": "12h"}}, "prompt_cache_options.ttl"),
    ],
)
def test_chat(gpt: openai.OpenAI, change: dict[str, Any], param: str) -> None:
    with pytest.raises(openai.BadRequestError) as refused:
        gpt.post("/chat/completions", body={"model": SOL, "messages": HI, **change}, cast_to=object)
    assert refused.value.param == param


def test_a_wrong_key(emulator: Emulator, claude: anthropic.Anthropic, gpt: openai.OpenAI) -> None:
    with pytest.raises(anthropic.AuthenticationError) as first:
        claude.with_options(api_key="x").models.retrieve(SONNET)
    assert first.value.type == "authentication_error"
    with pytest.raises(openai.AuthenticationError) as second:
        gpt.with_options(api_key="x").responses.create(model=SOL, input="Hi")
    assert second.value.code == "invalid_api_key"
    assert not emulator.calls


def test_the_older_header_for_keys(emulator: Emulator) -> None:
    with anthropic.Anthropic(api_key="x", base_url=emulator.url, max_retries=0) as claude:
        headers = {"authorization": "", "x-api-key": "k2"}
        asked: Any = HI
        claude.messages.create(model=SONNET, max_tokens=9, messages=asked, extra_headers=headers)
    assert emulator.calls[0].key == "k2"


def test_models_that_there_are_not(claude: anthropic.Anthropic, gpt: openai.OpenAI) -> None:
    with pytest.raises(anthropic.NotFoundError, match="model: claude-2"):
        claude.messages.create(model="claude-2", max_tokens=9, messages=[{"role": "user", "content": "Hi"}])
    with pytest.raises(openai.NotFoundError) as refused:
        gpt.responses.create(model="gpt-2", input="Hi")
    assert refused.value.code == "model_not_found"


def test_a_server_that_knows_less(emulator: Emulator, claude: anthropic.Anthropic, gpt: openai.OpenAI) -> None:
    emulator.settings.lacks = frozenset({"/v1/responses"})
    emulator.settings.refuses = frozenset({"cache_control", "prompt_cache_key", "prompt_cache_breakpoint"})
    with pytest.raises(openai.NotFoundError):
        gpt.responses.create(model=SOL, input="Hi")
    with pytest.raises(openai.BadRequestError, match="prompt_cache_key"):
        gpt.chat.completions.create(model=SOL, messages=[{"role": "user", "content": "Hi"}], prompt_cache_key="a")
    marked: Any = user(text("a", SHORT))["messages"]
    with pytest.raises(anthropic.BadRequestError, match="cache_control"):
        claude.messages.create(model=SONNET, max_tokens=9, messages=marked)
    gpt.chat.completions.create(model=SOL, messages=[{"role": "user", "content": "Hi"}])
