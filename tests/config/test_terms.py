from typing import Any

import pytest

from gocreator.config.terms import terms_of
from tests.emulator import anthropic_cache, models, openai_cache


@pytest.mark.parametrize("model", models.ANTHROPIC_MINIMUM)
def test_the_emulated_claude_is_the_one_that_is_planned_for(model: str) -> None:
    terms = terms_of("anthropic", model)
    assert terms.minimum == models.ANTHROPIC_MINIMUM[model]
    assert (terms.short, terms.long) == (anthropic_cache.SHORT, anthropic_cache.LONG)
    assert (terms.marks, terms.lookback) == (4, anthropic_cache.LOOKBACK)


@pytest.mark.parametrize("model", sorted(models.OPENAI_MARKED))
def test_the_emulated_gpt_is_the_one_that_is_planned_for(model: str) -> None:
    terms = terms_of("openai", model)
    assert (terms.minimum, terms.marks, terms.lookback) == (models.OPENAI_MINIMUM, 4, 1)
    assert (terms.short, terms.long) == (openai_cache.SHORT, openai_cache.LONG)


@pytest.mark.parametrize("model", models.OPENAI_INTERVAL)
def test_the_emulated_gpt_that_takes_no_marks_is_the_one_that_is_planned_for(model: str) -> None:
    terms = terms_of("openai", model)
    assert (terms.minimum, terms.marks, terms.interval) == (models.OPENAI_MINIMUM, 0, models.OPENAI_INTERVAL[model])
    assert terms.short <= openai_cache.EXTENDED


@pytest.mark.parametrize(("kind", "model", "dollars"), [
    # In and out, a million tokens read, written for a short and for a long time: as the price lists print them.
    ("anthropic", "claude-fable-5-2", (8, 40, 0.2, 10, 16)),
    ("anthropic", "claude-opus-5-5", (4, 20, 0.2, 5, 8)),
    ("anthropic", "claude-opus-4-7", (5, 25, 0.5, 6.25, 10)),
    ("anthropic", "claude-sonnet-5-5", (2, 10, 0.1, 2.5, 4)),
    ("anthropic", "claude-sonnet-5", (2, 10, 0.2, 2.5, 4)),
    ("anthropic", "claude-haiku-5-5", (0.1, 0.5, 0.01, 0.125, 0.2)),
    ("anthropic", "claude-haiku-4-5", (1, 5, 0.1, 1.25, 2)),
    ("openai", "gpt-6.1-sol", (2, 10, 0.1, 2.5, 5)),
    ("openai", "gpt-6.1-terra", (1, 5, 0.05, 1.25, 2.5)),
    ("openai", "gpt-6-luna", (0.1, 0.5, 0.01, 0.125, 0.25)),
    ("openai", "gpt-6-astra", (10, 50, 1, 12.5, 25)),
    ("openai", "gpt-5.4", (2.5, 15, 0.25, 2.5, 2.5)),
    ("openai", "gpt-4o", (2.5, 10, 1.25, 2.5, 2.5)),
])  # fmt: skip
def test_prices(kind: Any, model: str, dollars: tuple[float, ...]) -> None:
    terms = terms_of(kind, model)
    assert terms.input is not None
    multiples = [terms.input * it for it in (terms.read, terms.write, terms.write_long)]
    assert (terms.input, terms.output, *multiples) == pytest.approx(dollars)


@pytest.mark.parametrize(("kind", "model", "prompt", "dollars"), [
    ("anthropic", "claude-haiku-5-5", 100_000, (0.1, 0.5)),
    ("anthropic", "claude-haiku-5-5", 100_001, (0.5, 2.5)),
    ("openai", "gpt-6.1-sol", 272_000, (2, 10)),
    ("openai", "gpt-6.1-sol", 272_001, (4, 15)),
    ("anthropic", "claude-sonnet-5-5", 999_999, (2, 10)),
    ("openai", "gpt-9-sol", 300_000, (None, None)),
])  # fmt: skip
def test_a_large_prompt_may_cost_more(kind: Any, model: str, prompt: int, dollars: Any) -> None:
    assert terms_of(kind, model).prices(prompt) == pytest.approx(dollars)


@pytest.mark.parametrize(("kind", "model", "same"), [
    ("anthropic", "claude-sonnet-4-5-20250929", "claude-sonnet-4-5"),
    ("anthropic", "claude-haiku-4-5-20251001", "claude-haiku-4-5"),
    ("openai", "gpt-4o-2024-11-20", "gpt-4o"),
])  # fmt: skip
def test_a_model_with_a_date_is_that_model(kind: Any, model: str, same: str) -> None:
    assert terms_of(kind, model) is terms_of(kind, same)
    assert terms_of(kind, model).input is not None


@pytest.mark.parametrize(("kind", "model", "marks"), [
    ("anthropic", "claude-opus-7", 4),
    ("anthropic", "gpt-6.1-sol", 4),
    ("openai", "gpt-7-sol", 4),
    ("openai", "gpt-5.10-sol", 4),
    ("openai", "gpt-5.3-codex", 0),
    ("openai", "qwen3-coder", 0),
    ("openai", "claude-sonnet-5-5", 0),
])  # fmt: skip
def test_of_an_unknown_model_the_worst_is_supposed(kind: Any, model: str, marks: int) -> None:
    terms = terms_of(kind, model)
    assert (terms.input, terms.output, terms.marks) == (None, None, marks)
    known = [terms_of("anthropic", name) for name in models.ANTHROPIC_MINIMUM]
    if kind == "anthropic":
        assert terms.minimum == max(it.minimum for it in known)
        assert terms.read == max(it.read for it in known)
