"""Where the package's data lies, beside it in a checkout, inside it in an installed wheel, and what is kept for it."""

from collections.abc import Mapping
from pathlib import Path

from gocreator.errors import Failed


def package_dir() -> Path:
    """Return the directory of gocreator's own code."""
    return Path(__file__).resolve().parent


def data_dir(name: str) -> Path:
    """Return the directory `templates` or `dodo_templates`."""
    package = package_dir()
    for place in (package / "_data" / name, package.parent / name):
        if place.is_dir():
            return place
    raise Failed(f"the directory {name} of gocreator is missing", hint="install gocreator again")


def user_cache(env: Mapping[str, str]) -> Path:
    """Return where gocreator keeps what can be made again, for one user's projects."""
    base = env.get("XDG_CACHE_HOME", "")
    folder = Path(base) if base.startswith("/") else Path(env.get("HOME") or Path.home(), ".cache")
    return folder / "gocreator"
