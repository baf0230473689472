import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from gocreator.config.load import Settings, load_settings
from gocreator.config.options import MAX_TASKS
from gocreator.errors import ConfigError, ExitCode

ORIGINAL = Path(__file__).parents[1] / "data" / "original" / "gocreator.yaml"
TIMEOUT = "validation.test_timeout"


class Load:
    """Loads settings from a project and a home below a temporary folder."""

    def __init__(self, folder: Path) -> None:
        self.project = folder / "project"
        self.home = folder / "home"
        self.project.mkdir()
        self.home.mkdir()

    def __call__(
        self,
        text: str | None = None,
        *,
        env: Mapping[str, str] | None = None,
        flags: Mapping[str, object] | None = None,
        config_file: Path | None = None,
    ) -> Settings:
        if text is not None:
            (self.project / ".gocreator.yaml").write_text(text, encoding="utf-8")
        return load_settings(self.project, config_file=config_file, flags=flags or {}, env=env or {}, home=self.home)

    def at_home(self, path: str, text: str) -> None:
        (self.home / path).parent.mkdir(parents=True, exist_ok=True)
        (self.home / path).write_text(text, encoding="utf-8")


@pytest.fixture
def load(tmp_path: Path) -> Load:
    return Load(tmp_path)


def problems(action: Callable[[], object]) -> list[str]:
    with pytest.raises(ConfigError) as raised:
        action()
    return [str(problem) for problem in raised.value.problems]


def sources(settings: Settings) -> dict[str, str]:
    return {key: source for key, _, source in settings.explain()}


def test_without_anything_the_defaults_hold(load: Load) -> None:
    settings = load()
    assert settings.warnings == ()
    assert (settings.tasks, settings.checksum_algorithm) == (4, "sha256")
    lint, ci = ".golangci.yml", ".github/workflows/ci.yml"
    assert settings.standard_files == (
        "go.mod",
        ".dockerignore",
        ".gitignore",
        lint,
        ci,
        "Dockerfile",
        "Makefile",
        "README.md",
    )
    assert (settings.template_dir, settings.state_file, settings.execution_log) == (None, None, None)
    assert settings.output_dir == load.project / "generated"
    assert settings.verifying == {
        "enable_tests": True,
        "enable_linting": True,
        "linter_config": ".golangci.yml",
        "test_timeout": 300.0,
    }
    assert (settings.log_level, settings.log_format, settings.log_output) == ("info", "console", "stderr")
    assert set(sources(settings).values()) == {"default"}


def test_the_originals_file_loads_with_one_warning(load: Load) -> None:
    settings = load(ORIGINAL.read_text())
    assert settings.execution_log == load.project / ".gocreator" / "execution.jsonl"
    (warning,) = settings.warnings
    assert "llm.temperature, workflow.allow_commands" in warning.message
    assert "max_parallel" not in warning.message
    assert str(warning.location) == ".gocreator.yaml:4:16"


def test_the_specifications_section_loads(load: Load) -> None:
    settings = load(
        "optimization:\n  prompt_caching:\n    enabled: true\n    provider_support: {anthropic: true, openai: true}\n"
        "    cache_stable_content: true\n  batching: {enabled: true, max_batch_size: 5, similarity_threshold: 0.7}\n"
        "  templates:\n    enabled: true\n    template_dir: ./templates\n    standard_files: [go.mod, Makefile]\n"
        "  parallelization: {enabled: true, max_concurrent_tasks: 8, respect_dependencies: true}\n"
        "  incremental: {enabled: true, state_file: .gocreator/state.json, checksum_algorithm: blake3}\n"
        "  context_window: {smart_filtering: true, max_fcs_percentage: 40, include_dependencies: true}\n"
    )
    assert settings.template_dir == load.project / "templates"
    assert settings.standard_files == ("go.mod", "Makefile")
    assert settings.tasks == 8
    assert settings.state_file == load.project / ".gocreator" / "state.json"
    assert settings.checksum_algorithm == "blake3"
    assert settings.warnings == ()


def test_origins_that_are_overruled_are_warned_of(load: Load) -> None:
    off = "optimization: {templates: {enabled: false}}\n"
    assert load(off).warnings == ()
    assert load("generation: {origin: hybrid}\n").warnings == ()
    (warning,) = load(f"generation: {{origin: hybrid, origins: {{service: llm}}}}\n{off}").warnings
    assert warning.message.endswith("every file, whatever generation.origin and generation.origins says")
    assert str(warning.location) == ".gocreator.yaml:1:22"


def test_each_layer_gives_way_to_the_one_above(load: Load) -> None:
    variable = "GOCREATOR_VALIDATION_TEST_TIMEOUT"
    expected = []

    def loaded(text: str | None = None, **kwargs: Mapping[str, object]) -> tuple[object, str]:
        setting = load(text, **kwargs).setting(TIMEOUT)  # type: ignore[arg-type]
        return setting.value, setting.source

    expected.append(loaded())
    load.at_home(".gocreator.yaml", "validation: {test_timeout: 1s}")
    expected.append(loaded())
    load.at_home(".config/gocreator/.gocreator.yaml", "validation: {test_timeout: 2s}")
    expected.append(loaded())
    expected.append(loaded("validation:\n  test_timeout: 3s\n"))
    expected.append(loaded(env={variable: "4s"}))
    expected.append(loaded(env={variable: "4s"}, flags={TIMEOUT: "5s"}))
    assert expected == [
        (300.0, "default"),
        (1.0, "~/.gocreator.yaml:1:28"),
        (2.0, "~/.config/gocreator/.gocreator.yaml:1:28"),
        (3.0, ".gocreator.yaml:2:17"),
        (4.0, f"environment {variable}"),
        (5.0, f"flag {TIMEOUT}"),
    ]


def test_xdg_config_home_stands_for_dot_config(load: Load) -> None:
    load.at_home("xdg/gocreator/.gocreator.yaml", "logging: {level: debug}")
    assert load(env={"XDG_CONFIG_HOME": str(load.home / "xdg")}).log_level == "debug"


def test_a_named_file_takes_the_place_of_the_projects(load: Load, tmp_path: Path) -> None:
    other = tmp_path / "other.json"
    other.write_text('{"logging": {"format": "json"}}')
    settings = load("logging: {level: debug}", config_file=other)
    assert (settings.log_level, settings.log_format) == ("info", "json")
    assert sources(settings)["logging.format"] == f"{other}:1:24"


def test_a_named_file_must_exist(load: Load, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="there is no such file") as raised:
        load(config_file=tmp_path / "absent.yaml")
    assert raised.value.exit_code is ExitCode.USAGE


@pytest.mark.parametrize("text", ["", "\n# nothing yet\n\n", "optimization:\nlogging:\n  level:\n", "logging: {}"])
def test_a_file_that_says_nothing_is_no_mistake(load: Load, text: str) -> None:
    assert set(sources(load(text)).values()) == {"default"}


def test_all_problems_are_listed_with_their_places(load: Load) -> None:
    load.at_home(".gocreator.yaml", "logging: loud\n")
    text = (
        "optimisation: {}\n"
        "validation:\n  test_timeout: 300\n  enable_tests: 'yes!'\n  required_coverage: 101\n"
        "test_timeout: 5m\n"
        "workflow: [go]\n"
        "optimization:\n  incremental: {checksum_algorithm: md5}\n  templates: {standard_files: [1]}\n"
    )
    env = {"GOCREATOR_WORKFLOW_MAX_PARALLEL": "many"}
    found = problems(lambda: load(text, env=env, flags={MAX_TASKS: 0}))
    assert found == [
        ".gocreator.yaml:1:1: unknown option `optimisation`\n  hint: did you mean `optimization`?",
        f".gocreator.yaml:3:17: `{TIMEOUT}`: expected a duration such as 90s, 5m or 1h30m, not the number `300`",
        ".gocreator.yaml:4:17: `validation.enable_tests`: expected true or false, not the text `yes!`",
        ".gocreator.yaml:5:22: `validation.required_coverage`: expected 100 or less, not `101`",
        ".gocreator.yaml:6:1: unknown option `test_timeout`\n  hint: did you mean `validation.test_timeout`?",
        ".gocreator.yaml:7:11: `workflow` is a section, it holds other options",
        ".gocreator.yaml:9:37: `optimization.incremental.checksum_algorithm`: expected sha256 or blake3, not `md5`",
        ".gocreator.yaml:10:31: `optimization.templates.standard_files`: expected a list of texts, not a list",
        "environment GOCREATOR_WORKFLOW_MAX_PARALLEL: `workflow.max_parallel`: expected a whole number, not `many`",
        f"flag -n: `{MAX_TASKS}`: expected 1 or more, not `0`",
        "~/.gocreator.yaml:1:10: `logging` is a section, it holds other options",
    ]


def test_a_file_that_cannot_be_read_does_not_hide_other_problems(load: Load) -> None:
    found = problems(lambda: load("logging: [", env={"GOCREATOR_LOGGING_LEVEL": "loud"}))
    assert len(found) == 2


def test_a_configuration_is_a_mapping(load: Load) -> None:
    assert problems(lambda: load("- logging\n")) == [".gocreator.yaml:1:1: a configuration is a mapping of sections"]


@pytest.mark.parametrize(
    ("name", "text", "key", "value"),
    [
        ("VALIDATION_ENABLE_TESTS", "off", "validation.enable_tests", False),
        ("VALIDATION_ENABLE_TESTS", "1", "validation.enable_tests", True),
        ("VALIDATION_TEST_TIMEOUT", "1h30m", TIMEOUT, 5400.0),
        ("OPTIMIZATION_TEMPLATES_STANDARD_FILES", "go.mod, Makefile", "optimization.templates.standard_files",
         ("go.mod", "Makefile")),
        ("OPTIMIZATION_PARALLELIZATION_MAX_CONCURRENT_TASKS", "7", MAX_TASKS, 7),
        ("LOGGING_LEVEL", "", "logging.level", "info"),
    ],
)  # fmt: skip
def test_the_environment_speaks_text(load: Load, name: str, text: str, key: str, value: object) -> None:
    assert load(env={f"GOCREATOR_{name}": text}).value(key) == value


def test_an_unknown_variable_is_a_warning(load: Load) -> None:
    (warning,) = load(env={"GOCREATOR_LOGGING_LEVELS": "debug"}).warnings
    assert str(warning.location) == "environment GOCREATOR_LOGGING_LEVELS"
    assert "GOCREATOR_LOGGING_LEVEL?" in warning.hint


def test_variables_are_put_into_texts(load: Load) -> None:
    settings = load(
        "workflow: {root_dir: '${OUT}/${NAME}', max_parallel: '${JOBS}'}", env={"OUT": "/o", "NAME": "x", "JOBS": "3"}
    )
    assert settings.output_dir == Path("/o/x")
    assert settings.tasks == 3
    assert {"OUT", "NAME", "JOBS"} <= set(settings.variables)


def test_a_value_with_an_unset_variable_was_not_given(load: Load) -> None:
    load.at_home(".gocreator.yaml", "workflow: {root_dir: out}")
    settings = load("workflow: {root_dir: '${ABSENT}/x'}")
    assert settings.output_dir == load.project / "out"
    (warning,) = settings.warnings
    assert "ABSENT is not set" in warning.message


def test_what_the_environment_holds_is_not_repeated_in_messages(load: Load) -> None:
    (problem,) = problems(lambda: load("logging: {level: '${KEY}'}", env={"KEY": "sk-secret"}))
    assert "sk-secret" not in problem


def test_secrets_are_hidden(load: Load) -> None:
    settings = load("llm: {api_key: '${KEY}'}\nproviders: {a: {type: openai, api_key: k}}", env={"KEY": "sk-secret"})
    shown = {key: value for key, value, _ in settings.explain()}
    assert (shown["llm.api_key"], shown["providers"]) == ("***", "***")
    assert settings.value("llm.api_key") == "sk-secret"


def test_sections_of_several_providers_are_known(load: Load) -> None:
    text = "schema_version: '1.0'\nproviders: {}\nroles: {}\ndefault_provider: x\nretry: {max_attempts: 3}\n"
    assert "there is no provider `x`" in problems(lambda: load(text))[0]
    settings = load(text.replace(": x", ": openai"))
    assert settings.models.retry.max_attempts == 3
    assert not settings.warnings


@pytest.mark.parametrize(
    ("text", "flags", "tasks"),
    [
        ("workflow: {max_parallel: 2}", {}, 2),
        ("workflow: {max_parallel: 2}\noptimization: {parallelization: {max_concurrent_tasks: 4}}", {}, 4),
        ("workflow: {max_parallel: 2}", {MAX_TASKS: 3}, 3),
        ("optimization: {parallelization: {enabled: false, max_concurrent_tasks: 4}}", {}, 1),
        ("optimization: {parallelization: {enabled: false}}", {MAX_TASKS: 3}, 3),
        ("", {MAX_TASKS: None}, 4),
    ],
)
def test_how_many_tasks_are_at_work(load: Load, text: str, flags: dict[str, object], tasks: int) -> None:
    assert load(text, flags=flags).tasks == tasks


def test_explained_values_can_be_written_back(load: Load) -> None:
    shown = {key: value for key, value, _ in load("validation: {test_timeout: 90m}").explain()}
    assert shown[TIMEOUT] == "1h30m"
    assert shown["workflow.allow_commands"] == ["go", "git", "golangci-lint"]


def test_a_project_at_home_reads_its_file_once(tmp_path: Path) -> None:
    settings = load_settings(tmp_path, config_file=None, flags={}, env={}, home=tmp_path)
    assert len(set(settings.files)) == len(settings.files) == 2


def test_paths_may_begin_at_home(load: Load) -> None:
    assert load("workflow: {root_dir: ~/out}").output_dir == load.home / "out"


def test_loading_imports_nothing_heavy() -> None:
    code = "import sys, gocreator.config.load; print({'pydantic', 'jinja2', 'rich', 'yaml', 'doit'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
