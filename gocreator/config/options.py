"""Every option of gocreator, declared once: what else needs to know of options reads this table."""

import re

from gocreator.config.kinds import Kind
from gocreator.config.optimizations import MAX_TASKS, OPTIMIZATION
from gocreator.config.option import ENVIRONMENT_PREFIX, Option, switch

__all__ = [
    "BY_ENVIRONMENT",
    "BY_KEY",
    "ENVIRONMENT_PREFIX",
    "MAX_PARALLEL",
    "MAX_TASKS",
    "OPTIONS",
    "SECTIONS",
    "Option",
]

MAX_PARALLEL = "workflow.max_parallel"

_LLM = (
    Option(
        "llm.provider",
        Kind.TEXT,
        None,
        "whose models are asked: anthropic, openai, a name of `providers`; none: nobody's",
        supported=True,
        flag="--provider",
    ),
    Option("llm.model", Kind.TEXT, None, "the model of all roles that name none", supported=True, flag="--model"),
    Option(
        "llm.api",
        Kind.TEXT,
        "auto",
        "which of OpenAI's APIs is spoken; auto: the one that is there",
        supported=True,
        choices=("auto", "responses", "chat"),
    ),
    Option(
        "llm.roles", Kind.SECTION, None, "provider, model and effort of each role, or a list of them", supported=True
    ),
    Option(
        "llm.rate_limits",
        Kind.SECTION,
        None,
        "by provider: requests_per_minute, input_tokens_per_minute, output_tokens_per_minute",
        supported=True,
    ),
    Option(
        "llm.prices",
        Kind.SECTION,
        None,
        "by model, what it costs (USD per million tokens) and holds, where you know better",
        supported=True,
    ),
    Option("llm.temperature", Kind.FLOAT, 0.0, "how freely a model chooses", least=0, most=2),
    Option("llm.api_key", Kind.TEXT, None, "the key to the provider", supported=True, secret=True),
    Option(
        "llm.timeout", Kind.DURATION, 600.0, "how long the next piece of an answer may take", supported=True, above=0
    ),
    Option("llm.max_attempts", Kind.INT, 5, "how often a call may fail in transport", supported=True, least=1, most=10),
    Option("llm.max_tokens", Kind.INT, None, "the longest answer; none: what its files need", supported=True, least=1),
    switch("llm.enable_caching", "use the provider's cache", supported=True),
    Option(
        "llm.cache_ttl",
        Kind.DURATION,
        300.0,
        "how long the provider keeps what all prompts share: above 5 minutes, the longer of its two times",
        supported=True,
        above=0,
    ),
)

_GENERATION = (
    Option(
        "generation.origin",
        Kind.TEXT,
        None,
        "who writes the files: llm, hybrid (models write what no template can), template; llm if there is a provider",
        supported=True,
        flag="--origin",
        choices=("llm", "hybrid", "template"),
    ),
    Option("generation.origins", Kind.SECTION, None, "the same for the files of single rules", supported=True),
    Option(
        "generation.retries",
        Kind.INT,
        3,
        "how often a file that was not accepted is asked for again",
        supported=True,
        least=0,
        most=20,
    ),
)

_WORKFLOW = (
    Option("workflow.root_dir", Kind.PATH, "./generated", "the output directory", supported=True, flag="--output"),
    Option("workflow.allow_commands", Kind.LIST, ("go", "git", "golangci-lint"), "commands that may be run"),
    Option(
        MAX_PARALLEL,
        Kind.INT,
        4,
        f"the same as {MAX_TASKS}, which counts if both are given",
        supported=True,
        least=1,
        most=256,
    ),
    Option("workflow.checkpoint_interval", Kind.INT, 10, "files between two checkpoints", least=1),
)

_VALIDATION = (
    switch("validation.enable_linting", "run golangci-lint where it is installed", supported=True),
    Option("validation.linter_config", Kind.PATH, ".golangci.yml", "its configuration", supported=True),
    switch("validation.enable_tests", "run the generated tests", supported=True),
    Option(
        "validation.test_timeout",
        Kind.DURATION,
        300.0,
        "how long the tests of a package may run",
        supported=True,
        above=0,
    ),
    Option(
        "validation.max_repairs",
        Kind.INT,
        3,
        "how often a model repairs a file that does not pass; 0: never",
        supported=True,
        least=0,
        most=20,
    ),
    Option(
        "validation.required_coverage", Kind.FLOAT, 80.0, "percent of code to be reached by tests", least=0, most=100
    ),
)

_OUTPUT = (
    Option(
        "output.api_changes",
        Kind.TEXT,
        "warn",
        "what happens where a file that is made again changes what others may use of it",
        supported=True,
        choices=("warn", "fail", "allow"),
    ),
)

_REVIEW = (
    Option(
        "review.enabled",
        Kind.BOOL,
        default=False,
        help="have the role `reviewer` look at what models wrote",
        supported=True,
    ),
)

_STORE = (
    Option(
        "store.dir",
        Kind.PATH,
        ".gocreator/store",
        "where answers of models are kept; projects may share it",
        supported=True,
    ),
    Option(
        "store.size_limit", Kind.SIZE, 2**30, "how much is kept; the least recently used goes", supported=True, above=0
    ),
    Option("store.max_age", Kind.DURATION, 90 * 86400.0, "how long what is not used is kept", supported=True, above=0),
)

_SECRETS = (
    Option(
        "secrets.allow",
        Kind.LIST,
        (),
        "fingerprints of what looks like a secret in prompts and answers, and is none",
        supported=True,
        each=re.compile("[0-9a-f]{16}"),
        items="fingerprints of 16 hexadecimal digits, as messages about secrets name them",
    ),
)

_LIMITS = (
    Option(
        "limits.max_tokens",
        Kind.INT,
        None,
        "how many tokens a build may take, cached ones and retries included",
        supported=True,
        flag="--max-tokens",
        least=1,
    ),
    Option(
        "limits.max_cost_usd",
        Kind.FLOAT,
        None,
        "how many dollars a build may take",
        supported=True,
        flag="--max-cost",
        above=0,
    ),
    Option(
        "limits.confirm_tokens",
        Kind.INT,
        10_000,
        "a build that is estimated to take more tokens asks first",
        supported=True,
        least=0,
    ),
    Option("yes", Kind.BOOL, default=False, help="do not ask before tokens are spent", supported=True, flag="--yes"),
)

_LOGGING = (
    Option(
        "logging.level",
        Kind.TEXT,
        "info",
        "the least important messages that are shown",
        supported=True,
        flag="--log-level",
        choices=("debug", "info", "warn", "error"),
    ),
    Option(
        "logging.format",
        Kind.TEXT,
        "console",
        "how messages are written",
        supported=True,
        flag="--log-format",
        choices=("console", "json"),
    ),
    Option("logging.output", Kind.TEXT, "stderr", "where messages go: stderr, stdout or a file", supported=True),
    Option("logging.execution_log", Kind.PATH, None, "a file of JSON lines that lists what was done", supported=True),
    Option("metrics.file", Kind.PATH, None, "a file of figures for Prometheus, written after each run", supported=True),
    Option(
        "metrics.port",
        Kind.INT,
        None,
        "the port of loopback where Prometheus is answered while a build runs",
        supported=True,
        flag="--metrics-port",
        least=0,
        most=65535,
    ),
)

_PROVIDERS = (
    Option("schema_version", Kind.TEXT, None, "the version of the sections below", supported=True),
    Option("providers", Kind.SECTION, None, "providers by name", supported=True, secret=True),
    Option("roles", Kind.SECTION, None, "which provider has which role", supported=True),
    Option("default_provider", Kind.TEXT, None, "the provider of all other roles", supported=True),
    Option("retry", Kind.SECTION, None, "how often a call is tried again", supported=True),
)

OPTIONS = (
    *OPTIMIZATION,
    *_LLM,
    *_GENERATION,
    *_WORKFLOW,
    *_VALIDATION,
    *_OUTPUT,
    *_REVIEW,
    *_STORE,
    *_SECRETS,
    *_LIMITS,
    *_LOGGING,
    *_PROVIDERS,
)
"""All options, in the order in which they are shown."""

BY_KEY = {option.key: option for option in OPTIONS}
BY_ENVIRONMENT = {option.environment: option for option in OPTIONS if option.environment}
SECTIONS = frozenset(
    ".".join(parts[:length])
    for parts in (option.key.split(".") for option in OPTIONS)
    for length in range(1, len(parts))
)
"""The dotted keys that hold other keys."""
