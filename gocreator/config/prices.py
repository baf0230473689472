"""What a model costs and how much it reads, from all who know: the user, the table, the list of genai-prices."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

from gocreator.config.ownprices import OwnPrice
from gocreator.config.terms import UNKNOWN, Large, Terms, terms_of, undated

if TYPE_CHECKING:
    from decimal import Decimal

    from genai_prices.types import ModelPrice

USER = "user"
"""Whose price it is, where a user says what a model costs."""


def terms_for(kind: Literal["anthropic", "openai"], model: str, prices: Mapping[str, OwnPrice]) -> Terms:
    """Return a model's terms: what the user says counts, then the table, then the list of genai-prices.

    A price that nobody knows is None, and its source `unknown`. A name with a date is that of its model.
    """
    own = prices.get(model) or prices.get(undated(model)) or OwnPrice()
    known = terms_of(kind, model)
    if known.input is None and (own.input is None or own.output is None):
        known = _listed(kind, model)  # here alone the list is imported, which takes a quarter of a second
    return _overridden(known, own)


def _overridden(terms: Terms, own: OwnPrice) -> Terms:
    """Put what a user says in the place of what is known; caches that nothing is said of follow the input's price."""
    usd_in = terms.input if own.input is None else own.input
    usd_out = terms.output if own.output is None else own.output
    is_unknown = usd_in is None or usd_out is None
    return replace(
        terms,
        input=usd_in,
        output=usd_out,
        read=_multiple(own.cache_read, usd_in, terms.read),
        write=_multiple(own.cache_write, usd_in, terms.write),
        write_long=_multiple(own.cache_write_long, usd_in, terms.write_long),
        window=own.context_window or terms.window,
        longest=own.max_output or terms.longest,
        source=UNKNOWN if is_unknown else USER if _priced(own) else terms.source,
    )


def _priced(own: OwnPrice) -> bool:
    """Tell whether a user says anything of prices."""
    said = (own.input, own.output, own.cache_read, own.cache_write, own.cache_write_long)
    return any(price is not None for price in said)


def _multiple(price: float | None, usd_in: float | None, otherwise: float) -> float:
    """Return how many times the input's price another one is; of what is free or unknown there are no multiples."""
    return otherwise if price is None or not usd_in else price / usd_in


@cache
def _listed(kind: Literal["anthropic", "openai"], model: str) -> Terms:
    """Return the terms of a model with the prices of genai-prices: those that lie in the package, asked of nobody.

    What the list does not say of caches is the worst of the model's kind.
    """
    from datetime import UTC, datetime  # noqa: PLC0415 - for models that are not in the table

    import genai_prices  # noqa: PLC0415 - likewise
    from genai_prices.data_snapshot import get_snapshot  # noqa: PLC0415 - likewise

    terms = terms_of(kind, model)
    try:
        _, found = get_snapshot().find_provider_model(model, None, kind, None)
    except LookupError:
        return terms
    window = terms.window or found.context_window
    price = found.get_prices(datetime.now(UTC))
    if price.input_mtok is None or price.output_mtok is None:
        return replace(terms, window=window)  # it listens or draws, and is paid otherwise
    return replace(_with_prices(terms, price), window=window, source=f"genai-prices {genai_prices.__version__}")


def _with_prices(terms: Terms, price: "ModelPrice") -> Terms:
    """Return terms with prices of the list."""
    usd_in, usd_out = _base(price.input_mtok), _base(price.output_mtok)
    read = _base(price.cache_read_mtok)
    return replace(
        terms,
        input=usd_in,
        output=usd_out,
        read=_multiple(usd_in if read is None else read, usd_in, terms.read),  # no price of its own: none is saved
        write=_multiple(_base(price.cache_write_mtok), usd_in, terms.write),
        write_long=_multiple(_base(price.cache_write_1h_mtok), usd_in, terms.write_long),
        large=_large(price),
    )


def _large(price: "ModelPrice") -> Large:
    """Return from when on a prompt costs more; of several such bounds, the lowest with the highest price."""
    into, out = _tiers(price.input_mtok), _tiers(price.output_mtok)
    above = min((start for start, _ in (*into, *out)), default=float("inf"))
    return Large(above, *(max((factor for _, factor in tiers), default=1) for tiers in (into, out)))


def _base(price: Any) -> float | None:
    """Return what tokens of an ordinary prompt cost; the list has a number, or one with tiers."""
    base: Decimal | None = getattr(price, "base", price)
    return None if base is None else float(base)


def _tiers(price: Any) -> list[tuple[int, float]]:
    """Return the tiers of a price: the tokens of prompt above which it holds, and how many times the base it is."""
    tiers = getattr(price, "tiers", ())
    return [(tier.start, float(tier.price / price.base)) for tier in tiers if price.base]
