from pathlib import Path

import pytest

from gocreator.fcs.load import load_fcs

USER = "entities: [{name: User, attributes: {name: string, created_at: timestamp}}]\n"


@pytest.mark.parametrize(
    ("endpoint", "said"),
    [
        ("POST, path: /users, request: {name: string, password: string}", "does not take `password`"),
        ("PATCH, path: '/users/{id}', request: {created_at: timestamp}", "does not take `created_at`"),
        ("GET, path: /users, request: {limit: int, status: string}", "does not take `status`: lists are not filtered"),
        ("GET, path: '/users/{id}', response: {name: string, age: int}", "does not give `age`"),
        ("POST, path: '/users/{id}/lock', request: {reason: string}", ""),
        ("DELETE, path: '/users/{id}', response: {done: bool}", ""),
        ("GET, path: /users, request: {offset: int, limit: int}, response: {id: uuid}", ""),
    ],
)
def test_what_a_plain_operation_cannot_do_is_said(endpoint: str, said: str, tmp_path: Path) -> None:
    place = tmp_path / "fcs.yaml"
    place.write_text(f"{USER}endpoints:\n  - {{method: {endpoint}}}\n")
    warnings = [str(warning) for warning in load_fcs(place).warnings]
    assert len(warnings) == bool(said)
    assert all(said in warning and "fcs.yaml:3:" in warning for warning in warnings)
