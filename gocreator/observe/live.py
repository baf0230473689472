"""Showing how a run goes on while it does: a region at the end of a terminal, or elsewhere a plain line now and then.

rich draws the lines; where they stand is decided here, because a terminal that becomes narrower breaks the lines that
are there already, and only who knows their lengths can take them away.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Self, TextIO

from gocreator.observe.progress import Progress

if TYPE_CHECKING:
    from rich.console import Console

TICK = 0.25
"""Seconds between two looks, on a terminal."""
SILENT = 0.3
"""What is over sooner is not shown, in seconds."""
HEARTBEAT = 10.0
"""Seconds between two lines, elsewhere."""

_UP, _CLEAR, _REST = "\x1b[{}A", "\x1b[K", "\x1b[J"
_HIDE, _SHOW = "\x1b[?25l", "\x1b[?25h"


class Live:
    """Shows a run on a stream, and passes on what others write there, which appears above."""

    def __init__(self, stream: TextIO, progress: Progress, *, terminal: bool) -> None:
        """Take whether the stream is a terminal on which lines can be taken away again."""
        self._stream = stream
        self._progress = progress
        self._terminal = terminal
        self._console: Console | None = None
        self._drawn: list[int] = []
        """The widths of the lines that are there now."""
        self._width = 0
        """That of the terminal when they were written."""
        self._lock = threading.RLock()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._work, name="live", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()
        with self._lock, suppress(OSError):
            self._erase()

    def write(self, text: str) -> None:
        """Write lines, above what is shown."""
        with self._lock:
            if not self._drawn:
                self._stream.write(text)
                return
            self._stream.write(f"{self._back()}{_REST}{text}")
            self._drawn = []
            self._draw()

    def flush(self) -> None:
        """Let everything be seen."""
        self._stream.flush()

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Show nothing for a while, because somebody is asked something."""
        with self._lock:
            self._erase()
            yield

    def _work(self) -> None:
        with suppress(OSError):  # nobody looks any more; whoever writes lines notices too
            self._look()

    def _look(self) -> None:
        while not self._over.wait(TICK if self._terminal else HEARTBEAT):
            began = self._progress.began
            if began is None or self._progress.ended or time.time() - began < SILENT:
                continue
            with self._lock:
                if self._terminal:
                    self._draw()
                else:
                    from gocreator.observe.screen import beat  # noqa: PLC0415 - rich takes a while

                    self._stream.write(f"{beat(self._progress)}\n")
                self._stream.flush()

    def _draw(self) -> None:
        """Write the lines over those that are there, in one go, so that nothing flickers."""
        from rich.cells import cell_len  # noqa: PLC0415 - rich takes a while, and most runs are over before
        from rich.console import Console  # noqa: PLC0415
        from rich.text import Text  # noqa: PLC0415

        from gocreator.observe.screen import screen  # noqa: PLC0415

        if self._console is None:
            self._console = Console(file=self._stream, force_terminal=True, highlight=False)
        width = self._console.width
        lines = screen(self._progress, self._console, time.time())
        if self._console.width != width:
            return  # it is just being made wider or narrower: the next look is soon
        back = self._back()
        if width != self._width:
            # Lines that broke must be taken away, not written over: a wider terminal would join what stands there.
            back, self._width = f"{back}{_REST}", width
        self._drawn = [cell_len(Text.from_ansi(line).plain) for line in lines]
        said = "".join(f"{line}{_CLEAR}\n" for line in lines)
        self._stream.write(f"{_HIDE}{back}{said}{_REST}{_SHOW}")
        self._stream.flush()

    def _back(self) -> str:
        """Return what leads to the first of the lines that are there: in a narrower terminal they take more rows."""
        width = self._console.width if self._console else 1
        rows = sum(max(1, -(-length // width)) for length in self._drawn)
        return f"\r{_UP.format(rows)}" if rows else ""

    def _erase(self) -> None:
        if self._drawn:
            self._stream.write(f"{self._back()}{_REST}")
            self._stream.flush()
            self._drawn = []
