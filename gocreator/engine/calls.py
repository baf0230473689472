"""Calls of models: one answer at a time, read while it comes in, over one connection pool for each provider."""

import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from gocreator.engine.jobs import Phase, Signal
from gocreator.engine.models import Models
from gocreator.engine.telling import Talk, Told
from gocreator.llm.attempts import Attempts, Faults, Hold, Waiting
from gocreator.llm.budget import OverLimit
from gocreator.llm.budgeted import Budgeted, saved_by_cache, spend_of
from gocreator.llm.limited import Limited, buckets_of
from gocreator.llm.opening import open_provider
from gocreator.llm.provider import Began, CallFailed, Ended, Endpoint, Piece, Request, Rung, Stop, Text, Usage
from gocreator.observe.events import Bus, CallFinished, CallWaiting, Purpose
from gocreator.prompt.answer import Answered, AnswerReader, Flawed
from gocreator.values import RelPath

_CHARACTERS = 16
"""An answer with more characters for each token of its limit is one that a server does not end."""


@dataclass
class Answer:
    """What a call brought, as far as it came."""

    call: str = ""
    """The name of the call in the run; empty: it gets one when it is made."""
    text: str = ""
    ended: Ended | None = None
    failure: str = ""
    """Why it broke off after it had brought files; empty if it did not."""
    flaws: list[Flawed] = field(default_factory=list)
    refusal: str = ""
    """What is wrong with the answer as a whole."""
    seconds: float = 0.0
    """How long the attempt took that brought it, waits before it included."""
    ttft: float | None = None
    """Seconds until its first text."""

    def wrong(self, path: RelPath | None) -> list[str]:
        """Return what is wrong with one file's part of the answer; None: with all of it."""
        found = [it.message for it in self.flaws if path is None or it.path in (None, path)]
        return [*found, *filter(None, [self.refusal])]


class Calls:
    """Makes calls; serves all threads."""

    def __init__(self, models: Models, bus: Bus, cancelled: threading.Event) -> None:
        self._models = models
        self._bus = bus
        self._cancelled = cancelled
        self._lock = threading.Lock()
        self._providers: dict[str, Attempts] = {}
        self._waiting = threading.local()
        self._names = set[str]()

    def close(self) -> None:
        """Close all connections."""
        for provider in self._providers.values():
            provider.close()

    def name(self) -> str:
        """Return a name that no other call has."""
        with self._lock:
            self._names.add(name := f"call-{len(self._names) + 1}")
        return name

    def ask(
        self,
        paths: Sequence[RelPath],
        request: Request,
        answer: Answer,
        signal: Signal = lambda _: None,
        purpose: Purpose = Purpose.WRITE,
    ) -> Iterator[Answered]:
        """Yield files as their blocks close, until an answer came to its end, or broke off after it had brought some.

        What else is known of the answer is added to `answer`. Raise `CallFailed` for what will not pass, and when
        patience is over, if nothing came.
        """
        self._waiting.signal = signal
        faults = Faults()
        answer.call = answer.call or self.name()
        while True:
            before, came = faults.count, False
            try:
                for found in self._attempt(paths, request, answer, faults, purpose):
                    came = True
                    yield found
            except CallFailed as failed:
                if came:
                    answer.failure = str(failed)
                    return
                # Where nothing was tried any more, or patience is over, the same would be said for ever.
                if not failed.transient or faults.count in (before, self._models.patience.max_attempts):
                    raise
                signal(Phase.PAUSED)
                answer.text, answer.flaws, answer.ended, answer.ttft, answer.call = "", [], None, None, self.name()
            else:
                return

    def _attempt(
        self, paths: Sequence[RelPath], request: Request, answer: Answer, faults: Faults, purpose: Purpose
    ) -> Iterator[Answered]:
        reader, began = AnswerReader(paths), time.monotonic()
        failure: CallFailed | None = None
        self._waiting.talk = talk = Talk(answer.call, paths, purpose)
        made = True
        try:
            with self._provider(request.rung.provider).stream(request, faults) as pieces:
                for piece in pieces:
                    if answer.ttft is None and isinstance(piece, Text):
                        answer.ttft = time.monotonic() - began
                    yield from _taken(self._read(piece, reader, answer), answer)
                    if len(answer.text) > _CHARACTERS * request.max_output:
                        answer.refusal = "the answer does not end"
                        break
            yield from _taken(reader.end(), answer)
        except CallFailed as failed:
            failure = failed
            raise
        except OverLimit:
            made = False
            raise
        finally:
            answer.seconds = time.monotonic() - began
            if made:
                self._tell(talk, request.rung, answer, failure)
        if answer.ended and answer.ended.stop is Stop.REFUSED:
            answer.refusal = "the model refused to answer"

    def _read(self, piece: Piece, reader: AnswerReader, answer: Answer) -> list[Answered | Flawed]:
        if isinstance(piece, Text):
            answer.text += piece.text
            return reader.feed(piece.text)
        if isinstance(piece, Ended):
            answer.ended = piece
        elif isinstance(piece, Began):
            self._waiting.signal(Phase.BEGAN)
        return []

    def _provider(self, name: str) -> Attempts:
        with self._lock:
            if name not in self._providers:
                self._providers[name] = self._opened(self._models.endpoints[name])
            return self._providers[name]

    def _opened(self, endpoint: Endpoint) -> Attempts:
        cancelled, hold = self._cancelled, Hold(time.monotonic)
        direct = Told(open_provider(endpoint, cancelled), self._bus, lambda: self._waiting.talk)
        limited = Limited(direct, endpoint, cancelled, buckets=buckets_of(endpoint), hold=hold, told=self._waits)
        budgeted = Budgeted(limited, self._models.budget, self._models.terms, cancelled, self._pauses)
        return Attempts(budgeted, endpoint.name, cancelled, patience=self._models.patience, hold=hold, told=self._waits)

    def _pauses(self) -> None:
        """Let nobody wait for the call that this thread makes."""
        self._waiting.signal(Phase.PAUSED)

    def _waits(self, waiting: Waiting) -> None:
        """Tell that a call waits; it is the one that this thread makes."""
        said, call = waiting.message, self._waiting.talk.call
        self._bus.emit(CallWaiting(provider=waiting.provider, seconds=waiting.seconds, message=said, call=call))
        self._waiting.signal(Phase.PAUSED)

    def _cost(self, rung: Rung, usage: Usage | None, failure: CallFailed | None) -> float | None:
        """Return what a call cost, as far as anybody knows."""
        if usage:
            return spend_of(usage, self._models.terms(rung)).dollars
        return 0.0 if failure and failure.free else None

    def _tell(self, talk: Talk, rung: Rung, answer: Answer, failure: CallFailed | None) -> None:
        ended = answer.ended
        usage = ended.usage if ended else None
        self._bus.emit(
            CallFinished(
                provider=rung.provider,
                model=rung.model,
                paths=tuple(talk.paths),
                seconds=answer.seconds,
                stop=ended.stop.value if ended else "failed",
                failure=str(failure or ""),
                uncached=usage.uncached if usage else None,
                cache_read=usage.cache_read if usage else None,
                cache_write=usage.cache_write + usage.cache_write_long if usage else None,
                output=usage.output if usage else None,
                cost=self._cost(rung, usage, failure) if talk.attempts else 0.0,
                purpose=talk.purpose.value,
                ttft=answer.ttft,
                saved=saved_by_cache(usage, self._models.terms(rung)) if usage else None,
                call=talk.call,
                attempts=talk.attempts,
            )
        )


def _taken(found: Sequence[Answered | Flawed], answer: Answer) -> Iterator[Answered]:
    """Yield the files among what was read; the rest is wrong with the answer."""
    for it in found:
        if isinstance(it, Answered):
            yield it
        else:
            answer.flaws.append(it)
