"""The log of everything that happens: JSON lines in a file that is always written, and turned over when it is large."""

import logging
from logging.handlers import RotatingFileHandler
from pathlib import Path

from gocreator.observe.callevents import AttemptStarted
from gocreator.observe.events import Event, RunStarted
from gocreator.observe.log import json_line

LARGEST = 5_000_000
"""Bytes of a file; then the next one begins."""
KEPT = 3
"""So many full ones are kept."""


class EventLog(RotatingFileHandler):
    """A subscriber that writes each event as a line, with the run that it belongs to.

    What cannot be written is not worth a failed build: `trouble` says what was in the way.
    """

    def __init__(self, place: Path, run: str) -> None:
        """Open nothing yet; the folder is made with the first line."""
        super().__init__(place, maxBytes=LARGEST, backupCount=KEPT, encoding="utf-8", errors="replace", delay=True)
        self._run = run
        self._before: list[Event] | None = []
        """What came before anything was written; None: from now on everything is."""
        self.trouble = ""

    def __call__(self, event: Event) -> None:
        """Write an event down, as soon as the run writes at all: a specification with a mistake leaves no trace."""
        if event.passing or self.trouble:
            return
        if self._before is None:
            self._write(event)
            return
        self._before.append(event)
        if isinstance(event, RunStarted | AttemptStarted):
            before, self._before = self._before, None
            for it in before:
                self._write(it)

    def _write(self, event: Event) -> None:
        try:
            Path(self.baseFilename).parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            self.trouble = error.strerror or str(error)
            return
        self.emit(logging.makeLogRecord({"msg": json_line(event, run=self._run)}))

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: ARG002, N802 - the name is logging's
        """Write no more after the first failure."""
        self.trouble = "it cannot be written"
