"""Telling of calls while they are made: when a request goes out, how much of its answer is there, how it ended."""

import math
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass

from gocreator.llm.provider import CallFailed, Direct, Ended, Heard, Piece, Request, Text
from gocreator.observe.callevents import AnswerGrew, AttemptFinished, AttemptStarted
from gocreator.observe.events import Bus, Purpose
from gocreator.values import RelPath

_OFTEN = 0.25
"""Seconds between two words about how much of an answer is there."""


@dataclass
class Talk:
    """A call that a thread makes."""

    call: str
    paths: Sequence[RelPath]
    purpose: Purpose
    attempts: int = 0
    """So many requests were sent for it."""
    told: float = -math.inf
    """When somebody was told last how much there is of its answer: its first piece is worth a word at once."""


class Told:
    """A provider that tells of each request; it stands next to the network, so that waits for a turn are no part."""

    def __init__(self, provider: Direct, bus: Bus, current: Callable[[], Talk]) -> None:
        """Take `current`, which gives the call that this thread makes."""
        self._provider = provider
        self._bus = bus
        self._current = current

    def stream(self, request: Request, heard: Heard = lambda _: None) -> AbstractContextManager[Iterator[Piece]]:
        """Make one attempt (see `Direct.stream`)."""
        return closing(self._pieces(request, heard))

    def close(self) -> None:
        """Close the provider."""
        self._provider.close()

    def _pieces(self, request: Request, heard: Heard) -> Generator[Piece, None, None]:
        talk, began = self._begun(request), time.monotonic()
        attempt, failed, ended, characters = talk.attempts, None, None, 0
        try:
            with self._provider.stream(request, heard) as pieces:
                for piece in pieces:
                    if isinstance(piece, Text):
                        characters += len(piece.text)
                        self._grown(talk, characters)
                    elif isinstance(piece, Ended):
                        ended = piece
                    yield piece
        except CallFailed as error:
            failed = error
            raise
        finally:
            self._bus.emit(
                AttemptFinished(
                    call=talk.call,
                    attempt=attempt,
                    seconds=time.monotonic() - began,
                    failure=str(failed) if failed else "" if ended else "it was broken off",
                    status=failed.status if failed else None,
                    request_id=failed.request_id if failed else ended.request_id if ended else "",
                )
            )

    def _begun(self, request: Request) -> Talk:
        talk = self._current()
        talk.attempts += 1
        self._bus.emit(
            AttemptStarted(
                call=talk.call,
                attempt=talk.attempts,
                provider=request.rung.provider,
                model=request.rung.model,
                paths=tuple(talk.paths),
                purpose=talk.purpose.value,
            )
        )
        return talk

    def _grown(self, talk: Talk, characters: int) -> None:
        now = time.monotonic()
        if now - talk.told >= _OFTEN:
            talk.told = now
            self._bus.emit(AnswerGrew(call=talk.call, characters=characters))
