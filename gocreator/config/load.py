"""Load the settings: flag, environment, project, user, default, in this order of precedence."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from gocreator.config.layers import Layers
from gocreator.config.options import BY_KEY
from gocreator.config.settings import Explained, Rank, Setting, Settings
from gocreator.errors import ConfigError, Location, Problem

if TYPE_CHECKING:
    from gocreator.config.models import Models

__all__ = ["Explained", "Rank", "Setting", "Settings", "config_files", "load_settings"]

FILE_NAME = ".gocreator.yaml"
_ABOUT_MODELS = (
    "llm.provider",
    "llm.roles",
    "llm.rate_limits",
    "llm.prices",
    "providers",
    "roles",
    "default_provider",
    "retry",
)
"""What a key, a model or an API alone is about never asks anybody."""


def load_settings(
    project: Path,
    *,
    config_file: Path | None,
    flags: Mapping[str, object],
    env: Mapping[str, str],
    home: Path | None,
) -> Settings:
    """Load all settings; everything that is wrong anywhere is raised as one `ConfigError`."""
    layers = Layers(env)
    files = config_files(project, config_file=config_file, env=env, home=home)
    for rank, path in sorted(files.items()):
        if path.is_file():
            layers.read_file(path, _shown(path, project, home), rank)
        elif path == config_file:
            layers.problems.append(
                Problem(Location(str(path)), "there is no such file", "check the path after --config")
            )
    layers.read_environment()
    layers.read_flags(flags)
    models = _models(layers)
    if layers.problems:
        raise ConfigError(layers.problems)
    return Settings(
        project=project,
        home=home,
        settings=layers.settings,
        warnings=(*layers.warnings, *_unsupported(layers.given), *_overruled(layers)),
        files=tuple(files.values()),
        variables=tuple(sorted(set(layers.variables))),
        read=models,
    )


def _models(layers: Layers) -> "Models | None":
    """Read who is asked; a model that is named on the command line alone would be passed over in silence."""
    found = _asked(layers)
    model = layers.settings.get("llm.model")
    if model is not None and model.rank is Rank.FLAG and not layers.problems and not (found and found.ladders):
        hint = "add --provider, or set `llm.provider`"
        layers.problems.append(Problem(model.at(()), "a model is named, and no provider", hint))
    return found


def _asked(layers: Layers) -> "Models | None":
    """Read who is asked, if anything is said about it."""
    if layers.settings.keys().isdisjoint(_ABOUT_MODELS):
        return None
    from gocreator.config.models import read_models  # noqa: PLC0415 - most builds ask nobody

    def setting(key: str) -> Setting:
        return layers.settings.get(key) or Setting(BY_KEY[key].default)

    models, problems = read_models(setting, layers.env)
    layers.problems += problems
    return models


def config_files(
    project: Path, *, config_file: Path | None, env: Mapping[str, str], home: Path | None
) -> dict[Rank, Path]:
    """Return the files that are read where they exist, the one named by `--config` in the project's place."""
    files = {Rank.PROJECT: config_file or project / FILE_NAME}
    base = env.get("XDG_CONFIG_HOME", "")
    if base.startswith("/") or home:
        folder = Path(base) if base.startswith("/") or not home else home / ".config"
        files[Rank.USER] = folder / "gocreator" / FILE_NAME
    if home and home != project:
        files[Rank.HOME] = home / FILE_NAME
    return files


def _shown(path: Path, project: Path, home: Path | None) -> str:
    """Name a file as its reader would."""
    if path.is_relative_to(project):
        return str(path.relative_to(project))
    if home and path.is_relative_to(home):
        return f"~/{path.relative_to(home)}"
    return str(path)


def _overruled(layers: Layers) -> list[Problem]:
    """Warn of origins that were named though templates are switched off: models cost money."""
    templates = layers.settings.get("optimization.templates.enabled")
    named = [key for key in ("generation.origin", "generation.origins") if layers.settings.get(key)]
    if not named or templates is None or templates.value:
        return []
    message = (
        f"optimization.templates.enabled is false, so models write every file, whatever {' and '.join(named)} says"
    )
    return [Problem(layers.settings[named[0]].at(()), message)]


def _unsupported(given: Mapping[str, Location]) -> list[Problem]:
    """Warn once of everything that was given and has no effect."""
    keys = [key for key in BY_KEY if key in given and not BY_KEY[key].supported]
    if not keys:
        return []
    message = f"these options have no effect in this version: {', '.join(keys)}"
    hint = "providers no longer let anybody set a model's temperature" if "llm.temperature" in keys else ""
    return [Problem(given[keys[0]], message, hint)]
