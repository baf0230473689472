"""Contracts and files agree, and what a file depends on is what its slice says."""

import re
from collections.abc import Callable

import pytest

from gocreator.fcs.load import load_fcs
from gocreator.fcs.model import Fcs
from gocreator.gosource.exported import exported_api
from gocreator.plan.planner import Planner
from gocreator.plan.rulebook import load_rulebook
from gocreator.resources import data_dir
from gocreator.values import Part, RelPath

Render = Callable[[Fcs], dict[str, bytes]]


@pytest.mark.parametrize("name", ["chinook", "demanding"])
def test_files_keep_their_contracts(name: str, request: pytest.FixtureRequest) -> None:
    plan = Planner(load_rulebook(data_dir("templates")), ("go.mod",)).plan(request.getfixturevalue(name))
    contracted = [target for target in plan.targets.values() if target.contract(Part.FULL)]
    assert contracted
    for target in contracted:
        contract, file = exported_api(target.contract(Part.FULL)), exported_api(target.content)
        assert (contract.errors, contract.package) == ((), file.package), target.path
        made = {declaration.name: declaration for declaration in file.declarations}
        for promised in contract.declarations:
            found = made[promised.name]
            assert (promised.kind, promised.head) == (found.kind, found.head), target.path
            assert promised.fields in (None, found.fields), target.path
        assert set(made) == {promised.name for promised in contract.declarations}, target.path


def test_faces_name_no_field_but_the_key(demanding: Fcs) -> None:
    plan = Planner(load_rulebook(data_dir("templates")), ()).plan(demanding)
    face = plan.targets[RelPath("internal/billing/invoice.go")].contract(Part.FACE)
    api = exported_api(face)
    assert api.errors == ()
    assert [declaration.name for declaration in api.declarations] == [
        "Invoice",
        "InvoiceParams",
        "NewInvoice",
        "Invoice.Clone",
        "Invoice.AsParams",
    ]
    assert "Buyer" not in face


def test_promises_of_the_file_stand_in_the_contract(demanding: Fcs) -> None:
    plan = Planner(load_rulebook(data_dir("templates")), ()).plan(demanding)
    for target in plan.targets.values():
        contract = target.contract(Part.FULL)
        comments = re.findall(r"^// .*$", target.content.decode(), re.MULTILINE) if target.rule == "model" else []
        for line in comments:
            assert line in contract, target.path


def test_package_level_names_carry_the_type(demanding: Fcs) -> None:
    plan = Planner(load_rulebook(data_dir("templates")), ()).plan(demanding)
    seen: dict[str, set[str]] = {}
    for target in plan.targets.values():
        if target.rule in ("model", "model_test", "fixture", "store", "store_test", "service", "service_test"):
            stem = target.element.partition(":")[2].lower()
            names = exported_api(target.content).names
            assert all(stem in name.lower() for name in names), target.path
            place = seen.setdefault(exported_api(target.content).package, set())
            assert not place & set(names), target.path
            place |= set(names)


def test_rendering_is_repeatable(render: Render, demanding: Fcs) -> None:
    assert render(demanding) == render(demanding)


def test_an_attribute_changes_the_files_of_its_entity_only(render: Render, demanding: Fcs) -> None:
    order = next(entity for entity in demanding.entities if entity.name == "Order")
    shorter = order.model_copy(update={"attributes": (order.key, *order.attributes[2:])})
    changed = tuple(shorter if entity is order else entity for entity in demanding.entities)
    before, after = render(demanding), render(demanding.model_copy(update={"entities": changed}))
    differing = {path for path in before | after if before.get(path) != after.get(path)}
    models = "internal/domain/models"
    own = {f"{models}/order.go", f"{models}/order_test.go", f"{models}/modelstest/order.go"}
    stores = {"internal/repository/order.go", "internal/repository/order_test.go"}
    assert differing == own | stores | {"internal/service/order_test.go"}, "the attribute is unique"


@pytest.mark.parametrize("name", ["chinook", "demanding", "shop", "tickets"])
def test_rules_declare_what_their_files_use(name: str, request: pytest.FixtureRequest) -> None:
    example = data_dir("templates").parent / f"examples/{name}/fcs.yaml"
    fcs = load_fcs(example).fcs if example.exists() else request.getfixturevalue(name)
    plan = Planner(load_rulebook(data_dir("templates")), ()).plan(fcs)
    for target in plan.targets.values():
        own = target.path.rpartition("/")[0]
        imported = re.findall(
            rf'^\t?(?:import )?"{re.escape(fcs.module)}/(.*)"$', target.content.decode(), re.MULTILINE
        )
        used = {use.path.rpartition("/")[0] for use in target.uses}
        assert set(imported) - {own} <= used, (target.path, target.rule)
