"""Where prompts are long, kinds of files get heads of their own and groups get smaller, if that costs hardly more."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest

from gocreator.config.terms import terms_of
from gocreator.fcs.load import load_fcs
from gocreator.plan.origins import Mix, Origins
from gocreator.plan.planner import Planner
from gocreator.plan.rulebook import load_rulebook
from gocreator.plan.target import Target
from gocreator.prompt.grid import Grid
from gocreator.prompt.heads import SHORT, shortest
from gocreator.prompt.layout import Laid, Layout
from gocreator.prompt.texts import Texts
from gocreator.values import Origin
from tests.benchmarks.specifications import specification
from tests.emulator.tokens import count

TEMPLATES = Path(__file__).parents[2] / "templates"
Kind = Literal["anthropic", "openai"]
MODELS: list[tuple[Kind, str]] = [
    ("anthropic", "claude-sonnet-5-5"),
    ("anthropic", "claude-haiku-4-5"),
    ("openai", "gpt-6.1-sol"),
    ("openai", "gpt-5.4"),
    ("openai", "gpt-4o"),
]
each_model = pytest.mark.parametrize(("kind", "model"), MODELS, ids=[model for _, model in MODELS])


@pytest.fixture(scope="module")
def texts(tmp_path_factory: pytest.TempPathFactory) -> Texts:
    """Return the texts of a project of fifty entities."""
    return texts_of(tmp_path_factory.mktemp("fifty"), 50)


def texts_of(folder: Path, entities: int, *, filtering: bool = True) -> Texts:
    (folder / "fcs.yaml").write_text(specification(entities))
    book = load_rulebook(TEMPLATES)
    planner = Planner(book, (), None, Origins(named=Mix.LLM, has_provider=True))
    plan = planner.plan(load_fcs(folder / "fcs.yaml").fcs)
    example = Planner(book, ()).plan(load_fcs(TEMPLATES / "prompts/example.fcs.yaml").fcs)
    return Texts(book, plan, example, filtering=filtering)


def wanted(texts: Texts, *rules: str) -> list[Target]:
    found = (it for it in texts.plan.targets.values() if it.origin is Origin.MODEL)
    return [it for it in found if not rules or it.rule in rules]


def layouts(
    texts: Texts, kind: Kind, model: str, *, rules: tuple[str, ...] = (), caching: bool = True
) -> Iterator[Layout]:
    for size in (5, 4, 3):
        asks = Grid(size, 0.7, 4).asks(texts.plan, wanted(texts, *rules))
        yield Layout(texts, asks, terms_of(kind, model), lambda part: count(part.text), caching=caching)


def heads(laid: Laid) -> str:
    return "".join(part.text for part in laid.prompt.parts if part.name.startswith("rule"))


def shown(told: str) -> set[str]:
    """Return the paths of the files whose contracts a prompt shows."""
    found = set(re.findall(r"^#+ (?:The contract of )?`([^`]+\.go)`", told, re.MULTILINE))
    for section in re.split(r'^## (?=`import ")', told, flags=re.MULTILINE)[1:]:
        place = section.partition('"example.com/bench/')[2].partition('"')[0]
        found |= {f"{place}/{name}" for name in re.findall(r"^`([^`/]+\.go)`, ", section, re.MULTILINE)}
    return found


def test_prompts_hold_less_than_half_of_what_they_hold_with_the_whole_specification(
    texts: Texts, tmp_path: Path
) -> None:
    whole = texts_of(tmp_path, 50, filtering=False)
    alone = [sum(count(part.text) for part in whole.alone(it).parts) for it in wanted(whole)]
    assert shortest(layouts(texts, "anthropic", "claude-sonnet-5-5")).mean < sum(alone) / len(alone) / 2


@each_model
def test_shorter_prompts_cost_hardly_more_than_the_cheapest_with_one_head(texts: Texts, kind: Kind, model: str) -> None:
    one = next(layouts(texts, kind, model)).cheapest()
    tokens = sum(it.billed.total for it in one)
    terms = terms_of(kind, model)
    found = shortest(layouts(texts, kind, model))
    assert found.mean <= max(SHORT, 0.75 * tokens / len(one))
    assert found.mean < tokens / len(one)
    assert found.cost <= 1.2 * sum(it.billed.equivalents(terms) for it in one)
    read = sum(it.billed.cache_read for it in one) / tokens
    assert found.read >= min(read, 0.8)


@each_model
def test_a_prompt_holds_all_that_its_files_use_and_nothing_said_of_kinds_with_another_head(
    texts: Texts, kind: Kind, model: str
) -> None:
    found = shortest(layouts(texts, kind, model))
    asked = [it.path for ask in found.asks for it in ask.targets]
    assert sorted(asked) == sorted(it.path for it in wanted(texts))
    said = {rule: texts.rules([rule]).text for rule in {it.rule for it in wanted(texts)}}
    for ask, laid in zip(found.asks, found.laid, strict=True):
        told = "".join(part.text for part in laid.prompt.parts)
        used = {it for target in ask.targets for it in (target.path, *(use.path for use in target.uses))}
        assert used <= shown(told)
        kinds = {it.rule for it in ask.members}
        assert {rule for rule, text in said.items() if text in told} <= kinds
        assert {it.rule for it in ask.targets} <= {rule for rule, text in said.items() if text in told}


def test_kinds_with_heads_of_their_own_share_nothing_that_is_cached(texts: Texts) -> None:
    found = shortest(layouts(texts, "anthropic", "claude-sonnet-5-5"))
    by_head: dict[str, set[str]] = {}
    for laid in found.laid:
        by_head.setdefault(heads(laid), set()).update(laid.prefixes)
    assert len(by_head) > 1
    prefixes = [it for its in by_head.values() for it in its]
    assert len(prefixes) == len(set(prefixes))


def test_short_prompts_are_left_alone(tmp_path: Path) -> None:
    texts = texts_of(tmp_path, 10)
    tried = []

    def watched() -> Iterator[Layout]:
        for layout in layouts(texts, "anthropic", "claude-sonnet-5-5", rules=("model",)):
            tried.append(layout)
            yield layout

    found = shortest(watched())
    assert found.mean <= SHORT
    assert len(tried) == 1
    assert len(found.asks) == 2


def test_without_a_cache_calls_are_as_they_were(texts: Texts) -> None:
    found = shortest(layouts(texts, "anthropic", "claude-sonnet-5-5", caching=False))
    one = next(layouts(texts, "anthropic", "claude-sonnet-5-5", caching=False)).cheapest()
    assert [it.prompt for it in found.laid] == [it.prompt for it in one]
