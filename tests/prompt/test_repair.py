"""What a repair's prompt holds, and how much of it."""

from pathlib import Path

import pytest

from gocreator.fcs.load import load_fcs
from gocreator.plan.origins import Mix, Origins
from gocreator.plan.planner import Planner
from gocreator.plan.rulebook import load_rulebook
from gocreator.prompt.prompt import Prompt
from gocreator.prompt.repair import repair_prompt
from gocreator.prompt.texts import Texts
from gocreator.values import Origin, Part
from tests.emulator.tokens import count

ROOT = Path(__file__).parents[2]
SPECIFICATIONS = ("examples/blog/fcs.yaml", "examples/shop/fcs.yaml", "examples/tickets/fcs.yaml")


def texts_of(name: str) -> Texts:
    book = load_rulebook(ROOT / "templates")
    planner = Planner(book, (), None, Origins(named=Mix.LLM, has_provider=True))
    plan = planner.plan(load_fcs(ROOT / name).fcs)
    return Texts(book, plan, Planner(book, ()).plan(load_fcs(ROOT / "templates/prompts/example.fcs.yaml").fcs))


def sizes(prompt: Prompt) -> dict[str, int]:
    return {part.name: count(part.text) for part in prompt.parts}


@pytest.mark.parametrize("name", SPECIFICATIONS)
def test_a_repair_takes_two_and_a_half_times_the_file_beside_the_messages(name: str) -> None:
    texts, seen = texts_of(name), 0
    for target in texts.plan.targets.values():
        if target.origin is not Origin.MODEL:
            continue
        source = target.content.decode()
        said = sizes(repair_prompt(texts, target, source, ["build: internal/x.go:1:2: something is wrong"]))
        within = sum(it for part, it in said.items() if part != "messages") <= 2.5 * count(source)
        # A skeleton of a few lines is no longer than what has to be said beside it.
        assert within or "specification" not in said
        assert within or count(source) < 600
        assert ("contract" in said) == bool(target.contract(Part.FULL).strip())
        seen += within and "specification" in said
    assert seen >= 6


def test_messages_are_told_as_far_as_there_is_room() -> None:
    texts = texts_of(SPECIFICATIONS[0])
    target = next(it for it in texts.plan.targets.values() if it.rule == "service")
    many = [f"build: x.go:{number}:1: undefined: something" for number in range(100)]
    prompt = repair_prompt(texts, target, target.content.decode(), many)
    (told,) = (part.text for part in prompt.parts if part.name == "messages")
    assert told.count("undefined") == 20
    assert "- and 80 more" in told
    (long,) = (
        part.text
        for part in repair_prompt(texts, target, "package service\n", ["x" * 100_000, "y"]).parts
        if part.name == "messages"
    )
    assert len(long) < 5000
    assert "- and 1 more" in long


def test_of_the_specification_its_own_element_comes_first() -> None:
    texts = texts_of(SPECIFICATIONS[1])
    target = next(it for it in texts.plan.targets.values() if it.rule == "service" and len(it.slice) > 3)
    prompt = repair_prompt(texts, target, target.content.decode(), ["test: it fails"])
    (told,) = (part.text for part in prompt.parts if part.name == "specification")
    lines = told.splitlines()[2:]
    assert lines[0].startswith(f"{target.element} ")
