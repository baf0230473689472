"""Why the calls of a run are as they are: what was reused, grouped, hoisted and marked, as events for the log."""

from collections import Counter
from collections.abc import Iterator

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
        yield _grouped(call)
        yield from _hoisted(call)
        yield _marked(call, users)
        if len(plan.calls) > 1:
            yield _ordered(call, place, users)


def _grouped(call: PlannedCall) -> OptimizationDecided:
    files, group = len(call.targets), len(call.members)
    if files > 1:
        why = f"{files} files are so alike that they share a prompt and an answer"
        return _of(call, Decision.GROUPED, why, files=files, group_files=group)
    if group > 1:
        why = "an answer has no room for more of its group, or there are workers for each kind of file"
    else:
        why = "no other file that is wanted is alike enough, or batching is off"
    return _of(call, Decision.ALONE, why, files=1, group_files=group)


def _hoisted(call: PlannedCall) -> Iterator[OptimizationDecided]:
    """Yield that what several groups use, or contracts have in common, is said once."""
    for part in call.prompt.parts:
        if part.name == "shared":
            why = "what several groups use, or contracts have in common, stands once, where calls begin alike"
            yield _of(call, Decision.HOISTED, why, tokens=part.tokens())


def _marked(call: PlannedCall, users: Counter[Digest]) -> OptimizationDecided:
    if not call.prefixes:
        return _of(call, Decision.UNMARKED, "what it shares is shorter than the provider keeps, or caching is off")
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


def _ordered(call: PlannedCall, place: int, users: Counter[Digest]) -> OptimizationDecided:
    writes = call.billed.cache_write + call.billed.cache_write_long > 0 and any(users[it] > 1 for it in call.prefixes)
    why = "it writes to the cache what others wait for" if writes else "it goes when what it reads is there"
    return _of(call, Decision.ORDERED, why, place=place, seconds=round(call.seconds, 1))


def _of(call: PlannedCall, decision: Decision, why: str, **figures: object) -> OptimizationDecided:
    paths = tuple(target.path for target in call.targets)
    return OptimizationDecided(decision=decision, targets=paths, why=why, call=call.call, figures=figures)
