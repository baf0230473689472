"""The calls that a build makes, known before the first: one plan, which the dry run shows and the build executes."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import Literal

from gocreator.config.prices import terms_for
from gocreator.config.terms import Terms
from gocreator.engine.models import Models, open_store
from gocreator.engine.session import Session
from gocreator.engine.wanting import key_of, meaning_of
from gocreator.llm.provider import Rung
from gocreator.plan.staleness import Finding
from gocreator.plan.target import Target
from gocreator.prompt.cost import Billed
from gocreator.prompt.grid import Ask, Grid
from gocreator.prompt.layout import Count, Layout
from gocreator.prompt.prompt import Prompt, PromptPart
from gocreator.prompt.texts import Texts
from gocreator.store.artifacts import ArtifactStore
from gocreator.store.entry import Kind
from gocreator.values import Digest, Origin, RuleName

_SPEED = 80.0
"""So many tokens does a model write in a second; only which call leaves first hangs on it."""
_FIRST = 1.0
"""So many seconds pass before it begins."""
_FULL = 0.8
"""Of an answer's limit, so much may the files of a call take: they are estimated, and a model thinks besides."""
_SMALL = 8_000
"""A specification with fewer characters fits into every call: no part of it is worth leaving out."""


@dataclass(frozen=True)
class PlannedCall:
    """One call, before it is made."""

    targets: tuple[Target, ...]
    members: tuple[Target, ...]
    """All files of the group of elements that it is for, in all of its calls."""
    prompt: Prompt
    billed: Billed
    """What its input is billed."""
    prefixes: tuple[Digest, ...]
    """What it reads from the provider's cache or writes there."""
    lifetime: float
    """Seconds for which a prefix is kept."""


@dataclass(frozen=True)
class CallPlan:
    """All calls of a build, in the order in which they leave."""

    rung: Rung | None = None
    """Who is asked first; None: nobody."""
    calls: tuple[PlannedCall, ...] = ()
    reused: tuple[Target, ...] = ()
    """What the store holds."""
    warnings: tuple[str, ...] = ()


def plan_calls(  # noqa: PLR0913 - what is asked for, of whom, and what is known already
    texts: Texts,
    models: Models,
    targets: Sequence[Target],
    store: ArtifactStore,
    *,
    workers: int,
    count: Count | None = None,
) -> CallPlan:
    """Plan the calls for targets of models; `count` counts the tokens of a part of a prompt, where it is known how."""
    rung = next(iter((*models.askable, *models.ladder)), None)
    reused = [target for target in targets if _is_stored(target, texts, models, store)]
    known = {target.path for target in reused}
    rest = [target for target in targets if target.path not in known]
    if rung is None or not rest:
        return CallPlan(rung, reused=tuple(reused))
    planner = _Planner(texts, models, rung, workers, count)
    return CallPlan(rung, tuple(planner.calls(rest)), tuple(reused), tuple(planner.warnings(rest)))


def foreseen(session: Session, models: Models, findings: Iterable[Finding], *, workers: int) -> CallPlan:
    """Return the calls that a build would make for some findings; what waits for a contract is not among them."""
    targets = wanted_of_models(findings)
    if not targets:
        return CallPlan()
    store = open_store(models, create=False)
    try:
        return plan_calls(session.texts, models, targets, store, workers=workers)
    finally:
        store.close()


def wanted_of_models(findings: Iterable[Finding]) -> list[Target]:
    """Return the targets that models are to write now."""
    ready = (it.target for it in findings if it.work and not it.target.awaits)
    return [target for target in ready if target.origin is Origin.MODEL]


@dataclass
class _Planner:
    """Plans the calls of one lane: all of them are asked of one model first."""

    texts: Texts
    models: Models
    rung: Rung
    workers: int
    counted: Count | None

    @property
    def _kind(self) -> Literal["anthropic", "openai"]:
        return self.models.endpoints[self.rung.provider].kind

    @cached_property
    def _terms(self) -> Terms:
        return terms_for(self._kind, self.rung.model, self.models.prices)

    def calls(self, targets: Sequence[Target]) -> Iterator[PlannedCall]:
        """Yield the calls in the order in which they leave."""
        how = self.models.optimizing
        grid = Grid(how.batch, how.similarity, self.workers, self._fits)
        asks = self._ordered(grid.asks(self.texts.plan, targets))
        layout = Layout(
            self.texts,
            asks,
            self._terms,
            self.counted or self._count,
            caching=self._kind in how.caching,
            stable=how.stable,
            long=how.long,
        )
        for ask, laid in zip(asks, layout.cheapest(), strict=True):
            yield PlannedCall(ask.targets, ask.members, laid.prompt, laid.billed, laid.prefixes, self._terms.short)

    def _count(self, part: PromptPart) -> int:
        return part.tokens(self._kind)

    def _fits(self, targets: Sequence[Target]) -> bool:
        """Tell whether the files of a group may share a prompt: by what it shows of the specification, and writes."""
        how = self.models.optimizing
        if how.longest and self.texts.output(_largest(targets)) > _FULL * how.longest:
            return False
        return not self._is_bounded or self.texts.share(targets) <= how.share

    @cached_property
    def _is_bounded(self) -> bool:
        """Tell whether the specification is so large that it matters how much of it a call holds."""
        return self.models.optimizing.filtering and self.texts.size > _SMALL

    def warnings(self, targets: Sequence[Target]) -> Iterator[str]:
        """Tell of files that need more of the specification than a call should hold."""
        for target in targets if self._is_bounded else ():
            share = self.texts.share([target])
            if share > self.models.optimizing.share:
                yield (
                    f"{target.path} needs {share:.0%} of the specification, more than the "
                    f"{self.models.optimizing.share:.0%} of optimization.context_window.max_fcs_percentage"
                )

    def _ordered(self, asks: Sequence[Ask]) -> list[Ask]:
        """Take groups in windows that end before what was written is dropped; inside, the longest call first."""
        room = self._terms.short / 2 * self.workers
        windows: dict[int, int] = {}
        begun, window = 0.0, 0
        for group, together in groupby(asks, key=lambda ask: ask.group):
            seconds = sum(map(self._seconds, together))
            if begun and begun + seconds > room:
                begun, window = 0.0, window + 1
            begun += seconds
            windows[group] = window
        return sorted(asks, key=lambda ask: (windows[ask.group], -self._seconds(ask)))

    def _seconds(self, ask: Ask) -> float:
        return _FIRST + self.texts.output(ask.targets) / _SPEED


def _largest(targets: Sequence[Target]) -> list[Target]:
    """Return the files of that kind which takes most: a call writes those of one."""
    by_rule: dict[RuleName, list[Target]] = {}
    for target in targets:
        by_rule.setdefault(target.rule, []).append(target)
    return max(by_rule.values(), key=len)


def _is_stored(target: Target, texts: Texts, models: Models, store: ArtifactStore) -> bool:
    """Tell whether the store holds a file for a target; whether it is accepted shows when it is taken."""
    meaning = meaning_of(target, texts)
    keys = (key_of(meaning, rung) for rung in models.ladder)
    return not models.refresh and any(store.holds(Kind.ARTIFACT, key) for key in keys)
