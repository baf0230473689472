import itertools
from decimal import Decimal
from typing import Any

import pytest
from genai_prices import Usage, calc_price

from gocreator.config.dollars import dollars
from gocreator.config.ownprices import OwnPrice
from gocreator.config.prices import terms_for
from gocreator.config.terms import terms_of
from tests.emulator.prices import PRICES
from tests.emulator.prompts import Bill

BOTH = {
    "anthropic": (
        "claude-fable-5-2 claude-fable-5-1 claude-fable-5 claude-mythos-5-2 claude-opus-5-5 claude-opus-5 "
        "claude-opus-4-8 claude-opus-4-7 claude-opus-4-6 claude-opus-4-5 claude-sonnet-5-5 claude-sonnet-5 "
        "claude-sonnet-4-6 claude-sonnet-4-5 claude-haiku-5-5 claude-haiku-4-5"
    ).split(),
    "openai": (
        "gpt-6.1-sol gpt-6.1-terra gpt-6-astra gpt-6-sol gpt-6-luna gpt-5.6-sol gpt-5.6-terra gpt-5.6-luna gpt-5.5 "
        "gpt-5.4 gpt-5.4-mini gpt-5.4-nano gpt-5.2 gpt-5.1 gpt-5 gpt-5-mini gpt-5-nano gpt-4.1 gpt-4.1-mini gpt-4o "
        "gpt-4o-mini"
    ).split(),
}
"""Models that the table and the list of genai-prices know."""
LISTED = {"anthropic": ["claude-opus-4-1", "claude-3-haiku"], "openai": ["o3", "gpt-5.4-pro", "gpt-6-rosalind"]}
"""Those that the list alone knows."""
TOKENS = [(1234, 0, 0, 0, 56), (7, 90_000, 1001, 0, 4321), (0, 80_000, 20_000, 0, 1), (1, 80_000, 20_000, 0, 1)]
TOKENS += [(300_000, 12, 99, 0, 10), (5, 172_000, 100_000, 0, 3), (5, 172_000, 99_995, 0, 3), (0, 0, 0, 0, 0)]
LONG = [(5, 20, 300, 4000, 7), (5, 1000, 0, 300_000, 7)]
CASES = [(kind, model) for group in (BOTH, LISTED) for kind, models in group.items() for model in models]


def cost(terms: Any, tokens: tuple[int, int, int, int, int]) -> Decimal | None:
    plain, read, short, long, output = tokens
    return dollars(terms, uncached=plain, cache_read=read, cache_write=short, cache_write_long=long, output=output)


@pytest.mark.parametrize(("kind", "model"), CASES, ids=[model for _, model in CASES])
def test_a_call_costs_what_genai_prices_says(kind: Any, model: str) -> None:
    """It has no price for what OpenAI keeps for 12 hours."""
    for tokens in (*TOKENS, *(LONG if kind == "anthropic" else ())):
        plain, read, short, long, output = tokens
        usage = Usage(
            input_tokens=plain + read + short + long, cache_read_tokens=read, cache_write_tokens=short + long,
            cache_write_1h_tokens=long, output_tokens=output,
        )  # fmt: skip
        expected = calc_price(usage, model, provider_id=kind).total_price
        assert cost(terms_for(kind, model, {}), tokens) == pytest.approx(expected, abs=Decimal("1e-11")), tokens


@pytest.mark.parametrize("model", PRICES)
def test_a_call_costs_what_the_emulator_bills(model: str) -> None:
    kind: Any = "anthropic" if model.startswith("claude") else "openai"
    for plain, read, short, long, output in itertools.product((0, 17), (0, 5000), (0, 801), (0, 44), (0, 3)):
        said = PRICES[model].cost(Bill(read=read, short=short, long=long, plain=plain), output)
        found = cost(terms_of(kind, model), (plain, read, short, long, output))
        assert float(found or 0) == pytest.approx(said)


def test_it_is_exact() -> None:
    haiku = terms_of("anthropic", "claude-haiku-5-5")
    assert cost(haiku, (1, 0, 0, 0, 0)) == Decimal("0.0000001")
    assert cost(haiku, (0, 0, 0, 0, 3)) == Decimal("0.0000015")
    assert cost(haiku, (0, 1, 0, 0, 0)) == Decimal("0.00000001")
    third = terms_for("anthropic", "x", {"x": OwnPrice(3, 15, cache_read=0.1)})
    assert cost(third, (0, 1_000_000, 0, 0, 0)) == Decimal("0.1")


def test_a_large_prompt_makes_all_of_the_call_cost_more() -> None:
    sol = terms_of("openai", "gpt-6.1-sol")
    assert cost(sol, (72_000, 200_000, 0, 0, 1000)) == Decimal("0.174")
    assert cost(sol, (72_001, 200_000, 0, 0, 1000)) == Decimal("0.343004")


def test_what_is_unknown_has_no_cost_and_what_is_free_costs_nothing() -> None:
    tokens = (1, 2, 3, 4, 5)
    assert cost(terms_of("openai", "qwen3-coder"), tokens) is None
    assert cost(terms_for("openai", "qwen3-coder", {"qwen3-coder": OwnPrice(1)}), tokens) is None
    assert cost(terms_for("openai", "qwen3-coder", {"qwen3-coder": OwnPrice(0, 0)}), tokens) == 0
