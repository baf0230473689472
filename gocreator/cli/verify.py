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
    from gocreator.errors import Code, ExitCode
    from gocreator.golang.toolchain import find_go
    from gocreator.golang.verify import verify

    for warning in call.settings.warnings:
        call.warn(str(warning))
    workspace, toolchain, verifying = call.request.workspace, find_go(os.environ), _options(call)
    before = _key(workspace.root, toolchain, verifying)
    verdict = verify(workspace.root, toolchain, verifying)
    is_of_the_tree = before is not None and not verdict.files and not verdict.unavailable
    if before is not None and is_of_the_tree and before == _key(workspace.root, toolchain, verifying):
        remember_verdict(workspace, before, ok=verdict.ok)
    if as_json:
        echo_json(verdict.as_dict())
        return ExitCode.OK if verdict.ok else ExitCode.FAILED
    for check in verdict.checks:
        click.echo(f"{check.status.value:<8} {check.name:<6} {check.seconds:6.1f} s  {check.summary}".rstrip())
        for problem in check.problems[:50]:
            click.echo(f"         {problem}")
    for name in verdict.files:
        click.echo(f"note     {name} is not what the code needs: `gocreator build` writes it")
    for note in verdict.notes:
        click.echo(f"note     {note}")
    if not verdict.ok:
        click.echo(f"`gocreator explain {Code.NOT_VERIFIED}` says more", err=True)
    return ExitCode.OK if verdict.ok else ExitCode.FAILED


def _options(call: Invocation) -> "VerifyOptions":
    """Return how the output is judged; where the specification cannot be read, without its modules."""
    from gocreator.engine.judging import with_modules
    from gocreator.errors import DocumentError

    try:
        return with_modules(call.verifying, call.session.loaded.fcs)
    except DocumentError:
        return call.verifying


def _key(root: Path, toolchain: "Toolchain | None", options: "VerifyOptions") -> "Digest | None":
    from gocreator.engine.judging import verdict_key

    return verdict_key(root, toolchain, options) if toolchain is not None and root.is_dir() else None
