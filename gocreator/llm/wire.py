"""Connections that can be let go of at any moment: whoever waits looks, ten times a second, whether the run is over.

A thread that waits for bytes of a socket cannot be woken from outside; so no wait of ours is longer than a tick. What
cannot be cut into ticks (names, connections, TLS, long requests) is done by a thread that may be left behind.
"""

import ssl
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import Future, wait
from typing import Any, TypeVar

import httpcore2
import httpx2

from gocreator.llm.provider import Cancelled

TICK = 0.1
"""Seconds between two looks."""
SHORT = 64 * 1024
"""So many bytes go into a socket's buffer without waiting."""
CONNECT = 10.0
"""Seconds in which a connection must stand."""
KEPT = 600.0
"""Seconds for which a connection waits for its next call: models think for minutes between two calls."""

T = TypeVar("T")
Over = Callable[[], bool]


def limits(connections: int) -> httpx2.Limits:
    """Return limits under which no call waits for another's connection."""
    return httpx2.Limits(max_connections=None, max_keepalive_connections=connections, keepalive_expiry=KEPT)


def timeouts(seconds: float) -> httpx2.Timeout:
    """Return how long may be waited: for the next bytes, for a connection."""
    return httpx2.Timeout(seconds, connect=min(seconds, CONNECT))


def make_cancellable(client: httpx2.Client, over: Over) -> None:
    """Give a client's connections, those through proxies too, a look at whether the run is over.

    The SDKs' clients find proxies only if they make their transports themselves, and these take no network backend; so
    it is put in afterwards, which `tests/llm/test_wire.py` holds.
    """
    for transport in [client._transport, *client._mounts.values()]:  # noqa: SLF001 - see above
        pool = getattr(transport, "_pool", None)
        if pool is not None:
            pool._network_backend = Backend(pool._network_backend, over)  # noqa: SLF001 - see above


class Backend(httpcore2.NetworkBackend):
    """Opens connections that look whether the run is over."""

    def __init__(self, inner: httpcore2.NetworkBackend, over: Over) -> None:
        self._inner = inner
        self._over = over

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> "Stream":
        """Connect to a host."""

        def connect() -> httpcore2.NetworkStream:
            return self._inner.connect_tcp(host, port, timeout, local_address, socket_options)

        return Stream(_aside(connect, self._over, _drop), self._over)

    def connect_unix_socket(
        self, path: str, timeout: float | None = None, socket_options: Iterable[Any] | None = None
    ) -> "Stream":
        """Connect to a socket of this machine, which never waits."""
        return Stream(self._inner.connect_unix_socket(path, timeout, socket_options), self._over)


class Stream(httpcore2.NetworkStream):
    """A connection that looks whether the run is over."""

    def __init__(self, inner: httpcore2.NetworkStream, over: Over) -> None:
        self._inner = inner
        self._over = over

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Read what there is, in ticks; a tick that brought nothing lost nothing."""
        ends = float("inf") if timeout is None else time.monotonic() + timeout
        while not self._over():
            try:
                return self._inner.read(max_bytes, max(min(TICK, ends - time.monotonic()), 1e-3))
            except httpcore2.ReadTimeout:
                if time.monotonic() >= ends:
                    raise
        raise Cancelled("the call was cancelled")

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Write all."""
        if len(buffer) <= SHORT:
            self._inner.write(buffer, timeout)
        else:
            _aside(lambda: self._inner.write(buffer, timeout), self._over, lambda _: None)

    def close(self) -> None:
        """Close the connection at once."""
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> "Stream":
        """Shake hands."""

        def shake() -> httpcore2.NetworkStream:
            return self._inner.start_tls(ssl_context, server_hostname, timeout)

        return Stream(_aside(shake, self._over, _drop), self._over)

    def get_extra_info(self, info: str) -> Any:
        """Tell about the connection, such as whether its other side closed it."""
        return self._inner.get_extra_info(info)


def _drop(stream: httpcore2.NetworkStream) -> None:
    """Close a connection that came too late."""
    stream.close()


def _aside(action: Callable[[], T], over: Over, drop: Callable[[T], None]) -> T:
    """Do something in a thread of its own, and stop waiting for it when the run is over; then drop what it brings."""
    done: Future[T] = Future()

    def work() -> None:
        try:
            done.set_result(action())
        except BaseException as problem:  # noqa: BLE001 - it is raised where it is waited for
            done.set_exception(problem)

    threading.Thread(target=work, name="gocreator-connection", daemon=True).start()
    try:
        while not done.done() and not over():
            wait([done], TICK)
        if done.done():
            return done.result()
        raise Cancelled("the call was cancelled")
    finally:
        if not done.done():
            done.add_done_callback(lambda late: None if late.exception() else drop(late.result()))
