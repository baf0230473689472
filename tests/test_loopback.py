"""No test reaches another address than the machine's own, nor does a process that it starts."""

import socket
import subprocess
import sys

import pytest

ELSEWHERE = ("192.0.2.1", 9)
"""An address that documentation may use and nobody has."""


def test_a_test_cannot_reach_another_address() -> None:
    with socket.socket() as own, pytest.raises(AssertionError, match="tried to reach"):
        own.connect(ELSEWHERE)


@pytest.mark.parametrize("call", ["connect", "connect_ex", "sendto"])
def test_nor_can_a_process_that_it_starts(call: str) -> None:
    kind, data = ("SOCK_DGRAM", "b'', ") if call == "sendto" else ("SOCK_STREAM", "")
    code = f"import socket; socket.socket(type=socket.{kind}).{call}({data}{ELSEWHERE})"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=30, check=False)
    assert "PermissionError: a process of a test tried to reach" in ran.stderr


def test_but_it_reaches_the_machine_itself() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        code = f"import socket; socket.create_connection({server.getsockname()}, 5).close()"
        assert subprocess.run([sys.executable, "-c", code], timeout=30, check=False).returncode == 0
