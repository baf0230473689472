"""Python runs this in every process that a test starts: none may reach another address than the machine's own."""

import sys

LOOPBACK = ("127.0.0.1", "::1", "localhost")


def _watch(event: str, arguments: tuple[object, ...]) -> None:
    if event not in ("socket.connect", "socket.sendto"):
        return
    address = arguments[1]
    if isinstance(address, tuple) and address[0] not in LOOPBACK:
        raise PermissionError(f"a process of a test tried to reach {address}")


sys.addaudithook(_watch)
