"""The journal of a build: what it was asked for and what it did, written down as it happens, until it succeeds.

A build that is killed, interrupted or fails leaves it behind, so that the next one can take over its options and add up
what both did. Losing it costs figures, never files: those are recorded in the state, and kept in the store.
"""

import json
import os
import stat
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from gocreator.errors import Code, Refused
from gocreator.observe.events import (
    ArtifactReused,
    CallFinished,
    Event,
    RepairFinished,
    RepairStarted,
    ReviewFinished,
    RunFinished,
    RunStarted,
    TargetBuilt,
    TargetRemoved,
)
from gocreator.observe.reportfile import half_made, sweep

FORMAT = 1
_COUNTED = (TargetBuilt, TargetRemoved, CallFinished, ArtifactReused, RepairStarted, RepairFinished, ReviewFinished)
_KEPT = {it.__name__: it for it in (RunStarted, *_COUNTED, RunFinished)}
"""What counts for figures; what failed or was kept is told again by the build that goes on."""
_EVENTS: dict[str, TypeAdapter[Event]] = {}


class JournalDamaged(ValueError):
    """A journal that nobody can make sense of."""


class Asked(BaseModel):
    """What a build was asked for, as the user spelt it, but for keys and confirmations."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    targets: tuple[str, ...] = ()
    fcs: str | None = None
    output: str | None = None
    config: str | None = None
    jobs: int | None = Field(default=None, ge=1, le=256)
    provider: str | None = None
    model: str | None = None
    origin: str | None = None
    how: dict[str, bool | int | float | str | None] = {}
    """The other flags, by their names."""


class Header(BaseModel):
    """How each part of a run begins in its journal."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    version: int = FORMAT
    run: str = Field(pattern=r"^\d{8}T\d{6}\.\d{6}Z-\d{1,20}$")
    """It names a folder."""
    started_at: str
    """The start of the run, its first part, as its report has it."""
    at: float = Field(default_factory=time.time, allow_inf_nan=False)
    """The start of this part, in seconds since the epoch."""
    fcs: str
    """The specification, from the project directory."""
    output: str
    """The output, from the project directory."""
    asked: Asked = Asked()


@dataclass(frozen=True)
class Former:
    """A run that did not come to its end, as its journal tells it."""

    header: Header
    """Of its last part."""
    began: float
    """In seconds since the epoch."""
    seconds: float
    """The time that its parts took."""
    exit_code: int
    events: tuple[Event, ...]
    whole: int
    """So many bytes of the journal are whole lines."""
    status: os.stat_result
    """Of the journal, when it was read."""

    @property
    def made(self) -> frozenset[str]:
        """Return the files that it made."""
        return frozenset(event.path for event in self.events if isinstance(event, TargetBuilt))


@dataclass
class Journal:
    """A subscriber that writes down what counts; it begins when the run does, and so under the build lock."""

    place: Path
    header: Header
    former: Former | None = None
    """The run that goes on."""
    trouble: str = ""
    """Why nothing more is written down."""
    _file: int | None = field(default=None, init=False)

    def __call__(self, event: Event) -> None:
        """Write an event down; after one that ends the run with success the journal is gone."""
        if type(event).__name__ not in _KEPT:
            return
        if self._file is None:
            if isinstance(event, RunFinished) or self.trouble:
                return
            self._open()
        self._append(event.plain())
        if isinstance(event, RunFinished):
            self._end(event.exit_code == 0)

    def _open(self) -> None:
        try:
            self._file = self._begin() if self.former is None else self._go_on(self.former)
        except OSError as error:
            self.trouble = error.strerror or str(error)
        else:
            if self.former is not None:
                self._append(self.header.model_dump(mode="json"))

    def _begin(self) -> int:
        """Take the place of the journal of whatever build came before."""
        sweep(str(self.place.parent))
        half = half_made(str(self.place.parent))
        file = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND | os.O_NOFOLLOW, 0o666)
        try:
            _write(file, self.header.model_dump(mode="json"))
            Path(half).rename(self.place)
        except OSError:
            os.close(file)
            raise
        return file

    def _go_on(self, former: Former) -> int:
        """Open the journal that was read, unless it is no longer the same: then another build was faster."""
        flags = os.O_WRONLY | os.O_APPEND | os.O_NOFOLLOW | os.O_NONBLOCK
        try:
            file = os.open(self.place, flags)
        except FileNotFoundError as error:
            raise _outrun(former) from error
        found = os.fstat(file)
        if not os.path.samestat(found, former.status) or found.st_size != former.status.st_size:
            os.close(file)
            raise _outrun(former)
        os.ftruncate(file, former.whole)
        return file

    def _append(self, plain: dict[str, Any]) -> None:
        if self._file is None or self.trouble:
            return
        try:
            _write(self._file, plain)
        except OSError as error:
            self.trouble = error.strerror or str(error)

    def _end(self, success: bool) -> None:  # noqa: FBT001
        file, self._file = self._file, None
        if file is None:
            return
        try:
            if success and os.path.samestat(os.fstat(file), self.place.lstat()):
                self.place.unlink()
        except OSError as error:
            self.trouble = self.trouble or error.strerror or str(error)
        finally:
            os.close(file)


def read_journal(place: Path) -> Former | None:
    """Read the journal of a run that did not come to its end; None if there is none.

    A damaged last line is one that was being written. Raise `JournalDamaged` for any other.
    """
    try:
        found = place.lstat()
    except FileNotFoundError:
        return None
    if not stat.S_ISREG(found.st_mode):
        raise JournalDamaged("it is no file")
    data = place.read_bytes()
    lines = data.split(b"\n")
    whole = len(data) - len(lines.pop())
    parts: list[tuple[Header, list[Event]]] = []
    for number, line in enumerate(lines, 1):
        try:
            _take(line, parts)
        except (ValueError, RecursionError) as error:
            if number < len(lines) or not parts:
                raise JournalDamaged(f"line {number} is none of a journal") from error
            whole -= len(line) + 1
    if not parts:
        raise JournalDamaged("it does not begin as a journal")
    return _former(parts, whole, found)


def _take(line: bytes, parts: list[tuple[Header, list[Event]]]) -> None:
    """Add what a line says; what another version of gocreator counts and this one does not is passed over."""
    plain = json.loads(line)
    if not isinstance(plain, dict):
        raise ValueError("no object")  # noqa: TRY004 - it is wrong as a value is
    if "event" not in plain or not parts:
        if plain.get("version") != FORMAT:
            raise ValueError("another version")
        parts.append((Header.model_validate(plain), []))
    elif kind := _KEPT.get(str(plain["event"])):
        if kind.__name__ not in _EVENTS:
            _EVENTS[kind.__name__] = TypeAdapter(kind)
        parts[-1][1].append(_EVENTS[kind.__name__].validate_python(plain))


def _former(parts: Sequence[tuple[Header, list[Event]]], whole: int, status: os.stat_result) -> Former:
    events = [event for _, its in parts for event in its]
    ends = [event for event in events if isinstance(event, RunFinished)]
    built = {event.path for event in events if isinstance(event, TargetBuilt)}
    counting = (it for it in events if not isinstance(it, RunFinished))
    return Former(
        header=parts[-1][0].model_copy(update={name: getattr(parts[0][0], name) for name in ("run", "started_at")}),
        began=parts[0][0].at,
        seconds=sum(_seconds(header, its) for header, its in parts),
        exit_code=ends[-1].exit_code if ends and parts[-1][1] and parts[-1][1][-1] is ends[-1] else 130,
        # What was taken out of the store and not written is taken again.
        events=tuple(it for it in counting if not isinstance(it, ArtifactReused) or it.path in built),
        whole=whole,
        status=status,
    )


def _seconds(header: Header, events: Sequence[Event]) -> float:
    """Return how long a part took: one that was killed, up to the last thing that it did."""
    ended = next((event.seconds for event in events if isinstance(event, RunFinished)), None)
    last = events[-1].at if events else header.at
    return max(0.0, last - header.at) if ended is None else ended


def _write(file: int, plain: dict[str, Any]) -> None:
    os.write(file, f"{json.dumps(plain, ensure_ascii=False, default=str)}\n".encode(errors="backslashreplace"))


def _outrun(former: Former) -> Refused:
    message = f"another build has gone on with run {former.header.run}, or begun anew, meanwhile"
    return Refused(message, hint="build again", code=Code.RIVAL)
