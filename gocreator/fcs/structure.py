"""Check the shape of a document and word what is wrong with it.

What is wrong is cut out, and the rest is read, so that one mistake does not hide the next.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from gocreator.fcs.document import Document
from gocreator.fcs.document_parts import AttributeDoc, EntityDoc, Part
from gocreator.fcs.leaf import said
from gocreator.fcs.report import ROOT, At, Loc, Report
from gocreator.fcs.types import close

_Way = tuple[()] | tuple["_Way", str | int]
"""A path that grows at its end without a copy: there is one for each part of a document, and few are ever told."""
_HOLDERS = (Part, dict, list)
_ROUNDS = 5
"""Cutting out what is wrong uncovers little; after this many rounds the document is left alone."""


def read_document(report: Report) -> Document | None:
    """Return the document without the parts that cannot be read; those are reported."""
    value = report.source.value
    if not isinstance(value, dict):
        hint = "write keys such as name, description and entities"
        report.error(ROOT, f"the document must be a mapping of keys to values, not {said(value)}", hint)
        return None
    for _ in range(_ROUNDS):
        try:
            document = Document.model_validate(value)
        except ValidationError as problem:
            report.partial = True
            value = _without(value, {_told(error, value, report) for error in problem.errors(include_url=False)})
        else:
            _tell_unknown(document, report)
            return document
    return None


def _told(error: ErrorDetails, value: Any, report: Report) -> Loc:
    """Report an error of the validator, and return what to cut out."""
    path = _real(value, error["loc"])
    context = error.get("ctx", {})
    if error["type"] == "leaf":
        report.error(At(path), str(context["message"]), str(context["hint"]))
    elif error["type"] == "shape":
        report.error(At(path), f"{error['msg']}, not {said(error['input'])}", _shape_hint(error["msg"]))
    else:
        expected = {"list_type": "a list", "dict_type": "a mapping", "model_type": "a mapping"}.get(error["type"])
        what = f"expected {expected}, not {said(error['input'])}" if expected else error["msg"]
        report.error(At(path), what, _shape_hint(what))
    # Without an item of a list, the items after it would stand elsewhere than in the source.
    while path and isinstance(path[-1], int):
        path = path[:-1]
    return path


def _shape_hint(message: str) -> str:
    """Say how the expected shape is written."""
    expected = message.partition(", not ")[0]
    if "list" in expected:
        return "write items as `- item`, or as [item, item]"
    return "write `key: value`" if "mapping" in expected else "see the README for the form of a specification"


def _real(value: Any, loc: Sequence[str | int]) -> Loc:
    """Drop the components of a location that name members of unions, not parts of the document."""
    path: list[str | int] = []
    for component in loc:
        holds = range(len(value)) if isinstance(value, list) else value if isinstance(value, dict) else ()
        if component not in holds:
            continue
        value = value[component]
        path.append(component)
    return tuple(path)


def _without(value: Any, paths: set[Loc], here: Loc = ()) -> Any:
    """Copy a value without some of its parts."""
    if isinstance(value, dict):
        return {key: _without(item, paths, (*here, key)) for key, item in value.items() if (*here, key) not in paths}
    if isinstance(value, list):
        return [_without(item, paths, (*here, index)) for index, item in enumerate(value)]
    return value


def _tell_unknown(document: Document, report: Report) -> None:
    """Report the keys that nothing reads."""
    for way, part in _parts(document, ()):
        for key, value in (part.model_extra or {}).items():
            known = {known for _, known in _keys(type(part))}
            if not (part.more and re.match(part.more, key)):
                at = At((*_loc(way), key), key=True)
                report.error(at, f"unknown key `{key}`", _key_hint(key, value, part, known))


def _key_hint(key: str, value: Any, part: Part, known: set[str]) -> str:
    """Say what an unknown key may have been meant for."""
    if key.endswith(")"):
        return 'a type with commas needs quotes inside `{...}`: "enum(a, b)"'
    if isinstance(part, AttributeDoc) and not (part.name or part.attribute or part.type) and isinstance(value, str):
        return f"write `name: {key}` and `type: {value}`, or give attributes as a mapping"
    hint = close(key, known)
    if not hint and isinstance(part, EntityDoc) and isinstance(value, str | dict):
        return "the attributes of an entity stand under `attributes`"
    return hint or "known keys are " + ", ".join(sorted(known))


def _parts(value: Any, way: _Way) -> Iterator[tuple[_Way, Part]]:
    """Find every mapping of a document that has known keys, with the way to it."""
    inner: Iterable[tuple[str | int, Any]]
    if isinstance(value, Part):
        yield way, value
        inner = ((key, getattr(value, name)) for name, key in _keys(type(value)))
    else:
        inner = value.items() if isinstance(value, dict) else enumerate(value)
    for key, item in inner:
        if isinstance(item, _HOLDERS):
            yield from _parts(item, (way, key))


@cache
def _keys(kind: type[Part]) -> tuple[tuple[str, str], ...]:
    """Return the names of a part's fields, each with its key in a document."""
    return tuple((name, field.alias or name) for name, field in kind.model_fields.items())


def _loc(way: _Way) -> Loc:
    return (*_loc(way[0]), way[1]) if way else ()
