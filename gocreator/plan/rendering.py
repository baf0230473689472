"""What a rule makes of a context: its answers, and texts that are rendered when somebody reads them.

Both are remembered by what they were made from. Rendering is the greatest part of planning, and of most files only the
digest is needed: whether they are as recorded.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple, Self

from gocreator.values import Digest, Part, digest

_PACKAGE_CLAUSE = re.compile(rb"^package\s+(\w+)", re.MULTILINE)


class Digests(NamedTuple):
    """What is remembered of the texts."""

    content: Digest
    face: Digest
    full: Digest
    clause: str
    """The name in the package clause; empty where there is none."""


class Answers(NamedTuple):
    """What the expressions of rule.yaml give for a context."""

    applies: bool
    path: str = ""
    skeleton: bool = False
    uses: tuple[bool, ...] = ()
    """Whether each of the rule's `uses` holds."""


class Known(NamedTuple):
    """What is remembered of one rule and one context; texts that nobody asked for have no digests."""

    answers: Answers
    digests: Digests | None = None

    def row(self) -> list[Any]:
        """Return it as plain values."""
        return [self.answers, self.digests]

    @classmethod
    def of(cls, row: list[Any]) -> Self:
        """Read plain values; raise `TypeError` or `ValueError` for others."""
        answers, digests = row
        applies, path, skeleton, uses = answers
        return cls(Answers(applies, path, skeleton, tuple(uses)), Digests(*digests) if digests else None)


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

    def forget(self) -> None:
        """Drop the texts, which are many in a large plan; whoever asks again gets them rendered again."""
        vars(self).pop("content", None)
        self._parts.clear()

    def part(self, part: Part) -> str:
        """Return the face of the contract, or all of it."""
        if part not in self._parts:
            self._parts[part] = self.contract(part)
        return self._parts[part]

    @property
    def taken(self) -> Digests | None:
        """Return the digests if they are known, or if anybody asked for them."""
        return self.known or vars(self).get("_digests")

    @property
    def digests(self) -> Digests:
        """Return the digests, without rendering where they are known."""
        return self.known or self._digests

    @cached_property
    def _digests(self) -> Digests:
        found = _PACKAGE_CLAUSE.search(self.content)
        face, full = (digest(self.part(part)) for part in (Part.FACE, Part.FULL))
        return Digests(digest(self.content), face, full, found[1].decode() if found else "")


@dataclass
class Renderings:
    """What is known of rules and contexts by what it was made from; `made` holds what this plan asked for."""

    known: Mapping[Digest, Known] = field(default_factory=dict)
    made: dict[Digest, tuple[Answers, Rendering | None]] = field(default_factory=dict)

    def answers(self, key: Digest, ask: Callable[[], Answers]) -> Answers:
        """Return the answers of a key."""
        known = self.known.get(key)
        answers = known.answers if known else ask()
        self.made[key] = answers, None
        return answers

    def take(self, key: Digest, file: Callable[[], str], contract: Callable[[Part], str]) -> Rendering:
        """Return the rendering of a key whose answers were given."""
        known = self.known.get(key)
        rendering = Rendering(file, contract, known.digests if known else None)
        self.made[key] = self.made[key][0], rendering
        return rendering

    def rows(self) -> dict[Digest, Known]:
        """Return what to remember."""
        return {key: Known(answers, it.taken if it is not None else None) for key, (answers, it) in self.made.items()}
