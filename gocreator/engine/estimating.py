"""What calls of one model take: tokens, seconds and dollars, before they are made and without asking anybody.

Tokens are estimated from the text, by how much a kind of provider makes of kinds of text, and corrected by what earlier
calls of the model came to.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from gocreator.config.dollars import dollars
from gocreator.config.terms import Terms
from gocreator.engine.models import Models
from gocreator.llm.provider import Request, Rung
from gocreator.prompt.cost import Billed
from gocreator.prompt.prompt import PromptPart
from gocreator.store.calibration import Learned, Off

FIRST = 1.0
"""So many seconds pass before a model begins to answer, until calls told otherwise."""
SPEED = 80.0
"""So many tokens does it write in a second, until calls told otherwise."""
_UNKNOWN = 1.6
"""So many times as many tokens as estimated may a prompt take at most, until calls told otherwise."""
_KNOWN = 1.2


@dataclass(frozen=True)
class Raw:
    """What a call was estimated to take before anything was learned: that is what is learned about."""

    input: int = 0
    """Tokens."""
    output: int = 0
    seconds: float = 0.0

    def seen(self, tokens_in: int, tokens_out: int, seconds: float) -> Learned:
        """Return what a call teaches that took so much."""
        return Learned(Off(self.input, tokens_in), Off(self.output, tokens_out), Off(self.seconds, seconds))


@dataclass(frozen=True)
class Estimator:
    """Estimates calls of one model."""

    rung: Rung
    kind: str
    terms: Terms
    learned: Learned

    def part(self, part: PromptPart) -> int:
        """Return about how many tokens a part of a prompt takes."""
        return math.ceil(part.tokens(self.kind) * self.learned.input.factor)

    def raw(self, parts: Iterable[PromptPart], output: int) -> Raw:
        """Return what a call takes as far as its text tells; `output` is told by the text too."""
        return Raw(sum(part.tokens(self.kind) for part in parts), output, FIRST + output / SPEED)

    def output(self, raw: Raw) -> int:
        """Return about how many tokens an answer takes."""
        return math.ceil(raw.output * self.learned.output.factor)

    def seconds(self, raw: Raw) -> float:
        """Return about how long a call takes."""
        return raw.seconds * self.learned.seconds.factor

    def most(self, parts: Iterable[PromptPart]) -> int:
        """Return how many tokens an input takes at most."""
        margin = _KNOWN if self.learned.known else _UNKNOWN
        return math.ceil(sum(map(self.part, parts)) * margin)

    def too_large(self, request: Request) -> str:
        """Say that a call is larger than what the model holds at once; nothing if it is not."""
        window, takes = self.terms.window, request.expected
        if window is None or takes is None or takes.input + takes.output <= window:
            return ""
        holds = f"{self.rung.model} holds {window:,}"
        return f"the call takes about {takes.input + takes.output:,} tokens, and {holds}: ask a model that holds more"

    def longest(self, wanted: int, tokens: int) -> int:
        """Return the output limit for a prompt of so many tokens: as wanted, as far as the model goes along."""
        room = self.terms.window - tokens if self.terms.window else wanted
        return max(1, min(wanted, room, self.terms.longest or wanted))

    def dollars(self, billed: Billed, output: int) -> float | None:
        """Return what a call costs; None where nobody knows the model's prices."""
        found = dollars(self.terms, **vars(billed), output=output)
        return None if found is None else float(found)


class Estimators:
    """The estimators of all models that a build may ask."""

    def __init__(self, models: Models) -> None:
        self._models = models
        self._known: dict[Rung, Estimator] = {}

    def of(self, rung: Rung) -> Estimator:
        """Return the estimator of one model."""
        if rung not in self._known:
            kind = self._models.endpoints[rung.provider].kind
            self._known[rung] = Estimator(
                rung, kind, self._models.terms(rung), self._models.calibration.of(learned_as(rung))
            )
        return self._known[rung]


def learned_as(rung: Rung) -> str:
    """Name what is learned about: a model that thinks longer writes more."""
    return " ".join(filter(None, [rung.provider, rung.model, rung.effort]))


def wall_seconds(each: Sequence[float], workers: int) -> float:
    """Return about how long calls take with so many in flight: no less than the longest, or an even share of all."""
    return max([*each, sum(each) / workers], default=0.0)
