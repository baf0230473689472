"""What reviews of a run found."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from gocreator.observe.events import CallFinished, Event, Purpose, ReviewFailed, ReviewFinished
from gocreator.observe.figures import added, money


@dataclass
class ReviewLog:
    """A subscriber that notes each review, and what all of them took."""

    reviews: list[dict[str, Any]] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    """The files that were to be reviewed, and were not."""
    taken: Counter[str] = field(default_factory=Counter)
    costs: list[float | None] = field(default_factory=list)

    def __call__(self, event: Event) -> None:
        """Note what belongs to a review."""
        match event:
            case ReviewFinished():
                about = {"path": event.path, "provider": event.provider, "model": event.model}
                self.reviews.append({**about, "reused": event.reused, "findings": [dict(it) for it in event.findings]})
            case ReviewFailed():
                self.failed.append(event.path)
            case CallFinished(purpose=Purpose.REVIEW):
                read = (event.uncached, event.cache_read, event.cache_write)
                self.taken.update(calls=1, tokens_in=sum(it or 0 for it in read), tokens_out=event.output or 0)
                self.costs.append(event.cost)
            case _:
                pass

    def summary(self) -> list[str]:
        """Say in a few words what was reviewed, and what that took; nothing if nothing was."""
        if not self.reviews and not self.failed:
            return []
        found = sum(len(it["findings"]) for it in self.reviews)
        taken = self.taken
        tokens = f"{taken['tokens_in']:,} tokens in, {taken['tokens_out']:,} out, {money(added(self.costs))}"
        took = f"{found} finding{'s' * (found != 1)}, {taken['calls']} of the calls, {tokens}"
        not_done = [f"not reviewed {len(self.failed)}"] if self.failed else []
        return [f"reviewed {len({it['path'] for it in self.reviews})} ({took})", *not_done]
