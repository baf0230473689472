"""What the workers do next: calls as they were planned, and beside them whatever asks nobody."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from gocreator.engine.jobs import Job, Phase, Step, StepJob
from gocreator.engine.warmqueue import WarmQueue
from gocreator.plan.target import Target
from gocreator.values import RelPath

GROUP = 64
"""So many targets travel together at most: their files are written with one sync."""


@dataclass
class Agenda:
    """Jobs for `workers` calls at once, and for as many groups of files beside them; one thread uses it."""

    step_of: Callable[[Target], Step]
    """Says who makes a target that travels in no planned call."""
    workers: int
    one_by_one: bool = False
    """A failure is to stop the rest."""
    calls: Iterable[Job] = ()
    """As they were planned."""
    _ready: list[Target] = field(default_factory=list)
    _flying: dict[int, Job] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Line the calls up."""
        self._queue = WarmQueue(list(self.calls))
        self._waiting: set[RelPath] = {target.path for call in self._queue.calls for target in call.targets}

    @property
    def busy(self) -> bool:
        """Tell whether anything is under way."""
        return bool(self._flying)

    def add(self, target: Target) -> None:
        """Take a target that can be made now; one that waits for a planned call is made by that."""
        if target.path not in self._waiting:
            self._ready.append(target)

    def follow(self, job: Job) -> None:
        """Take what a job says is to be done next."""
        if job.asks:
            self._queue.first(job)
        else:
            self._ready += job.targets

    def next(self) -> Job | None:
        """Return what a free worker does; None if there is none free, or nothing that can be done now."""
        job = self._next_call() or self._next_group()
        if job is not None:
            self._flying[id(job)] = job
        return job

    def _next_call(self) -> Job | None:
        if sum(job.asks for job in self._flying.values()) >= self.workers:
            return None
        pools = Counter(job.pool for job in self._flying.values() if job.asks)
        call = self._queue.take(lambda job: pools[job.pool])
        if call is not None:
            self._waiting.difference_update(target.path for target in call.targets)
        return call

    def _next_group(self) -> Job | None:
        """Take targets of one step that travel together: a fair share, or one if a failure is to stop the rest."""
        free = self.workers - sum(not job.asks for job in self._flying.values())
        if not self._ready or free <= 0:
            return None
        size = 1 if self.one_by_one else min(GROUP, -(-len(self._ready) // free))
        step = self.step_of(self._ready[0])
        group: list[Target] = []
        rest: list[Target] = []
        for target in self._ready:
            fits = len(group) < size and self.step_of(target) is step
            (group if fits else rest).append(target)
        self._ready = rest
        return StepJob(step, group)

    def told(self, job: Job, phase: Phase) -> None:
        """Take note of what became known of a call."""
        if job.asks:
            self._queue.told(job, phase)

    def ended(self, job: Job) -> None:
        """Take note that a job is over."""
        del self._flying[id(job)]
        if job.asks:
            self._queue.ended(job)
