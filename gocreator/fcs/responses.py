"""Read `response_200`, `response_404` and the like, as the original's samples write them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import TypeAdapter, ValidationError

from gocreator.fcs.document_api import Body, EndpointDoc
from gocreator.fcs.leaf import written
from gocreator.fcs.report import At, Report


@dataclass
class Responses:
    """What further keys of an endpoint say about its answers."""

    at: At
    success: Any = None
    errors: dict[int, str] = field(default_factory=dict)


def more_responses(doc: EndpointDoc, at: At, report: Report) -> Responses:
    """Return the first success and all errors."""
    found = Responses(at)
    for key, value in sorted((doc.model_extra or {}).items()):
        _, _, status = key.partition("response_")
        if not status.isascii() or not status.isdigit():
            continue
        if status[0] in "45":
            found.errors[int(status)] = _meaning(value)
        elif status[0] == "2" and found.success is None:
            found.at = at / key
            found.success = _fields(value, at / key, report)
    return found


def _fields(value: Any, at: At, report: Report) -> Any:
    """Read the fields of a success, if they have the shape of fields."""
    try:
        return TypeAdapter(Body).validate_python(value)
    except ValidationError:
        report.warn(at, "the response does not have the form of fields, and was not read", "write a mapping of types")
        return None


def _meaning(value: Any) -> str:
    """Find the sentence that says when an error is answered."""
    if isinstance(value, Mapping):
        for key in ("description", "message", "error", "when"):
            if isinstance(value.get(key), str):
                return str(value[key]).strip()
        return ""
    return "" if value is None or isinstance(value, list) else written(value).strip()
