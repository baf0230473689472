"""The JSON Schema of the document, for editors and other programs."""

from typing import Any

from gocreator.fcs.document import Document

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def json_schema() -> dict[str, Any]:
    """Return the schema; it says shapes and names, `load` says the rest."""
    schema = _eased(Document.model_json_schema(by_alias=True))
    for definition in (schema, *schema.get("$defs", {}).values()):
        definition.get("properties", {}).pop("more", None)
    return {"$schema": DIALECT, **schema, "title": "Specification of a Go project (FCS)"}


def _eased(value: Any) -> Any:
    """Let a value fit several members of a union: an empty mapping is both a body and a mapping of fields."""
    if isinstance(value, dict):
        return {"anyOf" if key == "oneOf" else key: _eased(item) for key, item in value.items()}
    return [_eased(item) for item in value] if isinstance(value, list) else value
