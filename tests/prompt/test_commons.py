"""What contracts have in common is said once, and nothing of a contract is lost by it."""

import re
from pathlib import Path

import pytest

from gocreator.fcs.load import load_fcs
from gocreator.plan.origins import Mix, Origins
from gocreator.plan.planner import Planner
from gocreator.plan.rulebook import load_rulebook
from gocreator.plan.target import Plan, Target
from gocreator.prompt.commons import Commons
from gocreator.prompt.shapes import Names, units
from gocreator.values import Origin, Part, RuleName
from tests.benchmarks.specifications import specification

ROOT = Path(__file__).parents[2]
SPECIFICATIONS = [
    "tests/data/chinook.fcs.json",
    "examples/shop/fcs.yaml",
    "examples/blog/fcs.yaml",
    "examples/tickets/fcs.yaml",
]
SAID = re.compile(r"As all(?: without ([^:\n]+?))?(?:, and:\n\n```go\n(.*)\n```\n|\.\n)", re.DOTALL)


def planned(path: Path) -> Plan:
    return Planner(load_rulebook(ROOT / "templates"), (), None, Origins(named=Mix.LLM)).plan(load_fcs(path).fcs)


def written(tmp_path: Path, text: str) -> Plan:
    (tmp_path / "fcs.yaml").write_text(text)
    return planned(tmp_path / "fcs.yaml")


def of_models(plan: Plan) -> list[Target]:
    return [it for it in plan.targets.values() if it.origin is Origin.MODEL and it.element.startswith("entity:")]


def texts_of(plan: Plan, target: Target, part: Part) -> set[str]:
    return {it.text for it in units(target.contract(part), plan.fcs.module)}


def read(plan: Plan, commons: Commons, target: Target, part: Part) -> set[str]:
    """Read a contract as a model does: what all have, but for what is missing, and what stands in its place."""
    entity = next(it for it in plan.fcs.entities if target.element == f"entity:{it.name}")
    names = Names.of(entity.name, entity.package)
    found = SAID.fullmatch(commons.own(target, part))
    assert found
    lacking = found[1].split(", ") if found[1] else []
    own = [it for it in units(found[2] or "", plan.fcs.module) if it.text != f"type {it.name} interface {{\n}}"]
    replaced = {*lacking, *(it.name for it in own if it.name)}
    common = units(names.restored(commons.common(target.rule, part)), plan.fcs.module)
    return {it.text for it in common if it.name not in replaced} | {it.text for it in own}


@pytest.mark.parametrize("part", Part)
@pytest.mark.parametrize("name", SPECIFICATIONS)
def test_nothing_is_lost(name: str, part: Part) -> None:
    plan = planned(ROOT / name)
    commons = Commons(plan)
    assert of_models(plan)
    for target in of_models(plan):
        assert read(plan, commons, target, part) == texts_of(plan, target, part), target.path


def test_less_than_half_is_left_to_say(tmp_path: Path) -> None:
    plan = written(tmp_path, specification(50))
    commons, targets = Commons(plan), of_models(plan)
    rules = dict.fromkeys(target.rule for target in targets)
    whole = sum(len(target.contract(Part.FULL)) for target in targets)
    said = sum(len(commons.own(target, Part.FULL)) for target in targets)
    assert said + sum(len(commons.common(rule, Part.FULL)) for rule in rules) < whole / 2


def test_one_entity_more_changes_nothing_of_what_all_have(tmp_path: Path) -> None:
    first, second = (Commons(written(tmp_path, specification(count))) for count in (12, 13))
    for rule in ("model", "store", "service", "handler"):
        for part in Part:
            assert first.common(RuleName(rule), part) == second.common(RuleName(rule), part)


def test_what_few_have_is_no_common(tmp_path: Path) -> None:
    one = "entities:\n  - {name: Category, attributes: {title: string}}\n"
    alone = written(tmp_path, f"name: one\nmodule: example.com/one\n{one}")
    assert Commons(alone).common(RuleName("model"), Part.FULL) == ""
    assert Commons(alone).saving([(it, Part.FULL) for it in of_models(alone)]) == frozenset()


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Category", "// Categories are kept: a category, categories.\nfunc NewCategory() *Category"),
        (
            "InvoiceLine",
            "// An invoice line of invoice lines, invoiceLine, invoice_lines.\nfunc (i *InvoiceLine) Sum() int",
        ),
        ("Order", "// NewOrderItem makes an order's item.\nfunc NewOrderItem(order Order) (*OrderItem, error)"),
        ("News", "// News is news of the news.\ntype News struct{}"),
        ("Apple", "// A copy of a; an apple.\nfunc (a *Apple) Clone() *Apple"),
    ],
)
def test_a_name_is_taken_out_and_put_back(name: str, text: str) -> None:
    names = Names.of(name, "models")
    assert names.abstracted(text) != text
    assert names.restored(names.abstracted(text)) == text


def test_comments_are_the_same_however_they_are_wrapped() -> None:
    wrapped = "// Get returns\n// a record.\n//\n//   - a list\n//   - of two\nfunc Get()"
    (unit,) = units(wrapped)
    assert unit.text == "// Get returns a record.\n//\n//   - a list\n//   - of two\nfunc Get()"
    assert unit.name == "Get"
