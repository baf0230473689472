"""OpenAI's Responses API and Chat Completions, which many other servers speak too."""

from collections.abc import Iterator
from typing import Any

from gocreator.llm.calling import SdkProvider, tell_limits
from gocreator.llm.faults import Said, broken, failure, malformed, read_body
from gocreator.llm.learnt import learnt_of
from gocreator.llm.openai_answer import Answer, chunks_of
from gocreator.llm.openai_request import Dialect
from gocreator.llm.provider import CallFailed, Heard, Piece, Request

_ACCOUNT = ("OpenAI-Organization", "OpenAI-Project")
"""Headers that the SDK takes from the environment."""


class OpenAI(SdkProvider):
    """Speaks with OpenAI, or with a server that speaks like it.

    What a server refuses (cache parameters, the developer's role) is left out from then on; with `api: auto` so is the
    Responses API where it is missing.
    """

    def _connected(self) -> tuple[Any, Any]:
        """Make the client."""
        import openai  # noqa: PLC0415 - it costs a second

        from gocreator.llm.wire import limits, make_cancellable, timeouts  # noqa: PLC0415 - the SDK has imported httpx2

        endpoint = self.endpoint
        http = openai.DefaultHttpxClient(limits=limits(endpoint.connections), timeout=timeouts(endpoint.timeout))
        make_cancellable(http, self._over)
        client = openai.OpenAI(
            api_key=endpoint.key,
            base_url=endpoint.base_url or None,
            timeout=timeouts(endpoint.timeout),
            max_retries=0,
            default_headers=dict.fromkeys(_ACCOUNT if endpoint.named else (), openai.Omit()),  # type: ignore[arg-type]
            http_client=http,
        )
        return openai, client

    def _pieces(self, client: Any, request: Request, heard: Heard) -> Iterator[Piece]:
        """Make the call."""
        events, dialect = self._opened(client, request)
        with events:
            tell_limits(events.response, heard)
            request_id = str(events.response.headers.get("x-request-id") or "")
            answer = Answer(request, request_id, lambda words, text: self._failed(request, words, text, request_id))
            if dialect.api == "responses":
                yield from answer.responses(events)
            else:
                yield from answer.chat(chunks_of(events.response.iter_bytes()))
        model = request.rung.model
        if not answer.heard:
            raise malformed(self.endpoint, model, "it holds no events", request_id)
        if not answer.ended:
            raise broken(self.endpoint, model, "the answer broke off", request_id)

    def _opened(self, client: Any, request: Request) -> tuple[Any, Dialect]:
        """Send the request in a dialect that the server understands; it does so when it does not refuse it."""
        endpoint = self.endpoint
        first = Dialect.first("chat" if endpoint.api == "chat" else "responses", request.rung.model)
        learnt = learnt_of(str(client.base_url), endpoint.api)
        with learnt.dialect(request.rung.model, first, self._over) as (known, settle):
            dialect = known
            while True:
                try:
                    events = _send(client, dialect, request)
                except self._sdk.APIStatusError as error:
                    words, message = read_body(error.body)
                    words = f"{words} {error.param or ''}"
                    other = dialect.without(error.status_code, words, message, auto=endpoint.api == "auto")
                    if other is None:
                        raise
                    dialect = other
                else:
                    settle(dialect)
                    return events, dialect

    def _failed(self, request: Request, words: str, message: str, request_id: str) -> CallFailed:
        """Make the error of an answer that ends with one."""
        return failure(self.endpoint, request.rung.model, Said(200, words, message, {}, request_id))


def _send(client: Any, dialect: Dialect, request: Request) -> Any:
    """Send a request; return its events, the response's status being known."""
    made = client.responses if dialect.api == "responses" else client.chat.completions
    return made.create(**dialect.body(request), stream=True)
