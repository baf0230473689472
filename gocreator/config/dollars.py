"""What a call costs."""

from decimal import Decimal

from gocreator.config.terms import Terms

_EXACT = Decimal(10) ** -12
"""Prices are printed with a few digits, but multiples of them are not exact: finer than this, there is nothing."""
_MILLION = 1_000_000


def dollars(  # noqa: PLR0913 - tokens are counted in so many ways
    terms: Terms, *, uncached: int, cache_read: int, cache_write: int, cache_write_long: int, output: int
) -> Decimal | None:
    """Return what a call costs in USD, from its tokens, of which each is counted once; None: nobody knows.

    A prompt that is large makes all of the call cost more.
    """
    usd_in, usd_out = terms.prices(uncached + cache_read + cache_write + cache_write_long)
    if usd_in is None or usd_out is None:
        return None
    counted = (
        (uncached, 1),
        (cache_read, terms.read),
        (cache_write, terms.write),
        (cache_write_long, terms.write_long),
    )
    tokens_in = sum((tokens * _exactly(multiple) for tokens, multiple in counted), Decimal())
    return ((tokens_in * _exactly(usd_in) + output * _exactly(usd_out)) / _MILLION).quantize(_EXACT)


def _exactly(number: float) -> Decimal:
    """Return a number as it is written, not as it is kept: 0.1 is a tenth."""
    return Decimal(str(number))
