"""Packages without entities, and what packages export, as planned files."""

import json
from pathlib import Path
from typing import Any

import pytest

from gocreator.errors import FcsError
from gocreator.fcs.load import parse_fcs
from gocreator.fcs.model import Endpoint, Entity, Fcs, Package
from gocreator.plan.planner import Planner
from gocreator.plan.rulebook import load_rulebook
from gocreator.plan.target import Plan, Target
from gocreator.resources import data_dir
from gocreator.source import parse_yaml
from gocreator.values import Part

SHOP = """
name: shop
entities:
  Order: {attributes: {total: decimal}}
packages:
  models: {}
  mailer:
    purpose: sends mail
    exports:
      - |
        // Send sends a mail about an order.
        Send(ctx context.Context, order *models.Order, opts ...Option) (id string, err error)
      - type Option func(*http.Request)
      - func Stores(s *repository.Stores, at decimal.Decimal)
  colours: {exports: [type Colour int, const Red Colour = 1]}
  billing: {dependencies: [mailer]}
"""


def plan(text: str | Fcs) -> Plan:
    fcs = text if isinstance(text, Fcs) else parse_fcs(parse_yaml(text, "f", error=FcsError)).fcs
    return Planner(load_rulebook(data_dir("templates")), ()).plan(fcs)


def targets(text: str | Fcs, folder: str) -> dict[str, Target]:
    found = plan(text).targets
    return {path.rpartition("/")[2]: it for path, it in found.items() if path.rpartition("/")[0] == folder}


def test_a_package_has_its_comment_and_its_declarations_as_a_skeleton() -> None:
    target = targets(SHOP, "internal/mailer")["mailer.go"]
    assert target.skeleton
    assert (
        target.content.decode()
        == """\
// Package mailer sends mail.
package mailer

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"shop/internal/decimal"
	"shop/internal/models"
	"shop/internal/repository"
)

// Send sends a mail about an order.
func Send(ctx context.Context, order *models.Order, opts ...Option) (id string, err error) {
	return "", fmt.Errorf("mailer.Send: %w", errors.ErrUnsupported)
}

type Option func(*http.Request)

func Stores(s *repository.Stores, at decimal.Decimal) {
	panic("mailer.Stores: not implemented yet")
}
"""
    )


def test_its_contract_is_the_same_without_bodies() -> None:
    contract = targets(SHOP, "internal/mailer")["mailer.go"].contract
    assert contract(Part.FACE) == contract(Part.FULL)
    assert contract(Part.FULL).endswith("func Stores(s *repository.Stores, at decimal.Decimal)\n")
    assert "fmt" not in contract(Part.FULL)


def test_a_test_beside_it_compiles_only_if_it_is_kept() -> None:
    text = targets(SHOP, "internal/mailer")["mailer_test.go"].content.decode()
    assert text.startswith("package mailer_test\n")
    assert "func(context.Context, *models.Order, ...mailer.Option) (string, error) = mailer.Send\n" in text


def test_what_is_complete_needs_nobody_and_what_is_empty_says_so() -> None:
    assert not targets(SHOP, "internal/colours")["colours.go"].skeleton
    billing = targets(SHOP, "internal/billing")
    assert list(billing) == ["billing.go"]
    assert billing["billing.go"].skeleton
    assert "//\n// It is not implemented yet.\npackage billing\n" in billing["billing.go"].content.decode()


def test_a_package_uses_the_contracts_of_what_it_depends_on() -> None:
    mailer = targets(SHOP, "internal/mailer")["mailer.go"]
    assert {str(it) for it in mailer.uses} == {
        "internal/decimal/decimal.go#full",
        "internal/models/order.go#face",
        "internal/repository/stores.go#face",
        "internal/repository/order.go#face",
    }
    assert {"package:mailer", "package:models#face"} <= {str(it) for it in mailer.slice}
    billing = targets(SHOP, "internal/billing")["billing.go"]
    assert [str(it) for it in billing.uses] == ["internal/mailer/mailer.go#face"]


def test_packages_of_entities_and_layers_have_a_file_of_their_own_for_exports() -> None:
    text = SHOP.replace(
        "models: {}", "models: {exports: [func (o *Order) Sum() error]}\n  service: {exports: [func F()]}"
    )
    models = targets(text, "internal/models")
    assert models["models.go"].skeleton
    assert models["models.go"].content.decode().startswith('package models\n\nimport (\n\t"errors"')
    assert "(*models.Order).Sum" in models["models_test.go"].content.decode()
    assert "service.go" in targets(text, "internal/service")


def test_the_file_for_exports_clashes_with_none_of_an_entity() -> None:
    text = SHOP.replace("Order:", "Model: {}\n  Models: {}\n  Order:").replace(
        "models: {}", "models: {exports: [func F()]}"
    )
    assert {"model.go", "models.go", "models_exports.go"} <= targets(text, "internal/models").keys()


@pytest.mark.parametrize(
    ("export", "message"),
    [
        ("type OrderStore int", "`OrderStore` of the package `repository` is declared in"),
        ("func (s *OrderMemory) Get()", "`OrderMemory.Get` of the package `repository` is declared in"),
        ("func Count(s *Storse) int", "use `Storse`, which is nowhere"),
    ],
)
def test_exports_of_a_layer_fit_to_what_is_generated(export: str, message: str) -> None:
    with pytest.raises(FcsError) as caught:
        plan(SHOP.replace("models: {}", f"models: {{}}\n  repository: {{exports: ['{export}']}}"))
    assert len(caught.value.problems) == 1
    assert message in caught.value.problems[0].message


@pytest.mark.parametrize(
    "package",
    [
        Package(name="main", path="."),
        Package(name="main", path="cmd/shop", exports="main"),
        Package(name="tool", path="cmd/tool"),
        Package(name="web", path="internal/web"),
        Package(name="3d", path="internal/3d"),
        Package(name="service", path="internal/service"),
    ],
)
def test_programs_layers_and_shared_packages_get_no_file_besides(package: Package) -> None:
    models = Package(name="models", path="internal/models")
    entity = parse_fcs(parse_yaml("entities: {Order: {}}", "f", error=FcsError)).fcs.entities[0]
    served = (Endpoint(method="GET", path="/orders", entity="Order"),)
    with_it = plan(Fcs(name="shop", module="shop", entities=(entity,), packages=(models, package), endpoints=served))
    without = plan(Fcs(name="shop", module="shop", entities=(entity,), packages=(models,), endpoints=served))
    assert with_it.targets.keys() == without.targets.keys()


def test_a_layer_without_entities_is_a_package_as_any() -> None:
    assert list(targets("packages: [{name: service}]", "internal/service")) == ["service.go"]


def test_the_fields_of_an_entity_do_not_touch_a_package_that_depends_on_it() -> None:
    before = targets(SHOP, "internal/mailer")["mailer.go"]
    after = targets(SHOP.replace("total: decimal", "total: decimal, note: text"), "internal/mailer")["mailer.go"]
    assert (before.uses, before.slice, before.key) == (after.uses, after.slice, after.key)


def test_a_rule_may_say_when_its_file_is_a_skeleton(tmp_path: Path) -> None:
    rule = tmp_path / "rules" / "notes"
    rule.mkdir(parents=True)
    (rule / "file.md.j2").write_text("x\n")
    head = "version: 1\ntitle: t\nfor_each: entity\npath: '{{ entity.file }}.md'\nphase: notes\n"
    entities = tuple(Entity(name=it, package="models", attributes=_keyed().attributes) for it in ("Order", "User"))
    fcs = Fcs(name="shop", module="shop", entities=entities, packages=(Package(name="models", path="models"),))
    for said, expected in (("true", [True, True]), ("entity.name == 'User'", [False, True]), ("false", [False, False])):
        (rule / "rule.yaml").write_text(f"{head}skeleton: {said}\n")
        made = Planner(load_rulebook(data_dir("templates"), tmp_path, user_name="own"), ()).plan(fcs).targets
        assert [made[path].skeleton for path in sorted(made) if path.endswith(".md")] == expected


def _keyed() -> Entity:
    return parse_fcs(parse_yaml("entities: {Order: {}}", "f", error=FcsError)).fcs.entities[0]


def test_the_list_and_the_report_say_what_needs_a_provider(project: Any) -> None:
    project.write("fcs.yaml", SHOP)
    assert project("build", "--no-verify").code == 0
    report = json.loads((project.root / ".gocreator/reports/latest/report.json").read_text())
    listed = json.loads(project("list", "--json").out)["targets"]
    expected = ["cmd/shop/main.go", "internal/billing/billing.go", "internal/mailer/mailer.go"]
    assert sorted(report["needs_provider"]) == expected
    assert sorted(it["path"] for it in listed if it["needs_provider"]) == expected
