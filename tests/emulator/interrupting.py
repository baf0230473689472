"""Interrupting a build while a model is asked."""

import signal
import subprocess
import time

from tests.emulator.server import Emulator


def interrupt(running: subprocess.Popen[str], emulator: Emulator, path: str) -> None:
    """Send SIGINT while a file is asked for; the build must end as one that was interrupted, within a second."""
    deadline = time.monotonic() + 30
    while not any(path in call.wanted for call in emulator.calls):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    time.sleep(0.3)
    running.send_signal(signal.SIGINT)
    began = time.monotonic()
    _, err = running.communicate(timeout=30)
    assert time.monotonic() - began < 1
    assert running.returncode == 130
    assert "Traceback" not in err
