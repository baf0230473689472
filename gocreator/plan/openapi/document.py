"""The OpenAPI 3.1 document of the generated service, from what templates see of it."""

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from gocreator import gonames
from gocreator.plan.golayout import clean
from gocreator.plan.openapi.components import schemas
from gocreator.plan.openapi.schemas import Schema, body_field_schema, key_schema
from gocreator.plan.views.endpointview import EndpointView
from gocreator.plan.views.entityview import EntityView
from gocreator.plan.views.view import ProjectView

_TITLES = {
    400: "The request is malformed.",
    404: "There is no such record.",
    408: "The body did not arrive in time.",
    409: "The request conflicts with existing records.",
    413: "The body is too large.",
    415: "The body is not JSON.",
    422: "Some values break a rule.",
    501: "Not implemented yet.",
    503: "The request took too long, or the service is shutting down.",
}
_ERRORS = {
    "list": (400,),
    "create": (400, 409, 413, 415, 422),
    "get": (404,),
    "update": (400, 404, 409, 413, 415, 422),
    "patch": (400, 404, 409, 413, 415, 422),
    "delete": (404, 409),
}
_REQUEST_ID: Schema = {"X-Request-Id": {"$ref": "#/components/headers/X-Request-Id"}}


def openapi(project: ProjectView, entities: Sequence[EntityView], endpoints: Sequence[EndpointView]) -> dict[str, Any]:
    """Return the document; every operation and every value in it is what the generated code does and takes."""
    by_name = {entity.element: entity for entity in entities}
    keys = {entity.element: key_schema(entity.key_field.attribute.type) for entity in entities}
    paths: dict[str, dict[str, Any]] = {}
    for endpoint in endpoints:
        place = paths.setdefault(endpoint.path, {})
        if endpoint.builtin:
            continue
        entity = by_name.get(endpoint.entity)
        place[endpoint.method.lower()] = _custom(endpoint, keys) if entity is None else _plain(endpoint, entity)
    for path, operation in _health():
        paths.setdefault(path, {}).setdefault("get", operation)
    info = {"title": project.title, "version": project.version or "0.0.0"}
    return {
        "openapi": "3.1.1",
        "info": info | ({"description": project.description} if project.description else {}),
        "paths": paths,
        "components": {
            "headers": {"X-Request-Id": {"description": "Names the request in the log.", "schema": {"type": "string"}}},
            "responses": {"Problem": _problem("The request failed.")},
            "schemas": schemas(entities, endpoints),
        },
    }


def _plain(endpoint: EndpointView, entity: EntityView) -> dict[str, Any]:
    """Return an operation on an entity."""
    operation = endpoint.operation
    noun = gonames.exported(gonames.plural(gonames.snake(entity.name))) if operation == "list" else entity.name
    found: dict[str, Any] = {"operationId": f"{operation}{noun}", "tags": [entity.name]} | _summary(endpoint)
    parameters = _path_parameters(endpoint, key_schema(entity.key_field.attribute.type))
    if operation == "list":
        parameters += _page_parameters()
    found |= {"parameters": parameters} if parameters else {}
    if operation in ("create", "update", "patch"):
        body = f"{entity.name}{'Patch' if operation == 'patch' else 'Input'}"
        found["requestBody"] = {"required": True, "content": _json({"$ref": f"#/components/schemas/{body}"})}
    known = [it for it in _ERRORS[operation] if it != 409 or operation != "delete" or entity.backlinks or entity.rules]
    errors = [_declared(status, endpoint) for status in known]
    return found | {"responses": _success(endpoint, entity) | dict(errors) | {"default": _problem_reference()}}


def _success(endpoint: EndpointView, entity: EntityView) -> dict[str, Any]:
    record = {"$ref": f"#/components/schemas/{entity.name}"}
    match endpoint.operation:
        case "delete":
            return {"204": {"description": "Deleted.", "headers": _REQUEST_ID}}
        case "create":
            place = entity.operations.get("get")
            headers = {"Location": {"description": "Its path.", "schema": {"type": "string"}}} if place else {}
            made = {"description": "Created.", "headers": {**_REQUEST_ID, **headers}, "content": _json(record)}
            return {"201": made | _links(entity)}
        case "list":
            total: Schema = {"description": "The number of all records.", "schema": {"type": "integer", "minimum": 0}}
            headers = {**_REQUEST_ID, "X-Total-Count": total | {"required": True}}
            listed = {"type": "array", "items": record}
            return {"200": {"description": "A page of records.", "headers": headers, "content": _json(listed)}}
    return {"200": {"description": "The record.", "headers": _REQUEST_ID, "content": _json(record)}}


def _links(entity: EntityView) -> dict[str, Any]:
    """Return how to go on from a record that was made."""
    links = {
        f"{operation}{entity.name}": {
            "operationId": f"{operation}{entity.name}",
            "parameters": {endpoint.parameter: "$response.body#/id"},
        }
        for operation, endpoint in sorted(entity.operations.items())
        if operation in ("get", "update", "patch", "delete") and len(endpoint.parameters) == 1
    }
    return {"links": links} if links else {}


def _custom(endpoint: EndpointView, keys: Mapping[str, Schema]) -> dict[str, Any]:
    """Return an operation that only its author knows."""
    found: dict[str, Any] = {"operationId": gonames.unexported(endpoint.name)} | _summary(endpoint)
    parameters = _path_parameters(endpoint, {"type": "string"}, keys)
    if endpoint.has_body:
        body = {"$ref": f"#/components/schemas/{endpoint.name}Request"}
        found["requestBody"] = {"required": True, "content": _json(body)}
    else:
        parameters += [
            {"name": it.json, "in": "query", "required": it.field.required, "schema": body_field_schema(it.field)}
            for it in endpoint.request
        ]
    found |= {"parameters": parameters} if parameters else {}
    if endpoint.response:
        body = {"$ref": f"#/components/schemas/{endpoint.name}Response"}
        responses = {"200": {"description": "Done.", "headers": _REQUEST_ID, "content": _json(body)}}
    else:
        responses = {"204": {"description": "Done.", "headers": _REQUEST_ID}}
    errors = dict(_declared(status, endpoint) for status, _ in endpoint.endpoint.errors)
    return found | {"responses": responses | errors | {"default": _problem_reference()}}


def _summary(endpoint: EndpointView) -> dict[str, Any]:
    first, _, _ = endpoint.description.partition("\n")
    text = clean(first)
    return {"summary": text} if text else {}


def _path_parameters(
    endpoint: EndpointView, last: Schema, keys: Mapping[str, Schema] = MappingProxyType({})
) -> list[dict[str, Any]]:
    """Return the parameters of a path; one behind the name of an entity is a key of that, if it is called so."""
    owners = endpoint.owners
    schemas = {name: keys.get(owners.get(name, ""), {"type": "string"}) for name in endpoint.parameters}
    if not endpoint.custom:
        schemas[endpoint.parameter] = last
    return [{"name": name, "in": "path", "required": True, "schema": schemas[name]} for name in endpoint.parameters]


def _page_parameters() -> list[dict[str, Any]]:
    """Return what `web.Page` reads."""
    offset = {"type": "integer", "minimum": 0, "maximum": 2**31 - 1, "default": 0}
    limit = {"type": "integer", "minimum": 1, "maximum": 1000, "default": 100}
    return [
        {"name": "offset", "in": "query", "description": "The number of records to skip.", "schema": offset},
        {"name": "limit", "in": "query", "description": "The maximum number of records.", "schema": limit},
    ]


def _health() -> Iterator[tuple[str, dict[str, Any]]]:
    for path, name, words in (
        ("/healthz", "isAlive", "Report whether the program runs."),
        ("/readyz", "isReady", "Report whether it can serve."),
    ):
        responses = {"204": {"description": "Yes.", "headers": _REQUEST_ID}, "default": _problem_reference()}
        yield path, {"operationId": name, "tags": ["Health"], "summary": words, "responses": responses}


def _declared(status: int, endpoint: EndpointView) -> tuple[str, dict[str, Any]]:
    """Return an answer that tells of an error, in the words of the specification where it has some."""
    meaning = dict(endpoint.endpoint.errors).get(status, "")
    return str(status), _problem(clean(meaning) or _TITLES.get(status, "The request failed."))


def _problem(description: str) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Problem"}
    content = {"application/problem+json": {"schema": schema}}
    return {"description": description, "headers": _REQUEST_ID, "content": content}


def _problem_reference() -> dict[str, str]:
    return {"$ref": "#/components/responses/Problem"}


def _json(schema: Schema) -> dict[str, Any]:
    return {"application/json": {"schema": schema}}
