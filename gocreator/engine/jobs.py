"""What workers do: a job makes targets that travel together, and yields a result for each as soon as it is there.

What templates write is one kind of job, a call of a model is another.
"""

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from gocreator.engine.steps import Made, NotMade
from gocreator.plan.target import Target


class Phase(StrEnum):
    """What becomes known of a call while it is made."""

    BEGAN = "began"
    """Its answer has begun: what it wrote to the provider's cache can be read from now on."""
    PAUSED = "paused"
    """It waits, for its turn or, having failed, before it is tried again: nobody should wait for it."""


Signal = Callable[[Phase], None]


class Job(Protocol):
    """What one worker does at once."""

    @property
    def targets(self) -> Sequence[Target]:
        """Return what it makes."""
        ...

    @property
    def asks(self) -> bool:
        """Tell whether it is a call."""
        ...

    @property
    def pool(self) -> str:
        """Return whose calls it is one of, so that no provider waits while another is busy."""
        ...

    @property
    def prefixes(self) -> Sequence[Hashable]:
        """Return what it reads from a provider's cache or writes there, each named by all that it holds."""
        ...

    @property
    def lifetime(self) -> float:
        """Return the seconds for which a prefix is kept, from the start of the request that used it last."""
        ...

    def results(self, signal: Signal) -> "Iterator[Made | NotMade | Job]":
        """Yield one result per target: what came of it, or the job that is to make it now.

        Never raises for what is wrong with a target.
        """
        ...


class Step(Protocol):
    """Makes targets without asking anybody; never raises for what is wrong with one of them."""

    def make(self, targets: Sequence[Target]) -> Iterator[Made | NotMade | Job]:
        """Yield one result per target."""
        ...


@dataclass(frozen=True)
class StepJob:
    """A step, and what it is to make."""

    step: Step
    targets: Sequence[Target]
    asks: bool = False
    pool: str = ""
    prefixes: Sequence[Hashable] = ()
    lifetime: float = 0.0

    def results(self, signal: Signal) -> Iterator[Made | NotMade | Job]:  # noqa: ARG002
        """Yield one result per target."""
        return self.step.make(self.targets)
