"""What a provider, or the way to it, says of a call that failed, in the words of our users and without any secret."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from gocreator.llm.allowances import allowances, until
from gocreator.llm.provider import CallFailed, Endpoint, Fault

_WORDS = {
    "invalid_api_key": Fault.KEY,
    "authentication_error": Fault.KEY,
    "permission_error": Fault.KEY,
    "billing_error": Fault.MONEY,
    "rate_limit_error": Fault.LIMITED,
    "rate_limit_exceeded": Fault.LIMITED,
    "invalid_request_error": Fault.INVALID,
    "invalid_prompt": Fault.INVALID,
    "not_found_error": Fault.MODEL,
    "model_not_found": Fault.MODEL,
    "request_too_large": Fault.CONTEXT,
    "context_length_exceeded": Fault.CONTEXT,
}
"""What an error in the middle of an answer is called, the telling words first; all else is the provider's trouble."""

_MONEY_WORD = re.compile(r"insufficient_quota|billing|spend|credit", re.IGNORECASE)
_MONEY_TEXT = re.compile(
    r"credit balance|current quota|(spend(ing)?|usage|monthly) (limit|cap)|monthly (spend|usage)", re.IGNORECASE
)
"""Both providers tell spent money by a code or by the message alone (api/errors, api/rate-limits of both)."""

_LONG_TEXT = re.compile(
    r"prompt is too long|context (length|window)|maximum context|too many input tokens", re.IGNORECASE
)
"""How a 400 says that the prompt does not fit: by a code at OpenAI (`context_length_exceeded`), else by words alone."""
_KEYLIKE = re.compile(r"\b(sk|key|api)-[\w*.-]{6,}|(?<=//)[^/\s@]+@|(?<=[Bb]earer )\S+")
_WORTH_IT = {"true": True, "false": False}
"""What a provider itself says of trying again, in `x-should-retry`, which both SDKs obey."""
KEY_VARIABLE = {"anthropic": "ANTHROPIC_API_KEY", "openai": "OPENAI_API_KEY"}
_LONGEST = 300


@dataclass(frozen=True)
class Said:
    """What was said of a failure."""

    status: int | None = None
    """The HTTP status; 200 where the answer had begun."""
    words: str = ""
    """Types and codes, which machines read."""
    message: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    request_id: str = ""


def read_body(body: Any) -> tuple[str, str]:
    """Return the words and the message of an error's body, whatever its shape."""
    error = body.get("error", body) if isinstance(body, Mapping) else body
    if not isinstance(error, Mapping):
        return "", error if isinstance(error, str) else ""
    details = error.get("details")
    codes = [error.get("type"), error.get("code"), details.get("error_code") if isinstance(details, Mapping) else None]
    message = error.get("message") or error.get("detail")
    return " ".join(code for code in codes if isinstance(code, str)), message if isinstance(message, str) else ""


def failure(endpoint: Endpoint, model: str, said: Said) -> CallFailed:
    """Make the error of a call that was answered with one."""
    fault = fault_of(said)
    what, hint = _told(fault, endpoint, model, said.status)
    quoted = redact(said.message, endpoint.key)
    status = f" (HTTP {said.status})" if said.status and said.status >= 400 else ""
    failed = CallFailed(fault, f"{what}{status}{': ' if quoted else ''}{quoted}", hint=hint)
    failed.status, failed.request_id = said.status, redact(said.request_id, endpoint.key)
    now = datetime.now(UTC)
    if fault in {Fault.LIMITED, Fault.OVERLOADED}:
        failed.retry_after = retry_after(said.headers, now, limited=fault is Fault.LIMITED)
    failed.allowances = tuple(allowances(said.headers, now))
    failed.worth_it = _WORTH_IT.get(said.headers.get("x-should-retry", ""))
    return failed


def broken(endpoint: Endpoint, model: str, why: str, request_id: str = "") -> CallFailed:
    """Make the error of a call whose connection did not hold."""
    message = f"{endpoint.name}{_place(endpoint)}, model {model}: {why}"
    failed = CallFailed(Fault.CONNECTION, message, hint="is the network, or the proxy, in order?")
    failed.request_id = request_id
    return failed


def _place(endpoint: Endpoint) -> str:
    """Say where a provider was looked for, if somebody said where; without names and passwords."""
    found = urlsplit(endpoint.base_url)
    return f" at {found.scheme}://{found.netloc.rpartition('@')[2]}" if found.netloc else ""


def malformed(endpoint: Endpoint, model: str, why: str, request_id: str = "") -> CallFailed:
    """Make the error of a call whose answer is none."""
    message = f"{endpoint.name}, model {model}: what came back is no answer of its protocol ({why})"
    hint = "is the base URL right? Something between here and the provider may have answered in its place"
    failed = CallFailed(Fault.MALFORMED, message, hint=hint)
    failed.request_id = request_id
    return failed


def keyless(endpoint: Endpoint, model: str) -> CallFailed:
    """Make the error of a call that has no key to be made with."""
    what, hint = _told(Fault.KEY, endpoint, model, None)
    return CallFailed(Fault.KEY, what.replace("is refused", "is missing"), hint=hint)


def fault_of(said: Said) -> Fault:
    """Decide what kind of thing went wrong."""
    status = said.status or 0
    if status in {200, 400, 402, 403, 429} and (_MONEY_WORD.search(said.words) or _MONEY_TEXT.search(said.message)):
        return Fault.MONEY
    if status in {200, 400} and ("context_length_exceeded" in said.words or _LONG_TEXT.search(said.message)):
        return Fault.CONTEXT
    if 200 <= status < 300:
        return next((fault for word, fault in _WORDS.items() if word in said.words.split()), Fault.OVERLOADED)
    by_status = {
        401: Fault.KEY,
        402: Fault.MONEY,
        403: Fault.KEY,
        404: Fault.MODEL,
        408: Fault.CONNECTION,
        409: Fault.OVERLOADED,
        413: Fault.CONTEXT,
        429: Fault.LIMITED,
    }
    if status in by_status:
        return by_status[status]
    return Fault.OVERLOADED if status >= 500 else Fault.INVALID if status >= 400 else Fault.MALFORMED


def redact(text: str, key: str) -> str:
    """Take keys, and what looks like one, out of a text that others wrote; leave one short line."""
    if key:
        whole = re.escape(key)
        text = re.sub(whole if len(key) > 8 else rf"(?<!\w){whole}(?!\w)", "***", text)
    text = "" if text.lstrip().startswith("<") else _KEYLIKE.sub("***", text)  # a page of a proxy says nothing in words
    line = " ".join("".join(char if char.isprintable() else " " for char in text[: 4 * _LONGEST]).split())
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}..."


def retry_after(headers: Mapping[str, str], now: datetime, *, limited: bool) -> float | None:
    """Return after how many seconds a provider wants to be asked again.

    Milliseconds, seconds or a date (RFC 9110, 10.2.3); where a 429 says nothing of the kind, when the bucket that is
    empty fills up again.
    """
    found = _number(headers.get("retry-after-ms"), 1e-3)
    if found is None:
        found = _number(headers.get("retry-after"), 1.0)
    if found is None:
        found = until(headers.get("retry-after"), now)
    if found is None and limited:
        found = _reset(headers, now)
    return None if found is None or not math.isfinite(found) else max(found, 0.0)


def _number(text: str | None, unit: float) -> float | None:
    """Read a number of units as seconds."""
    try:
        return float(text) * unit if text else None
    except ValueError:
        return None


def _reset(headers: Mapping[str, str], now: datetime) -> float | None:
    """Return when the last of the empty buckets fills up."""
    empty = (it.reset for it in allowances(headers, now) if it.remaining == 0)
    return max((seconds for seconds in empty if seconds is not None), default=None)


def _told(fault: Fault, endpoint: Endpoint, model: str, status: int | None) -> tuple[str, str]:
    """Say what happened and what to do about it."""
    name, variable = endpoint.name, KEY_VARIABLE[endpoint.kind]
    who = f"{name}, model {model}"
    match fault:
        case Fault.KEY if status == 403:
            return f"{who}: the key may not do this", "may it use this model, in this project, from this country?"
        case Fault.KEY:
            return f"the key for {name} is refused", f"set {variable}, or `api_key` of {name} in .gocreator.yaml"
        case Fault.MONEY:
            return f"{name}: its quota, credit or spending limit is used up", f"see {name}'s billing page"
        case Fault.LIMITED:
            return f"{who}: too many requests or tokens just now", "fewer at a time, with -n, may help"
        case Fault.CONTEXT:
            hint = "ask a model that holds more, or put less into a call: optimization.batching.max_batch_size"
            return f"{who}: the request is longer than it takes", hint
        case Fault.MODEL:
            return f"{who}: there is no such model, or no such address", "check the model's name and the base URL"
        case Fault.INVALID:
            return f"{who}: the request is not accepted", "are the model's name and its effort right?"
        case Fault.CONNECTION:
            return f"{who}: it took too long", ""
        case Fault.MALFORMED:
            return f"{who}: what came back is no answer of its protocol", "is the base URL right?"
        case _:
            return f"{who}: the provider has trouble of its own", "the same build may succeed later"
