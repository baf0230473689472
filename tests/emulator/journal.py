"""What an emulator that runs as a process hands over: a line of JSON for each call to a model that is over."""

import json
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.emulator.prices import PRICES
from tests.emulator.prompts import Bill
from tests.emulator.records import Call


@dataclass(frozen=True)
class Entry:
    """A call that was answered."""

    model: str
    wanted: tuple[str, ...]
    bill: Bill
    output: int
    """Output tokens."""
    arrived: float
    """By a clock of which only differences mean anything, in seconds; so are the next two."""
    began: float
    ended: float
    closed: dict[str, float] = field(default_factory=dict)
    """When the block of a file was sent to its end, by the file's path."""

    @classmethod
    def of(cls, call: Call) -> Self | None:
        """Return what stays of a call; None if it was none to a model, or was refused."""
        if call.bill is None or call.ended is None:
            return None
        began = call.ended if call.began is None else call.began
        return cls(call.model, call.wanted, call.bill, call.output, call.arrived, began, call.ended, dict(call.closed))

    @property
    def seconds(self) -> float:
        """Return how long the call took."""
        return self.ended - self.arrived

    @property
    def billed(self) -> float:
        """Return how many uncached tokens cost as much as its input."""
        return PRICES[self.model].billed(self.bill)

    @property
    def cost(self) -> float:
        """Return what it costs, in dollars."""
        return PRICES[self.model].cost(self.bill, self.output)


class Journal:
    """A file to which calls are written as they end."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("w", buffering=1)

    def __call__(self, call: Call) -> None:
        """Write down a call that is over; one call at a time."""
        if entry := Entry.of(call):
            self._file.write(json.dumps(asdict(entry)) + "\n")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()


def entries(path: Path) -> list[Entry]:
    """Return what was written down, in the order in which the calls ended."""
    return [_entry(line) for line in path.read_text().splitlines()]


def _entry(line: str) -> Entry:
    found = Entry(**json.loads(line))
    return replace(found, wanted=tuple(found.wanted), bill=Bill(**found.bill))  # type: ignore[arg-type]
