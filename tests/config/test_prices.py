import json
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

import genai_prices
import pytest

from gocreator.config.load import load_settings
from gocreator.config.ownprices import OwnPrice
from gocreator.config.prices import terms_for
from gocreator.config.terms import PRICES_OF, terms_of
from gocreator.errors import ConfigError

TABLE, LIST = f"table {PRICES_OF.isoformat()}", f"genai-prices {version('genai-prices')}"


def read(project: Path, text: str) -> Any:
    (project / ".gocreator.yaml").write_text(text)
    return load_settings(project, config_file=None, flags={}, env={}, home=None)


@pytest.mark.parametrize(("kind", "model"), [
    ("anthropic", "claude-sonnet-5-5"),
    ("openai", "gpt-6.2-sol"),
    ("openai", "gpt-4o-2024-11-20"),
])  # fmt: skip
def test_the_table_comes_before_the_list(kind: Any, model: str) -> None:
    assert terms_for(kind, model, {}) == terms_of(kind, model)
    assert terms_for(kind, model, {}).source == TABLE


@pytest.mark.parametrize(("kind", "model", "usd", "window"), [
    ("anthropic", "claude-opus-4-1", (15, 75, 1.5, 18.75, 30), 200_000),
    ("openai", "o3", (2, 8, 0.5, 2, 2), 200_000),
    ("openai", "gpt-5-pro", (15, 120, 15, 15, 15), 400_000),
])  # fmt: skip
def test_what_the_table_does_not_know_is_looked_up(kind: Any, model: str, usd: Any, window: int) -> None:
    terms = terms_for(kind, model, {})
    assert terms.input is not None
    multiples = [terms.input * it for it in (terms.read, terms.write, terms.write_long)]
    assert (terms.input, terms.output, *multiples) == pytest.approx(usd)
    assert (terms.source, terms.window, terms.longest) == (LIST, window, None)
    known = terms_of(kind, model)
    assert (terms.minimum, terms.marks, terms.short) == (known.minimum, known.marks, known.short)


@pytest.mark.parametrize(("kind", "model"), [
    ("anthropic", "claude-opus-9"),
    ("anthropic", "claude-mythos-5-1"),
    ("anthropic", "gpt-6.1-sol"),
    ("openai", "gpt-9-sol"),
    ("openai", "qwen3-coder"),
    ("openai", "gpt-live-1"),
])  # fmt: skip
def test_what_nobody_knows_is_unknown(kind: Any, model: str) -> None:
    terms = terms_for(kind, model, {})
    assert (terms.input, terms.output, terms.source) == (None, None, "unknown")
    assert terms == terms_of(kind, model)


def test_a_users_price_comes_first() -> None:
    own = OwnPrice(1, 4, cache_read=0.2, cache_write=1.5, cache_write_long=3, context_window=5000, max_output=700)
    for model in ("claude-sonnet-5-5", "claude-opus-4-1", "nobody-knows"):
        terms = terms_for("anthropic", model, {model: own})
        assert (terms.input, terms.output, terms.read, terms.write, terms.write_long) == (1, 4, 0.2, 1.5, 3)
        assert (terms.window, terms.longest, terms.source) == (5000, 700, "user")
        assert terms.marks == terms_of("anthropic", model).marks


def test_what_a_user_does_not_say_stays_as_it_is() -> None:
    known = terms_of("openai", "gpt-6.1-sol")
    cheaper = terms_for("openai", "gpt-6.1-sol", {"gpt-6.1-sol": OwnPrice(input=1)})
    assert (cheaper.input, cheaper.output, cheaper.read, cheaper.write) == (1, known.output, known.read, known.write)
    assert cheaper.prices(300_000) == (2, 15), "large prompts cost as many times more as they did"
    wider = terms_for("openai", "gpt-6.1-sol", {"gpt-6.1-sol": OwnPrice(context_window=9)})
    assert (wider.window, wider.input, wider.source) == (9, known.input, TABLE)
    assert terms_for("openai", "gpt-6.1-sol-2026-10-01", {"gpt-6.1-sol": OwnPrice(input=1)}).input == 1
    half = terms_for("openai", "qwen3-coder", {"qwen3-coder": OwnPrice(input=1)})
    assert (half.input, half.output, half.source) == (1, None, "unknown")


def test_a_model_may_cost_nothing() -> None:
    terms = terms_for("openai", "qwen3-coder", {"qwen3-coder": OwnPrice(0, 0)})
    assert (terms.input, terms.output, terms.source) == (0, 0, "user")


def test_windows_of_the_table_are_those_of_the_list() -> None:
    for kind, model in (("anthropic", "claude-haiku-4-5"), ("anthropic", "claude-opus-4-7"), ("openai", "gpt-5.4")):
        found = genai_prices.calc_price(genai_prices.Usage(input_tokens=1), model, provider_id=kind).model
        assert terms_of(kind, model).window == found.context_window  # type: ignore[arg-type]
    assert (terms_of("openai", "gpt-6.1-sol").window, terms_of("openai", "gpt-6.1-sol").longest) == (1_050_000, 128_000)
    assert terms_of("openai", "gpt-9-sol").window is None


def test_prices_are_read_without_anybody_who_is_asked(tmp_path: Path) -> None:
    settings = read(tmp_path, "llm: {prices: {gpt-6.1-sol: {input: 1, output: 4.5, cache_read: null}, x: {input: 0}}}")
    assert settings.models.prices == {"gpt-6.1-sol": OwnPrice(1, 4.5), "x": OwnPrice(0)}
    assert settings.models.ladders == {}
    shown = {line.key: line for line in settings.explain()}["llm.prices"]
    assert shown.value["x"] == {"input": 0}
    assert shown.source.startswith(".gocreator.yaml:1:")


@pytest.mark.parametrize(("text", "problem"), [
    ("llm:\n  prices: 3\n", "2:11: `llm.prices`: expected a section, not the number `3`"),
    ("llm:\n  prices:\n    gpt-6.1-sol: 3\n", "3:18: `llm.prices`: what is said of gpt-6.1-sol is a section"),
    ("llm:\n  prices:\n    x: {inptu: 3}\n", "3:9: unknown option `inptu`"),
    ("llm:\n  prices:\n    x: {input: much}\n", "3:16: `input`: expected a number, not the text `much`"),
    ("llm:\n  prices:\n    x: {output: -1}\n", "3:17: `output`: expected USD per million tokens, 0 or more, not `-1`"),
    ("llm:\n  prices:\n    x: {output: .nan}\n", "3:17: `.nan` is not a finite number"),
    ("llm:\n  prices:\n    x: {output: .inf}\n", "3:17: `.inf` is not a finite number"),
    ("llm:\n  prices:\n    x: {context_window: 0}\n", "3:25: `context_window`: expected more than 0, not `0`"),
    ("llm:\n  prices:\n    x: {max_output: 1.5}\n", "3:21: `max_output`: expected a whole number"),
    ("llm:\n  prices:\n    x: {input: true}\n", "3:16: `input`: expected a number, not `true`"),
    ("llm:\n  prices:\n    x: {input: 0, cache_read: 1}\n", "3:31: `cache_read`: input costs nothing"),
])  # fmt: skip
def test_what_is_wrong_has_a_place(tmp_path: Path, text: str, problem: str) -> None:
    with pytest.raises(ConfigError) as raised:
        read(tmp_path, text)
    (found,) = raised.value.problems
    assert str(found).startswith(f".gocreator.yaml:{problem}")


@pytest.mark.parametrize(("model", "own", "is_imported"), [
    ("claude-sonnet-5-5", {}, False),
    ("claude-opus-4-1", {}, True),
    ("claude-opus-4-1", {"input": 1, "output": 2}, False),
    ("claude-opus-4-1", {"context_window": 2}, True),
])  # fmt: skip
def test_the_list_is_imported_where_it_is_needed(model: str, own: dict[str, int], *, is_imported: bool) -> None:
    code = (
        "import json, sys; from gocreator.config.prices import OwnPrice, terms_for\n"
        f"terms_for('anthropic', '{model}', {{'{model}': OwnPrice(**json.loads('{json.dumps(own)}'))}})\n"
        "print('genai_prices' in sys.modules)"
    )
    ran = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert ran.stdout.strip() == str(is_imported)
