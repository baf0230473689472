"""The schemas that an OpenAPI document names: records, what clients send of them, bodies of custom endpoints."""

from collections.abc import Callable, Iterator, Sequence

from gocreator.fcs.model import Type
from gocreator.plan.openapi.schemas import (
    Schema,
    body_field_schema,
    request_schema,
    required_in_request,
    required_in_response,
    response_schema,
    stub_schema,
)
from gocreator.plan.views.endpointview import EndpointView
from gocreator.plan.views.entityview import EntityView
from gocreator.plan.views.fieldview import FieldView

_FIELD: Schema = {
    "type": "object",
    "properties": {
        "name": {"type": "string", "description": "The name of a field in JSON."},
        "problem": {"type": "string", "description": "What goes on from the name, such as `is required`."},
    },
    "required": ["name", "problem"],
}
_PROBLEM: Schema = {
    "type": "object",
    "description": "What went wrong, as in RFC 9457.",
    "properties": {
        "title": {"type": "string"},
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "detail": {"type": "string"},
        "errors": {"type": "array", "items": _FIELD, "description": "The fields that break rules."},
    },
    "required": ["title", "status"],
}


def schemas(entities: Sequence[EntityView], endpoints: Sequence[EndpointView]) -> dict[str, Schema]:
    """Return the schemas by name; what no operation shows is left out."""
    found = dict(_of_entities(entities)) | dict(_of_endpoints(endpoints))
    stubs = _stubs(entities, endpoints)
    found |= {f"{entity.element}Stub": stub_schema(entity.fields) for entity in entities if entity.element in stubs}
    return found | {"Problem": _PROBLEM}


def _of_entities(entities: Sequence[EntityView]) -> Iterator[tuple[str, Schema]]:
    for entity in entities:
        if entity.operations:
            yield entity.name, _object(entity.fields, response_schema, required_in_response)
        if {"create", "update"} & entity.operations.keys():
            yield f"{entity.name}Input", _input(entity)
        if "patch" in entity.operations:
            yield f"{entity.name}Patch", _closed(_object(entity.param_fields, _changed, lambda _: False))


def _input(entity: EntityView) -> Schema:
    """Return what makes a record; a key that refers to another record is needed, where that must exist."""
    checked = {link.json for link in entity.links if not (link.optional or link.closing or link.may_be_empty)}
    has_default = {field.json for field in entity.default_fields}

    def needed(field: FieldView) -> bool:
        return required_in_request(field) or field.json in checked - has_default

    return _closed(_object(entity.param_fields, request_schema, needed))


def _changed(field: FieldView) -> Schema:
    """Return the schema of a field that replaces another: one that is not given stays, whatever its default."""
    return {key: item for key, item in request_schema(field).items() if key != "default"}


def _object(
    fields: Sequence[FieldView], schema: Callable[[FieldView], Schema], required: Callable[[FieldView], bool]
) -> Schema:
    needed = [field.json for field in fields if required(field)]
    found = {"type": "object", "properties": {field.json: schema(field) for field in fields}}
    return found | ({"required": needed} if needed else {})


def _closed(schema: Schema) -> Schema:
    return {**schema, "additionalProperties": False}


def _of_endpoints(endpoints: Sequence[EndpointView]) -> Iterator[tuple[str, Schema]]:
    for endpoint in endpoints:
        bodies = {"Request": endpoint.request if endpoint.has_body else (), "Response": endpoint.response}
        for kind, fields in bodies.items() if endpoint.custom else ():
            if fields:
                sent = kind == "Request"
                needed = [it.json for it in fields if (it.field.required if sent else not it.field.type.optional)]
                properties = {it.json: body_field_schema(it.field, nil=not sent) for it in fields}
                found = {"type": "object", "properties": properties} | ({"required": needed} if needed else {})
                yield f"{endpoint.name}{kind}", _closed(found) if sent else found


def _stubs(entities: Sequence[EntityView], endpoints: Sequence[EndpointView]) -> set[str]:
    """Return the names of the entities that are shown inside of others, and of those inside of these."""
    by_name = {entity.element: entity for entity in entities}
    bodies = (field.field.type for it in endpoints if it.custom for field in (*it.request, *it.response))
    waiting = [name for kind in bodies for name in _named(kind)]
    waiting += [name for entity in entities if entity.operations for name in _fields_of(entity)]
    found: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += _fields_of(by_name[name])
    return found


def _fields_of(entity: EntityView) -> list[str]:
    return [name for field in entity.fields for name in _named(field.attribute.type)]


def _named(kind: Type) -> Iterator[str]:
    while kind.item is not None:
        kind = kind.item
    if kind.entity:
        yield kind.entity
