"""What repairs of a run took, and whether they helped."""

from dataclasses import dataclass, field
from typing import Any

from gocreator.observe.events import CallFinished, Event, Purpose, RepairFinished, RepairStarted
from gocreator.observe.figures import added, money


@dataclass
class RepairLog:
    """A subscriber that notes each repair with the calls that it took."""

    repairs: list[dict[str, Any]] = field(default_factory=list)
    """In the order in which they began; costs are dollars, None where nobody knows them."""

    def __call__(self, event: Event) -> None:
        """Note what belongs to a repair."""
        match event:
            case RepairStarted():
                about = {"path": event.path, "attempt": event.attempt, "provider": event.provider, "model": event.model}
                taken = {"calls": 0, "input_tokens": 0, "output_tokens": 0, "cost_usd": 0.0, "seconds": 0.0}
                told = {"messages": list(event.messages), "fixed": False, "message": ""}
                self.repairs.append({**about, **taken, **told})
            case RepairFinished():
                if found := self._last(event.path):
                    found |= {"fixed": event.fixed, "message": event.message}
            case CallFinished(purpose=Purpose.REPAIR):
                if found := self._last(event.paths[0]):
                    self._called(found, event)
            case _:
                pass

    def summary(self) -> list[str]:
        """Say in a few words what was repaired, and what that took; nothing if nothing was."""
        if not self.repairs:
            return []
        last = {it["path"]: it["fixed"] for it in self.repairs}
        calls, tokens_in, tokens_out = (
            sum(it[name] for it in self.repairs) for name in ("calls", "input_tokens", "output_tokens")
        )
        cost = money(added(it["cost_usd"] for it in self.repairs))
        took = f"{calls} of the calls, {tokens_in:,} tokens in, {tokens_out:,} out, {cost}"
        return [f"repaired {sum(last.values())} of {len(last)} ({took})"]

    def took(self, path: str) -> str:
        """Say what the last repair of a file took; nothing if no model was asked."""
        found = self._last(path)
        if found is None or not found["calls"]:
            return ""
        many = f"{found['calls']} call{'s' * (found['calls'] > 1)}"
        tokens = f"{found['input_tokens']:,} tokens in, {found['output_tokens']:,} out"
        return f"  ({many}, {tokens}, {money(found['cost_usd'])})"

    def _last(self, path: str) -> dict[str, Any] | None:
        return next((it for it in reversed(self.repairs) if it["path"] == path), None)

    def _called(self, repair: dict[str, Any], event: CallFinished) -> None:
        repair["calls"] += event.attempts
        repair["input_tokens"] += sum(it or 0 for it in (event.uncached, event.cache_read, event.cache_write))
        repair["output_tokens"] += event.output or 0
        repair["seconds"] = round(repair["seconds"] + event.seconds, 4)
        repair["cost_usd"] = added([repair["cost_usd"], event.cost])
