"""The log of everything that happens: JSON lines in a file that is always written, and turned over when it is large.

The standard library's rotating handler would do, and its import takes longer than a build that has nothing to do.
"""

import itertools
from pathlib import Path
from typing import TextIO

from gocreator.observe.callevents import AttemptStarted
from gocreator.observe.events import Event, RunStarted
from gocreator.observe.log import json_line

LARGEST = 5_000_000
"""Bytes; a run that finds more than that begins a new file."""
KEPT = 3
"""So many former files are kept."""


class EventLog:
    """A subscriber that writes each event as a line, with the run that it belongs to.

    What cannot be written is not worth a failed build: `trouble` says what was in the way.
    """

    def __init__(self, place: Path, run: str) -> None:
        """Open nothing yet: a run that is refused, or whose specification has mistakes, leaves no trace."""
        self._place = place
        self._run = run
        self._before: list[Event] = []
        """What came before anything was written."""
        self._file: TextIO | None = None
        self.trouble = ""

    def __call__(self, event: Event) -> None:
        """Write an event down, as soon as the run writes at all."""
        if event.passing or self.trouble:
            return
        try:
            if self._file is not None:
                self._write(event)
            elif isinstance(event, RunStarted | AttemptStarted):
                self._open()
                for it in (*self._before, event):
                    self._write(it)
            else:
                self._before.append(event)
        except OSError as error:
            self.trouble = error.strerror or str(error)

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            self._file.close()

    def _open(self) -> None:
        self._place.parent.mkdir(parents=True, exist_ok=True)
        if self._place.exists() and self._place.stat().st_size > LARGEST:
            former = [self._place, *(self._place.with_suffix(f".{number}.jsonl") for number in range(1, KEPT + 1))]
            for newer, older in reversed(list(itertools.pairwise(former))):
                if newer.exists():
                    newer.replace(older)
        self._file = self._place.open("a", encoding="utf-8", errors="backslashreplace", buffering=1)

    def _write(self, event: Event) -> None:
        if self._file is not None:
            self._file.write(f"{json_line(event, run=self._run)}\n")
