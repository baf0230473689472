from dataclasses import dataclass

import pytest

from gocreator.fcs.load import load_fcs
from gocreator.fcs.model import Attribute, Fcs
from gocreator.plan.fingerprint import Fingerprints
from gocreator.plan.planner import Planner
from gocreator.plan.rendering import Known, Renderings
from gocreator.plan.rulebook import load_rulebook
from gocreator.plan.target import Plan
from gocreator.resources import data_dir
from gocreator.values import Digest

Rows = dict[Digest, Known]


def _planned(fcs: Fcs, known: Rows | None = None) -> tuple[Plan, Rows]:
    renderings = Renderings(known or {})
    plan = Planner(load_rulebook(data_dir("templates")), ("go.mod", "README.md"), renderings).plan(fcs)
    return plan, renderings.rows()


def _shorter(fcs: Fcs) -> Fcs:
    """Let the name of one entity be shorter."""
    first, *others = fcs.entities
    changed = [
        attribute.model_copy(update={"max_length": 7}) if attribute.name == "title" else attribute
        for attribute in first.attributes
    ]
    return fcs.model_copy(update={"entities": (first.model_copy(update={"attributes": tuple(changed)}), *others)})


@pytest.fixture
def chinook() -> Fcs:
    return load_fcs(data_dir("templates").parent / "tests/data/chinook.fcs.json").fcs


def test_a_plan_with_what_is_remembered_is_the_plan_without(chinook: Fcs) -> None:
    _, known = _planned(chinook)
    changed = _shorter(chinook)
    cold, warm = _planned(changed)[0], _planned(changed, known)[0]
    assert {path: target.key for path, target in warm.targets.items()} == {
        path: target.key for path, target in cold.targets.items()
    }
    assert all(warm.targets[path].uses == target.uses for path, target in cold.targets.items())
    assert all(warm.targets[path].content == target.content for path, target in cold.targets.items())


def test_only_what_changed_is_rendered(chinook: Fcs) -> None:
    _, known = _planned(chinook)
    assert all(target.rendering.known for target in _planned(chinook, known)[0].targets.values())
    rendered = [
        path for path, target in _planned(_shorter(chinook), known)[0].targets.items() if not target.rendering.known
    ]
    assert 0 < len(rendered) < 20
    assert "internal/models/album.go" in rendered
    assert "internal/models/artist.go" not in rendered


def test_fingerprints_differ_where_a_field_differs() -> None:
    @dataclass(frozen=True)
    class Thing:
        name: str
        parts: tuple[object, ...] = ()

    def of(value: object) -> str:
        return Fingerprints().of(("rule",), {"thing": value})

    same, other = Thing("a", (1, Thing("b"))), Thing("a", (1, Thing("c")))
    assert of(same) == of(Thing("a", (1, Thing("b")))) != of(other)
    assert of({"a": "1"}) != of({"a": 1})
    assert of(("ab", "c")) != of(("a", "bc"))
    attribute = Attribute.model_validate({"name": "a", "type": {"base": "int"}})
    assert of(attribute) != of(attribute.model_copy(update={"min": 1}))
    with pytest.raises(TypeError):
        of(object())
