"""What earlier calls taught about estimates: by how much tokens and seconds were off, for each model.

One factor a direction and model, because within a run all prompts are of nearly the same mix: factors for single kinds
of text cannot be told from what a provider reports. Losing the file costs accuracy alone, so one that cannot be read is
none. It lies beside the state and the store, and is neither forgotten with the one nor cleared with the other.
"""

import json
import math
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

VERSION = 1
_KEPT = 0.25
"""Earlier runs count so much beside the last: a model that writes otherwise now shows at once."""
_WILD = 20.0
"""A factor beyond this, or below its inverse, is no error of estimates."""


@dataclass(frozen=True)
class Off:
    """What was estimated, and what it came to."""

    estimated: float = 0.0
    actual: float = 0.0

    @property
    def factor(self) -> float:
        """Return by what an estimate is to be multiplied."""
        return self.actual / self.estimated if self.estimated > 0 and self.actual > 0 else 1.0

    def __add__(self, other: "Off") -> "Off":
        return Off(self.estimated + other.estimated, self.actual + other.actual)

    def faded(self) -> "Off":
        """Return the same with less weight."""
        return Off(self.estimated * _KEPT, self.actual * _KEPT)


@dataclass(frozen=True)
class Learned:
    """What is known of one model."""

    input: Off = Off()
    output: Off = Off()
    seconds: Off = Off()

    @property
    def known(self) -> bool:
        """Tell whether any call was seen to its end."""
        return self.input.estimated > 0

    def __add__(self, other: "Learned") -> "Learned":
        return Learned(self.input + other.input, self.output + other.output, self.seconds + other.seconds)

    def faded(self) -> "Learned":
        """Return the same with less weight."""
        return Learned(self.input.faded(), self.output.faded(), self.seconds.faded())


@dataclass
class Calibration:
    """What is known of models, and what one run adds; serves all threads."""

    known: Mapping[str, Learned] = field(default_factory=dict)
    _new: dict[str, Learned] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def of(self, model: str) -> Learned:
        """Return what was known of a model when the run began."""
        return self.known.get(model, Learned())

    def learn(self, model: str, seen: Learned) -> None:
        """Take a call into account that came to its end as it was asked for."""
        with self._lock:
            self._new[model] = self._new.get(model, Learned()) + seen

    @property
    def text(self) -> str:
        """Return the file's text; empty if nothing was learned."""
        with self._lock:
            new = {model: self.of(model).faded() + seen for model, seen in self._new.items()}
        plain = {model: _plain(learned) for model, learned in sorted((dict(self.known) | new).items())}
        return f"{json.dumps({'version': VERSION, 'models': plain}, indent=2)}\n" if new else ""


def read_calibration(path: Path) -> Calibration:
    """Read what was learned; what makes no sense is not known."""
    known: dict[str, Learned] = {}
    with suppress(OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        found = json.loads(path.read_bytes())
        if found["version"] == VERSION:
            for model, row in found["models"].items():
                known[model] = Learned(*(_off(row[name]) for name in ("input", "output", "seconds")))
    return Calibration(known)


def _plain(learned: Learned) -> dict[str, Any]:
    return {name: [round(off.estimated, 3), round(off.actual, 3)] for name, off in vars(learned).items()}


def _off(row: list[float]) -> Off:
    estimated, actual = row
    off = Off(float(estimated), float(actual))
    sane = math.isfinite(off.factor) and 1 / _WILD <= off.factor <= _WILD
    return off if sane else replace(off, estimated=0.0, actual=0.0)
