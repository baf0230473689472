"""JSON Schemas of what the generated service takes and gives: exactly the values that its code lets through.

What a schema cannot say (a bound of an exact decimal, the uniqueness of a value) stands in its description.
"""

from collections.abc import Callable, Mapping
from typing import Any

from gocreator.fcs.model import Attribute, Field, Type
from gocreator.fcs.types import BY_NAME
from gocreator.plan.gocode.checks import LIMITS, clauses
from gocreator.plan.gocode.literals import NILABLE, TEXTS, WHOLE, Place, needed, value
from gocreator.plan.golayout import clean
from gocreator.plan.views.fieldview import FieldView
from gocreator.plan.views.prose import listed

Schema = dict[str, Any]

_BASE64 = "^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$"
_UUID = "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
_DIGITS = "[0-9]{1,100}(?:\\.[0-9]{1,100})?"


def request_schema(field: FieldView) -> Schema:
    """Return the schema of a field that a client sends."""
    attribute = field.attribute
    found = _described(_typed(attribute), field)
    if attribute.default is not None:
        found["default"] = _json_default(attribute)
    return _nullable(found) if _takes_null(field) else found


def response_schema(field: FieldView) -> Schema:
    """Return the schema of a field that the service gives; one that is absent is left out, not null."""
    attribute = field.attribute
    kind = attribute.type
    found = {"$ref": _stub(kind)} if kind.base == "entity" else _described(_typed(attribute), field)
    if kind.base == "entity" and not (attribute.required or kind.optional):
        found = {"anyOf": [found, {"type": "null"}]}
    return {**found, "readOnly": True} if field.server_made else found


def required_in_request(field: FieldView) -> bool:
    """Tell whether a request without the field is refused: it is needed, or its zero value breaks a rule."""
    attribute = field.attribute
    if field.has_default or field.optional:
        return False
    too_short = field.base in ("list", "map", "bytes") and bool(attribute.min_length)
    return bool(field.checks.missing) or too_short or _excludes_zero(attribute)


def _excludes_zero(attribute: Attribute) -> bool:
    kind = attribute.type
    if kind.base not in (*WHOLE, "float", "duration", "decimal"):
        return False
    least, most = (None if bound is None else value(kind, bound) for bound in (attribute.min, attribute.max))
    return (least is not None and least > 0) or (most is not None and most < 0)


def required_in_response(field: FieldView) -> bool:
    """Tell whether every answer has the field."""
    return not field.optional


def stub_schema(fields: tuple[FieldView, ...]) -> Schema:
    """Return the schema of an entity inside of another: the types of its fields, and none of its rules."""
    properties = {field.json: loose_schema(field.attribute.type) for field in fields}
    return {"type": "object", "properties": properties, "additionalProperties": False}


def loose_schema(kind: Type) -> Schema:
    """Return the schema of a type without any rule: what Go reads into it."""
    base = kind.base
    if base == "entity":
        return {"anyOf": [{"$ref": _stub(kind)}, {"type": "null"}]}
    if base in ("list", "map"):
        found = _container(kind, loose_schema)
    elif base in TEXTS or base == "enum":
        found = {"type": "string"}
    elif base == "date":
        found = _or_empty(_plain(kind))
    else:
        found = _plain(kind)
    return _nullable(found) if kind.optional or base in NILABLE else found


def body_field_schema(field: Field, *, nil: bool = False) -> Schema:
    """Return the schema of a field of a custom endpoint; `nil` says that what Go leaves nil is null there."""
    found = _strict(field.type)
    found |= {"description": clean(field.description)} if field.description else {}
    return _nullable(found) if nil and field.type.base in NILABLE and not field.type.optional else found


def key_schema(kind: Type) -> Schema:
    """Return the schema of a key in a path: a text that is no key is answered as one that nothing has."""
    return _plain(kind) if kind.base in WHOLE else {"type": "string"}


def _typed(attribute: Attribute) -> Schema:
    """Return the schema of a type with the rules of its attribute."""
    kind = attribute.type
    if kind.base == "entity":
        return {"$ref": _stub(kind)}
    found = _strict(kind)
    if kind.base in TEXTS or kind.base in ("bytes", "list", "map"):
        found |= _lengths(attribute)
    elif kind.base in (*WHOLE, "float", "duration"):
        found |= _bounds(attribute)
    elif kind.base == "decimal" and attribute.min is not None and value(kind, attribute.min) >= 0:
        found["pattern"] = f"^{_DIGITS}$"
    if attribute.pattern:
        found = {**found, "pattern": attribute.pattern} if "pattern" not in found else _both(found, attribute.pattern)
    empty = kind.base in TEXTS and not needed(attribute) and not kind.optional and attribute.name != "id"
    if empty and found.keys() & {"format", "pattern", "minLength"}:
        found = _or_empty(found)
    return found


def _or_empty(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "string", "const": ""}]}


def _both(found: Schema, pattern: str) -> Schema:
    return {**found, "allOf": [{"pattern": pattern}]}


def _strict(kind: Type) -> Schema:
    match kind.base:
        case "list" | "map":
            return _container(kind, _item)
        case "enum":
            return {"type": "string", "enum": list(kind.values)}
        case "entity":
            return {"$ref": _stub(kind)}
    return _plain(kind)


def _item(kind: Type) -> Schema:
    found = _strict(kind)
    return _nullable(found) if kind.optional or kind.base == "entity" else found


def _container(kind: Type, inner: Callable[[Type], Schema]) -> Schema:
    items = {} if kind.item is None else inner(kind.item)
    if kind.base == "list":
        return {"type": "array", "items": items}
    return {"type": "object", "additionalProperties": items}


def _plain(kind: Type) -> Schema:
    """Return the schema of a type of the table as the generated code reads it."""
    base = kind.base
    found = dict(BY_NAME[base].json)
    if base in WHOLE or base == "duration":
        size = "int32" if base == "int32" else "int64"
        found |= {"minimum": LIMITS[size, "min"], "maximum": LIMITS[size, "max"]}
    if base == "decimal":
        found["pattern"] = f"^-?{_DIGITS}$"
    if base == "bytes":
        found["pattern"] = _BASE64
    if base == "uuid":
        found["pattern"] = _UUID
    return found


def _bounds(attribute: Attribute) -> Schema:
    found: Schema = {}
    for name, bound in (("minimum", attribute.min), ("maximum", attribute.max)):
        if bound is not None:
            found[name] = value(attribute.type, bound)
    return found


def _lengths(attribute: Attribute) -> Schema:
    """Return the limits of a length; of bytes, those of their base64."""
    base = attribute.type.base
    word = {"list": "Items", "map": "Properties"}.get(base, "Length")
    least = max(attribute.min_length or 0, 1 if needed(attribute) else 0)
    most = attribute.max_length
    if base == "bytes":
        least, most = _encoded(least), None if most is None else _encoded(most)
    found: Schema = {f"min{word}": least} if least else {}
    return found if most is None else {**found, f"max{word}": most}


def _encoded(size: int) -> int:
    return 4 * -(-size // 3)


def _described(schema: Schema, field: FieldView) -> Schema:
    rules = [] if field.server_made else clauses(Place(""), field.attribute)
    rules = [rule.removesuffix(", which Validate cannot check") for rule in rules]
    sentences = [field.title and field.title.rstrip(".") + ".", f"It {listed(rules)}." if rules else ""]
    text = " ".join(filter(None, sentences))
    return {**schema, "description": text} if text else schema


def _takes_null(field: FieldView) -> bool:
    """Tell whether null means that the field is not given."""
    return field.param_pointer or field.optional or field.emptied or (field.base == "entity" and not field.required)


def _nullable(schema: Schema) -> Schema:
    """Let a schema take null as well."""
    if not schema.keys() - {"description"}:
        return schema
    kind = schema.get("type")
    if isinstance(kind, str):
        values: Mapping[str, Any] = {"enum": [*schema["enum"], None]} if "enum" in schema else {}
        return {**schema, "type": [kind, "null"], **values}
    outer = {key: item for key, item in schema.items() if key in ("description", "default")}
    inner = {key: item for key, item in schema.items() if key not in outer}
    return {"anyOf": [inner, {"type": "null"}], **outer}


def _json_default(attribute: Attribute) -> Any:
    return value(attribute.type, attribute.default) if attribute.type.base == "duration" else attribute.default


def _stub(kind: Type) -> str:
    return f"#/components/schemas/{kind.entity}Stub"
