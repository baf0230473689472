"""The calls that a build makes, known before the first: one plan, which the dry run shows and the build executes."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import groupby
from typing import Literal

from gocreator.config.terms import Terms
from gocreator.engine.estimating import Estimator, Estimators, Raw, wall_seconds
from gocreator.engine.models import Models
from gocreator.engine.wanting import key_of, meaning_of
from gocreator.llm.provider import Rung
from gocreator.observe.events import Purpose
from gocreator.observe.figures import added
from gocreator.plan.staleness import Finding
from gocreator.plan.target import Target
from gocreator.prompt.cost import Billed
from gocreator.prompt.grid import Ask, Grid
from gocreator.prompt.heads import shortest
from gocreator.prompt.layout import Count, Laid, Layout
from gocreator.prompt.prompt import Prompt
from gocreator.prompt.texts import Texts
from gocreator.store.artifacts import ArtifactStore
from gocreator.store.entry import Kind
from gocreator.values import Digest, Origin, RelPath

_FULL = 0.8
"""Of an answer's limit, so much may the files of a call take: they are estimated, and a model thinks besides."""
_NEAR = 0.8
"""Of a model's window, so much may a call take without a warning."""
_SEVERAL = 3
"""With fewer groups than these, smaller ones are not worth more calls."""
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
    output: int
    """About so many tokens will the answer take."""
    seconds: float
    """About how long it takes."""
    cost: float | None
    """About what it costs in dollars; None where nobody knows the prices."""
    raw: Raw
    """What it was estimated to take before anything was learned about the model."""
    prefixes: tuple[Digest, ...]
    """What it reads from the provider's cache or writes there."""
    lifetime: float
    """Seconds for which a prefix is kept."""
    rung: Rung | None = None
    """Who is asked first, if not as for all files."""
    purpose: Purpose = Purpose.WRITE
    call: str = ""
    """Its name in the run that makes it."""


@dataclass(frozen=True)
class CallPlan:
    """All calls of a build, in the order in which they leave."""

    rung: Rung | None = None
    """Who is asked first; None: nobody."""
    calls: tuple[PlannedCall, ...] = ()
    """Those that bring files."""
    reviews: tuple[PlannedCall, ...] = ()
    """Those that review files, each as soon as its file is there."""
    reused: tuple[Target, ...] = ()
    """What the store holds."""
    warnings: tuple[str, ...] = ()
    workers: int = 1
    prices: str = ""
    """Who says what the model costs, and of when."""
    batching: bool = True
    """Files may share a call."""
    caching: bool = True
    """What calls share may be cached."""
    minimum: int = 0
    """Tokens that a prefix has at least that the provider keeps."""

    @property
    def all(self) -> tuple[PlannedCall, ...]:
        """Return all calls."""
        return (*self.calls, *self.reviews)

    @property
    def paths(self) -> list[RelPath]:
        """Return the files that any call is about, each once."""
        return list(dict.fromkeys(target.path for call in self.all for target in call.targets))

    @property
    def lanes(self) -> list[tuple[Rung, tuple[PlannedCall, ...]]]:
        """Return the calls by whom they ask first."""
        found: dict[Rung, list[PlannedCall]] = {}
        for call in self.all:
            if rung := call.rung or self.rung:
                found.setdefault(rung, []).append(call)
        return [(rung, tuple(calls)) for rung, calls in found.items()]

    @property
    def tokens(self) -> int:
        """Return about how many tokens all calls take, in and out."""
        return sum(call.billed.total + call.output for call in self.all)

    @property
    def cost(self) -> float | None:
        """Return about what they cost in dollars; None where nobody knows the prices."""
        return added(call.cost for call in self.all)

    @property
    def seconds(self) -> float:
        """Return about how long they take."""
        return wall_seconds([call.seconds for call in self.all], self.workers)


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
    calls = planner.calls(rest)
    warnings = tuple(planner.warnings(rest, calls))
    return CallPlan(
        rung,
        tuple(calls),
        reused=tuple(reused),
        warnings=warnings,
        workers=workers,
        prices=models.terms(rung).source,
        batching=models.optimizing.batch > 1,
        caching=models.endpoints[rung.provider].kind in models.optimizing.caching,
        minimum=models.terms(rung).minimum,
    )


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
        return self._estimator.terms

    @cached_property
    def _estimator(self) -> Estimator:
        return Estimators(self.models).of(self.rung)

    def calls(self, targets: Sequence[Target]) -> list[PlannedCall]:
        """Return the calls in the order in which they leave; for fewer files each where the model's window is small."""
        size = self.models.optimizing.batch
        while True:
            found = list(self._calls(targets, size))
            if size == 1 or all(self._window(call) <= _NEAR for call in found):
                return found
            size //= 2

    def _window(self, call: PlannedCall) -> float:
        """Return which part of the model's window a call takes; 0 where nobody knows how large it is."""
        return (call.billed.total + call.output) / self._terms.window if self._terms.window else 0.0

    def _calls(self, targets: Sequence[Target], size: int) -> Iterator[PlannedCall]:
        """Yield calls for at most so many files each."""
        draft = shortest(self._layouts(targets, size))
        for ask, laid in zip(draft.asks, draft.laid, strict=True):
            yield self._call(ask, laid)

    def _layouts(self, targets: Sequence[Target], most: int) -> Iterator[Layout]:
        """Yield layouts of groups of at most so many files, and of smaller ones where these serve several kinds."""
        how = self.models.optimizing
        kinds = {target.rule for target in targets}
        before: list[Ask] = []
        for size in range(most, (most + 1) // 2 - 1, -1):
            grid = Grid(size, how.similarity, self.workers, self._fits, self._answers)
            asks = self._ordered(grid.asks(self.texts.plan, targets))
            if asks != before:
                yield Layout(
                    self.texts,
                    asks,
                    self._terms,
                    self._count,
                    caching=self._kind in how.caching,
                    stable=how.stable,
                    long=how.long,
                    room=self._room(asks),
                )
            if len(kinds) == 1 or len({ask.group for ask in asks}) < _SEVERAL:
                return
            before = asks

    @cached_property
    def _count(self) -> Count:
        return cache(self.counted or self._estimator.part)

    def _room(self, asks: Sequence[Ask]) -> float:
        """Return how many tokens a prompt may take, so that the longest of the answers has room too."""
        if not self._terms.window:
            return float("inf")
        return _NEAR * self._terms.window - max(self._estimator.output(self._raw(ask)) for ask in asks)

    def _call(self, ask: Ask, laid: Laid) -> PlannedCall:
        raw = self._raw(ask, laid.prompt)
        output = self._estimator.output(raw)
        return PlannedCall(
            targets=ask.targets,
            members=ask.members,
            prompt=laid.prompt,
            billed=laid.billed,
            output=output,
            seconds=self._estimator.seconds(raw),
            cost=self._estimator.dollars(laid.billed, output),
            raw=raw,
            prefixes=laid.prefixes,
            lifetime=self._terms.short,
        )

    def _raw(self, ask: Ask, prompt: Prompt | None = None) -> Raw:
        return self._estimator.raw(prompt.parts if prompt else (), self.texts.output(ask.targets, self._kind))

    def _fits(self, targets: Sequence[Target]) -> bool:
        """Tell whether files may share a prompt, by how much of the specification it then shows."""
        return not self._is_bounded or self.texts.share(targets) <= self.models.optimizing.share

    def _answers(self, targets: Sequence[Target]) -> bool:
        """Tell whether one answer has room for files."""
        return self.texts.output(targets) <= _FULL * self.models.optimizing.limit

    @cached_property
    def _is_bounded(self) -> bool:
        """Tell whether the specification is so large that it matters how much of it a call holds."""
        return self.models.optimizing.filtering and self.texts.size > _SMALL

    def warnings(self, targets: Sequence[Target], calls: Iterable[PlannedCall]) -> Iterator[str]:
        """Tell of calls that hardly fit into the model's window, and of files that need much of the specification."""
        if not self.models.askable:
            yield f"there is no key for {self.rung.provider}, so a build would ask nobody"
        for call in calls:
            if self._window(call) > _NEAR:
                files = ", ".join(it.path for it in call.targets)
                holds = f"{self._window(call):.0%} of the {self._terms.window:,} tokens that {self.rung.model} holds"
                yield f"the call for {files} takes {holds}"
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
        return self._estimator.seconds(self._raw(ask))


def _is_stored(target: Target, texts: Texts, models: Models, store: ArtifactStore) -> bool:
    """Tell whether the store holds a file for a target; whether it is accepted shows when it is taken."""
    meaning = meaning_of(target, texts)
    keys = (key_of(meaning, rung) for rung in models.ladder)
    return models.reuses and any(models.takes(store.look(Kind.ARTIFACT, key)) for key in keys)
