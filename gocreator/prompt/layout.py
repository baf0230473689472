"""In which order the parts of a run's prompts stand, and where their prefixes are marked: whatever is billed least.

    head    instructions and the rules of the run | project | the group's slices and contracts | which files
    after   instructions | project | the group | own rules | which files: few groups, or many rules
    first   instructions and own rules | project | the group | which files: one rule
    own     as first, with nothing that serves other calls of the group: where nothing is cached

Billed input decides, not the share that is read from a cache: a prompt can be read from it and be dear all the same.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import accumulate, chain, pairwise

from gocreator.config.terms import Keep, Terms
from gocreator.plan.target import Target, UsedContract
from gocreator.prompt.commons import Key
from gocreator.prompt.cost import Billed, Marks, Piece, best_marks, simulate
from gocreator.prompt.grid import Ask
from gocreator.prompt.prompt import Prompt, PromptPart, Speaker
from gocreator.prompt.texts import Texts
from gocreator.values import Digest, Part, RelPath, RuleName, digest

Count = Callable[[PromptPart], int]
"""Tells about how many tokens a part of a prompt takes."""

_LONGER = 1.25
"""So many times what it costs among what all calls share may a contract cost in the blocks of those groups that use
it: what it saves there makes each prompt longer."""


@dataclass(frozen=True)
class Laid:
    """The prompt of one call."""

    prompt: Prompt
    billed: Billed
    """What its input is billed if calls are made in their order, each when the one before has begun, on cold caches."""
    prefixes: tuple[Digest, ...]
    """What it reads from the cache or writes there, each named by all that it holds."""


@dataclass(frozen=True)
class _Parts:
    """The prompts of a run in one shape."""

    rows: Sequence[Sequence[PromptPart]]
    """The parts of each call."""
    head: int
    """So many of them does it share with calls of other groups."""
    boundaries: Sequence[int]
    """After how many parts a prefix ends that others may have too."""


@dataclass(frozen=True)
class _Marked:
    """The same, marked."""

    parts: _Parts
    pieces: Sequence[Sequence[Piece]]
    marks: Sequence[Marks]
    billed: Sequence[Billed]


@dataclass
class Layout:
    """Lays out the calls of one run, in the order in which they are made."""

    texts: Texts
    asks: Sequence[Ask]
    terms: Terms
    count: Count
    caching: bool = True
    stable: bool = True
    """Mark what all calls share, not only what those of a group do."""
    long: bool = False
    """Keep what all calls share for the longer time."""
    room: float = float("inf")
    """So many tokens a prompt may have, if that can be."""
    part: bool = False
    """These are some calls of a run of which the others have another head."""
    _groups: dict[tuple[frozenset[Key], tuple[RelPath, ...]], list[PromptPart]] = field(default_factory=dict)
    """Slices and contracts of files, each rendered once."""

    def of(self, rules: AbstractSet[RuleName]) -> "Layout":
        """Return the layout of those calls that bring files of some rules; their prompts hold nothing for others."""
        asks = [
            replace(ask, members=tuple(it for it in ask.members if it.rule in rules))
            for ask in self.asks
            if not rules.isdisjoint(ask.rules)
        ]
        return replace(self, asks=asks, part=len(asks) < len(self.asks), _groups={})

    def billed(self, prompts: Sequence[Prompt]) -> list[Billed]:
        """Return what the input of prompts is billed, in this order, however they were laid out."""
        pieces = [[Piece(part.text, self.count(part)) for part in prompt.parts] for prompt in prompts]
        marks = [{at: it.mark for at, it in enumerate(prompt.parts, 1) if it.mark} for prompt in prompts]
        return simulate(pieces, marks, self.terms)

    def cheapest(self) -> list[Laid]:
        """Return the prompts whose input is billed least, in the order of the calls.

        None has more tokens than there is room for, if that can be; else the longest is as short as it can be.
        """
        found = (self._marked(shape(common)) for common in self._commons() for shape in self._shapes())
        return self._laid(min(found, key=self._cost))

    def _cost(self, marked: _Marked) -> tuple[float, float]:
        too_long = max(0, max(it.total for it in marked.billed) - self.room)
        return too_long, sum(it.equivalents(self.terms) for it in marked.billed)

    def _shapes(self) -> Iterator[Callable[[Collection[Key]], _Parts]]:
        """Yield the shapes that may be cheapest."""
        one = len({rule for ask in self.asks for rule in ask.rules}) == 1
        if not one:
            yield self._head
            yield self._after
        if one or not self.part:
            yield self._first
            if any(ask.targets != ask.members for ask in self.asks):
                yield self._own

    def _commons(self) -> Iterator[frozenset[Key]]:
        """Yield what may be said once."""
        if not (self.part and self._saving):
            yield frozenset()
        if self._saving:
            yield self._saving

    def _head(self, common: Collection[Key]) -> _Parts:
        rules = self.texts.rules(list(dict.fromkeys(chain.from_iterable(ask.rules for ask in self.asks))))
        return self._parts([rules, *self._project(common)], lambda ask: self._group(ask.members, common))

    def _after(self, common: Collection[Key]) -> _Parts:
        project = self._project(common)
        return self._parts(project, lambda ask: [*self._group(ask.members, common), self._of(ask, "user")])

    def _first(self, common: Collection[Key]) -> _Parts:
        project = self._project(common)
        return self._parts([], lambda ask: [self._of(ask), *project, *self._group(ask.members, common)])

    def _own(self, common: Collection[Key]) -> _Parts:
        project = self._project(common)
        return self._parts([], lambda ask: [self._of(ask), *project, *self._group(ask.targets, common)])

    def _project(self, common: Collection[Key]) -> list[PromptPart]:
        return [self.texts.project(), *self.texts.shared(common, self._shared)]

    @cached_property
    def _saving(self) -> frozenset[Key]:
        """Return the kinds of contracts that have so much in common that it is worth being said once to several."""
        if len(self.asks) == 1:
            return frozenset()
        groups = {ask.group: ask.members for ask in self.asks}.values()
        beside = (it for members in groups for it in self.texts.beside(members) if it not in self._shared)
        used = ((self.texts.plan.targets[it.path], it.part) for it in (*beside, *self._shared))
        return self.texts.commons.saving([*((it, Part.FULL) for members in groups for it in members), *used])

    @cached_property
    def _shared(self) -> list[UsedContract]:
        """Return the used contracts that cost less where all calls share them than in the block of each group.

        A block that is read `n` times after it was written costs `w + r * n` of its size; without a cache, each time.
        Less means clearly less, as each prompt is longer for it.
        """
        write, read = (self.terms.write, self.terms.read) if self.caching else (1.0, 1.0)
        sizes = Counter(ask.group for ask in self.asks)
        users: dict[UsedContract, set[int]] = {}
        for ask in self.asks:
            for it in self.texts.beside(ask.members):
                users.setdefault(it, set()).add(ask.group)
        once = write + read * (len(self.asks) - 1)
        return sorted(
            it
            for it, groups in users.items()
            if len(groups) > 1 and once * _LONGER <= sum(write + read * (sizes[group] - 1) for group in groups)
        )

    def _group(self, files: tuple[Target, ...], common: Collection[Key]) -> list[PromptPart]:
        """Return slices and contracts of some files, rendered once."""
        key = frozenset(common), tuple(target.path for target in files)
        if key not in self._groups:
            contracts = self.texts.contracts(files, self._shared, common)
            self._groups[key] = [self.texts.specification(files), contracts]
        return self._groups[key]

    def _of(self, ask: Ask, role: Speaker = "system") -> PromptPart:
        """Return what is said of the kinds of files of one call."""
        return replace(self.texts.rules(ask.rules), role=role)

    def _parts(self, head: Sequence[PromptPart], rest: Callable[[Ask], Sequence[PromptPart]]) -> _Parts:
        """Begin each prompt with the instructions and what all share, and end it with its request."""
        first = [self.texts.instructions, *head]
        rows = [[*first, *rest(ask), self.texts.request(ask.targets)] for ask in self.asks]
        ends = [at for at, (part, behind) in enumerate(pairwise(rows[0]), 1) if _is_end(part, behind)]
        heads = [at for at in ends if rows[0][at - 1].name in ("project", "shared")] or [len(first)]
        return _Parts(rows, heads[-1], [at for at in ends if self.stable or at > heads[-1]])

    def _marked(self, parts: _Parts) -> _Marked:
        """Mark what pays, and say what that is billed."""
        pieces = [[Piece(part.text, self.count(part)) for part in row] for row in parts.rows]
        marks = best_marks(pieces, self._boundaries(parts), self.terms)
        return _Marked(parts, pieces, marks, simulate(pieces, marks, self.terms))

    def _laid(self, marked: _Marked) -> list[Laid]:
        boundaries = marked.parts.boundaries
        names = [_prefixes(row) for row in marked.parts.rows]
        used = Counter(row[at] for row in names for at in boundaries)
        rows = zip(self.asks, marked.parts.rows, marked.pieces, marked.marks, marked.billed, names, strict=True)
        return [
            Laid(
                self._prompt(ask, row, marks),
                billed,
                tuple(name[at] for at in boundaries if self._waits(at, marks, used[name[at]], pieces)),
            )
            for ask, row, pieces, marks, billed, name in rows
        ]

    def _boundaries(self, parts: _Parts) -> Marks:
        """Return where prefixes may be marked, and for how long they are kept."""
        long = Keep.LONG if self.long else Keep.SHORT
        return {at: long if at <= parts.head else Keep.SHORT for at in parts.boundaries} if self.caching else {}

    def _waits(self, at: int, marks: Marks, uses: int, pieces: Sequence[Piece]) -> bool:
        """Tell whether a call should wait for who writes a prefix: one that is cached, and that others have too."""
        large = sum(piece.tokens for piece in pieces[:at]) >= self.terms.minimum
        return self.caching and large and (at in marks if self.terms.marks else uses > 1)

    def _prompt(self, ask: Ask, row: Sequence[PromptPart], marks: Marks) -> Prompt:
        parts = tuple(replace(part, mark=marks.get(at)) for at, part in enumerate(row, 1))
        key = digest("lane", self.texts.instructions.text)[:32] if self.caching else ""
        return Prompt(parts, self.texts.output(ask.targets), cache_key=key)


def _is_end(part: PromptPart, behind: PromptPart) -> bool:
    """Tell whether what other calls begin with too may end between two parts."""
    return behind.name != "shared" and part.name != "specification"


def _prefixes(parts: Sequence[PromptPart]) -> list[Digest]:
    """Name the prefixes that end after 0, 1, 2 ... parts."""
    return list(accumulate(parts, lambda name, part: digest(name, part.role, part.text), initial=digest("prefix")))
