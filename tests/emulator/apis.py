"""The operations that ask a model, by name: each provider's reading, caching and writing put together."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from tests.emulator import (
    anthropic_cache,
    anthropic_read,
    anthropic_write,
    openai_cache,
    openai_chat,
    openai_read,
    openai_responses,
)
from tests.emulator.caching import Plan, Store
from tests.emulator.errors import Dialect
from tests.emulator.faults import ErrorEvent
from tests.emulator.prompts import Prompt
from tests.emulator.saying import Event, Said, named
from tests.emulator.tokens import compact


@dataclass(frozen=True)
class Operation:
    """How one operation is read, billed and answered."""

    dialect: Dialect
    read: Callable[[dict[str, Any]], Prompt]
    """Checks a request as the provider does, and says what it comes down to."""
    plan: Callable[[Prompt, str, Store, float], Plan]
    """Says how a request of a workspace reads and writes the cache."""
    usage: Callable[[Said], dict[str, Any]]
    whole: Callable[[Said], dict[str, Any]]
    events: Callable[[Said], Iterator[Event]]
    error_event: Callable[[Said, dict[str, Any], ErrorEvent], Event]
    """Returns the event that says in the middle of a stream that something went wrong."""


def _anthropic_error(_said: Said, body: dict[str, Any], _fault: ErrorEvent) -> Event:
    return named("error", body)


def _responses_error(said: Said, body: dict[str, Any], fault: ErrorEvent) -> Event:
    error = body["error"]
    if fault.failed:
        return openai_responses.failed(said, error)
    return named("error", {"code": error["code"], "message": error["message"], "param": None, "sequence_number": 99})


def _chat_error(_said: Said, body: dict[str, Any], _fault: ErrorEvent) -> Event:
    return Event(f"data: {compact(body)}\n\n".encode())


MESSAGES = Operation(
    "anthropic",
    anthropic_read.read,
    anthropic_cache.plan,
    anthropic_write.usage,
    anthropic_write.whole,
    anthropic_write.events,
    _anthropic_error,
)
RESPONSES = Operation(
    "openai",
    openai_read.read_responses,
    openai_cache.plan,
    openai_responses.usage,
    openai_responses.whole,
    openai_responses.events,
    _responses_error,
)
CHAT = Operation(
    "openai",
    openai_read.read_chat,
    openai_cache.plan,
    openai_chat.usage,
    openai_chat.whole,
    openai_chat.events,
    _chat_error,
)
GENERATING = {"messages": MESSAGES, "responses": RESPONSES, "chat": CHAT}
