"""Requests of OpenAI's two APIs: what is refused, and what a request comes down to."""

from collections.abc import Iterator
from typing import Any

from tests.emulator import models
from tests.emulator.errors import Refused, invalid, missing, unknown, unsupported
from tests.emulator.openai_cache import LONG, SHORT
from tests.emulator.prompts import Piece, Prompt, wanted_in
from tests.emulator.tokens import compact, text_of

COUNTED = frozenset(
    """conversation input instructions model parallel_tool_calls personality previous_response_id reasoning text
    tool_choice tools truncation""".split()
)
RESPONSES = frozenset(
    """access_programs background background_options context_management conversation image include input instructions
    max_output_tokens max_tool_calls metadata model moderation parallel_tool_calls previous_response_id prompt
    prompt_cache_key prompt_cache_options prompt_cache_retention reasoning safety_identifier service_tier store stream
    stream_options temperature text tool_choice tools top_logprobs top_p truncation user""".split()
)
CHAT = frozenset(
    """audio frequency_penalty function_call functions logit_bias logprobs max_completion_tokens max_tokens messages
    metadata modalities model moderation n parallel_tool_calls prediction presence_penalty prompt_cache_key
    prompt_cache_options prompt_cache_retention reasoning_effort response_format safety_identifier seed service_tier
    stop store stream stream_options temperature tool_choice tools top_logprobs top_p user verbosity
    web_search_options""".split()
)
SAMPLING = ("temperature", "top_p", "logprobs", "top_logprobs")
EFFORTS = {None, "none", "minimal", "low", "medium", "high", "xhigh", "max"}
MARKABLE = {"input_text", "input_image", "input_file", "text", "image_url", "input_audio", "file"}
OPTIONS = {"responses": {"mode", "ttl", "prewarm", "comparison_response_id"}, "chat": {"mode", "ttl"}}


def read_responses(body: dict[str, Any]) -> Prompt:
    """Check a request to /v1/responses."""
    _check_names(body, RESPONSES, ("model", "input"))
    _check_model(body, (body.get("reasoning") or {}).get("effort"), "reasoning.effort")
    _check_caching(body, "responses")
    limit = _limit(body, "max_output_tokens")
    seed = _seed(body, body.get("reasoning"), body.get("text"))
    return _prompt(body, seed=seed, limit=limit, messages=_items(body), name="input")


def read_counted(body: dict[str, Any]) -> Prompt:
    """Check a request to /v1/responses/input_tokens."""
    _check_names(body, COUNTED, ("model", "input"))
    _check_model(body, None, "")
    return _prompt(body, seed="", limit=0, messages=_items(body), name="input")


def read_chat(body: dict[str, Any]) -> Prompt:
    """Check a request to /v1/chat/completions."""
    _check_names(body, CHAT, ("model", "messages"))
    _check_model(body, body.get("reasoning_effort"), "reasoning_effort")
    _check_caching(body, "chat")
    if "max_tokens" in body and body["model"].startswith(("gpt-5", "gpt-6")):
        raise unsupported("max_tokens", "is not supported with this model. Use 'max_completion_tokens' instead")
    if "stream_options" in body and not body.get("stream"):
        raise Refused(400, "The 'stream_options' parameter is only allowed when 'stream' is enabled.", "stream_options")
    if not isinstance(body["messages"], list) or not body["messages"]:
        raise Refused(400, "Invalid 'messages': empty array.", "messages", "empty_array")
    limit = _limit(body, "max_tokens" if "max_tokens" in body else "max_completion_tokens")
    seed = _seed(body, {"effort": body.get("reasoning_effort")}, [body.get("response_format"), body.get("verbosity")])
    return _prompt(body, seed=seed, limit=limit, messages=body["messages"], name="messages")


def _check_names(body: dict[str, Any], known: frozenset[str], required: tuple[str, ...]) -> None:
    for name in body:
        if name not in known:
            raise unknown(name, "openai")
    for name in required:
        if name not in body:
            raise missing(name, "openai")


def _check_model(body: dict[str, Any], effort: Any, name: str) -> None:
    model = body["model"]
    if model not in models.OPENAI_MARKED and model not in models.OPENAI_INTERVAL:
        said = f"The model `{model}` does not exist or you do not have access to it."
        raise Refused(404, said, None, "model_not_found")
    for parameter in SAMPLING:
        if body.get(parameter) is not None and not models.samples(model):
            raise unsupported(parameter)
    if effort not in EFFORTS:
        raise invalid(name, effort, "openai")
    if effort in {"none", "minimal"} and model in models.NO_EFFORT_NONE:
        said = f"Unsupported value: '{effort}' is not supported with the '{model}' model."
        raise Refused(400, said, name, "unsupported_value")


def _check_caching(body: dict[str, Any], api: str) -> None:
    if body["model"] in models.OPENAI_KEPT_LONG_ALONE and body.get("prompt_cache_retention") == "in_memory":
        said = "This model is compatible only with 24h extended prompt caching"
        raise Refused(400, said, "prompt_cache_retention", "invalid_parameter")
    options = body.get("prompt_cache_options")
    if options is None:
        return
    if body["model"] not in models.OPENAI_MARKED:
        raise unsupported("prompt_cache_options")
    if extra := options.keys() - OPTIONS[api]:
        raise unknown(f"prompt_cache_options.{min(extra)}", "openai")
    if options.get("mode", "implicit") not in {"implicit", "explicit"}:
        raise invalid("prompt_cache_options.mode", options["mode"], "openai")
    if options.get("ttl", "30m") not in ({"30m", "12h"} if api == "responses" else {"30m"}):
        raise invalid("prompt_cache_options.ttl", options["ttl"], "openai")


def _limit(body: dict[str, Any], name: str) -> int:
    limit = body.get(name)
    if limit is None:
        return models.OPENAI_OUTPUT
    if not isinstance(limit, int) or limit < 1:
        said = f"Invalid '{name}': integer below minimum value."
        raise Refused(400, said, name, "integer_below_min_value")
    if limit > models.OPENAI_OUTPUT:
        said = f"Invalid '{name}': integer above maximum value."
        raise Refused(400, said, name, "integer_above_max_value")
    return limit


def _seed(body: dict[str, Any], reasoning: Any, text: Any) -> str:
    """Return what changes the whole prefix, or parts its cache from others: a key has one of its own."""
    effort = (reasoning or {}).get("effort") or "medium"
    rest = [body.get("parallel_tool_calls", True), body.get("context_management")]
    rest += [body.get("service_tier") or "auto", body.get("prompt_cache_key")]
    return compact([effort, text, *rest])


def _items(body: dict[str, Any]) -> list[dict[str, Any]]:
    given = body["input"]
    if isinstance(given, str):
        return [{"role": "user", "content": given}]
    if not isinstance(given, list) or not given:
        raise invalid("input", given, "openai")
    return given


def _prompt(body: dict[str, Any], *, seed: str, limit: int, messages: list[dict[str, Any]], name: str) -> Prompt:
    pieces = [*_leading(body), *_pieces(body, messages, name)]
    last = messages[-1]
    texts = [text_of(part) for part in _parts(last)] if last.get("role") == "user" else []
    prompt = Prompt(
        model=body["model"],
        seed=seed,
        pieces=tuple(pieces),
        wanted=wanted_in(texts),
        limit=limit,
        stream=bool(body.get("stream")),
        stops=tuple([stop] if isinstance(stop := body.get("stop") or [], str) else stop),
        prewarm=bool((body.get("prompt_cache_options") or {}).get("prewarm")),
        body=body,
    )
    if prompt.totals[-1] > models.OPENAI_CONTEXT:
        said = "Your input exceeds the context window of this model. Please adjust your input and try again."
        raise Refused(400, said, name, "context_length_exceeded")
    return prompt


def _leading(body: dict[str, Any]) -> Iterator[Piece]:
    for tool in body.get("tools") or []:
        yield Piece(compact(tool), "tools")
    if body.get("instructions"):
        yield Piece(str(body["instructions"]), "instructions", ends_message=True)


def _parts(message: dict[str, Any]) -> list[dict[str, Any]]:
    content = message.get("content")
    if content is None:
        return [message]
    return [{"type": "text", "text": content}] if isinstance(content, str) else list(content)


def _pieces(body: dict[str, Any], messages: list[dict[str, Any]], name: str) -> Iterator[Piece]:
    for index, message in enumerate(messages):
        role = message.get("role", message.get("type", ""))
        if "role" in message and role not in {"user", "assistant", "system", "developer", "tool"}:
            raise invalid(f"{name}[{index}].role", role, "openai")
        parts = _parts(message)
        for place, part in enumerate(parts):
            where = f"{name}[{index}].content[{place}].prompt_cache_breakpoint"
            # The shapes of a text differ between strings and parts; what the model sees does not.
            kind = "text" if "text" in str(part.get("type")) else part.get("type")
            ends = place == len(parts) - 1 and _is_eligible(messages, index)
            yield Piece(text_of(part), f"{role} {index} {kind}", _ttl(body, part, where), ends)


def _is_eligible(messages: list[dict[str, Any]], index: int) -> bool:
    """Tell whether an implicit mark may stand behind a message.

    It may behind the user's, behind the last of tools' results that follow each other, and behind the last of the
    developer's at the beginning.
    """
    kinds = [_speaker(message) for message in messages]
    own, following = kinds[index], kinds[index + 1 :][:1]
    if own == "user":
        return True
    return following != [own] and (own == "tool" or (own == "developer" and set(kinds[:index]) <= {own}))


def _speaker(message: dict[str, Any]) -> str:
    """Return who speaks, as caching tells them apart."""
    role = str(message.get("role", message.get("type", "")))
    return {"system": "developer", "function_call_output": "tool"}.get(role, role)


def _ttl(body: dict[str, Any], part: dict[str, Any], where: str) -> int | None:
    mark = part.get("prompt_cache_breakpoint")
    if mark is None:
        return None
    if body["model"] not in models.OPENAI_MARKED:
        raise unsupported(where)
    if part.get("type") not in MARKABLE or mark.keys() - {"mode", "ttl"}:
        raise unknown(where, "openai")
    options = body.get("prompt_cache_options") or {}
    ttl = mark.get("ttl", options.get("ttl", "30m"))
    if mark.get("mode") != "explicit" or ttl not in {"30m", "12h"}:
        raise invalid(where, mark, "openai")
    return LONG if ttl == "12h" else SHORT
