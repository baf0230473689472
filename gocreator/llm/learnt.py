"""What was found out about servers that speak like OpenAI, for as long as the process lives."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

from gocreator.llm.openai_request import Dialect
from gocreator.llm.provider import Cancelled

_TICK = 0.1

Settle = Callable[[Dialect], None]


class Learnt:
    """The dialects of one server, by model; while one call finds out about it, others wait, and pay no refusal."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._dialects: dict[str, Dialect] = {}
        self._last: Dialect | None = None
        self._leader: object | None = None

    @contextmanager
    def dialect(self, model: str, first: Dialect, over: Callable[[], bool]) -> Iterator[tuple[Dialect, Settle]]:
        """Give the dialect to begin with, and what is to be called with the one that was understood."""
        me = object()
        known = self._wait(model, me, over)
        try:
            api = self._last.api if self._last else first.api
            yield known or replace(first, api=api), lambda dialect: self._settle(model, dialect, me)
        finally:
            self._leave(me)

    def _wait(self, model: str, me: object, over: Callable[[], bool]) -> Dialect | None:
        """Wait until the dialect is known, or until nobody is finding out: then lead."""
        with self._changed:
            while model not in self._dialects and self._leader is not None:
                if over():
                    raise Cancelled("the call was cancelled")
                self._changed.wait(_TICK)
            if model not in self._dialects:
                self._leader = me
            return self._dialects.get(model)

    def _settle(self, model: str, dialect: Dialect, me: object) -> None:
        """Remember what a server understood, and let the others go."""
        with self._changed:
            self._dialects[model] = self._last = dialect
        self._leave(me)

    def _leave(self, me: object) -> None:
        with self._changed:
            if self._leader is me:
                self._leader = None
                self._changed.notify_all()


_SERVERS: dict[tuple[str, str], Learnt] = {}
_LOCK = threading.Lock()


def learnt_of(base_url: str, api: str) -> Learnt:
    """Return what is known of a server that is spoken to in one way."""
    with _LOCK:
        return _SERVERS.setdefault((base_url, api), Learnt())
