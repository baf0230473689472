"""HTTP/1.1 over a socket: just enough for the SDKs, with the power to break off anywhere."""

import contextlib
import io
import select
import socket
import threading
import time
from dataclasses import dataclass
from http import HTTPStatus

MOST = 64 << 20
"""A larger body is not read."""


@dataclass(frozen=True)
class Incoming:
    """A request as it came."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    raw: bytes


class Gone(Exception):
    """The client, or the emulator, closed the connection."""


class Line:
    """One connection."""

    def __init__(self, sock: socket.socket, stopping: threading.Event) -> None:
        self._sock = sock
        self._stopping = stopping
        self._reader: io.BufferedReader = sock.makefile("rb")
        with contextlib.suppress(OSError):
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def receive(self) -> Incoming | None:
        """Return the next request; None if there is none."""
        try:
            return _read(self._reader)
        except (OSError, ValueError):
            return None

    def send(self, data: bytes) -> None:
        """Send bytes in one write."""
        try:
            self._sock.sendall(data)
        except OSError as error:
            raise Gone from error

    def wait(self, seconds: float | None, until: threading.Event | None = None) -> None:
        """Wait so long, or until something happens; raise `Gone` if the client leaves meanwhile."""
        end = None if seconds is None else time.monotonic() + seconds
        while True:
            left = 0.02 if end is None else min(end - time.monotonic(), 0.02)
            if left <= 0 or (until is not None and until.is_set()):
                return
            if self._stopping.is_set() or self._left():
                raise Gone
            self._stopping.wait(left) if until is None else until.wait(left)

    def _left(self) -> bool:
        try:
            ready, _, _ = select.select([self._sock], [], [], 0)
            return bool(ready) and self._sock.recv(1, socket.MSG_PEEK) == b""
        except (OSError, ValueError):
            return True

    def hang_up(self) -> None:
        """End the connection from another thread: whoever reads or writes notices."""
        with contextlib.suppress(OSError):
            self._sock.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Close the connection, wherever it stands."""
        self.hang_up()
        with contextlib.suppress(OSError):
            self._reader.close()
        self._sock.close()


def _read(reader: io.BufferedReader) -> Incoming | None:
    first = reader.readline(65_536)
    if not first.strip():
        return None
    method, path, _ = first.decode("latin-1").split(" ", 2)
    raw, headers = [first], {}
    while (line := reader.readline(65_536)) not in (b"\r\n", b"\n", b""):
        raw.append(line)
        name, _, value = line.decode("latin-1").partition(":")
        headers[name.strip().lower()] = value.strip()
    size = int(headers.get("content-length", "0"))
    if size > MOST:
        return None
    body = reader.read(size)
    if len(body) < size:
        return None
    return Incoming(method, path, headers, body, b"".join([*raw, line, body]))


def head(status: int, headers: list[tuple[str, str]]) -> bytes:
    """Return a status line and headers."""
    phrase = HTTPStatus(status).phrase if status in HTTPStatus._value2member_map_ else "Unknown"
    lines = [f"HTTP/1.1 {status} {phrase}", *(f"{name}: {value}" for name, value in headers), "", ""]
    return "\r\n".join(lines).encode("latin-1")


def chunk(data: bytes) -> bytes:
    """Return data as a chunk of a body whose length is not known."""
    return b"%x\r\n%b\r\n" % (len(data), data)
