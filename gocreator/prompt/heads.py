"""Which kinds of files begin their prompts alike: all of them, or a few sets, each with a head of its own.

A head for all kinds is what the cache serves best, and what makes prompts longest: each then holds what only files of
other kinds need. So where prompts are long, kinds get heads of their own, and groups get smaller, while that costs
hardly more.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, reduce
from operator import add

from gocreator.config.terms import Terms
from gocreator.prompt.cost import Billed
from gocreator.prompt.grid import Ask
from gocreator.prompt.layout import Laid, Layout
from gocreator.values import RuleName

SHORT = 8_000
"""Prompts of up to so many tokens, in the mean, are short enough."""
_MORE = 1.2
"""So many times what the cheapest prompts are billed may shorter ones be billed."""
_READ = 0.8
"""Of the input, so much is to be read from the cache: what is not counts to most limits of tokens a minute."""
_FEW = 8
"""With more kinds than these, no sets are looked for: there are too many."""

Kinds = frozenset[RuleName]
Sets = tuple[Kinds, ...]


@dataclass(frozen=True)
class Draft:
    """The calls of a run, laid out in one way."""

    asks: Sequence[Ask]
    laid: Sequence[Laid]
    terms: Terms
    room: float

    @cached_property
    def billed(self) -> Billed:
        """Return what the input of all calls is billed."""
        return reduce(add, (it.billed for it in self.laid))

    @property
    def cost(self) -> float:
        """Return how many uncached tokens would cost the same."""
        return self.billed.equivalents(self.terms)

    @property
    def mean(self) -> float:
        """Return how many tokens a prompt has, in the mean."""
        return self.billed.total / len(self.laid)

    @property
    def read(self) -> float:
        """Return which part of the input is read from the cache."""
        return self.billed.cache_read / max(self.billed.total, 1)

    @property
    def too_long(self) -> float:
        """Return by how many tokens the longest prompt is longer than there is room for."""
        return max(0, max(it.billed.total for it in self.laid) - self.room)


def shortest(layouts: Iterable[Layout]) -> Draft:
    """Return the cheapest calls that are short, else the shortest, of those that cost hardly more than the cheapest.

    The `layouts` are of ever smaller groups; those that are not needed are not asked for.
    """
    drafts: list[Draft] = []
    sets: Sets = ()
    for layout in layouts:
        heads = _Heads(layout)
        drafts.append(heads.draft(heads.whole))
        if not layout.caching or drafts[0].mean <= SHORT:
            break
        if len(sets) <= 1:
            sets = heads.split(drafts)
        elif heads.may_be(sets):  # what was found for larger groups will do for smaller ones
            drafts.append(heads.draft(sets))
        if _best(drafts).mean <= SHORT:
            break
    return _best(drafts)


def _best(drafts: Sequence[Draft]) -> Draft:
    """Return the cheapest of the short ones, else the shortest, of those that may be taken."""
    room = min(it.too_long for it in drafts)
    fitting = [it for it in drafts if it.too_long == room]
    least = min(fitting, key=lambda it: it.cost)
    read = min(least.read, _READ)
    taken = [it for it in fitting if it.cost <= least.cost * _MORE and it.read >= read]
    short = [it for it in taken if it.mean <= SHORT]
    return min(short, key=lambda it: it.cost) if short else min(taken, key=lambda it: it.mean)


@dataclass
class _Heads:
    """Lays out the calls of a run with one head or several."""

    layout: Layout
    _known: dict[Kinds, dict[int, tuple[Ask, Laid]]] = field(default_factory=dict)
    """The calls of some kinds, by their places in the run."""

    @cached_property
    def parts(self) -> list[Kinds]:
        """Return the kinds of files, each by itself, but together what one call brings."""
        parts: list[Kinds] = []
        for ask in self.layout.asks:
            kinds = frozenset(ask.rules)
            joined = [it for it in parts if not it.isdisjoint(kinds)]
            if joined != [kinds]:
                parts = [*(it for it in parts if it not in joined), kinds.union(*joined)]
        return parts

    @property
    def whole(self) -> Sets:
        """Return the set of all kinds."""
        return (frozenset[RuleName]().union(*self.parts),)

    def may_be(self, sets: Sets) -> bool:
        """Tell whether no call brings files of several sets."""
        return all(any(part <= kinds for kinds in sets) for part in self.parts)

    def split(self, drafts: list[Draft]) -> Sets:
        """Give kinds heads of their own, one after the other, while that is best; add to the drafts what was tried."""
        sets = self.whole
        while len(self.parts) <= _FEW:
            tried = {its: self.draft(its) for its in self._finer(sets)}
            drafts += tried.values()
            best = _best(drafts)
            found = next((its for its, draft in tried.items() if draft is best), None)
            sets = found or sets
            if found is None or best.mean <= SHORT:
                break
        return sets

    def _finer(self, sets: Sets) -> Iterator[Sets]:
        """Yield the sets with one kind by itself that was among others."""
        for kinds in sets:
            others = tuple(it for it in sets if it != kinds)
            yield from ((*others, part, kinds - part) for part in self.parts if part < kinds)

    def draft(self, sets: Sets) -> Draft:
        """Lay out all calls, with a head for each set of kinds."""
        found: dict[int, tuple[Ask, Laid]] = {}
        for kinds in sets:
            found |= self._of(kinds)
        asks, laid = zip(*(found[at] for at in sorted(found)), strict=True)
        bills = self.layout.billed([it.prompt for it in laid])
        laid = tuple(replace(it, billed=bill) for it, bill in zip(laid, bills, strict=True))
        return Draft(asks, laid, self.layout.terms, self.layout.room)

    def _of(self, kinds: Kinds) -> dict[int, tuple[Ask, Laid]]:
        if kinds not in self._known:
            layout = self.layout.of(kinds)
            places = [at for at, ask in enumerate(self.layout.asks) if not kinds.isdisjoint(ask.rules)]
            self._known[kinds] = dict(zip(places, zip(layout.asks, layout.cheapest(), strict=True), strict=True))
        return self._known[kinds]
