"""`gocreator verify`: gofmt, go build, go vet, go test, and golangci-lint where present."""

import click

from gocreator.cli.options import JSON, Invocation, planning
from gocreator.cli.printing import echo_json


@click.command()
@JSON
@planning
def command(call: Invocation, *, as_json: bool) -> int:
    """Let the Go toolchain judge the output; a missing tool is skipped, not passed."""
    import os

    from gocreator.engine.bookkeeping import remember_verdict
    from gocreator.engine.judging import verdict_key
    from gocreator.errors import ExitCode
    from gocreator.golang.toolchain import find_go
    from gocreator.golang.verify import verify

    for warning in call.settings.warnings:
        call.warn(str(warning))
    workspace, toolchain = call.request.workspace, find_go(os.environ)
    verdict = verify(workspace.root, toolchain, call.verifying)
    if toolchain is not None:
        key = verdict_key(workspace.root, toolchain, call.verifying)
        remember_verdict(workspace, key, ok=verdict.ok)
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
