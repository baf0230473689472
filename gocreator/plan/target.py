"""Targets and the plan: which files follow from a specification, and what each of them depends on."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Self

from gocreator.fcs.elements import Element
from gocreator.fcs.model import Fcs
from gocreator.plan.rendering import Rendering
from gocreator.values import Digest, ElementId, Origin, Part, RelPath, RuleName, digest

_FACE = f"#{Part.FACE}"


class SliceItem(str):
    """An element that a target depends on, and how much of it, as in records: `entity:User`, `entity:Post#face`."""

    __slots__ = ()

    @classmethod
    def of(cls, element: ElementId, part: Part) -> Self:
        """Spell an element and a part."""
        return cls(element if part is Part.FULL else f"{element}#{part}")

    @property
    def element(self) -> ElementId:
        """Return the element."""
        return ElementId(self.removesuffix(_FACE))

    @property
    def part(self) -> Part:
        """Return how much of it."""
        return Part.FACE if self.endswith(_FACE) else Part.FULL


class UsedContract(str):
    """A contract of another target and how much of it, as in records: `internal/decimal/decimal.go#face`."""

    __slots__ = ()

    @classmethod
    def of(cls, path: RelPath, part: Part) -> Self:
        """Spell a path and a part."""
        return cls(f"{path}#{part}")

    @property
    def path(self) -> RelPath:
        """Return the path of the target."""
        return RelPath(self.rpartition("#")[0])

    @property
    def part(self) -> Part:
        """Return how much of the contract."""
        return Part(self.rpartition("#")[2])


@dataclass(frozen=True)
class Target:
    """A file of the project: what it is made from, by whom, and the key that all of that hashes to."""

    path: RelPath
    rule: RuleName
    rule_version: int
    rule_digest: Digest
    phase: str
    role: str
    origin: Origin
    element: ElementId
    title: str
    slice: Mapping[SliceItem, Digest]
    uses: Mapping[UsedContract, Digest]
    rendering: Rendering = field(compare=False, repr=False)
    merge: str = ""
    hollow: bool = False
    """What the template writes is a skeleton."""
    general: bool = False
    """A model is to write it though its rule has no prompt: it is asked as for any kind of file."""
    awaits: tuple[str, ...] = ()
    """The packages whose contracts must be known before a model can write it."""

    @property
    def skeleton(self) -> bool:
        """Tell whether the file is a skeleton, because nobody else than the template writes it."""
        return self.hollow and self.origin is Origin.TEMPLATE

    @property
    def content(self) -> bytes:
        """Return what the template writes."""
        return self.rendering.content

    @property
    def clause(self) -> str:
        """Return the name in its package clause; empty where it is no Go."""
        return self.rendering.digests.clause if self.path.endswith(".go") else ""

    def contract(self, part: Part) -> str:
        """Return the exported Go declarations that the file must have, known before it is made: their face, or all."""
        return self.rendering.part(part)

    @cached_property
    def key(self) -> Digest:
        """Hash what the file means. Template targets are free, so theirs is the text itself."""
        if self.origin is Origin.TEMPLATE:
            return digest("target", self.path, self.origin, self.rule, self.rendering.digests.content)
        read = (f"{item}={found}" for item, found in sorted((*self.slice.items(), *self.uses.items())))
        meaning = (str(self.rule_version), self.rendering.digests.full, *read)
        return digest("target", self.path, self.origin, self.rule, *meaning)


@dataclass(frozen=True)
class Plan:
    """All targets that follow from a specification, in the order of phases and paths."""

    fcs: Fcs
    elements: Mapping[ElementId, Element]
    targets: Mapping[RelPath, Target] = field(default_factory=dict)

    @property
    def awaited(self) -> frozenset[str]:
        """Return the packages whose contracts are not known."""
        return frozenset(name for target in self.targets.values() for name in target.awaits)

    @property
    def phases(self) -> tuple[str, ...]:
        """Return the phases in the order of the build."""
        return tuple(dict.fromkeys(target.phase for target in self.targets.values()))
