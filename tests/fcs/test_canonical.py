"""Documents that mean the same give equal specifications."""

from typing import Any

import pytest

from gocreator.errors import FcsError
from gocreator.fcs.load import Loaded, parse_fcs
from gocreator.fcs.model import Attribute, Fcs, Type
from gocreator.source import parse_yaml


def load(text: str) -> Loaded:
    return parse_fcs(parse_yaml(text, "fcs.yaml", error=FcsError))


def fcs(text: str) -> Fcs:
    return load(text).fcs


def attribute(spec: str, name: str = "a") -> Attribute:
    entity = fcs(f"entities: {{User: {{attributes: {{{name}: {spec}}}}}}}").entities[0]
    return next(item for item in entity.attributes if item.name == name)


def warnings(text: str) -> list[str]:
    return [problem.message for problem in load(text).warnings]


SHORT = """
name: Shop
module: example.com/shop
entities:
  User: {attributes: {updated_at: timestamp, email: email, created_at: timestamp, id: uuid, age: int}}
  Order: {attributes: {user_id: uuid}}
relationships: [{from: Order, to: User, type: many_to_one}]
endpoints: [GET /orders/:id, POST /users]
testing: {coverage_target: 90}
"""
LONG = """
# The same, as the original writes it.
id: fcs-0b7c3c1e-4c8e-4ef0-a0d8-7a3c6e0b6c11
schema_version: "1.0"
metadata: {created_at: "2026-01-01T00:00:00Z", hash: abc, tags: [x]}
testing_strategy: {coverage_target: 90.0, unit_tests: true, frameworks: null}
api_contracts:
- {endpoint: /users, method: post, request: {fields: {}}, response: {fields: null}}
- {endpoint: "/orders/{id}/", method: GET}
data_model:
  relationships: [{to: User, from: Order, type: "n:1", description: user_id}]
  entities:
  - {name: Order, attributes: {user_id: guid}}
  - name: User
    package: models
    attributes: {id: uuid, age: integer, email: e-mail, created_at: datetime, updated_at: time.Time}
architecture: null
requirements: {functional: null, non_functional: []}
module: example.com/shop
name: Shop
"""


def test_every_spelling_has_one_meaning() -> None:
    assert fcs(SHORT) == fcs(LONG)


def test_attributes_of_a_mapping_have_one_order_whatever_is_given_first() -> None:
    user = fcs(SHORT).entities[1]
    assert [item.name for item in user.attributes] == ["id", "age", "email", "created_at", "updated_at"]


def test_attributes_of_a_list_keep_their_order_after_the_key() -> None:
    entity = fcs(
        "entities: [{name: A, fields: [{name: z, type: int}, {attribute: id, type: int}, {name: b, type: int}]}]"
    )
    assert [item.name for item in entity.entities[0].attributes] == ["id", "z", "b"]


def test_an_entity_has_a_key() -> None:
    assert fcs("entities: {A: null}").entities[0].key == Attribute(name="id", type=Type(base="uuid"))


@pytest.mark.parametrize(
    ("spec", "required"),
    [
        *[(base, True) for base in ("string", "text", "uuid", "url", "email", "enum(a|b)", "timestamp", "date")],
        *[(base, False) for base in ("int", "decimal", "bool", "'[]string'", "json", "bytes", "duration", "User")],
        ("string?", False),
        ("{type: string, default: x}", False),
        ("{type: int, required: true}", True),
    ],
)
def test_what_is_required_by_default(spec: str, required: bool) -> None:  # noqa: FBT001
    assert attribute(spec).required is required


def test_what_the_server_sets_is_never_required_and_never_optional() -> None:
    for name in ("id", "created_at", "updated_at"):
        kind = "uuid" if name == "id" else "timestamp"
        found = attribute(
            f"{{type: '{kind}?', required: true}}" if name != "id" else f"{{type: {kind}, required: true}}", name
        )
        assert not found.required
        assert not found.type.optional


def test_required_false_makes_a_type_optional() -> None:
    assert attribute("{type: string, required: false}").type == Type(base="string", optional=True)


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ("{type: string, length: 36}", {"min_length": 36, "max_length": 36}),
        ("{type: string, length: 3..50}", {"min_length": 3, "max_length": 50}),
        ("{type: string, minLength: 3, max_length: 5}", {"min_length": 3, "max_length": 5}),
        ("varchar(80)", {"max_length": 80}),
        ("{type: decimal, default: 9.90, min: 0}", {"default": "9.90", "min": "0"}),
        ("{type: float, max: 3}", {"max": 3.0}),
        ("{type: duration, min: 1s, max: 1h30m}", {"min": "1s", "max": "1h30m"}),
        ("{type: string, enum: [a, b], default: b}", {"default": "b"}),
        ("{type: string, pattern: '^[a-z]+$', example: abc}", {"pattern": "^[a-z]+$", "example": "abc"}),
        (
            "{type: string, pattern: '^\\p{L}(?i:x)(?P<n>[[:alpha:]])\\z'}",
            {"pattern": "^\\p{L}(?i:x)(?P<n>[[:alpha:]])\\z"},
        ),
        ("{type: string, format: email, unique: true}", {"type": Type(base="email"), "unique": True}),
    ],
)
def test_constraints_are_read(spec: str, expected: dict[str, Any]) -> None:
    found = attribute(spec)
    assert {name: getattr(found, name) for name in expected} == expected


@pytest.mark.parametrize(
    ("text", "name", "module", "title"),
    [
        ("name: TODO CLI", "todo-cli", "todo-cli", "TODO CLI"),
        ("{name: My Shop, title: The Shop}", "my-shop", "my-shop", "The Shop"),
        ("module: github.com/acme/BookStore/v2", "book-store", "github.com/acme/BookStore/v2", "BookStore"),
        ("build_config: {output_path: ./bin/chinook}", "chinook", "chinook", "chinook"),
        ("{id: fcs-library, build_config: {output_path: ./bin}}", "library", "library", "library"),
        ("id: fcs-0b7c3c1e-4c8e-4ef0-a0d8-7a3c6e0b6c11", "app", "app", "app"),
        ("description: x", "app", "app", "app"),
    ],
)
def test_the_project_has_a_name(text: str, name: str, module: str, title: str) -> None:
    found = fcs(text)
    assert (found.name, found.module, found.title) == (name, module, title)


@pytest.mark.parametrize(
    ("text", "version", "warned"),
    [
        ("'1.21+'", "1.22", True),
        ("1.20", "1.22", True),
        ("1.24", "1.24", False),
        ("1.30", "1.30", False),
        ("'1.24.3'", "1.24.3", False),
        ("go1.24", "1.24", False),
        ("'>=1.25'", "1.25", False),
    ],
)
def test_go_versions(text: str, version: str, warned: bool) -> None:  # noqa: FBT001
    loaded = load(f"build: {{go_version: {text}}}")
    assert loaded.fcs.build.go_version == version
    assert bool(loaded.warnings) is warned


def test_packages_are_found_by_name_and_by_path_and_implied_where_nobody_declared_them() -> None:
    text = "packages: [{name: core, path: ./internal/domain/}]\nentities: "
    text += "{A: {package: core}, B: {package: internal/domain}, C: {}}"
    found = fcs(text)
    assert [entity.package for entity in found.entities] == ["core", "core", "models"]
    assert [(package.name, package.path, package.implied) for package in found.packages] == [
        ("core", "internal/domain", False),
        ("models", "internal/models", True),
    ]
    assert warnings(text) == []
    other = text.replace("C: {}", "C: {package: music}")
    assert warnings(other) == ["`C` is in the package `music`, which is not declared; it was added"]
    assert warnings("entities: {A: {}}") == []


def test_relationships_are_seen_from_the_end_that_holds_the_key() -> None:
    entities = "entities: {User: {}, Post: {attributes: {user_id: uuid, author: uuid}}}\nrelationships: "
    both = "[{from: User, to: Post, type: has_many}, {from: Post, to: User, type: belongs_to}]"
    (found,) = fcs(entities + both).relationships
    assert (found.source, found.target, found.type, found.via) == ("Post", "User", "many_to_one", "user_id")
    (other,) = fcs(entities + "[{from: Post, to: User, type: n:1, description: author}]").relationships
    assert other.via == "author"
    (none,) = fcs(
        "entities: {A: {}, B: {}}\nrelationships: [{from: A, to: B, type: n:m, description: x}]"
    ).relationships
    assert (none.via, none.description) == ("", "x")


@pytest.mark.parametrize(
    ("route", "entity"),
    [
        ("GET /category", "Category"),
        ("GET /categories", "Category"),
        ("POST /categorys", "Category"),
        ("GET /api/v1/media-types", "MediaType"),
        ("GET /media_types", "MediaType"),
        ("DELETE /mediaTypes/{id}", "MediaType"),
        ("PUT /mediatypes/:media_type_id", "MediaType"),
        ("GET /people/{id}", "Person"),
        ("PATCH /persons/{person}", "Person"),
        ("DELETE /people", ""),
        ("POST /people/{id}", ""),
        ("GET /people/{name}", ""),
        ("GET /people/{id}/categories", ""),
        ("POST /people/{id}/archive", ""),
        ("GET /health", ""),
        ("GET /", ""),
    ],
)
def test_endpoints_are_matched_to_entities(route: str, entity: str) -> None:
    entities = "entities: {Category: {}, MediaType: {}, Person: {attributes: {name: string}}}\n"
    assert fcs(entities + f'endpoints: ["{route}"]').endpoints[0].entity == entity


def test_a_second_way_to_the_same_operation_is_custom() -> None:
    text = "entities: {User: {}}\nendpoints: [GET /v2/users, GET /v1/users]"
    assert [(item.path, item.entity) for item in fcs(text).endpoints] == [("/v1/users", "User"), ("/v2/users", "")]
    assert len(warnings(text)) == 1


def test_requests_responses_and_errors_in_every_form() -> None:
    text = """
entities: {User: {}}
endpoints:
- endpoint: POST /login
  headers: {X-Trace: id of the call}
  request_body:
    password: {type: string, required: true, minLength: 8}
    email: {type: string, format: email}
  response_200: {token: string}
  response_401: {description: wrong password}
  errors: [429 too many, {status: 503, description: try later}]
"""
    (found,) = fcs(text).endpoints
    assert [(field.name, field.type.base, field.required) for field in found.request] == [
        ("email", "email", True),
        ("password", "string", True),
    ]
    assert found.request[1].description == "min length: 8"
    assert [field.name for field in found.response] == ["token"]
    assert found.errors == ((401, "wrong password"), (429, "too many"), (503, "try later"))
    assert "X-Trace: id of the call" in found.description


def test_requirements_get_ids_that_nobody_has() -> None:
    text = "requirements: {functional: [a, {id: FR-002, description: b}, c], non_functional: [fast]}\n"
    text += "nonfunctional_requirements: [{category: x, description: y}]"
    found = [(item.id, item.kind, item.description) for item in fcs(text).requirements]
    assert found == [
        ("FR-001", "functional", "a"),
        ("FR-002", "functional", "b"),
        ("FR-003", "functional", "c"),
        ("NFR-001", "non_functional", "fast"),
        ("NFR-002", "non_functional", "y"),
    ]


def test_entities_may_refer_to_each_other_in_a_circle() -> None:
    text = (
        "entities: {A: {attributes: {b: {type: B, required: true}}}, B: {attributes: {a: {type: A, required: true}}}}"
    )
    assert len(fcs(text).entities) == 2


def test_keywords_are_good_names_for_attributes() -> None:
    assert attribute("string", "type").name == "type"


def test_what_is_not_used_is_said() -> None:
    assert warnings("build_config: {database_url: x, cache_ttl: 5}") == [
        "`database_url` is not used",
        "`cache_ttl` is not used",
    ]
