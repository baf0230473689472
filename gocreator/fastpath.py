"""Recognising an unchanged project from stat data alone, before anything heavy is imported.

After a build that succeeded in everything its flags asked for, a manifest remembers the stat data of all
that it read and wrote. The same call, with the same environment, that finds all of it unchanged has
nothing to do. Any doubt leads to the ordinary path.
"""

import hashlib
import json
import os
import stat
import sys
import time
from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from typing import Any, NamedTuple

from gocreator import __version__

FOLDER = os.path.join(".gocreator", "manifests")
KEPT = 8
"""So many manifests are kept: one for each way in which a project is built."""
RACY_NS = 2_000_000_000
"""A file that changed so shortly before could change again within a tick of the clock: it is hashed."""
_NEVER = {"--dry-run", "--force", "--refresh", "--resume", "--help", "-h"}


STARTED = time.time_ns()
"""About when the process began: what changed later may have been read before."""


class Inputs(NamedTuple):
    """What a build depended on; paths are relative to the project directory, or absolute."""

    read: Collection[str]
    """Read by the build, so they must be older than it."""
    written: Collection[str]
    """The output; nobody may have touched it since `quiet`, the time in nanoseconds of the last write."""
    quiet: int
    own: Collection[str]
    """Written at the end by gocreator itself."""
    absent: Collection[str]
    variables: Collection[str]


def run(arguments: list[str]) -> int | None:
    """Return the exit code of a build that has nothing to do, or None if that is not known."""
    began = time.monotonic()
    project = _project(arguments)
    if project is None:
        return None
    place = manifest_path(project, arguments)
    try:
        with open(place, encoding="utf-8") as file:
            manifest = json.load(file)
        if not unchanged(project, manifest):
            return None
        _finish(project, place, manifest, time.monotonic() - began)
    except OSError:
        return None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        _set_aside(place)
        return None
    return 0


def manifest_path(project: str, arguments: Iterable[str]) -> str:
    """Return where the manifest of a call lies."""
    call = json.dumps([__version__, sys.version, os.getcwd(), *arguments])
    return os.path.join(project, FOLDER, f"{hashlib.sha256(call.encode()).hexdigest()[:24]}.json")


def unchanged(project: str, manifest: Mapping[str, Any]) -> bool:
    """Tell whether everything is as it was when the manifest was written."""
    return (
        manifest["environment"] == environment(manifest["environment"])
        and not any(os.path.lexists(os.path.join(project, path)) for path in manifest["absent"])
        and all(_same(os.path.join(project, path), entry) for path, entry in manifest["entries"].items())
    )


def environment(names: Iterable[str]) -> dict[str, str]:
    """Hash what the variables hold, and how all of gocreator's own are set; values are never kept."""
    own = [name for name in os.environ if name.startswith("GOCREATOR_")]
    return {name: _hash(repr(os.environ.get(name)).encode()) for name in sorted({*names, *own})}


def remember(project: str, arguments: list[str], inputs: Inputs, telling: Mapping[str, Any]) -> None:
    """Write the manifest of a call, unless something changed while it ran.

    `telling` is the report of the next call and its page, the warnings that it repeats, what it says of outdated
    files, and whether it is to be quiet.
    """
    if not _NEVER.isdisjoint(arguments):
        return
    now = time.time_ns()
    entries: dict[str, list[Any]] = {}
    for paths, since in ((inputs.read, STARTED), (inputs.written, max(STARTED, inputs.quiet)), (inputs.own, now)):
        pending = sorted(paths)
        while pending:
            path = pending.pop()
            file = os.path.join(project, path)
            found = os.lstat(file)
            if stat.S_ISLNK(found.st_mode) and os.path.exists(file):
                pending.append(os.path.realpath(file))
            if max(found.st_mtime_ns, found.st_ctime_ns) > since:
                return
            entries[path] = _entry(file, found, now)
    manifest = {
        "environment": environment(inputs.variables),
        "absent": sorted(inputs.absent),
        "entries": entries,
        **telling,
    }
    place = manifest_path(project, arguments)
    _write(place, manifest)
    _prune(os.path.dirname(place))


def _project(arguments: list[str]) -> str | None:
    """Return the project directory of a call of `build` that may have nothing to do."""
    if "build" not in arguments or not _NEVER.isdisjoint(arguments):
        return None
    directory = ""
    for number, argument in enumerate(arguments):
        if argument == "-C" and number + 1 < len(arguments):
            directory = arguments[number + 1]
        elif argument.startswith("-C"):
            directory = argument[2:]
    return os.path.normpath(os.path.join(os.getcwd(), directory))


def _same(path: str, entry: list[Any]) -> bool:
    *recorded, content = entry
    if content is not None:
        return bool(_content(path) == content)
    return _stat(os.lstat(path)) == recorded


def _entry(path: str, found: os.stat_result, now: int) -> list[Any]:
    racy = now - max(found.st_mtime_ns, found.st_ctime_ns) < RACY_NS
    return [*_stat(found), _content(path) if racy else None]


def _settled(path: str, entry: list[Any]) -> list[Any]:
    """Trust stat data from now on, if the content is still the recorded one and no longer young."""
    *_, content = entry
    fresh = _entry(path, os.lstat(path), time.time_ns())
    return fresh if content is not None and fresh[-1] is None and _content(path) == content else entry


def _stat(found: os.stat_result) -> list[int]:
    return [found.st_mtime_ns, found.st_ctime_ns, found.st_size, found.st_ino]


def _content(path: str) -> str:
    """Hash what a file holds, where a link leads, which names a directory has."""
    if os.path.islink(path):
        return _hash(os.readlink(path).encode())
    if os.path.isdir(path):
        kinds = (f"{it.name}\0{it.is_symlink()}{it.is_dir()}" for it in os.scandir(path))
        return _hash("\0".join(sorted(kinds)).encode(errors="surrogateescape"))
    with open(path, "rb") as file:
        return _hash(file.read())


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _finish(project: str, place: str, manifest: dict[str, Any], seconds: float) -> None:
    """Say that nothing was to be done, write the run's report, and hash less the next time."""
    from gocreator.observe.reportfile import new_run, sweep, write_report  # noqa: PLC0415  # only where it is needed

    entries = manifest["entries"]
    if any(entry[-1] is not None for entry in entries.values()):
        fresh = {path: _settled(os.path.join(project, path), entry) for path, entry in entries.items()}
        _write(place, manifest | {"entries": fresh})
    run, started_at = new_run()
    report = manifest["report"] | {"run": run, "started_at": started_at}
    report["metrics"]["total_duration"] = round(seconds, 3)
    write_report(report, manifest["page"], os.path.join(project, ".gocreator", "reports"))
    sweep(os.path.dirname(place))
    for warning in manifest["warnings"]:
        print(f"warning: {warning}", file=sys.stderr)
    if manifest["quiet"]:
        return
    ready, outdated = report["counts"]["up_to_date"], report["counts"]["outdated"]
    more = f", outdated {outdated}" if outdated else ""
    print(f"built 0, up to date {ready}{more}, removed 0, kept 0 in {seconds:.1f} s; verify: {report['verdict']}")
    if outdated:
        print(manifest["outdated"])


def _write(place: str, manifest: object) -> None:
    os.makedirs(os.path.dirname(place), exist_ok=True)
    from gocreator.observe.reportfile import half_made  # noqa: PLC0415  # only where it is needed

    temporary = half_made(os.path.dirname(place))
    with open(temporary, "w", encoding="utf-8") as file:
        json.dump(manifest, file)
    os.replace(temporary, place)


def _set_aside(place: str) -> None:
    """Rename a manifest that cannot be read; the ordinary path writes a new one."""
    aside = f"{place}.corrupt"
    with suppress(OSError):
        os.replace(place, aside)
        print(f"warning: {place} is damaged: what it held lies in {aside}", file=sys.stderr)


def _prune(folder: str) -> None:
    paths = [os.path.join(folder, name) for name in os.listdir(folder) if name.endswith(".json")]
    with suppress(FileNotFoundError):  # another process may do the same
        for path in sorted(paths, key=os.path.getmtime)[:-KEPT]:
            os.unlink(path)
