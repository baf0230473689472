"""What only an observer inside a build can bring about."""

import contextlib
from pathlib import Path
from typing import Any

from gocreator.engine.build import BuildOptions, build
from gocreator.engine.session import Request
from gocreator.errors import ExitCode
from gocreator.observe.events import Bus, Event, RunStarted, TargetFailed
from gocreator.store.workspace import workspace

ORDER = "internal/models/order.go"


def test_an_edit_made_while_the_build_runs_is_kept(project: Any) -> None:
    project("build", "--no-verify")
    project.edit("fcs.yaml", "enum(open|paid)", "enum(open|paid|sent)")
    place = project.root / "generated" / ORDER
    failed: list[str] = []

    def edit(event: Event) -> None:
        if isinstance(event, RunStarted):
            place.write_text("package models // edited in the meantime\n")
        if isinstance(event, TargetFailed):
            failed.append(event.path)

    request = Request(workspace(project.root, Path("generated")), Path("fcs.yaml"), standard_files=("go.mod",))
    with contextlib.chdir(project.root):
        code = build(request, BuildOptions(run="r", verify=False), Bus(edit))
    assert code == ExitCode.FAILED
    assert failed == [ORDER]
    assert place.read_text() == "package models // edited in the meantime\n"
