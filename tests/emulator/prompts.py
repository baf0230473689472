"""What a request comes down to: blocks in the order of the prefix, where they are marked, what is wanted back."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any

from tests.emulator.tokens import compact, count

WANTED = re.compile(r'<file path="([^"\n]*)"\s*/>')


@dataclass(frozen=True)
class Piece:
    """A block of a prompt: what is hashed, what is counted, how it is marked."""

    text: str
    """What it says, and what is counted."""
    kind: str
    """What else tells it from others: where it stands, whose it is, its type."""
    ttl: int | None = None
    """Seconds for which an explicit mark keeps the prefix up to here."""
    ends_message: bool = False


@dataclass(frozen=True)
class Prompt:
    """A request as the cache, the limits and the answer see it."""

    model: str
    seed: str
    """Settings that are a part of the prefix before the first block."""
    pieces: tuple[Piece, ...]
    wanted: tuple[str, ...]
    limit: int
    """The output limit in tokens."""
    stream: bool = False
    prewarm: bool = False
    stops: tuple[str, ...] = ()
    """Texts at which the answer ends."""
    body: dict[str, Any] = field(default_factory=dict)

    @property
    def totals(self) -> list[int]:
        """Return the tokens of the prefix that ends after 0, 1, 2 ... blocks."""
        return list(accumulate((count(piece.text) for piece in self.pieces), initial=0))

    def hashes(self, workspace: str) -> list[str]:
        """Return the names of the prefixes that end after 0, 1, 2 ... blocks, as one workspace's cache knows them."""
        state = hashlib.blake2b(compact([workspace, self.model, self.seed]).encode(), digest_size=16)
        names = [state.hexdigest()]
        for piece in self.pieces:
            state.update(compact([piece.kind, piece.text]).encode())
            names.append(state.hexdigest())
        return names


def wanted_in(texts: Sequence[str]) -> tuple[str, ...]:
    """Return the paths that the last user message names, in order."""
    return tuple(path for text in texts for path in WANTED.findall(text))


@dataclass(frozen=True)
class Bill:
    """How the input of a call is charged, in tokens; each stands in one count only."""

    read: int = 0
    short: int = 0
    """Written to be kept 5 or 30 minutes."""
    long: int = 0
    """Written to be kept 1 or 12 hours."""
    plain: int = 0

    @property
    def written(self) -> int:
        """Return all that was written."""
        return self.short + self.long

    @property
    def total(self) -> int:
        """Return all input."""
        return self.read + self.short + self.long + self.plain
