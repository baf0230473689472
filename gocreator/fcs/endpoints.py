"""Turn endpoints of a document into canonical ones."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, cast

from gocreator.fcs.attributes import read_fields
from gocreator.fcs.document import Document
from gocreator.fcs.document_api import EndpointDoc
from gocreator.fcs.document_parts import ErrorDoc, FieldsDoc
from gocreator.fcs.leaf import written
from gocreator.fcs.matching import by_segment, common_prefix, entity_of
from gocreator.fcs.model import Endpoint, Entity, Field, Method
from gocreator.fcs.operations import check_operation
from gocreator.fcs.report import ROOT, At, Report
from gocreator.fcs.responses import more_responses
from gocreator.fcs.routes import METHODS, BadPath, collisions, read_path, shape_of
from gocreator.fcs.types import close

_BOTH = re.compile(r"([A-Za-z]+)\s+(\S.*)\Z")


def read_endpoints(document: Document, entities: Sequence[Entity], report: Report) -> tuple[Endpoint, ...]:
    """Return the endpoints of both places, by path and method."""
    segments = by_segment(entities)
    names = {entity.name for entity in entities}
    found: dict[tuple[str, str], tuple[Endpoint, At]] = {}
    routed = [(doc, at, route) for doc, at in _docs(document) if (route := _route(doc, at, report)) is not None]
    prefix = common_prefix([path for _, _, (_, path, _) in routed])
    for doc, at, (method, path, path_at) in routed:
        endpoint = _endpoint(doc, at, names, report).model_copy(
            update={"method": method, "path": path, "entity": entity_of(method, path, segments, prefix)}
        )
        key = (shape_of(path), method)
        if key in found:
            first = report.source.at(found[key][1].loc).line
            message = f"the endpoint `{method} {path}` is given twice (first in line {first})"
            report.error(path_at, message, "remove one of them; names of parameters make no difference")
        else:
            found[key] = (endpoint, path_at)
    _check_collisions(found.values(), report)
    ordered = sorted(found.values(), key=lambda pair: (pair[0].path, pair[0].method))
    by_name = {entity.name: entity for entity in entities}
    served = list(_plain_once(ordered, report))
    for endpoint, (_, at) in zip(served, ordered, strict=True):
        check_operation(endpoint, by_name, at, report)
    return tuple(served)


def _docs(document: Document) -> Iterator[tuple[EndpointDoc, At]]:
    """Return the endpoints of both places; one can be just a text, `GET /users`."""
    for key, docs in (("endpoints", document.endpoints), ("api_contracts", document.api_contracts)):
        for index, doc in enumerate(docs or []):
            yield (EndpointDoc(endpoint=doc) if isinstance(doc, str) else doc), ROOT / key / index


def _route(doc: EndpointDoc, at: At, report: Report) -> tuple[Method, str, At] | None:
    """Read method and path, which may stand in one text."""
    path_at = at / "endpoint" if doc.endpoint else at / "path"
    text, method, method_at = doc.endpoint or doc.path, doc.method, at / "method"
    if doc.endpoint and doc.path and doc.endpoint != doc.path:
        report.error(at / "path", "`endpoint` and `path` disagree", "keep one of them")
    if found := _BOTH.match(text):
        if method and method.upper() != found[1].upper():
            report.error(at / "method", f"`endpoint` says {found[1]}, and `method` says {method}", "keep one of them")
        method, text = found[1], found[2]
        method_at = path_at if not doc.method else method_at
    known = _method(method, method_at, report)
    path = _path(text, path_at, report)
    return None if known is None or path is None else (known, path, path_at)


def _method(text: str, at: At, report: Report) -> Method | None:
    """Read a method in either case."""
    method = text.upper()
    if method in METHODS:
        return cast("Method", method)
    message = f"`{text}` is no method of HTTP that can be served" if text else "the endpoint has no method"
    report.error(at, message, close(method, METHODS, otherwise="methods are " + ", ".join(METHODS)))
    return None


def _path(text: str, at: At, report: Report) -> str | None:
    """Read a path."""
    if not text:
        report.error(at, "the endpoint has no path", "write `endpoint: /users/{id}`")
        return None
    try:
        return read_path(text)
    except BadPath as problem:
        report.error(at, problem.message, problem.hint)
        return None


def _endpoint(doc: EndpointDoc, at: At, names: Collection[str], report: Report) -> Endpoint:
    """Read everything but the route."""
    request_key = "request" if doc.request is not None else "request_body"
    request, said = _body(doc.request if doc.request is not None else doc.request_body, at / request_key, names, report)
    response, answered = _body(doc.response, at / "response", names, report)
    errors = _errors(doc.errors, at / "errors", report)
    more = more_responses(doc, at, report)
    if not response and more.success is not None:
        response, answered = _body(more.success, more.at, names, report)
    headers = _headers(doc.headers)
    sentences = [doc.description, said and f"Request: {said}", answered and f"Response: {answered}", headers]
    return Endpoint(
        method="GET",
        path="/",
        description="\n".join(filter(None, sentences)),
        request=request,
        response=response,
        errors=tuple(sorted({**more.errors, **errors}.items())),
    )


def _body(body: Any, at: At, names: Collection[str], report: Report) -> tuple[tuple[Field, ...], str]:
    """Read the fields of a body, and what it says about itself."""
    if isinstance(body, FieldsDoc):
        return read_fields(body.fields, at / "fields", names, report), body.description
    if isinstance(body, str):
        if _is_type(body, names):
            message = f"`{body}` is taken for a description, because a body is made of fields"
            report.warn(at, message, f'name them, such as {{items: "{body}"}}')
        return (), body
    return read_fields(body, at, names, report), ""


def _is_type(text: str, names: Collection[str]) -> bool:
    """Tell whether a text is a type rather than a sentence: it names an entity, or a list or a map."""
    return bool(re.fullmatch(r"(?:\[\]|map\[string\])*\*?(\w+)\??", text)) and (
        text.strip("[]*?") in names or "[" in text
    )


def _errors(errors: Any, at: At, report: Report) -> dict[int, str]:
    """Read error statuses from a mapping or from a list."""
    found: dict[int, str] = {}
    pairs: list[tuple[str, str, At]] = []
    if isinstance(errors, Mapping):
        pairs = [(status, meaning, At((*at.loc, status), key=True)) for status, meaning in errors.items()]
    else:
        for index, item in enumerate(errors or []):
            pairs.append(_listed_error(item, at / index))
    for status, meaning, place in pairs:
        if not re.match(r"[45][0-9]{2}\Z", status):
            report.error(place, f"`{status}` is no error status of HTTP", "error statuses are 400 to 599")
        else:
            found[int(status)] = meaning
    return found


def _listed_error(item: str | ErrorDoc, at: At) -> tuple[str, str, At]:
    """Read an item such as `404`, `404 no such user` or a mapping."""
    if isinstance(item, ErrorDoc):
        key = "status" if item.status is not None else "code"
        status = item.status if item.status is not None else item.code
        return "" if status is None else str(status), item.description or item.message, at / key
    status_text, _, meaning = item.partition(" ")
    return status_text.rstrip(":"), meaning.strip(), at


def _headers(headers: Any) -> str:
    """Write headers into a sentence, because they say something to whoever writes the handler."""
    if isinstance(headers, Mapping):
        texts = [f"{name}: {written(value)}" for name, value in sorted(headers.items()) if not isinstance(value, dict)]
        texts += [name for name, value in sorted(headers.items()) if isinstance(value, dict)]
    else:
        texts = sorted(headers or [])
    return "Headers: " + "; ".join(texts) if texts else ""


def _check_collisions(found: Collection[tuple[Endpoint, At]], report: Report) -> None:
    """Refuse endpoints between which a router could not choose."""
    for method in METHODS:
        places = {endpoint.path: at for endpoint, at in found if endpoint.method == method}
        for first, second in collisions(list(places)):
            message = (
                f"`{method} {first}` and `{method} {second}` match the same requests, and neither is more specific"
            )
            report.error(max(places[first], places[second]), message, "change one of the paths")


def _plain_once(ordered: Sequence[tuple[Endpoint, At]], report: Report) -> Iterator[Endpoint]:
    """Let only one endpoint be the plain operation on an entity; further ones are custom."""
    taken: dict[tuple[str, str, bool], str] = {}
    for endpoint, at in ordered:
        key = (endpoint.entity, endpoint.method, endpoint.path.endswith("}"))
        first = taken.setdefault(key, endpoint.path) if endpoint.entity else endpoint.path
        if first == endpoint.path:
            yield endpoint
        else:
            message = (
                f"`{endpoint.method} {endpoint.path}` does what `{first}` does, so it is taken as a custom endpoint"
            )
            report.warn(at, message, "say in its description what it does, or remove it")
            yield endpoint.model_copy(update={"entity": ""})
