from datetime import UTC, datetime

import pytest

from gocreator.llm.faults import Said, fault_of, read_body, redact, retry_after
from gocreator.llm.provider import Fault

NOW = datetime(2026, 11, 24, 12, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(("headers", "seconds"), [
    ({}, None),
    ({"retry-after": "7"}, 7),
    ({"retry-after-ms": "250", "retry-after": "7"}, 0.25),
    ({"retry-after": "Tue, 24 Nov 2026 12:00:30 GMT"}, 30),
    ({"retry-after": "Tue, 24 Nov 2026 11:00:00 GMT"}, 0),
    ({"retry-after": "-3"}, 0),
    ({"retry-after": "soon"}, None),
    ({"retry-after": "inf"}, None),
    ({"retry-after": "nan"}, None),
    ({"x-ratelimit-remaining-tokens": "0", "x-ratelimit-reset-tokens": "6m0s"}, 360),
    ({"x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": "120ms"}, 0.12),
    ({"x-ratelimit-remaining-tokens": "1", "x-ratelimit-reset-tokens": "6m0s"}, None),
    ({"anthropic-ratelimit-tokens-remaining": "0", "anthropic-ratelimit-tokens-reset": "2026-11-24T12:00:05Z"}, 5),
    ({"anthropic-ratelimit-tokens-remaining": "0", "anthropic-ratelimit-tokens-reset": "later"}, None),
])  # fmt: skip
def test_when_to_come_back(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after(headers, NOW, limited=True) == (None if seconds is None else pytest.approx(seconds))


@pytest.mark.parametrize(("said", "fault"), [
    (Said(400, "invalid_request_error", "Your credit balance is too low to access the API."), Fault.MONEY),
    (Said(400, "invalid_request_error", "You have reached your specified API usage limits."), Fault.MONEY),
    (Said(400, "invalid_request_error", "max_tokens: too large"), Fault.INVALID),
    (Said(429, "insufficient_quota", ""), Fault.MONEY),
    (Said(429, "rate_limit_error enforced_spend_limit_reached", ""), Fault.MONEY),
    (Said(429, "rate_limit_exceeded", "Limit 30000 TPM. Add a card at https://x.com/account/billing."), Fault.LIMITED),
    (Said(200, "overloaded_error", ""), Fault.OVERLOADED),
    (Said(200, "authentication_error", ""), Fault.KEY),
    (Said(200, "rate_limit_exceeded", ""), Fault.LIMITED),
    (Said(200, "something_new", ""), Fault.OVERLOADED),
    (Said(200, "insufficient_quota", ""), Fault.MONEY),
    (Said(408, "", ""), Fault.CONNECTION),
    (Said(409, "", ""), Fault.OVERLOADED),
    (Said(302, "", ""), Fault.MALFORMED),
])  # fmt: skip
def test_what_kind_of_fault_it_is(said: Said, fault: Fault) -> None:
    assert fault_of(said) is fault


@pytest.mark.parametrize(("body", "read"), [
    (None, ("", "")),
    ("nothing of the kind", ("", "nothing of the kind")),
    ({"detail": "Not Found"}, ("", "Not Found")),
    ({"error": "no"}, ("", "no")),
    ({"error": {"type": "a", "code": 3, "message": ["x"], "details": {"error_code": "b"}}}, ("a b", "")),
])  # fmt: skip
def test_bodies_of_any_shape_are_read(body: object, read: tuple[str, str]) -> None:
    assert read_body(body) == read


@pytest.mark.parametrize(("text", "left"), [
    ("the key k is wrong", "the key *** is wrong"),
    ("no sk-ant-api03-abcdef here", "no *** here"),
    ("at http://user:pass@host/", "at http://***host/"),
    ("<html>busy</html>", ""),
    ("one\n\x1b[31mtwo", "one [31mtwo"),
])  # fmt: skip
def test_secrets_and_control_characters_are_taken_out(text: str, left: str) -> None:
    assert redact(text, "k") == left


def test_long_texts_are_cut() -> None:
    assert len(redact("word " * 10_000, "k")) < 310
