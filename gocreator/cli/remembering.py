"""What a build that has nothing left to do leaves behind for the fast path."""

import os
import sys
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import Any

from gocreator import fastpath
from gocreator.cli.options import Invocation
from gocreator.cli.printing import of_outdated
from gocreator.engine.session import FCS_NAMES
from gocreator.observe.advice import advice
from gocreator.observe.page import page
from gocreator.observe.report import Report
from gocreator.observe.reportfile import RUN, WHEN
from gocreator.observe.tally import Tally
from gocreator.resources import data_dir
from gocreator.store.bytecode import kept_for_user
from gocreator.store.workspace import HOME

ENVIRONMENT = ("PATH", "HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME")
"""Variables that decide which files are found, beside those that settings name."""


def done(report: Report) -> bool:
    """Tell whether the same call would find nothing to do."""
    counts, verify = report.tally.counts, report.tally.verify
    judged = verify["status"] == "passed" or verify.get("lasting", False)
    return bool(report.tally.exit_code == 0 and judged and not counts["kept"] and not report.tally.reviewed.failed)


def remember(call: Invocation, report: Report) -> None:
    """Write the manifest of this call."""
    settings = call.settings
    if not call.request.incremental:
        return
    if settings.log_format != "console" or settings.log_level == "debug" or settings.execution_log is not None:
        return
    if settings.metrics_file is not None or settings.metrics_port is not None:
        return
    workspace, project = call.request.workspace, call.project
    files = {
        *settings.files,
        *(project / name for name in FCS_NAMES),
        project / call.request.fcs,
        workspace.contracts,
        *_tools(),
    }
    folders = [
        Path(fastpath.__file__).parent,
        data_dir("templates"),
        workspace.contracts,
        *filter(None, [settings.template_dir]),
    ]
    own = {workspace.lock_file, workspace.state_db, workspace.state_file}
    present = {path for path in files if os.path.lexists(path)}
    ours = _names(project, own)
    read = _names(project, [*present, *_below(*folders)]) - ours
    inputs = fastpath.Inputs(
        read=read,
        written=_names(project, _below(workspace.root)) - ours - read,
        quiet=int(report.tally.last_write * 1e9),
        own=ours,
        absent=_names(project, files - present),
        variables={*ENVIRONMENT, *settings.variables},
    )
    warnings = report.tally.warnings if settings.log_level != "error" else []
    outdated = of_outdated(report.tally.counts["outdated"])
    idle = _idle(report)
    its_page = page(idle | {"run": RUN, "started_at": WHEN}, kept_for_user())
    telling = {"report": idle, "page": its_page, "warnings": warnings, "outdated": outdated, "quiet": bool(call.quiet)}
    fastpath.remember(str(project), sys.argv[1:], inputs, telling)


def _tools() -> Iterator[Path]:
    """Yield the files that verification would run, and those that would be found before them if they were there."""
    for tool in ("go", "golangci-lint", "gcc", "cc"):
        for folder in os.environ.get("PATH", "").split(os.pathsep):
            place = Path(folder or os.curdir, tool).absolute()
            yield place
            if place.exists():
                version = place.resolve().parent.parent / "VERSION"
                yield from [version] if tool == "go" and version.is_file() else []
                break


def _idle(report: Report) -> dict[str, Any]:
    """Return the report that the next run will have if it finds nothing to do."""
    was, tally = report.document(), Tally()
    tally.run, tally.verify = report.tally.run, report.tally.verify
    tally.skeletons, tally.warnings = report.tally.skeletons, report.tally.warnings
    idle: dict[str, Any] = dict(Report(report.run, report.started_at, tally).document())
    total = sum(was["counts"][name] for name in ("built", "up_to_date"))
    idle["counts"] |= {"up_to_date": total, "outdated": was["counts"]["outdated"]}
    idle["requirements"] = was["requirements"]
    idle["advice"] = advice(idle)
    if was["verify"]["status"] == "passed":
        idle["verdict"] = "passed (nothing changed since)"
    return idle


def _below(*folders: Path) -> Iterator[str]:
    """Yield directories with all below them, but for what gocreator, git and Python write for themselves."""
    for place, names, files in chain.from_iterable(map(os.walk, map(str, folders))):
        names[:] = [name for name in names if name not in {HOME, ".git", "__pycache__"}]
        links = [name for name in names if Path(place, name).is_symlink()]
        yield place
        yield from (f"{place}{os.sep}{name}" for name in (*files, *links))


def _names(project: Path, paths: Iterable[Path | str]) -> set[str]:
    """Return paths relative to the project where they lie in it."""
    start = f"{project}{os.sep}"
    return {f"{path}{os.sep}".removeprefix(start).rstrip(os.sep) or os.curdir for path in paths}
