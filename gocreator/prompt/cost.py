"""What calls cost that share the beginnings of their prompts, and where marks make that least. Pure.

A prompt is pieces in order; a boundary is a number of pieces, and stands for the prefix up to there. Nothing here
expires: whoever orders the calls keeps those that share a prefix closer together than it lives.
"""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate

from gocreator.config.terms import Keep, Terms

MARGIN = 0.1
"""Sizes are estimates: a prefix that is above a minimum by less than this part of it may be below."""

_REPORTED = 128
"""Caches that work unasked report reads in multiples of so many tokens (developers.openai.com, prompt caching)."""

Marks = Mapping[int, Keep]
"""The marked boundaries of one prompt."""


@dataclass(frozen=True)
class Piece:
    """A block of a prompt; never empty."""

    text: Hashable
    """The text, or a digest of it: two pieces are one if these are equal."""
    tokens: int


@dataclass(frozen=True)
class Billed:
    """How input is billed, in tokens; each stands in one count only."""

    uncached: int = 0
    cache_read: int = 0
    cache_write: int = 0
    """Written to be kept short."""
    cache_write_long: int = 0

    @property
    def total(self) -> int:
        """Return all input tokens."""
        return self.uncached + self.cache_read + self.cache_write + self.cache_write_long

    def equivalents(self, terms: Terms) -> float:
        """Return how many uncached tokens would cost the same."""
        written = self.cache_write * terms.write + self.cache_write_long * terms.write_long
        return self.uncached + self.cache_read * terms.read + written

    def __add__(self, other: "Billed") -> "Billed":
        return Billed(
            self.uncached + other.uncached,
            self.cache_read + other.cache_read,
            self.cache_write + other.cache_write,
            self.cache_write_long + other.cache_write_long,
        )


def simulate(calls: Sequence[Sequence[Piece]], marks: Sequence[Marks], terms: Terms) -> list[Billed]:
    """Return how each call is billed if they are made in this order, each begun before the next, with cold caches.

    Marks mean nothing to a model that takes none. `ValueError`: a provider would refuse the marks.
    """
    bill = _by_marks if terms.marks else _unasked
    written = {0}
    return [bill(prompt, its, terms, written) for prompt, its in zip(_prompts(calls), marks, strict=True)]


def best_marks(
    calls: Sequence[Sequence[Piece]], boundaries: Marks, terms: Terms, *, margin: float = MARGIN
) -> list[Marks]:
    """Return the marks of each call with which all of them are billed least, and of equal ones the fewest.

    `boundaries` are where marks may stand, and for how long; a shorter call has those that it reaches. A prefix is
    marked in every call that begins with it, or in none, so one that is used once can stay without while its like are
    marked. The order of the calls does not matter. `ValueError`: there are more boundaries than a request takes marks.
    """
    if not terms.marks:
        return [{} for _ in calls]
    _check(boundaries, max(boundaries, default=0), terms)
    prompts = _prompts(calls)
    best = _best(_tree(prompts, boundaries), 0, terms.minimum * (1 + margin), terms)
    chosen = set(best.marked)
    return [
        {end: keep for end, keep in boundaries.items() if end <= prompt.size and prompt.names[end] in chosen}
        for prompt in prompts
    ]


@dataclass(frozen=True)
class _Prompt:
    names: list[int]
    """Of the prefixes of 0, 1, 2 ... pieces; equal prefixes have equal names."""
    totals: list[int]
    """Their tokens."""

    @property
    def size(self) -> int:
        return len(self.names) - 1


def _prompts(calls: Sequence[Sequence[Piece]]) -> list[_Prompt]:
    """Name the prefixes of all calls."""
    known: dict[tuple[int, Hashable], int] = {}
    return [_Prompt(list(_names(call, known)), [0, *accumulate(it.tokens for it in call)]) for call in calls]


def _names(call: Sequence[Piece], known: dict[tuple[int, Hashable], int]) -> Iterator[int]:
    name = 0
    yield name
    for piece in call:
        name = known.setdefault((name, piece.text), len(known) + 1)
        yield name


def _check(marks: Marks, size: int, terms: Terms) -> None:
    """Raise `ValueError` for marks that a provider refuses."""
    kept = [marks[end] for end in sorted(marks)]
    if len(kept) > terms.marks or any(not 1 <= end <= size for end in marks):
        raise ValueError(f"a prompt of {size} pieces cannot be marked at {sorted(marks)}")
    if Keep.SHORT in kept and Keep.LONG in kept[kept.index(Keep.SHORT) :]:
        raise ValueError("a long mark stands behind a short one")


def _by_marks(prompt: _Prompt, marks: Marks, terms: Terms, written: set[int]) -> Billed:
    """Bill a call: read up to the longest prefix that is found, written up to the last mark behind it."""
    _check(marks, prompt.size, terms)
    totals = prompt.totals
    hit = max((end for end in _looked_at(marks, terms) if prompt.names[end] in written), default=0)
    writing = [end for end in marks if totals[end] >= terms.minimum]
    last = max([hit, *writing])
    last_long = max([hit, *(end for end in writing if marks[end] is Keep.LONG)])
    written.update(prompt.names[end] for end in writing)
    return Billed(
        uncached=totals[-1] - totals[last],
        cache_read=totals[hit],
        cache_write=totals[last] - totals[last_long],
        cache_write_long=totals[last_long] - totals[hit],
    )


def _looked_at(marks: Marks, terms: Terms) -> Iterator[int]:
    """Return where a written prefix is looked for."""
    for end in marks:
        yield from range(end, max(end - terms.lookback, 0), -1)


def _unasked(prompt: _Prompt, _: Marks, terms: Terms, written: set[int]) -> Billed:
    """Bill a call of a model that caches all, interval by interval, and takes nothing for it."""
    shared = max(total for name, total in zip(prompt.names, prompt.totals, strict=True) if name in written)
    hit = shared - shared % terms.interval
    read = hit - hit % _REPORTED if hit >= terms.minimum else 0
    written.update(prompt.names)
    return Billed(uncached=prompt.totals[-1] - read, cache_read=read)


@dataclass
class _Node:
    """A prefix at a boundary."""

    name: int
    keep: Keep = Keep.SHORT
    tokens: int = 0
    """Those since the boundary before."""
    total: int = 0
    uses: int = 0
    ending: int = 0
    """Of the uses, those that reach no further boundary."""
    below: dict[int, "_Node"] = field(default_factory=dict)


@dataclass(frozen=True)
class _Choice:
    """What is marked at and below a prefix, and what the tokens down to there cost."""

    cost: float
    marked: tuple[int, ...] = ()


def _tree(prompts: Sequence[_Prompt], boundaries: Marks) -> _Node:
    root = _Node(0)
    for prompt in prompts:
        node, before = root, 0
        for end in (end for end in sorted(boundaries) if end <= prompt.size):
            name, total = prompt.names[end], prompt.totals[end]
            node = node.below.setdefault(name, _Node(name, boundaries[end], total - before, total))
            node.uses += 1
            before = total
        node.ending += 1
    return root


def _best(node: _Node, pending: int, smallest: float, terms: Terms) -> _Choice:
    """Choose for a prefix and all that begin with it; `pending` tokens before it are behind the last mark above.

    Tokens are written once and then read by every call that has a mark behind them; the next mark down is what counts.
    """
    held = pending + node.tokens
    without = _with_those_below(node, held, held * node.ending, smallest, terms)
    if not node.name or node.total < smallest:
        return without
    rate = terms.write if node.keep is Keep.SHORT else terms.write_long
    marked = _with_those_below(node, 0, held * (rate + terms.read * (node.uses - 1)), smallest, terms)
    marked = _Choice(marked.cost, (node.name, *marked.marked))
    return min(without, marked, key=lambda it: (round(it.cost, 6), len(it.marked)))


def _with_those_below(node: _Node, pending: int, cost: float, smallest: float, terms: Terms) -> _Choice:
    below = [_best(child, pending, smallest, terms) for child in node.below.values()]
    marked = tuple(name for it in below for name in it.marked)
    return _Choice(cost + sum(it.cost for it in below), marked)
