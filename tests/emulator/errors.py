"""How each provider says that something went wrong."""

from dataclasses import dataclass
from typing import Any, Literal

Dialect = Literal["anthropic", "openai"]

ANTHROPIC_TYPES = {
    400: "invalid_request_error",
    401: "authentication_error",
    402: "billing_error",
    403: "permission_error",
    404: "not_found_error",
    408: "timeout_error",
    409: "conflict_error",
    413: "request_too_large",
    422: "invalid_request_error",
    429: "rate_limit_error",
    503: "overloaded_error",
    504: "timeout_error",
    529: "overloaded_error",
}
OPENAI_TYPES = {
    401: ("invalid_request_error", "invalid_api_key"),
    402: ("billing_error", "billing_hard_limit_reached"),
    403: ("insufficient_permissions", "insufficient_permissions"),
    404: ("invalid_request_error", "model_not_found"),
    408: ("timeout", "request_timeout"),
    413: ("invalid_request_error", "request_too_large"),
    429: ("requests", "rate_limit_exceeded"),
    500: ("server_error", "server_error"),
    503: ("server_error", "server_overloaded"),
    529: ("server_error", "server_overloaded"),
}
MESSAGES = {
    400: "The request was invalid.",
    401: "The API key is wrong.",
    402: "There is a problem with billing.",
    403: "This key may not do that.",
    404: "There is no such thing.",
    408: "The request took too long.",
    413: "The request exceeds the maximum size.",
    422: "The request could not be processed.",
    429: "Too many requests; please slow down.",
    500: "Internal server error",
    503: "The service is unavailable.",
    529: "Overloaded",
}


@dataclass
class Refused(Exception):
    """A request is answered with an error."""

    status: int
    message: str = ""
    param: str | None = None
    code: str | None = None
    kind: str | None = None
    headers: tuple[tuple[str, str], ...] = ()


def body_of(refused: Refused, dialect: Dialect, request_id: str) -> dict[str, Any]:
    """Return the body of an error in a provider's shape."""
    message = refused.message or MESSAGES.get(refused.status, "Something went wrong.")
    if dialect == "anthropic":
        kind = refused.kind or ANTHROPIC_TYPES.get(refused.status, "api_error")
        return {"type": "error", "error": {"type": kind, "message": message}, "request_id": request_id}
    kind, code = OPENAI_TYPES.get(refused.status, ("invalid_request_error", None))
    if refused.status >= 500:
        kind = "server_error"
    said = {"type": refused.kind or kind, "param": refused.param, "code": refused.code or code}
    return {"error": {"message": message, **said}}


def missing(name: str, dialect: Dialect) -> Refused:
    """Say that a parameter must be given."""
    if dialect == "anthropic":
        return Refused(400, f"{name}: Field required")
    return Refused(400, f"Missing required parameter: '{name}'.", name, "missing_required_parameter")


def unknown(name: str, dialect: Dialect) -> Refused:
    """Say that a parameter is not known."""
    if dialect == "anthropic":
        return Refused(400, f"{name}: Extra inputs are not permitted")
    return Refused(400, f"Unknown parameter: '{name}'.", name, "unknown_parameter")


def unsupported(name: str, why: str = "is not supported with this model") -> Refused:
    """Say in OpenAI's words that a parameter is known but not here."""
    return Refused(400, f"Unsupported parameter: '{name}' {why}.", name, "unsupported_parameter")


def invalid(name: str, value: object, dialect: Dialect) -> Refused:
    """Say that a parameter's value is not accepted."""
    if dialect == "anthropic":
        return Refused(400, f"{name}: Input should be valid; got {value!r}")
    return Refused(400, f"Invalid value: '{value}' for '{name}'.", name, "invalid_value")
