"""What a rule's templates make of a context, rendered when somebody reads it; its digests are remembered.

Rendering is the greatest part of planning, and of most files only the digest is needed: whether they are as recorded.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from gocreator.values import Digest, Part, digest

_PACKAGE_CLAUSE = re.compile(rb"^package\s+(\w+)", re.MULTILINE)


@dataclass(frozen=True)
class Digests:
    """What is remembered of a rendering."""

    content: Digest
    face: Digest
    full: Digest
    clause: str
    """The name in the package clause; empty where there is none."""

    def row(self) -> list[str]:
        """Return it as plain values."""
        return [self.content, self.face, self.full, self.clause]


@dataclass(frozen=True)
class Rendering:
    """The texts of one target: the file that a template writes, and the contract."""

    file: Callable[[], str]
    contract: Callable[[Part], str]
    known: Digests | None = None
    _parts: dict[Part, str] = field(default_factory=dict)

    @cached_property
    def content(self) -> bytes:
        """Return the file."""
        return self.file().encode()

    def part(self, part: Part) -> str:
        """Return the face of the contract, or all of it."""
        if part not in self._parts:
            self._parts[part] = self.contract(part)
        return self._parts[part]

    @property
    def asked(self) -> bool:
        """Tell whether anybody asked for the digests."""
        return "digests" in vars(self)

    @cached_property
    def digests(self) -> Digests:
        """Return the digests, without rendering where they are known."""
        if self.known is not None:
            return self.known
        found = _PACKAGE_CLAUSE.search(self.content)
        face, full = (digest(self.part(part)) for part in (Part.FACE, Part.FULL))
        return Digests(digest(self.content), face, full, found[1].decode() if found else "")


@dataclass
class Renderings:
    """The digests of renderings by what they were made from; `made` holds those of this plan."""

    known: Mapping[Digest, Digests] = field(default_factory=dict)
    made: dict[Digest, Rendering] = field(default_factory=dict)

    def take(self, key: Digest, file: Callable[[], str], contract: Callable[[Part], str]) -> Rendering:
        """Return the rendering of a key."""
        self.made[key] = found = Rendering(file, contract, self.known.get(key))
        return found

    def rows(self) -> dict[Digest, list[str]]:
        """Return what to remember: of what was asked for, because the rest is in no plan."""
        return {key: rendering.digests.row() for key, rendering in self.made.items() if rendering.asked}
