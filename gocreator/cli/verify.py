"""`gocreator verify`: gofmt, go build, go vet, go test, and golangci-lint where present."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from gocreator.cli.options import JSON, Invocation, planning
from gocreator.cli.printing import echo_json

if TYPE_CHECKING:
    from gocreator.golang.toolchain import Toolchain
    from gocreator.golang.verify import VerifyOptions
    from gocreator.values import Digest


@click.command()
@JSON
@planning
def command(call: Invocation, *, as_json: bool) -> int:
    """Let the Go toolchain judge the output; a missing tool is skipped, not passed."""
    import os

    from gocreator.engine.bookkeeping import remember_verdict
    from gocreator.errors import ExitCode
    from gocreator.golang.toolchain import find_go
    from gocreator.golang.verify import verify

    for warning in call.settings.warnings:
        call.warn(str(warning))
    workspace, toolchain = call.request.workspace, find_go(os.environ)
    before = _key(workspace.root, toolchain, call.verifying)
    verdict = verify(workspace.root, toolchain, call.verifying)
    if before is not None and before == _key(workspace.root, toolchain, call.verifying):
        remember_verdict(workspace, before, ok=verdict.ok)
    if as_json:
        echo_json(verdict.as_dict())
        return ExitCode.OK if verdict.ok else ExitCode.FAILED
    for check in verdict.checks:
        click.echo(f"{check.status.value:<8} {check.name:<6} {check.seconds:6.1f} s  {check.summary}".rstrip())
        for problem in check.problems[:50]:
            click.echo(f"         {problem}")
    for note in verdict.notes:
        click.echo(f"note     {note}")
    return ExitCode.OK if verdict.ok else ExitCode.FAILED


def _key(root: Path, toolchain: "Toolchain | None", options: "VerifyOptions") -> "Digest | None":
    from gocreator.engine.judging import verdict_key

    return verdict_key(root, toolchain, options) if toolchain is not None and root.is_dir() else None
