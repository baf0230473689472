"""What both providers have in common: a client made when it is first needed, and errors put into our words."""

import threading
from abc import ABC, abstractmethod
from collections.abc import Generator, Iterator
from contextlib import AbstractContextManager, closing
from datetime import UTC, datetime
from typing import Any

from gocreator.llm.allowances import allowances
from gocreator.llm.faults import Said, broken, failure, keyless, malformed, read_body
from gocreator.llm.provider import CallFailed, Cancelled, Endpoint, Heard, Piece, Request


class SdkProvider(ABC):
    """A provider spoken to through its SDK, which is imported with the first call."""

    def __init__(self, endpoint: Endpoint, cancelled: threading.Event | None = None) -> None:
        """Take `cancelled`, which ends all calls in flight when it is set."""
        self.endpoint = endpoint
        self._cancelled = cancelled or threading.Event()
        self._closed = threading.Event()
        self._lock = threading.Lock()
        self._made: Any = None
        self._sdk: Any = None

    def stream(self, request: Request, heard: Heard = lambda _: None) -> AbstractContextManager[Iterator[Piece]]:
        """Make one attempt (see `Direct.stream`)."""
        return closing(self._translated(request, heard))

    def close(self) -> None:
        """Close all connections; calls in flight end as cancelled."""
        self._closed.set()
        with self._lock:
            if self._made is not None:
                self._made.close()

    @abstractmethod
    def _connected(self) -> tuple[Any, Any]:
        """Import the SDK; return it, and a client of its."""

    @abstractmethod
    def _pieces(self, client: Any, request: Request, heard: Heard) -> Iterator[Piece]:
        """Make the call; whatever the SDK raises is translated."""

    def _over(self) -> bool:
        """Tell whether calls in flight are to end."""
        return self._cancelled.is_set() or self._closed.is_set()

    def _client(self) -> Any:
        """Return the one client, which all threads share."""
        with self._lock:
            if self._made is None:
                self._sdk, self._made = self._connected()
            return self._made

    def _translated(self, request: Request, heard: Heard) -> Generator[Piece, None, None]:
        """Make the call and say in our words what goes wrong."""
        if self._over():
            raise Cancelled("the call was cancelled")
        if not self.endpoint.key:
            raise keyless(self.endpoint, request.rung.model)
        client = self._client()
        try:
            yield from self._pieces(client, request, heard)
        except (CallFailed, Cancelled):
            raise
        except Exception as error:
            # The SDK's errors hold requests with their keys, and texts that nobody has looked through.
            if self._over():
                raise Cancelled("the call was cancelled") from None
            failed = self._failure(error, request.rung.model)
            if failed is None:
                raise
            raise failed from None

    def _failure(self, error: Exception, model: str) -> CallFailed | None:
        """Translate an error of the SDK, or of what it stands on; none for an error of ours."""
        import httpx2  # noqa: PLC0415 - the SDK has imported it

        sdk, endpoint = self._sdk, self.endpoint
        request_id = request_id_of(error)
        match error:
            case sdk.APIStatusError():
                words, message = read_body(error.body)
                said = Said(error.status_code, words, message, dict(error.response.headers), request_id)
                return failure(endpoint, model, said)
            case sdk.APITimeoutError() | httpx2.TimeoutException():
                return broken(endpoint, model, f"nothing came for {endpoint.timeout:g} seconds", request_id)
            case sdk.APIConnectionError() | httpx2.TransportError():
                return broken(endpoint, model, _why(error), request_id)
            case sdk.APIResponseValidationError():
                return malformed(endpoint, model, "it does not fit", request_id)
            case sdk.APIError():
                words, message = read_body(error.body)
                return failure(endpoint, model, Said(200, words, message or error.message, {}, request_id))
            case httpx2.HTTPError() | ValueError() | AttributeError() | TypeError() | LookupError():
                # The SDKs check nothing: an answer of another shape is found out where it is read.
                return malformed(endpoint, model, type(error).__name__, request_id)
            case _:
                return None


def tell_limits(response: Any, heard: Heard) -> None:
    """Tell what the headers of a response say of rate limits."""
    if found := allowances(response.headers, datetime.now(UTC)):
        heard(found)


def request_id_of(error: Exception) -> str:
    """Return the provider's name for a call, where an error knows it."""
    headers = getattr(getattr(error, "response", None), "headers", {})
    return str(headers.get("request-id") or headers.get("x-request-id") or "")


def _why(error: BaseException) -> str:
    """Say in a few words what became of a connection: the deepest cause knows; its text is not ours to repeat."""
    causes = [error]
    while (cause := causes[-1].__cause__ or causes[-1].__context__) is not None:
        causes.append(cause)
    names = {name for cause in causes for name in (base.__name__ for base in type(cause).__mro__)}
    found = next((text for name, text in _CAUSES.items() if name in names), "")
    return found or f"no connection could be made or kept ({type(causes[-1]).__name__})"


_CAUSES = {
    "SSLCertVerificationError": "its certificate is not trusted",
    "SSLError": "no secure connection could be made",
    "gaierror": "the name of its address is not known",
    "ConnectionRefusedError": "nobody answers at its address (connection refused)",
    "ConnectionResetError": "the connection was reset",
    "BrokenPipeError": "the connection was reset",
    "ConnectTimeout": "no connection could be made in time",
    "ProxyError": "the proxy refuses",
    "RemoteProtocolError": "the connection was closed in the middle",
    "UnsupportedProtocol": "its base URL is no address",
}
