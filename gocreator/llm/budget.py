"""What a run may spend: every attempt takes its share before it is made, so that no limit is ever exceeded.

A share is what the attempt can come to at most. It is settled with what the provider says that it took; where that is
not known, the whole share is taken for spent. An attempt whose share does not fit while others are under way waits for
what these leave; one that fits in no case is refused.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass

from gocreator.errors import ExitCode, Failed
from gocreator.llm.provider import Cancelled

_TICK = 0.2
"""Seconds after which whoever waits looks whether the run was cancelled."""


class OverLimit(Failed):
    """A call that was not made, because it could have exceeded what the run may spend."""

    exit_code = ExitCode.REFUSED


@dataclass(frozen=True)
class Spend:
    """Tokens, cached ones included, and dollars; None: nobody knows the price."""

    tokens: int = 0
    dollars: float | None = 0.0

    def __add__(self, other: "Spend") -> "Spend":
        known = self.dollars is not None and other.dollars is not None
        return Spend(self.tokens + other.tokens, (self.dollars or 0) + (other.dollars or 0) if known else None)


@dataclass(frozen=True)
class Limits:
    """What one run may spend; None: as much as it takes."""

    tokens: int | None = None
    dollars: float | None = None
    calls: bool = True
    """False: no call may be made at all."""


class Budget:
    """What one run has spent and may spend; serves all threads."""

    def __init__(self, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self._changed = threading.Condition()
        self._spent = Spend()
        self._shares: dict[object, Spend] = {}
        self.lacking: Spend | None = None
        """What calls would have taken that were not made; None: all were."""

    @property
    def spent(self) -> Spend:
        """Return what settled attempts took."""
        with self._changed:
            return self._spent

    def take(self, most: Spend, cancelled: threading.Event, waits: Callable[[], None] = lambda: None) -> object:
        """Set a share aside and return what it is settled by; wait while others may leave enough.

        `waits` is called once if it comes to that. Raise `OverLimit` where the share fits in no case, `Cancelled` where
        the run ends first.
        """
        told = False
        with self._changed:
            while True:
                if why := self._over(self._spent + most):
                    raise OverLimit(*why)
                if not self._over(sum(self._shares.values(), self._spent + most)):
                    share = object()
                    self._shares[share] = most
                    return share
                if not told:
                    waits()
                    told = True
                self._changed.wait(_TICK)
                if cancelled.is_set():
                    raise Cancelled("the call was cancelled")

    def settle(self, share: object, took: Spend | None = None) -> None:
        """Give a share back but for what was spent of it; None: all of it."""
        with self._changed:
            most = self._shares.pop(share)
            self._spent += most if took is None else took
            self._changed.notify_all()

    def lacks(self, more: Spend) -> None:
        """Note what a call would have taken that was not made."""
        with self._changed:
            self.lacking = Spend(0) + more if self.lacking is None else self.lacking + more

    def _over(self, sum_: Spend) -> tuple[str, ...]:
        """Say which limit a sum exceeds; nothing if it exceeds none."""
        limits, spent = self.limits, self._spent
        if not limits.calls:
            return ("with --frozen no model is asked",)
        if limits.tokens is not None and sum_.tokens > limits.tokens:
            more = f"{spent.tokens:,} are spent, and this call may take {sum_.tokens - spent.tokens:,}"
            return (f"limits.max_tokens is {limits.tokens:,} tokens: {more}",)
        if limits.dollars is None:
            return ()
        if sum_.dollars is None or spent.dollars is None:
            return ("limits.max_cost_usd is set, and nobody knows what the model costs: set llm.prices",)
        if sum_.dollars > limits.dollars:
            more = f"${spent.dollars:.4f} is spent, and this call may take ${sum_.dollars - spent.dollars:.4f}"
            return (f"limits.max_cost_usd is ${limits.dollars:g}: {more}",)
        return ()
