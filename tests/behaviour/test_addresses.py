"""What the environment says of accounts goes to the provider's own address, and to no other that a file names."""

from typing import Any

import pytest

from tests.emulator.server import Emulator

PATH = "internal/service/order.go"
SECRET = {
    "ANTHROPIC_CUSTOM_HEADERS": "X-Gateway: s3cret\nX-Other: more",
    "OPENAI_ORG_ID": "s3cret",
    "OPENAI_PROJECT_ID": "s3cret",
}


@pytest.fixture(autouse=True)
def _accounts(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in SECRET.items():
        monkeypatch.setenv(name, value)


@pytest.mark.parametrize("where", ["a file", "the environment"])
@pytest.mark.parametrize("provider", ["anthropic", "openai"])
def test_headers_of_the_environment(
    project: Any,
    emulator: Emulator,
    served: dict[str, str],
    provider: str,
    where: str,
) -> None:
    named = where == "a file"
    url = emulator.url if provider == "anthropic" else emulator.openai_url
    own = f"providers: {{own: {{type: {provider}, base_url: '{url}', api_key: k}}}}\n" if named else ""
    project.write(".gocreator.yaml", f"{own}generation: {{origin: template, origins: {{service: llm}}}}\n")
    built = project("build", PATH, "--no-verify", "--provider", "own" if named else provider)
    assert built.code == 0, built.err
    assert PATH in served
    (call,) = emulator.calls
    assert ("s3cret" in call.headers.values()) is not named
