from pathlib import Path
from typing import Any

import jsonschema
import pytest

from gocreator.fcs.load import load_fcs
from gocreator.plan.openapi.document import openapi
from gocreator.plan.views.view import view

ROOT = Path(__file__).parents[2]


def _document(text: str, tmp_path: Path) -> dict[str, Any]:
    place = tmp_path / "fcs.yaml"
    place.write_text(text)
    seen = view(load_fcs(place).fcs)
    return openapi(seen.project, seen.entities, seen.endpoints)


def _fields(attributes: str, tmp_path: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    text = f"entities: [{{name: Thing, attributes: {{{attributes}}}}}]\nendpoints: [POST /things]\n"
    schemas = _document(text, tmp_path)["components"]["schemas"]
    return schemas["ThingInput"], schemas["Thing"]


@pytest.mark.parametrize(
    ("attribute", "taken", "refused"),
    [
        ("{type: string, max_length: 3}", ["abc"], ["", "abcd", None, 1]),
        ("{type: string, min_length: 2, required: false}", ["ab", None], ["a", 1]),
        ("text?", ["", "abc", None], [1]),
        ("{type: int32, min: -1}", [-1, 2**31 - 1, 2.0], [-2, 2**31, 1.5, "1", None]),
        ("{type: int, default: 3}", [1, None], ["1", 1.5]),
        ("{type: decimal, min: 0}", ["0", "1.50"], ["-1", "1e3", ".5", 1.5, None]),
        ("{type: decimal, min: -5}", ["-1.50"], ["+1", 1.5]),
        ("enum(a|b)", ["a"], ["c", None]),
        ("{type: enum(a|b), default: a}", ["b", None], ["c"]),
        ("'enum(a|b)?'", ["a", None], ["c"]),
        ("{type: '[]int', max_length: 2}", [[], [1, 2], None], [[1, 2, 3], ["1"], [None], {}]),
        ("{type: '[]string', min_length: 1}", [["a"]], [[], None]),
        ("'map[string]bool'", [{}, {"a": True}, None], [{"a": 1}, {"a": None}, []]),
        ("'[][]int'", [[[1], []]], [[1], [None]]),
        ("bytes", ["", "YWJj", None], ["a", 1]),
        ("bool", [True], [None, 0]),
        ("{type: float, max: 1.5}", [1.5, -1e300], [1.6, "1"]),
        ("{type: duration, min: 1s}", [10**9], [10**9 - 1, "1s"]),
        ("json", [{}, 1, "a", [None]], []),
    ],
)
def test_a_request_is_described_as_it_is_read(
    attribute: str, taken: list[Any], refused: list[Any], tmp_path: Path
) -> None:
    schema, _ = _fields(f"value: {attribute}", tmp_path)
    for value in taken:
        jsonschema.validate({"value": value}, schema)
    for value in refused:
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate({"value": value}, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"value": taken[0], "other": 1}, schema)


@pytest.mark.parametrize(
    ("attribute", "needed"),
    [
        ("string", True),
        ("text?", False),
        ("{type: string, default: a}", False),
        ("int", False),
        ("{type: int, min: 1}", True),
        ("{type: decimal, max: -1}", True),
        ("{type: int, min: 1, default: 2}", False),
        ("'[]string'", False),
        ("{type: '[]string', min_length: 1}", True),
        ("timestamp", True),
    ],
)
def test_what_must_be_given_is_required(attribute: str, needed: bool, tmp_path: Path) -> None:  # noqa: FBT001 - a case
    schema, _ = _fields(f"value: {attribute}", tmp_path)
    assert ("value" in schema.get("required", ())) == needed


def test_responses_have_what_is_made_by_the_server(tmp_path: Path) -> None:
    request, response = _fields("title: string, note: text?, created_at: timestamp", tmp_path)
    assert set(request["properties"]) == {"title", "note"}
    assert response["required"] == ["id", "title", "created_at"]
    assert response["properties"]["id"]["readOnly"]


def test_a_change_needs_nothing(tmp_path: Path) -> None:
    entity = "{name: Thing, attributes: {a: string, b: {type: int, default: 3}}}"
    text = f"entities: [{entity}]\nendpoints: ['PATCH /things/{{id}}']"
    schema = _document(text, tmp_path)["components"]["schemas"]["ThingPatch"]
    assert "required" not in schema
    assert "default" not in schema["properties"]["b"]


def test_operations_and_their_answers() -> None:
    seen = view(load_fcs(ROOT / "examples/tickets/fcs.yaml").fcs)
    document = openapi(seen.project, seen.entities, seen.endpoints)
    names = [operation["operationId"] for path in document["paths"].values() for operation in path.values()]
    assert len(names) == len(set(names))
    assert {"/healthz", "/readyz"} < set(document["paths"])
    listed = document["paths"]["/tickets"]["get"]
    assert [parameter["name"] for parameter in listed["parameters"]] == ["offset", "limit"]
    closed = document["paths"]["/tickets/{id}/close"]["post"]
    assert {"200", "404", "default"} < set(closed["responses"])
    assert closed["operationId"] == "closeTicket"


def test_every_reference_leads_somewhere(tmp_path: Path) -> None:
    text = """
entities:
  - {name: Person, attributes: {name: string, friend: Person?, house: House}}
  - {name: House, attributes: {rooms: "[]Room"}}
  - {name: Room, attributes: {size: float}}
endpoints:
  - GET /people
  - {method: POST, path: "/people/{id}/move", request: {into: House}, response: {person: Person}}
"""
    document = _document(text, tmp_path)

    def references(value: Any) -> list[str]:
        if isinstance(value, dict):
            return [value["$ref"]] if "$ref" in value else [it for item in value.values() for it in references(item)]
        return [it for item in value for it in references(item)] if isinstance(value, list) else []

    found = set(references(document))
    assert "#/components/schemas/RoomStub" in found
    for reference in found:
        place: Any = document
        for part in reference.removeprefix("#/").split("/"):
            place = place[part]
