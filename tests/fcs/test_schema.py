"""The schema accepts what loading accepts, and editors get a description of every key."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from gocreator.fcs.schema import json_schema

DATA = Path(__file__).parents[1] / "data"
VALIDATOR = Draft202012Validator(json_schema())


def test_it_is_a_schema() -> None:
    Draft202012Validator.check_schema(json_schema())
    assert json_schema()["$schema"] == "https://json-schema.org/draft/2020-12/schema"


def test_it_accepts_files_of_the_original() -> None:
    VALIDATOR.validate(json.loads((DATA / "chinook.fcs.json").read_text()))
    VALIDATOR.validate(yaml.safe_load((DATA / "original/simple-spec.yaml").read_text()))


@pytest.mark.parametrize(
    "text",
    [
        "{entities: {User: {attributes: {a: string, b: {type: int, min: 1}}}, Empty: null}, endpoints: [GET /users]}",
        "{entities: [{name: A, fields: [{name: a, type: int}]}], packages: null, requirements: [a, {id: b}]}",
        "{requirements: {functional: [a], non_functional: null}, build_config: {database_url: x}, metadata: {a: [1]}}",
        "{endpoints: [{endpoint: POST /x, request_body: {a: {type: string, minLength: 8}}, response_200: {a: int}}]}",
        "{packages: {a: null, b: {path: x}}, dependencies: [x v1, {name: y}], patterns: {a: b}, notes: [a, b]}",
    ],
)
def test_it_accepts_the_native_form(text: str) -> None:
    VALIDATOR.validate(yaml.safe_load(text))


@pytest.mark.parametrize(
    "text",
    [
        "[]",
        "{nme: x}",
        "{name: [a]}",
        "{entities: 5}",
        "{entities: {A: {atributes: {}}}}",
        "{testing: {unit_tests: x}}",
    ],
)
def test_it_refuses_plain_mistakes(text: str) -> None:
    assert not VALIDATOR.is_valid(yaml.safe_load(text))


def properties(schema: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, definition in [("", schema), *schema["$defs"].items()]:
        for key, value in definition.get("properties", {}).items():
            yield f"{name}.{key}", value


def test_every_key_is_described() -> None:
    assert [name for name, value in properties(json_schema()) if not value.get("description")] == []
