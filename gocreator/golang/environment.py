"""The environment in which Go runs: named variables only, so that no key of the user's can leak."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from gocreator.golang.toolchain import Toolchain
from gocreator.resources import user_cache

_SYSTEM_PATH = "/usr/local/bin:/usr/bin:/bin"
_TELEMETRY_FOLDERS = (".config/go/telemetry", "Library/Application Support/go/telemetry")


def go_cache(env: Mapping[str, str]) -> Path:
    """Return gocreator's own build cache, apart from the user's, because generated code fills it."""
    return user_cache(env) / "go-build"


@contextmanager
def throw_away_home() -> Iterator[Path]:
    """Provide an empty HOME with a place for temporary files, and remove it afterwards."""
    with TemporaryDirectory(prefix="gocreator-home-", ignore_cleanup_errors=True) as folder:
        home = Path(folder).resolve()
        (home / "tmp").mkdir()
        # There is no variable for this; and a telemetry process would outlive the command.
        for telemetry in _TELEMETRY_FOLDERS:
            (home / telemetry).mkdir(parents=True)
            (home / telemetry / "mode").write_text("off", encoding="ascii")
        yield home


def go_environment(  # noqa: PLR0913 - all but the first have names
    toolchain: Toolchain,
    *,
    env: Mapping[str, str],
    home: Path,
    c_compiler: Path | None = None,
    vendored: bool = False,
    modules: bool = False,
) -> dict[str, str]:
    """Compose the whole environment of a Go command; a C compiler turns cgo on, for `-race` alone.

    With `modules` what is downloaded is kept.
    """
    downloaded = user_cache(env) / "go-mod" if modules else home / "go" / "pkg" / "mod"
    compiler = {"CC": str(c_compiler)} if c_compiler else {}
    return {
        "PATH": f"{toolchain.goroot / 'bin'}:{_SYSTEM_PATH}",
        "HOME": str(home),
        "TMPDIR": str(home / "tmp"),
        "XDG_CONFIG_HOME": str(home / ".config"),
        "XDG_CACHE_HOME": str(home / ".cache"),
        "LANG": "C.UTF-8",
        "GOROOT": str(toolchain.goroot),
        "GOPATH": str(home / "go"),
        "GOMODCACHE": str(_module_cache(env) or downloaded),
        "GOCACHE": str(go_cache(env)),
        "GOENV": "off",
        "GOTOOLCHAIN": "local",
        "GOPROXY": "off",
        "GOSUMDB": "off",
        "GOWORK": "off",
        "GOTELEMETRY": "off",
        "GOFLAGS": f"-mod={'vendor' if vendored else 'mod'} -modcacherw -buildvcs=false",
        "CGO_ENABLED": "1" if c_compiler else "0",
        **compiler,
    }


def caches(env: Mapping[str, str]) -> tuple[Path, ...]:
    """Return the folders of the user's in which Go keeps what it made or had."""
    modules = _module_cache(env)
    return (user_cache(env), modules) if modules else (user_cache(env),)


def _module_cache(env: Mapping[str, str]) -> Path | None:
    """Return the user's module cache: without the network, what is there already is all there is."""
    if given := env.get("GOMODCACHE"):
        folder = Path(given)
    elif given := env.get("GOPATH", "").split(":")[0]:
        folder = Path(given, "pkg", "mod")
    else:
        folder = Path(env.get("HOME") or Path.home(), "go", "pkg", "mod")
    return folder if folder.is_absolute() and folder.is_dir() else None
