"""Operations that ask no model: counts, and what a model is."""

from collections.abc import Callable
from typing import Any

from tests.emulator import anthropic_read, models, openai_read
from tests.emulator.errors import Refused


def _count_tokens(body: dict[str, Any]) -> dict[str, Any]:
    return {"input_tokens": anthropic_read.read_counted(body).totals[-1]}


def _input_tokens(body: dict[str, Any]) -> dict[str, Any]:
    return {"object": "response.input_tokens", "input_tokens": openai_read.read_counted(body).totals[-1]}


def _model(body: dict[str, Any]) -> dict[str, Any]:
    model = body["model"]
    if model not in models.ANTHROPIC_MINIMUM:
        raise Refused(404, f"model: {model}")
    return {
        "type": "model",
        "id": model,
        "display_name": model.removeprefix("claude-").replace("-", " ").title(),
        "created_at": "2026-01-01T00:00:00Z",
        "lifecycle": "active",
        "max_input_tokens": models.ANTHROPIC_CONTEXT.get(model, models.CONTEXT),
        "max_tokens": models.ANTHROPIC_OUTPUT,
    }


LOOKUPS: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "count_tokens": _count_tokens,
    "input_tokens": _input_tokens,
    "models": _model,
}
