from collections.abc import Mapping
from pathlib import Path

import pytest

from gocreator.config.load import load_settings
from gocreator.config.models import ConfiguredRung, Models, RateLimits, Retry
from gocreator.errors import ConfigError, ExitCode
from gocreator.llm.endpoints import endpoints_of, ladders_of, patience_of
from gocreator.llm.provider import Rung

KEYS = {"ANTHROPIC_API_KEY": "a-key", "OPENAI_API_KEY": "o-key"}


class Read:
    """Reads what a configuration says of models."""

    def __init__(self, project: Path) -> None:
        self.project = project

    def __call__(
        self, text: str = "", *, env: Mapping[str, str] = KEYS, flags: Mapping[str, object] | None = None
    ) -> Models:
        (self.project / ".gocreator.yaml").write_text(text)
        settings = load_settings(self.project, config_file=None, flags=flags or {}, env=env, home=None)
        return settings.models

    def problems(self, text: str) -> list[str]:
        with pytest.raises(ConfigError) as raised:
            self(text)
        assert raised.value.exit_code is ExitCode.USAGE
        return [str(problem) for problem in raised.value.problems]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    return Read(tmp_path)


@pytest.mark.parametrize(
    "text", ["", "llm: {model: x, api_key: y, api: chat}", "llm: {provider: none}", "providers: {}"]
)
def test_a_key_alone_asks_nobody(read: Read, text: str) -> None:
    models = read(text)
    assert (models.ladders, models.providers) == ({}, {})


@pytest.mark.parametrize(
    ("provider", "models"),
    [
        ("anthropic", ("claude-opus-5-5", "claude-sonnet-5-5", "claude-haiku-5-5")),
        ("openai", ("gpt-6.2-sol", "gpt-6.1-sol", "gpt-6.1-terra")),
    ],
)
def test_a_provider_is_enough(read: Read, provider: str, models: tuple[str, ...]) -> None:
    found = read(f"llm: {{provider: {provider}}}")
    roles = zip(("planner", "coder", "reviewer"), models, strict=True)
    assert found.ladders == {role: (ConfiguredRung(provider, model, "medium"),) for role, model in roles}
    assert found.providers[provider].key == KEYS[f"{provider.upper()}_API_KEY"]
    assert found == read(env={**KEYS, "GOCREATOR_LLM_PROVIDER": provider})
    assert found == read("llm: {provider: x}\nproviders: {x: {type: openai}}", flags={"llm.provider": provider})


def test_a_model_that_is_named_thinks_as_is_its_way(read: Read) -> None:
    found = read("llm: {provider: openai, model: gpt-5.5}")
    assert set(found.ladders.values()) == {(ConfiguredRung("openai", "gpt-5.5"),)}


def test_roles_have_ladders(read: Read) -> None:
    found = read(
        "llm:\n  provider: anthropic\n  roles:\n    planner: {provider: openai}\n    reviewer: openai\n"
        "    coder:\n      - {model: claude-haiku-5-5, effort: low}\n      - {provider: openai, model: gpt-6.1-sol}\n"
    )
    assert found.ladders == {
        "planner": (ConfiguredRung("openai", "gpt-6.2-sol", "medium"),),
        "coder": (ConfiguredRung("anthropic", "claude-haiku-5-5", "low"), ConfiguredRung("openai", "gpt-6.1-sol")),
        "reviewer": (ConfiguredRung("openai", "gpt-6.1-terra", "medium"),),
    }
    assert set(found.providers) == {"anthropic", "openai"}


def test_what_is_said_at_a_higher_place_counts(read: Read) -> None:
    text = "llm: {provider: anthropic, model: claude-x, api_key: a, roles: {coder: {model: claude-y, effort: low}}}"
    assert read(text).ladders["coder"] == (ConfiguredRung("anthropic", "claude-y", "low"),)
    assert read(text, flags={"llm.model": "z"}).ladders["coder"] == (ConfiguredRung("anthropic", "z"),)
    other = read(text, flags={"llm.provider": "openai"})
    assert other.ladders["coder"] == (ConfiguredRung("openai", "gpt-6.1-sol", "medium"),)
    assert other.providers["openai"].key == "o-key", "the key in the file is another provider's"


def test_the_originals_sections(read: Read) -> None:
    found = read(
        "schema_version: '1.0'\ndefault_provider: main\n"
        "providers:\n"
        "  main: {type: anthropic, model: claude-opus-5, api_key: '${KEY}', parameters: {temperature: 0.2}}\n"
        "  spare: {type: openai, model: local, endpoint: 'http://localhost:1/v1', api: chat, timeout: 90s}\n"
        "roles:\n  coder: {provider: spare, fallback: [main], parameters: {max_tokens: 9}}\n"
        "  clarifier: {provider: main}\n"
        "retry: {max_attempts: 4, initial_backoff: 2s, max_backoff: 1m, multiplier: 3}\n",
        env={**KEYS, "KEY": "own"},
    )
    assert found.ladders["coder"] == (ConfiguredRung("spare", "local"), ConfiguredRung("main", "claude-opus-5"))
    assert found.ladders["planner"] == (ConfiguredRung("main", "claude-opus-5"),)
    assert found.retry == Retry(4, 2.0, 60.0, 3.0)
    main, spare = found.providers["main"], found.providers["spare"]
    assert (main.kind, main.key, main.base_url) == ("anthropic", "own", "")
    assert (spare.kind, spare.base_url, spare.api, spare.timeout) == ("openai", "http://localhost:1/v1", "chat", 90.0)
    assert spare.key == "", "the environment's key is OpenAI's, not that of an address in a file"
    assert "own" not in repr(found)


def test_a_variable_that_is_not_set_takes_nothing_else_with_it(read: Read) -> None:
    text = "llm: {provider: x}\nproviders: {x: {type: openai, api_key: '${ABSENT}'}}"
    assert read(text, env={}).providers["x"].key == ""


def test_the_environments_addresses_count(read: Read) -> None:
    env = {**KEYS, "ANTHROPIC_BASE_URL": "http://127.0.0.1:2"}
    assert read("llm: {provider: anthropic}", env=env).providers["anthropic"].base_url == "http://127.0.0.1:2"


def test_what_is_wrong_is_told_with_its_place(read: Read) -> None:
    text = (
        "llm:\n  provider: antropic\n  roles:\n    codr: {provider: openai}\n    planner:\n"
        "      - {provider: opena}\n      - {provder: openai}\n    coder: 3\n"
        "providers:\n  x: {type: openai, api_key: 7, api: soap, timeout: soon}\n  y: {type: google}\n"
        "retry: {max_attempts: 11, multiplier: 1}\n"
    )
    found = read.problems(text)
    assert [line.split(" ")[0].rstrip(":") for line in found] == [f".gocreator.yaml:{place}" for place in (
        "2:13", "4:5", "6:20", "7:9", "7:10", "8:12", "10:30", "10:38", "10:53", "11:13", "12:23", "12:39",
    )]  # fmt: skip
    assert "did you mean `anthropic`?" in found[0]
    assert not any("7" in line.partition(": ")[2] for line in found)


def test_google_is_not_supported(read: Read) -> None:
    (found,) = read.problems("llm: {provider: google}")
    assert found.startswith(".gocreator.yaml:1:17: the provider google is not supported")


def test_what_calls_are_made_with(read: Read) -> None:
    found = read("llm: {provider: openai, api: chat, timeout: 5m}\nretry: {max_attempts: 2}")
    endpoint = endpoints_of(found, connections=8)["openai"]
    assert (endpoint.kind, endpoint.key, endpoint.api) == ("openai", "o-key", "chat")
    assert (endpoint.timeout, endpoint.connections) == (300.0, 8)
    assert ladders_of(found)["coder"] == (Rung("openai", "gpt-6.1-sol", "medium"),)
    assert patience_of(found).max_attempts == 2


def test_an_effort_that_no_model_has_and_a_role_of_nobody_are_told(read: Read) -> None:
    text = "llm:\n  provider: anthropic\n  roles:\n    coder: [{model: m, effort: hihg}]\n    planner: []\n"
    effort, role = sorted(read.problems(text))
    assert effort.startswith(".gocreator.yaml:4:12: there is no effort `hihg`")
    assert "did you mean `high`?" in effort
    assert role.startswith(".gocreator.yaml:5:14: the role `planner` names nobody")


def test_attempts_have_two_names(read: Read) -> None:
    assert read("llm: {provider: openai, max_attempts: 3}").retry.max_attempts == 3
    assert read("llm: {provider: openai}\nretry: {max_attempts: 4}").retry.max_attempts == 4
    assert read("llm: {provider: openai, max_attempts: 3}\nretry: {initial_backoff: 1s}").retry.max_attempts == 3
    assert read("llm: {provider: openai}").retry.max_attempts == 5


def test_a_key_is_taken_without_its_line_end(read: Read) -> None:
    assert read("llm: {provider: openai}", env={"OPENAI_API_KEY": "k\r\n"}).providers["openai"].key == "k"


def test_an_address_without_a_scheme_is_told(read: Read) -> None:
    (found,) = read.problems("llm: {provider: x}\nproviders: {x: {type: openai, base_url: 'localhost:8000/v1'}}")
    assert found.startswith(".gocreator.yaml:2:16: the address of x is none")
    assert read("llm: {provider: openai}\nproviders: {x: {type: openai, base_url: 'localhost'}}").ladders


def test_a_model_on_the_command_line_needs_a_provider(read: Read) -> None:
    assert read("llm: {model: m}").ladders == {}
    with pytest.raises(ConfigError, match="a model is named, and no provider"):
        read("", flags={"llm.model": "m"})


def test_rate_limits_are_a_providers(read: Read) -> None:
    text = (
        "llm:\n  provider: x\n  rate_limits:\n    x: {requests_per_minute: 10, output_tokens_per_minute: 8000}\n"
        "    openai: {input_tokens_per_minute: 5}\n    anthropic:\n"
        "providers: {x: {type: openai}}\n"
    )
    models = read(text)
    assert models.providers["x"].limits == RateLimits(10, None, 8000)
    assert endpoints_of(models, connections=1)["x"].limits == RateLimits(10, None, 8000)
    assert read(text, flags={"llm.provider": "openai"}).providers["openai"].limits == RateLimits(input_tokens=5)
    assert read("llm: {provider: openai}").providers["openai"].limits == RateLimits()


@pytest.mark.parametrize("provider", ["", "  provider: anthropic\n"])
def test_rate_limits_that_make_no_sense_are_told(read: Read, provider: str) -> None:
    text = (
        "llm:\n  rate_limits:\n    anthropc: {requests_per_minute: 1}\n    openai: 10\n    anthropic:\n"
        "      requests_per_minut: 1\n      requests_per_minute: 0\n"
        "      input_tokens_per_minute: 40k\n      output_tokens_per_minute: 1.5\n"
    )
    found = read.problems(f"{text}{provider}")
    assert [line.split(" ")[0] for line in found] == [f".gocreator.yaml:{place}:" for place in (
        "3:5", "4:13", "6:7", "7:28", "8:32", "9:33",
    )]  # fmt: skip
    assert "there is no provider `anthropc`" in found[0]
    assert "did you mean `anthropic`?" in found[0]
    assert "did you mean `requests_per_minute`?" in found[2]
    assert "expected 1 or more" in found[3]
    assert "`input_tokens_per_minute`: expected a whole number" in found[4]
    assert read.problems("llm: {rate_limits: 10}")[0].startswith(
        ".gocreator.yaml:1:20: `llm.rate_limits`: expected a section"
    )
