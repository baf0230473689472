"""What each phase took, as soon as it is over."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from gocreator.observe.callevents import AttemptStarted
from gocreator.observe.events import CallFinished, Event, Purpose, RunStarted, TargetBuilt
from gocreator.observe.figures import added, money


@dataclass
class PhaseClock:
    """A subscriber that says, once for each phase, what it took; one in which a file fails is never over."""

    _planned: Mapping[str, int] = field(default_factory=dict)
    _built: dict[str, list[TargetBuilt]] = field(default_factory=dict)
    _flights: dict[str, Sequence[str]] = field(default_factory=dict)
    """The files of calls that are under way: their phase is not over before them."""
    _calls: list[CallFinished] = field(default_factory=list)

    def __call__(self, event: Event) -> list[str]:
        """Note an event, and return lines about phases that are over with it."""
        match event:
            case RunStarted():
                self._planned = event.phases
            case TargetBuilt():
                self._built.setdefault(event.phase, []).append(event)
            case AttemptStarted(purpose=Purpose.WRITE):
                self._flights[event.call] = event.paths
            case CallFinished(purpose=Purpose.WRITE):
                self._flights.pop(event.call, None)
                self._calls.append(event)
            case _:
                return []
        over = [phase for phase in self._built if self._is_over(phase)]
        return list(filter(None, map(self._line, over)))

    def _is_over(self, phase: str) -> bool:
        if len(self._built[phase]) < self._planned.get(phase, 0) or phase not in self._planned:
            return False
        paths = {it.path for it in self._built[phase]}
        return not any(paths & set(its) for its in self._flights.values())

    def _line(self, phase: str) -> str:
        """Say what a phase took; a call for files of several counts where its first file does.

        Of a single file of a template all was said when it was built.
        """
        files = self._built.pop(phase)
        paths = {it.path for it in files}
        calls = [it for it in self._calls if it.paths and it.paths[0] in paths]
        began = min([*(it.at - it.seconds for it in files), *(it.at - it.seconds for it in calls)])
        if len(files) == 1 and not calls:
            return ""
        many = f"{len(files)} file{'s' * (len(files) > 1)}"
        return f"phase    {phase}: {', '.join([many, *_spent(calls)])} in {files[-1].at - began:.1f} s"


def _spent(calls: Sequence[CallFinished]) -> list[str]:
    if not calls:
        return []
    count = sum(it.attempts for it in calls)
    read = sum(it.cache_read or 0 for it in calls)
    tokens = read + sum((it.uncached or 0) + (it.cache_write or 0) for it in calls)
    cached = f" ({read / tokens:.0%} cached)" if read else ""
    output = sum(it.output or 0 for it in calls)
    cost = money(added(it.cost for it in calls))
    return [f"{count} call{'s' * (count > 1)}", f"{tokens:,} tokens in{cached}", f"{output:,} out", cost]
