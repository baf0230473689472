"""Whether a build may ask models for what it has planned: it is told, or asked, before the first call."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from gocreator.engine.callplan import CallPlan
from gocreator.errors import Code, Refused
from gocreator.llm.budget import Limits
from gocreator.observe.figures import added, money, span

_LISTED = 10
"""So many files does a message name."""


@dataclass(frozen=True)
class Gate:
    """What a build may do without asking for more."""

    limits: Limits = field(default_factory=Limits)
    confirm_above: int | None = None
    """So many tokens, estimated, may be spent unasked; None: any number."""
    confirm: Callable[[str], bool] | None = None
    """Asks whether to go on, told what it will take; None: there is nobody to ask."""

    def admit(self, plan: CallPlan) -> None:
        """Let a build make the calls of a plan, or raise `Refused`, before any of them is made."""
        if not plan.all:
            return
        self.admit_files(plan.paths)
        if self.limits.dollars is not None and plan.cost is None:
            unknown = ", ".join(
                sorted({rung.model for rung, calls in plan.lanes if added(it.cost for it in calls) is None})
            )
            message = f"limits.max_cost_usd is set, and nobody knows what {unknown} costs"
            raise Refused(message, hint="set llm.prices, or limit tokens with --max-tokens", code=Code.NO_PRICE)
        many = " and ".join(
            f"{len(calls)} call{'s' * (len(calls) > 1)} of {rung.provider} {rung.model}" for rung, calls in plan.lanes
        )
        self.admit_tokens(plan.tokens, f"{many}, {money(plan.cost)}, {span(plan.seconds)}")

    def admit_files(self, paths: Sequence[str]) -> None:
        """Refuse if files are to be asked for and no call may be made."""
        if self.limits.calls:
            return
        named = "".join(f"\n  {path}" for path in paths[:_LISTED])
        rest = f"\n  and {len(paths) - _LISTED} more" if len(paths) > _LISTED else ""
        many = f"{len(paths)} file{'s' * (len(paths) > 1)}"
        message = f"with --frozen no model is asked, and {many} would need one:{named}{rest}"
        raise Refused(message, hint="build without --frozen, and commit what it makes", code=Code.FROZEN)

    def admit_tokens(self, tokens: int, what: str) -> None:
        """Ask before more tokens are spent than may be unasked."""
        if self.confirm_above is None or tokens <= self.confirm_above:
            return
        takes = f"this build takes about {tokens:,} tokens: {what}"
        if self.confirm is None:
            above = f"limits.confirm_tokens is {self.confirm_above:,}"
            raise Refused(f"{takes}; {above}", hint="give --yes, or set GOCREATOR_YES=1, to let it")
        if not self.confirm(takes):
            raise Refused("nothing was asked and nothing was built")
