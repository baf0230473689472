"""Why the calls of a run are as they are: what was reused, grouped, hoisted and marked, as events for the log."""

from collections import Counter
from collections.abc import Iterator
from itertools import takewhile

from gocreator.engine.callplan import CallPlan, PlannedCall
from gocreator.llm.budget import Limits
from gocreator.observe.callevents import CallsPlanned, Decision, OptimizationDecided
from gocreator.values import Digest


def foreseen(plan: CallPlan, limits: Limits) -> CallsPlanned:
    """Return what all calls of a plan take, about, and what they may."""
    return CallsPlanned(
        calls=len(plan.all),
        targets=len({target.path for call in plan.calls for target in call.targets}),
        input_tokens=sum(call.billed.total for call in plan.all),
        output_tokens=sum(call.output for call in plan.all),
        seconds=round(plan.seconds, 1),
        cost=plan.cost,
        max_tokens=limits.tokens,
        max_cost=limits.dollars,
    )


def decisions(plan: CallPlan) -> Iterator[OptimizationDecided]:
    """Yield what was decided of each file that needs no call, then of each call in the order in which they leave."""
    for target in plan.reused:
        why = "the store holds what a model wrote for the same prompt"
        yield OptimizationDecided(decision=Decision.REUSED, targets=(target.path,), why=why, figures={})
    users = Counter(prefix for call in plan.calls for prefix in call.prefixes)
    for place, call in enumerate(plan.calls, 1):
        yield _grouped(call, plan)
        yield from _hoisted(call)
        yield _marked(call, users, plan)
        if len(plan.calls) > 1:
            yield _ordered(call, place, users)


def _grouped(call: PlannedCall, plan: CallPlan) -> OptimizationDecided:
    files, group = len(call.targets), len(call.members)
    if files > 1:
        why = f"{files} files are so alike that they share a prompt and an answer"
        return _of(call, Decision.GROUPED, why, files=files, group_files=group)
    return _of(call, Decision.ALONE, _why_alone(call, plan), files=1, group_files=group)


def _why_alone(call: PlannedCall, plan: CallPlan) -> str:
    (target,) = call.targets
    if not plan.batching:
        return "batching is off"
    if sum(it.rule == target.rule for it in call.members) > 1:
        return "an answer has no room for another file of its kind"
    if len(call.members) > 1:
        return "its group has no other file of its kind, and there are workers for each kind"
    if any(it.rule == target.rule for other in plan.calls for it in other.targets if it is not target):
        return "no other file of its kind that is wanted is alike enough, or fits into one prompt with it"
    return "no other file of its kind is wanted"


def _hoisted(call: PlannedCall) -> Iterator[OptimizationDecided]:
    """Yield that what several groups use, or contracts have in common, is said once."""
    for part in call.prompt.parts:
        if part.name == "shared":
            why = "what several groups use, or contracts have in common, stands once, where calls begin alike"
            yield _of(call, Decision.HOISTED, why, tokens=part.tokens())


def _marked(call: PlannedCall, users: Counter[Digest], plan: CallPlan) -> OptimizationDecided:
    if not call.prefixes:
        return _of(call, Decision.UNMARKED, _why_unmarked(call, plan))
    billed = call.billed
    return _of(
        call,
        Decision.MARKED,
        f"other calls begin as it does, with up to {len(call.prefixes)} prefixes",
        shared_with=[users[prefix] - 1 for prefix in call.prefixes],
        cache_read_tokens=billed.cache_read,
        cache_write_tokens=billed.cache_write + billed.cache_write_long,
        uncached_tokens=billed.uncached,
    )


def _why_unmarked(call: PlannedCall, plan: CallPlan) -> str:
    if not plan.caching:
        return "caching is off"
    shared = max((_shared(call, other) for other in plan.calls if other is not call), default=0)
    if not shared:
        return "no other call begins as it does"
    if shared < plan.minimum:
        return f"what it shares has about {shared:,} tokens, and the provider keeps {plan.minimum:,} or more"
    return "it would cost more to write what it shares to the cache than reading it saves"


def _shared(call: PlannedCall, other: PlannedCall) -> int:
    """Return with about how many equal tokens two calls begin."""
    pairs = zip(call.prompt.parts, other.prompt.parts, strict=False)
    return sum(one.tokens() for one, _ in takewhile(lambda pair: pair[0].text == pair[1].text, pairs))


def _ordered(call: PlannedCall, place: int, users: Counter[Digest]) -> OptimizationDecided:
    writes = call.billed.cache_write + call.billed.cache_write_long > 0 and any(users[it] > 1 for it in call.prefixes)
    why = "it writes to the cache what others wait for" if writes else "it goes when what it reads is there"
    return _of(call, Decision.ORDERED, why, place=place, seconds=round(call.seconds, 1))


def _of(call: PlannedCall, decision: Decision, why: str, **figures: object) -> OptimizationDecided:
    paths = tuple(target.path for target in call.targets)
    return OptimizationDecided(decision=decision, targets=paths, why=why, call=call.call, figures=figures)
