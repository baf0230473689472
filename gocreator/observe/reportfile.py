"""Where reports lie: `.gocreator/reports/<run>/report.json`, and `latest` leads to the newest.

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


def new_run() -> tuple[str, str]:
    """Return the name of a run that begins now, and the time in RFC 3339; names sort by time."""
    now = time.time_ns()
    seconds = time.gmtime(now // 1_000_000_000)
    fraction = now % 1_000_000_000 // 1000
    stamp = time.strftime("%Y%m%dT%H%M%S", seconds)
    return f"{stamp}.{fraction:06}Z-{os.getpid()}", time.strftime("%Y-%m-%dT%H:%M:%SZ", seconds)


def write_report(document: Mapping[str, object], reports: str) -> str:
    """Write a report into a folder of its own, lead `latest` there, and drop the oldest beyond the limit."""
    run = str(document["run"])
    folder = os.path.join(reports, run)
    os.makedirs(folder, exist_ok=True)
    place = os.path.join(folder, "report.json")
    try:
        with open(f"{place}.tmp", "w", encoding="utf-8") as file:
            json.dump(document, file, indent=2, ensure_ascii=False)
            file.write("\n")
        os.replace(f"{place}.tmp", place)
    except OSError as error:
        # A full disk is told of without the name of the file.
        raise OSError(error.errno, error.strerror, place) from error
    _lead_latest(reports, run)
    _drop_oldest(reports)
    return place


def _lead_latest(reports: str, run: str) -> None:
    link = os.path.join(reports, f".latest-{os.getpid()}")
    with suppress(FileNotFoundError):
        os.unlink(link)
    os.symlink(run, link)
    latest = os.path.join(reports, "latest")
    if os.path.lexists(latest) and not os.path.islink(latest):
        aside = os.path.join(reports, f"corrupt-latest-{run}")
        os.rename(latest, aside)
        sys.stderr.write(f"warning: {latest} is no link: it lies in {aside} now\n")
    os.replace(link, latest)


def _drop_oldest(reports: str) -> None:
    runs = sorted(name for name in os.listdir(reports) if name[0].isdigit())
    if len(runs) > KEPT_RUNS:
        import shutil  # noqa: PLC0415  # rarely needed

        for old in runs[:-KEPT_RUNS]:
            shutil.rmtree(os.path.join(reports, old), ignore_errors=True)
