"""A script: run a command with no network but the loopback interface (Linux).

    python -I -S loopback.py COMMAND [ARGUMENT...]

Without a command it only tries. It stands alone, because it runs outside the package.
"""

import ctypes
import fcntl
import os
import socket
import struct
import sys
from pathlib import Path

_CLONE_NEWUSER = 0x10000000
_CLONE_NEWNET = 0x40000000
_SIOCGIFFLAGS = 0x8913
_SIOCSIFFLAGS = 0x8914
_IFF_UP = 0x1
_CANNOT = 125


def leave_network() -> None:
    """Move this process into a network namespace of its own, whose loopback interface is up."""
    uid, gid = os.getuid(), os.getgid()
    # Root needs no user namespace, and would lose its rights to the files of others in one.
    if not _unshare(_CLONE_NEWNET):
        if not _unshare(_CLONE_NEWUSER | _CLONE_NEWNET):
            raise OSError(ctypes.get_errno(), "namespaces are not permitted")
        Path("/proc/self/setgroups").write_text("deny", encoding="ascii")
        Path("/proc/self/uid_map").write_text(f"{uid} {uid} 1", encoding="ascii")
        Path("/proc/self/gid_map").write_text(f"{gid} {gid} 1", encoding="ascii")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        request = struct.pack("16sH14x", b"lo", 0)
        _, flags = struct.unpack("16sH14x", fcntl.ioctl(any_socket, _SIOCGIFFLAGS, request))
        fcntl.ioctl(any_socket, _SIOCSIFFLAGS, struct.pack("16sH14x", b"lo", flags | _IFF_UP))


def _unshare(flags: int) -> bool:
    """Call unshare(2), which Python has from 3.12 on."""
    return ctypes.CDLL(None, use_errno=True).unshare(flags) == 0  # type: ignore[no-any-return]


def main(command: list[str]) -> int:
    """Leave the network and become the command."""
    try:
        leave_network()
        if command:
            os.execvp(command[0], command)  # noqa: S606 - a list, and the environment is the caller's
    except (OSError, AttributeError) as problem:
        sys.stderr.write(f"{problem}\n")
        return _CANNOT
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
