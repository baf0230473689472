"""Which class speaks with an endpoint."""

import threading

from gocreator.llm.anthropic import Anthropic
from gocreator.llm.openai import OpenAI
from gocreator.llm.provider import Direct, Endpoint


def open_provider(endpoint: Endpoint, cancelled: threading.Event | None = None) -> Direct:
    """Make the provider of an endpoint, which connects with its first call; `cancelled` ends its calls when set."""
    return (Anthropic if endpoint.kind == "anthropic" else OpenAI)(endpoint, cancelled)
