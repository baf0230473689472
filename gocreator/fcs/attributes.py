"""Turn the attributes of entities, and the fields of requests, from their many spellings into one."""

import re
from collections.abc import Collection
from typing import Any

from gocreator import gonames
from gocreator.fcs.constraints import read_constraints
from gocreator.fcs.document_parts import AttributeDoc
from gocreator.fcs.leaf import written
from gocreator.fcs.model import Attribute, Field, Type
from gocreator.fcs.naming import Named, distinct, named
from gocreator.fcs.report import At, Report
from gocreator.fcs.types import TypeProblem, enum_type, parse_type

SERVER_MADE = ("id", "created_at", "updated_at")
KEY_BASES = ("uuid", "string", "int", "int32", "int64")
_REQUIRED = frozenset(["string", "text", "uuid", "url", "email", "enum", "timestamp", "date"])
_ID = Attribute(name="id", type=Type(base="uuid"))
_VARCHAR = re.compile(
    r"(?:n?varchar2?|n?char|character(?: varying)?|string) *\( *([0-9]{1,9}) *\) *\??\Z", re.IGNORECASE
)
_FORMATS = {
    "uuid": "uuid",
    "email": "email",
    "uri": "url",
    "url": "url",
    "date-time": "timestamp",
    "date": "date",
    "duration": "duration",
    "byte": "bytes",
    "binary": "bytes",
    "int32": "int32",
    "int64": "int64",
    "double": "float",
    "float": "float",
    "decimal": "decimal",
}
"""Formats of JSON Schema and OpenAPI that make `string`, `integer` or `number` more exact."""


def read_attributes(
    groups: Collection[tuple[Any, At]], entities: Collection[str], report: Report
) -> tuple[list[Named[Any]], list[Attribute]]:
    """Return the attributes of an entity as given, and in canonical form and order."""
    things: list[Named[Any]] = []
    for value, at in groups:
        found = named(value, at, "attribute", report)
        things += found if isinstance(value, list) else sorted(found, key=_canonical_place)
    things = distinct(things, "attribute", report)
    attributes = [_attribute(thing, entities, report) for thing in things]
    if not any(attribute.name == "id" for attribute in attributes):
        attributes.append(_ID)
    return things, sorted(attributes, key=lambda attribute: attribute.name != "id")


def read_fields(value: Any, at: At, entities: Collection[str], report: Report) -> tuple[Field, ...]:
    """Return the fields of a request or a response, in canonical order."""
    things = named(value, at, "field", report)
    if not isinstance(value, list):
        things.sort(key=_canonical_place)
    return tuple(_field(thing, entities, report) for thing in distinct(things, "field", report))


def _canonical_place(thing: Named[Any]) -> tuple[int, str]:
    """Order what a mapping gives in any order: `id` first, `created_at` and `updated_at` last."""
    order = {"id": 0, "created_at": 2, "updated_at": 3}
    return order.get(thing.name, 1), thing.name


def _attribute(thing: Named[Any], entities: Collection[str], report: Report) -> Attribute:
    """Make an attribute; where its type cannot be read, it stands in as text."""
    doc, type_at = _doc_of(thing)
    check_name(thing, "attribute", report)
    kind = read_type(doc, type_at, entities, report)
    if kind is None:
        return Attribute(name=thing.name, type=Type(base="string"), description=doc.description)
    if thing.name in SERVER_MADE:
        kind = _server_made(thing, kind, report)
    constraints = read_constraints(kind, doc, thing.at, report)
    length = _VARCHAR.match(doc.type)
    if length and constraints["max_length"] is None and kind.base in ("string", "text"):
        constraints["max_length"] = int(length[1])
    required = _is_required(thing, doc, kind, report)
    optional = kind.optional or (doc.required is False and thing.name not in SERVER_MADE)
    return Attribute(
        name=thing.name,
        type=kind.model_copy(update={"optional": optional}),
        description=doc.description,
        required=required,
        unique=bool(doc.unique),
        **constraints,
    )


def _doc_of(thing: Named[Any]) -> tuple[AttributeDoc, At]:
    """Return the mapping of an attribute, and where its type stands."""
    if isinstance(thing.doc, AttributeDoc):
        return thing.doc, thing.at / "type"
    return AttributeDoc(type=thing.doc), thing.at


def check_name(thing: Named[Any], kind: str, report: Report) -> None:
    """Refuse a name from which no exported Go identifier can be made; Go's keywords are fine."""
    plain = re.match(r"[A-Za-z_][A-Za-z0-9_]*\Z", thing.name)
    if not plain or not gonames.is_identifier(gonames.exported(thing.name)):
        suggestion = re.sub(r"^[0-9_]+", "", gonames.snake(thing.name))
        hint = f"rename it to `{suggestion}`" if suggestion else "use letters, digits and `_`"
        report.error(thing.name_at, f"`{thing.name}` cannot be the name of the {kind} in Go", hint)


def _server_made(thing: Named[Any], kind: Type, report: Report) -> Type:
    """Check the type of what the server sets."""
    if thing.name == "id" and kind.base not in KEY_BASES:
        allowed = ", ".join(KEY_BASES)
        report.error(_doc_of(thing)[1], f"the key `id` cannot be {describe(kind)}", f"its type is one of {allowed}")
    if thing.name != "id" and kind.base != "timestamp":
        message = f"`{thing.name}` is set by the server and cannot be {describe(kind)}"
        report.error(_doc_of(thing)[1], message, "make it a timestamp, or rename it")
    return kind.model_copy(update={"optional": False})


def describe(kind: Type) -> str:
    """Name a type in a message."""
    if kind.base in ("list", "map") and kind.item is not None:
        return f"a {kind.base} of {describe(kind.item).removeprefix('a ')}"
    return kind.entity or kind.base


def _is_required(thing: Named[Any], doc: AttributeDoc, kind: Type, report: Report) -> bool:
    """Decide whether a value must be given."""
    if thing.name in SERVER_MADE:
        return False
    if doc.required and kind.optional:
        message = f"`{thing.name}` is required, and its type says that it is optional"
        report.error(thing.at / "required", message, "remove the `?` or the `required`")
    if doc.default is not None:
        return False
    if doc.required is not None:
        return doc.required
    return kind.base in _REQUIRED and not kind.optional


def read_type(doc: AttributeDoc, at: At, entities: Collection[str], report: Report) -> Type | None:
    """Read a type, refined by what stands beside it; report it if it is none."""
    try:
        return _typed(doc, at, entities, report)
    except TypeProblem as problem:
        place = at if problem.hint != _ENUM_HINT else At((*at.loc[:-1], "enum"))
        report.error(place, problem.message, problem.hint)
        return None


_ENUM_HINT = "an enum has text values"


def _typed(doc: AttributeDoc, at: At, entities: Collection[str], report: Report) -> Type:
    """Combine `type`, `enum`, `format` and `items`."""
    if doc.enum is not None and not doc.type.lower().startswith("enum("):
        base = parse_type(doc.type or "string", entities) if doc.type.rstrip("?") != "enum" else Type(base="string")
        if base.base not in ("string", "text", "enum"):
            raise TypeProblem(f"the values of `enum` do not fit the type {describe(base)}", _ENUM_HINT)
        return enum_type([written(value) for value in doc.enum], optional=base.optional or doc.type.endswith("?"))
    bare = doc.type.rstrip("?").strip().lower()
    if bare in ("array", "list") and doc.items is not None:
        inner = doc.items if isinstance(doc.items, AttributeDoc) else AttributeDoc(type=doc.items)
        item = _typed(inner, at, entities, report).model_copy(update={"optional": False})
        return Type(base="list", item=item, optional=doc.type.endswith("?"))
    kind = parse_type(doc.type, entities, warn=lambda message, hint: report.warn(at, message, hint))
    if kind.base in ("string", "int", "float") and doc.format.lower() in _FORMATS:
        return kind.model_copy(update={"base": _FORMATS[doc.format.lower()]})
    return kind


def _field(thing: Named[Any], entities: Collection[str], report: Report) -> Field:
    """Make a field; what must hold for its values becomes part of its description."""
    doc, type_at = _doc_of(thing)
    check_name(thing, "field", report)
    kind = read_type(doc, type_at, entities, report) or Type(base="string")
    constraints = {key: value for key, value in read_constraints(kind, doc, thing.at, report).items() if value}
    facts = [f"{key.replace('_', ' ')}: {value}" for key, value in constraints.items()]
    if doc.required and kind.optional:
        message = f"`{thing.name}` is required, and its type says that it is optional"
        report.error(thing.at / "required", message, "remove the `?` or the `required`")
    return Field(
        name=thing.name,
        type=kind.model_copy(update={"optional": kind.optional or doc.required is False}),
        required=kind.base in _REQUIRED and not kind.optional if doc.required is None else doc.required,
        description="; ".join(filter(None, [doc.description, *facts])),
    )
