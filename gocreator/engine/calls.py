"""Calls of models: one answer at a time, read while it comes in, over one connection pool for each provider."""

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from gocreator.engine.models import Models
from gocreator.llm.attempts import Attempts, Faults, Waiting
from gocreator.llm.opening import open_provider
from gocreator.llm.provider import CallFailed, Ended, Request, Rung, Stop, Text
from gocreator.observe.events import Bus, CallFinished, CallWaiting
from gocreator.prompt.answer import Answered, AnswerReader, Flawed
from gocreator.values import RelPath

_CHARACTERS = 16
"""An answer with more characters for each token of its limit is one that a server does not end."""


@dataclass
class Answer:
    """What a call for one file brought."""

    text: str = ""
    content: str | None = None
    flaws: list[str] = field(default_factory=list)
    ended: Ended | None = None

    def take(self, found: Sequence[Answered | Flawed]) -> None:
        """Add what was read."""
        for it in found:
            if isinstance(it, Answered):
                self.content = it.source
            else:
                self.flaws.append(it.message)


class Calls:
    """Makes calls; serves all threads."""

    def __init__(self, models: Models, bus: Bus, cancelled: threading.Event) -> None:
        self._models = models
        self._bus = bus
        self._cancelled = cancelled
        self._lock = threading.Lock()
        self._providers: dict[str, Attempts] = {}

    def close(self) -> None:
        """Close all connections."""
        for provider in self._providers.values():
            provider.close()

    def ask(self, path: RelPath, request: Request) -> Answer:
        """Make calls until an answer came to its end, or brought the file before it broke off.

        Raise `CallFailed` for what will not pass, and when patience is over.
        """
        faults = Faults()
        while True:
            answer, began, before = Answer(), time.monotonic(), faults.count
            reader = AnswerReader([path])
            try:
                with self._provider(request.rung.provider).stream(request, faults) as pieces:
                    for piece in pieces:
                        if isinstance(piece, Text):
                            answer.text += piece.text
                            answer.take(reader.feed(piece.text))
                            if len(answer.text) > _CHARACTERS * request.max_output:
                                answer.flaws.append("the answer does not end")
                                break
                        elif isinstance(piece, Ended):
                            answer.ended = piece
            except CallFailed as failed:
                self._tell(path, request.rung, answer, time.monotonic() - began, str(failed))
                if answer.content is not None:
                    return answer
                # Where nothing was tried any more, or patience is over, the same would be said for ever.
                if not failed.transient or faults.count in (before, self._models.patience.max_attempts):
                    raise
                continue
            answer.take(reader.end())
            self._tell(path, request.rung, answer, time.monotonic() - began, "")
            if answer.ended and answer.ended.stop is Stop.REFUSED:
                answer.flaws.append("the model refused to answer")
            return answer

    def _provider(self, name: str) -> Attempts:
        with self._lock:
            if name not in self._providers:
                provider = open_provider(self._models.endpoints[name], self._cancelled)
                self._providers[name] = Attempts(
                    provider, name, self._cancelled, patience=self._models.patience, told=self._waits
                )
            return self._providers[name]

    def _waits(self, waiting: Waiting) -> None:
        said = CallWaiting(provider=waiting.provider, seconds=waiting.seconds, message=waiting.message)
        self._bus.emit(said)

    def _tell(self, path: RelPath, rung: Rung, answer: Answer, seconds: float, failure: str) -> None:
        ended = answer.ended
        usage = ended.usage if ended else None
        self._bus.emit(
            CallFinished(
                provider=rung.provider,
                model=rung.model,
                paths=(path,),
                seconds=seconds,
                stop=ended.stop.value if ended else "failed",
                failure=failure,
                uncached=usage.uncached if usage else None,
                cache_read=usage.cache_read if usage else None,
                cache_write=usage.cache_write + usage.cache_write_long if usage else None,
                output=usage.output if usage else None,
            )
        )
