"""A specification is cut into parts whose digests tell what changed."""

import re
from pathlib import Path

from gocreator.errors import FcsError
from gocreator.fcs.diff import diff
from gocreator.fcs.elements import Element, elements
from gocreator.fcs.load import load_fcs, parse_fcs
from gocreator.source import parse_yaml
from gocreator.values import ElementId

DATA = Path(__file__).parents[1] / "data"
TEXT = """
name: Shop
entities:
  User: {description: Who buys., attributes: {email: string, nickname: string}}
  Order: {attributes: {user_id: uuid}}
relationships: [{from: Order, to: User, type: n:1}]
endpoints: ["GET /users/{id}"]
requirements: [Sell.]
scenarios: [Buy.]
"""


def cut(text: str = TEXT) -> dict[str, Element]:
    return {str(key): value for key, value in elements(parse_fcs(parse_yaml(text, "f", error=FcsError)).fcs).items()}


def changed(new: str) -> tuple[set[str], set[str]]:
    before, after = cut(), cut(new)
    full = {
        key
        for key in before.keys() | after.keys()
        if key not in before or key not in after or before[key].digest != after[key].digest
    }
    return full, {
        key
        for key in full
        if key not in before or key not in after or before[key].face_digest != after[key].face_digest
    }


def test_every_part_has_an_id() -> None:
    assert list(cut()) == [
        "project",
        "entity:Order",
        "entity:User",
        "relationship:Order.user_id->User",
        "endpoint:GET /users/{id}",
        "package:models",
        "requirement:FR-001",
        "scenario:US1",
        "testing",
        "build",
    ]


def test_rules_are_an_element_beside_their_entity() -> None:
    with_rules = TEXT.replace("{user_id: uuid}}", "{user_id: uuid}, rules: [An order  is paid., An order is paid.]}")
    assert changed(with_rules) == ({"rules:Order"}, {"rules:Order"})
    assert cut(with_rules)["rules:Order"].data == {"entity": "Order", "rules": ["An order is paid."]}


def test_json_is_compact_sorted_and_readable() -> None:
    assert cut("{name: Müller, entities: {A: {}}}")["entity:A"].json == (
        '{"attributes":[{"name":"id","type":{"base":"uuid"}}],"name":"A","package":"models"}'
    )


def test_a_new_field_changes_the_entity_and_not_its_face() -> None:
    assert changed(TEXT.replace("email: string", "email: string, age: int")) == ({"entity:User"}, set())


def test_another_key_type_changes_the_face() -> None:
    assert changed(TEXT.replace("user_id: uuid", "user_id: uuid, id: int"))[1] == {"entity:Order"}


def test_comments_and_order_change_nothing() -> None:
    assert changed("# x\n" + TEXT.replace("email: string, nickname: string", "nickname: str, email: string")) == (
        set(),
        set(),
    )


def test_file_names_are_safe_and_distinct() -> None:
    names = [element.file for element in elements(load_fcs(DATA / "chinook.fcs.json").fcs).values()]
    assert len({name.lower() for name in names}) == len(names)
    assert all(re.fullmatch(r"[a-z]+(/[A-Za-z0-9-]+)?\.json", name) for name in names)
    assert "entity/MediaType.json" in names
    items = [f"{{id: {name}, description: x}}" for name in ("FR-1", "fr-1", "../x", "CON")]
    text = f"requirements: [{', '.join(items)}]"
    files = [element.file for key, element in cut(text).items() if key.startswith("requirement")]
    assert len({name.lower() for name in files}) == 4
    assert all(".." not in name for name in files)
    assert "requirement/CON.json" not in files


def test_relationships_of_one_pair_are_told_apart() -> None:
    text = "entities: {A: {}, B: {}}\nrelationships: [{from: A, to: B, type: n:m}, {from: A, to: B, type: '1:1'}]"
    assert {key for key in cut(text) if key.startswith("relationship")} == {
        "relationship:A->B (many_to_many)",
        "relationship:A->B (one_to_one)",
    }


def test_elements_know_their_kind_and_name() -> None:
    element = Element(ElementId("endpoint:GET /a"), {}, {})
    assert (element.kind, element.name) == ("endpoint", "GET /a")


def test_a_difference_is_told_field_by_field() -> None:
    new = TEXT.replace("email: string", "email: {type: email, max_length: 80}").replace("nickname: string", "age: int?")
    new = new.replace("Who buys.", "Who sells.")
    assert diff(cut()["entity:User"].data, cut(new)["entity:User"].data) == [
        "attributes.age added",
        "attributes.email.max_length added: 80",
        "attributes.email.type: string -> email",
        "attributes.nickname removed",
        "description: Who buys. -> Who sells.",
    ]


def test_differences_of_lists_and_long_texts() -> None:
    assert diff({"flags": ["a", "b"], "text": "x" * 80, "n": 1}, {"flags": ["b", "c"], "text": "y", "n": True}) == [
        "flags: c added",
        "flags: a removed",
        "n: 1 -> true",
        "text changed",
    ]
    assert diff({"a": [{"name": "x"}, {"name": "y"}]}, {"a": [{"name": "y"}, {"name": "x"}]}) == ["a in another order"]
    assert diff({"a": 1}, {"a": 1}) == []
