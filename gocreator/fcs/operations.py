"""What a plain operation on an entity cannot do, though its endpoint asks for it: said when the document is read."""

from collections.abc import Mapping

from gocreator.fcs.model import Endpoint, Entity, Field
from gocreator.fcs.report import At, Report

_PAGE = ("offset", "limit")
_SERVER_MADE = ("id", "created_at", "updated_at")


def check_operation(endpoint: Endpoint, entities: Mapping[str, Entity], at: At, report: Report) -> None:
    """Warn of fields of a request or a response that the operation does not know."""
    entity = entities.get(endpoint.entity)
    if entity is None:
        return
    what = f"`{endpoint.method} {endpoint.path}`"
    own = {attribute.name for attribute in entity.attributes}
    if endpoint.method in ("POST", "PUT", "PATCH"):
        for name in _unknown(endpoint.request, own.difference(_SERVER_MADE)):
            message = f"{what} does not take `{name}`, which is no attribute of {entity.name} that a client sets"
            report.warn(
                at, message, "add it to the entity, or give the endpoint a path of its own, such as one below it"
            )
    elif not endpoint.path.endswith("}"):
        for name in _unknown(endpoint.request, set(_PAGE)):
            message = f"{what} does not take `{name}`: lists are not filtered yet"
            report.warn(at, message, "it takes offset and limit; for more give the endpoint a path of its own")
    for name in _unknown(endpoint.response, own) if endpoint.method != "DELETE" else ():
        message = f"{what} does not give `{name}`, which is no attribute of {entity.name}"
        report.warn(at, message, "add it to the entity, or remove it from the response")


def _unknown(fields: tuple[Field, ...], known: set[str]) -> list[str]:
    return [field.name for field in fields if field.name not in known]
