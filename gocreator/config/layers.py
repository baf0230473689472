"""Where settings come from: each layer reads its own place into values, problems and warnings."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gocreator.config.kinds import WrongValue, read_text, read_value
from gocreator.config.options import BY_ENVIRONMENT, BY_KEY, ENVIRONMENT_PREFIX, SECTIONS, Option
from gocreator.config.settings import Rank, Setting
from gocreator.config.suggest import suggest_key, suggest_variable
from gocreator.errors import ConfigError, Location, Problem

if TYPE_CHECKING:
    from gocreator.source import Source

_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")


@dataclass
class Layers:
    """What the layers read so far have said; a layer of higher rank is read later."""

    env: Mapping[str, str]
    settings: dict[str, Setting] = field(default_factory=dict)
    given: dict[str, Location] = field(default_factory=dict)
    """Every key that the user gave anywhere, whether or not its value counts."""
    variables: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)

    def read_file(self, path: Path, name: str, rank: Rank) -> None:
        """Read a configuration file."""
        from gocreator.source import read_source  # noqa: PLC0415 - most runs have no file to read

        try:
            if _is_blank(path):
                return
            source = read_source(path, name, error=ConfigError)
        except ConfigError as problem:
            self.problems += problem.problems
            return
        if not isinstance(source.value, Mapping):
            self.problems.append(Problem(source.at(()), "a configuration is a mapping of sections"))
            return
        for loc, option in self._options(source, source.value, ()):
            self._take_document(option, source, loc, rank)

    def read_environment(self) -> None:
        """Read the variables that begin with the prefix."""
        self.variables += BY_ENVIRONMENT
        for variable in sorted(self.env):
            if not variable.startswith(ENVIRONMENT_PREFIX):
                continue
            place = Location(f"environment {variable}")
            option = BY_ENVIRONMENT.get(variable)
            if option is None:
                message = "there is no such option, the variable is ignored"
                self.warnings.append(Problem(place, message, suggest_variable(variable)))
            elif text := self.env[variable]:
                self._take(option, text, _From(place, Rank.ENVIRONMENT, typed=False))

    def read_flags(self, flags: Mapping[str, object]) -> None:
        """Read flags by the keys of their options; `None` is a flag that was not given."""
        for key, value in flags.items():
            option = BY_KEY[key]
            if value is not None:
                place = Location(f"flag {option.flag or key}")
                self._take(option, value, _From(place, Rank.FLAG, typed=not isinstance(value, str)))

    def _options(
        self, source: "Source", section: Mapping[str, Any], above: tuple[str, ...]
    ) -> Iterator[tuple[tuple[str, ...], Option]]:
        """Find the options of a section and of those in it; what is neither is a problem."""
        for name, value in section.items():
            loc = (*above, name)
            key = ".".join(loc)
            if key in BY_KEY:
                yield loc, BY_KEY[key]
            elif key not in SECTIONS:
                self.problems.append(Problem(source.at(loc, key=True), f"unknown option `{key}`", suggest_key(key)))
            elif isinstance(value, Mapping):
                yield from self._options(source, value, loc)
            elif value is not None:
                self.problems.append(Problem(source.at(loc), f"`{key}` is a section, it holds other options"))

    def _take_document(self, option: Option, source: "Source", loc: tuple[str, ...], rank: Rank) -> None:
        """Take a value of a file, with the environment put in."""
        value: Any = source.value
        for name in loc:
            value = value[name]
        place = source.at(loc)
        if value is None:
            return
        expanded, unset = self._expanded(value)
        if unset:
            self.given[option.key] = place
            if option.supported and not option.secret:
                message = f"`{option.key}` is ignored, because the environment variable {unset} is not set"
                self.warnings.append(Problem(place, message))
            return
        put_together = isinstance(value, str) and expanded != value
        origin = _From(place, rank, typed=not put_together, private=put_together)
        self._take(option, expanded, replace(origin, within=lambda path, key: source.at((*loc, *path), key=key)))

    def _expanded(self, value: Any) -> tuple[Any, str]:
        """Put environment variables into texts; return also the first one that is not set.

        A part of a section whose variable is not set was not given.
        """
        if isinstance(value, Mapping):
            parts = {name: self._expanded(part) for name, part in value.items()}
            return {name: None if unset else part for name, (part, unset) in parts.items()}, ""
        if isinstance(value, list):
            items = [self._expanded(item) for item in value]
            return [item for item, _ in items], next((unset for _, unset in items if unset), "")
        if not isinstance(value, str):
            return value, ""
        names = _VARIABLE.findall(value)
        self.variables += names
        unset = next((name for name in names if not self.env.get(name)), "")
        return _VARIABLE.sub(lambda found: self.env.get(found[1], ""), value), unset

    def _take(self, option: Option, value: object, origin: "_From") -> None:
        """Take a value if the option can have it; one that may be a secret is not repeated."""
        self.given[option.key] = origin.place
        try:
            taken = read_value(option.kind, value) if origin.typed else read_text(option.kind, str(value))
            option.check(taken)
        except WrongValue as problem:
            message = f"expected {option.kind}" if option.secret or origin.private else str(problem)
            self.problems.append(Problem(origin.place, f"`{option.key}`: {message}"))
        else:
            self.settings[option.key] = Setting(taken, str(origin.place), origin.rank, origin.within)


@dataclass(frozen=True)
class _From:
    """Where a value comes from, and what that means for it."""

    place: Location
    rank: Rank
    typed: bool
    """Whether the place tells texts from numbers."""
    private: bool = False
    """Whether the value holds what only the environment knows."""
    within: Callable[[tuple[Any, ...], bool], Location] | None = None


def _is_blank(path: Path) -> bool:
    """Tell whether a file says nothing, which is no mistake in a configuration."""
    try:
        lines = path.read_bytes().splitlines() if path.stat().st_size < 10_000 else [b"much"]
    except OSError:
        return False
    return all(not line.strip() or line.lstrip().startswith(b"#") for line in lines)
