"""Which requirements and scenarios speak of what."""

import pytest

from gocreator.errors import FcsError
from gocreator.fcs.elements import elements
from gocreator.fcs.load import parse_fcs
from gocreator.fcs.mentions import Mentions
from gocreator.source import parse_yaml
from gocreator.values import ElementId

TEXT = """
name: shop
entities:
  Order: {attributes: {number: string}, rules: [As R-9 says.]}
  OrderItem: {attributes: {count: int}}
  Person: {attributes: {name: string}}
endpoints:
  - {method: POST, path: "/orders/{id}/pay"}
  - {method: GET, path: /price-list, description: See R-8.}
packages: {deadlines: {purpose: knows them}}
requirements:
"""


def mentioned(text: str, identity: str = "R-1") -> list[str]:
    """Return the elements that a requirement mentions."""
    document = f"{TEXT}  - {{id: {identity}, description: {text!r}}}\n"
    fcs = parse_fcs(parse_yaml(document, "f", error=FcsError)).fcs
    cut = elements(fcs)
    mentions = Mentions(fcs, cut)
    readers = [it for it in cut if it.partition(":")[0] in {"entity", "endpoint", "package"}]
    return [it for it in readers if mentions.of(it) == [ElementId(f"requirement:{identity}")]]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("An order is paid.", ["entity:Order"]),
        ("ORDERS are paid.", ["entity:Order"]),
        ("The Order's number.", ["entity:Order"]),
        ("Borders and reordering.", []),
        ("An order item is counted.", ["entity:OrderItem"]),
        ("OrderItems, order-items, order_item.", ["entity:OrderItem"]),
        ("An order has order items.", ["entity:Order", "entity:OrderItem"]),
        ("Ordering. Items.", []),
        ("People come.", ["entity:Person"]),
        ("POST /orders/{number}/pay is quick.", ["entity:Order", "endpoint:POST /orders/{id}/pay"]),
        ("/orders/:id/pay is quick.", ["entity:Order", "endpoint:POST /orders/{id}/pay"]),
        ("DELETE /orders/{id}/pay is not there.", ["entity:Order"]),
        ("/orders/{id}/payments is another.", ["entity:Order"]),
        ("The price list is short.", ["endpoint:GET /price-list"]),
        ("Price lists.", ["endpoint:GET /price-list"]),
        ("A deadline is met.", ["package:deadlines"]),
        ("The program is quick.", []),
    ],
)
def test_a_name_is_mentioned_by_its_words(text: str, names: list[str]) -> None:
    assert mentioned(text) == names


@pytest.mark.parametrize(("identity", "names"), [("R-9", ["entity:Order"]), ("R-8", ["endpoint:GET /price-list"])])
def test_an_element_asks_for_a_requirement_by_its_id(identity: str, names: list[str]) -> None:
    assert mentioned("Be quick.", identity) == names


def test_an_element_is_told_of_what_it_is_about() -> None:
    fcs = parse_fcs(parse_yaml(TEXT + "  - An order is paid.\n", "f", error=FcsError)).fcs
    mentions = Mentions(fcs, elements(fcs))
    pay = ElementId("endpoint:POST /orders/{id}/pay")
    assert mentions.of(pay) == []
    assert mentions.of(pay, [ElementId("entity:Order")]) == [ElementId("requirement:FR-001")]
