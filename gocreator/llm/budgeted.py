"""A provider whose every attempt is paid from a budget: set aside before, settled after."""

import threading
from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractContextManager, closing
from dataclasses import replace

from gocreator.config.dollars import dollars
from gocreator.config.terms import Terms
from gocreator.llm.budget import Budget, Spend
from gocreator.llm.provider import CallFailed, Ended, Piece, Provider, Request, Rung, Usage


class Budgeted:
    """Makes attempts that a budget has room for; itself a `Provider`."""

    def __init__(
        self,
        provider: Provider,
        budget: Budget,
        terms_of: Callable[[Rung], Terms],
        cancelled: threading.Event,
        waits: Callable[[], None] = lambda: None,
    ) -> None:
        """Take `terms_of`, which gives the terms of a model, and `waits`, called where an attempt waits for others."""
        self._provider = provider
        self._budget = budget
        self._terms_of = terms_of
        self._cancelled = cancelled
        self._waits = waits

    def stream(self, request: Request) -> AbstractContextManager[Iterator[Piece]]:
        """Make one attempt (see `Provider.stream`); raise `OverLimit` if it is not made."""
        return closing(self._pieces(request))

    def close(self) -> None:
        """Close the provider."""
        self._provider.close()

    def _pieces(self, request: Request) -> Generator[Piece, None, None]:
        terms = self._terms_of(request.rung)
        share = self._budget.take(most_of(request, terms), self._cancelled, self._waits)
        took: Spend | None = None
        try:
            with self._provider.stream(request) as pieces:
                for piece in pieces:
                    if isinstance(piece, Ended) and piece.usage:
                        took = spend_of(piece.usage, terms)
                    yield piece
        except CallFailed as failed:
            took = took or (Spend() if failed.free else None)
            raise
        finally:
            self._budget.settle(share, took)


def spend_of(usage: Usage, terms: Terms) -> Spend:
    """Return what a call came to."""
    found = dollars(
        terms,
        uncached=usage.uncached,
        cache_read=usage.cache_read,
        cache_write=usage.cache_write,
        cache_write_long=usage.cache_write_long,
        output=usage.output,
    )
    return Spend(usage.input + usage.output, None if found is None else float(found))


def saved_by_cache(usage: Usage, terms: Terms) -> float | None:
    """Return by how many dollars a call was cheaper than without the provider's cache; None: nobody knows."""
    plain = replace(usage, uncached=usage.input, cache_read=0, cache_write=0, cache_write_long=0)
    without, took = spend_of(plain, terms).dollars, spend_of(usage, terms).dollars
    return None if without is None or took is None else without - took


def most_of(request: Request, terms: Terms) -> Spend:
    """Return what an attempt comes to at most: all of its prompt as dear as can be, and the longest answer."""
    marks = [block.mark for part in (request.system, *(it.blocks for it in request.turns)) for block in part]
    dear = max(terms.write_long if "long" in marks else terms.write, 1.0)
    tokens = request.most_input
    per_input, per_output = terms.prices(tokens)
    if per_input is None or per_output is None:
        return Spend(tokens + request.max_output, None)
    dollars = (tokens * dear * per_input + request.max_output * per_output) / 1_000_000
    return Spend(tokens + request.max_output, dollars)
