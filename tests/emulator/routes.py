"""Which path leads to which operation."""

from dataclasses import dataclass

from tests.emulator.errors import Dialect


@dataclass(frozen=True)
class Route:
    """An operation of one provider."""

    dialect: Dialect
    operation: str
    argument: str = ""


POSTS = {
    "/v1/messages": Route("anthropic", "messages"),
    "/v1/messages/count_tokens": Route("anthropic", "count_tokens"),
    "/v1/responses": Route("openai", "responses"),
    "/v1/responses/input_tokens": Route("openai", "input_tokens"),
    "/v1/chat/completions": Route("openai", "chat"),
}
MODELS = "/v1/models/"


def find(method: str, path: str) -> Route | None:
    """Return where a request leads, if anywhere."""
    path = path.partition("?")[0]
    if method == "POST":
        return POSTS.get(path)
    if method == "GET" and path.startswith(MODELS):
        return Route("anthropic", "models", path.removeprefix(MODELS))
    return None
