"""The settings of a run: what every option is, and who said so."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from gocreator.config.kinds import write_value
from gocreator.config.options import BY_KEY, MAX_PARALLEL, MAX_TASKS, OPTIONS
from gocreator.errors import Location, Problem

if TYPE_CHECKING:
    from gocreator.config.models import Models

_HIDDEN = "***"


class Rank(IntEnum):
    """Whose word counts, the lowest first."""

    DEFAULT = 0
    HOME = 1
    USER = 2
    PROJECT = 3
    ENVIRONMENT = 4
    FLAG = 5


@dataclass(frozen=True)
class Setting:
    """The value of an option, and where it came from."""

    value: Any
    source: str = "default"
    rank: Rank = Rank.DEFAULT
    within: Callable[[tuple[Any, ...], bool], Location] | None = field(default=None, compare=False, repr=False)
    """Finds the place of a part of a section, or of its name."""

    def at(self, path: tuple[Any, ...], *, key: bool = False) -> Location:
        """Return the place of the value, or of a part of it, or of that part's name."""
        return self.within(path, key) if self.within else Location(self.source)


class Explained(NamedTuple):
    """A line of `gocreator config`: secrets are hidden, durations written as in a file."""

    key: str
    value: Any
    source: str


@dataclass(frozen=True)
class Settings:
    """All settings, the warnings that came up, and what they depend on besides flags."""

    project: Path
    home: Path | None
    settings: Mapping[str, Setting]
    warnings: tuple[Problem, ...] = ()
    files: tuple[Path, ...] = ()
    """Every file that was looked for, there or not."""
    variables: tuple[str, ...] = ()
    """Every environment variable that was looked at, set or not, but for unknown ones."""
    read: "Models | None" = None
    """What was read of the options about models; None where none was given."""

    @property
    def models(self) -> "Models":
        """Return who is asked; nobody unless somebody named a provider."""
        from gocreator.config.models import Models  # noqa: PLC0415 - most builds ask nobody

        return self.read or Models()

    def value(self, key: str) -> Any:
        """Return the value of any option."""
        return self.setting(key).value

    def setting(self, key: str) -> Setting:
        """Return the value of any option with its source."""
        return self.settings.get(key) or Setting(BY_KEY[key].default)

    def explain(self) -> list[Explained]:
        """List every option with its value and its source."""
        return [self._explained(option.key) for option in OPTIONS]

    def _explained(self, key: str) -> Explained:
        """Explain one option."""
        option, setting = BY_KEY[key], self.setting(key)
        if option.secret and setting.value is not None:
            return Explained(key, _HIDDEN, setting.source)
        return Explained(key, write_value(option.kind, setting.value), setting.source)

    @property
    def origin(self) -> str | None:
        """Who writes the files; None if nobody said."""
        return cast("str | None", self.value("generation.origin"))

    @property
    def origins(self) -> Mapping[str, Any]:
        """Who writes the files of single rules."""
        return cast("Mapping[str, Any]", self.value("generation.origins") or {})

    @property
    def retries(self) -> int:
        """How often a file that was not accepted is asked for again."""
        return cast("int", self.value("generation.retries"))

    @property
    def template_dir(self) -> Path | None:
        """The folder of the user's own rules."""
        return self._path("optimization.templates.template_dir")

    @property
    def standard_files(self) -> tuple[str, ...]:
        """The boilerplate files that are written."""
        return cast("tuple[str, ...]", self.value("optimization.templates.standard_files"))

    @property
    def tasks(self) -> int:
        """How many files may be at work at once, from all that has a say in it."""
        most, alias = self.setting(MAX_TASKS), self.setting(MAX_PARALLEL)
        if not self.value("optimization.parallelization.enabled") and most.rank is not Rank.FLAG:
            return 1
        chosen = alias if most.rank is Rank.DEFAULT and alias.rank is not Rank.DEFAULT else most
        return cast("int", chosen.value)

    @property
    def state_file(self) -> Path | None:
        """Where the state is kept, if not in its usual place."""
        return self._path("optimization.incremental.state_file")

    @property
    def checksum_algorithm(self) -> str:
        """How files are hashed."""
        return cast("str", self.value("optimization.incremental.checksum_algorithm"))

    @property
    def output_dir(self) -> Path:
        """The directory that is generated."""
        return self._resolved(self.value("workflow.root_dir"))

    @property
    def verifying(self) -> dict[str, Any]:
        """How the output is judged: what runs, the linter's configuration, seconds for the tests of a package."""
        names = ("enable_linting", "linter_config", "enable_tests", "test_timeout")
        return {name: self.value(f"validation.{name}") for name in names}

    @property
    def api_changes(self) -> str:
        """What happens where the public API of a file changes: `warn`, `fail`, `allow`."""
        return cast("str", self.value("output.api_changes"))

    @property
    def repairs(self) -> int:
        """How often a model may repair a file that does not pass."""
        return cast("int", self.value("validation.max_repairs"))

    @property
    def store_dir(self) -> Path:
        """Where answers of models are kept."""
        return self._resolved(self.value("store.dir"))

    @property
    def store_size_limit(self) -> int:
        """How many bytes of them are kept."""
        return cast("int", self.value("store.size_limit"))

    @property
    def store_max_age(self) -> float:
        """How many seconds something unused is kept."""
        return cast("float", self.value("store.max_age"))

    @property
    def allowed_secrets(self) -> frozenset[str]:
        """The fingerprints of what only looks like a secret."""
        return frozenset(self.value("secrets.allow"))

    @property
    def spending(self) -> tuple[int | None, float | None]:
        """Return how many tokens and dollars a build may take; None: as many as it needs."""
        return self.value("limits.max_tokens"), self.value("limits.max_cost_usd")

    @property
    def unasked(self) -> int | None:
        """Return how many tokens a build may take without asking first; None: any number."""
        return None if self.value("yes") else cast("int", self.value("limits.confirm_tokens"))

    @property
    def log_level(self) -> str:
        """The least important messages that are shown."""
        return cast("str", self.value("logging.level"))

    @property
    def log_format(self) -> str:
        """How messages are written."""
        return cast("str", self.value("logging.format"))

    @property
    def log_output(self) -> str | Path:
        """Where messages go: `stderr`, `stdout`, or a file."""
        output = cast("str", self.value("logging.output"))
        return output if output in ("stderr", "stdout") else self._resolved(output)

    @property
    def execution_log(self) -> Path | None:
        """The file that lists everything done."""
        return self._path("logging.execution_log")

    @property
    def metrics_file(self) -> Path | None:
        """Where figures for Prometheus are written."""
        return self._path("metrics.file")

    @property
    def metrics_port(self) -> int | None:
        """The port of loopback where Prometheus is answered while a build runs; 0: any that is free."""
        value = self.value("metrics.port")
        return None if value is None else int(value)

    def _path(self, key: str) -> Path | None:
        """Return a path that may be unset."""
        value = self.value(key)
        return None if value is None else self._resolved(value)

    def _resolved(self, value: str) -> Path:
        """Take a path from the project's directory, or from the user's."""
        if value.startswith("~/") and self.home:
            return self.home / value[2:]
        return self.project / value
