"""Where reports lie: `report.json` and `report.html` in `.gocreator/reports/<run>/`; `latest` leads to the newest.

Imports little, because the fast path writes reports too.
"""

import json
import os
import sys
import time
from collections.abc import Mapping
from contextlib import suppress

KEPT_RUNS = 100
"""So many reports are kept, the newest."""
RUN, WHEN = "@@run-of-this-page@@", "@@time-of-this-page@@"
"""What a page holds in the places of these two, where they are not known yet."""
_HALF_MADE = ".half-"
"""What a name begins with that only the process named after it knows."""


def new_run() -> tuple[str, str]:
    """Return the name of a run that begins now, and the time in RFC 3339; names sort by time."""
    now = time.time_ns()
    seconds = time.gmtime(now // 1_000_000_000)
    fraction = now % 1_000_000_000 // 1000
    stamp = time.strftime("%Y%m%dT%H%M%S", seconds)
    return f"{stamp}.{fraction:06}Z-{os.getpid()}", time.strftime("%Y-%m-%dT%H:%M:%SZ", seconds)


def write_report(document: Mapping[str, object], page: str, reports: str) -> str:
    """Write a report, and the same as a page, into a folder of its own, and lead `latest` there.

    The oldest beyond the limit are dropped. The report of a run which goes on takes the place of the one that the run
    had before.
    """
    run = str(document["run"])
    folder, half = os.path.join(reports, run), half_made(reports)
    place = os.path.join(folder, "report.json")
    began = str(document["started_at"]).replace("T", " ").replace("Z", " UTC")
    os.makedirs(half, exist_ok=True)
    try:
        with open(os.path.join(half, "report.json"), "w", encoding="utf-8") as file:
            json.dump(document, file, indent=2, ensure_ascii=False)
            file.write("\n")
        with open(os.path.join(half, "report.html"), "w", encoding="utf-8") as file:
            file.write(page.replace(RUN, run).replace(WHEN, began))
        _give_name(half, folder)
    except OSError as error:
        # A full disk is told of without the name of the file.
        raise OSError(error.errno, error.strerror, place) from error
    _lead_latest(reports, run)
    _drop_oldest(reports, run)
    sweep(reports)
    return place


def _give_name(half: str, folder: str) -> None:
    if not os.path.isdir(folder):
        os.rename(half, folder)
        return
    for name in os.listdir(half):
        os.replace(os.path.join(half, name), os.path.join(folder, name))
    os.rmdir(half)


def half_made(folder: str) -> str:
    """Return where this process makes something that gets its name when it is whole."""
    return os.path.join(folder, f"{_HALF_MADE}{os.getpid()}")


def sweep(folder: str) -> None:
    """Remove what processes that are no more left half made; others may be at work just now."""
    for entry in os.scandir(folder):
        pid = entry.name.removeprefix(_HALF_MADE)
        if pid != entry.name and pid.isdecimal() and not _lives(int(pid)):
            with suppress(OSError):
                if entry.is_dir(follow_symlinks=False):
                    _remove_folder(entry.path)
                else:
                    os.unlink(entry.path)


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True


def _remove_folder(path: str) -> None:
    import shutil  # noqa: PLC0415  # rarely needed

    shutil.rmtree(path, ignore_errors=True)


def _lead_latest(reports: str, run: str) -> None:
    link = half_made(reports)
    with suppress(FileNotFoundError):
        os.unlink(link)
    os.symlink(run, link)
    latest = os.path.join(reports, "latest")
    if os.path.lexists(latest) and not os.path.islink(latest):
        aside = os.path.join(reports, f"corrupt-latest-{run}")
        os.rename(latest, aside)
        sys.stderr.write(f"warning: {latest} is no link: it lies in {aside} now\n")
    os.replace(link, latest)


def _drop_oldest(reports: str, latest: str) -> None:
    runs = sorted(name for name in os.listdir(reports) if name[0].isdigit())
    for old in runs[:-KEPT_RUNS]:
        if old != latest:
            _remove_folder(os.path.join(reports, old))
