"""The group of all commands; a command's module is imported when the command is run."""

import importlib
import os
from typing import Any

import click

from gocreator import __version__
from gocreator.cli.options import COMMON

COMMANDS = {
    "build": "Build what is stale, then verify it.",
    "list": "List the targets; with --dry-run, what a build would do.",
    "check": "Exit 1 if anything is stale, missing or edited by hand.",
    "prompt": "Show what a model is asked for a file.",
    "why": "Explain why a target is what it is.",
    "report": "Show what a run did and cost; with --history, how runs compare.",
    "verify": "Let the Go toolchain judge the output.",
    "clean": "Remove the files that gocreator made.",
    "ignore": "Leave targets alone from now on.",
    "adopt": "Accept hand edits as they are, until the specification asks for something else.",
    "eject": "Leave a Go project behind that knows nothing of gocreator.",
    "forget": "Drop what is remembered of targets; files stay.",
    "info": "Show the project, or one target.",
    "graph": "Draw what depends on what.",
    "init": "Write a starter specification, and files for other tools.",
    "schema": "Print the JSON Schema of the specification, or of reports.",
    "config": "Show every setting and where it came from.",
    "cache": "Look into the store of answers, empty it, or carry it elsewhere.",
    "completion": "Print the completion script for a shell.",
    "explain": "Explain an error by its code.",
    "doctor": "Look for what is missing or wrong here, and say what to do.",
    "version": "Print the version.",
}


class LazyGroup(click.Group):
    """Knows its commands by name, and imports only the one that runs."""

    def main(self, *args: Any, **more: Any) -> Any:
        """Run a command line; where a shell asks for completions, answer with ours."""
        if "_GOCREATOR_COMPLETE" in os.environ:
            from gocreator.cli import completing

            completing.register()
        return super().main(*args, **more)

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  # click's signature
        """Return the names in the order of daily use."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002  # click's signature
        """Import a command."""
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"gocreator.cli.{cmd_name}")
        command: click.Command = module.command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Name a close command where there is none of the name."""
        if args[0] not in COMMANDS:
            import difflib

            close = difflib.get_close_matches(args[0], COMMANDS, n=1)
            hint = f" Did you mean {close[0]!r}?" if close else ""
            ctx.fail(f"No such command {args[0]!r}.{hint}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """List the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Exit codes: 0 ok, 1 failed or not up to date, 2 wrong usage or input, 3 a bug, 4 refused, 130 interrupted.",
)
@click.version_option(__version__, "-V", "--version", message="gocreator %(version)s")
@click.pass_context
def cli(context: click.Context, /, **given: Any) -> None:
    """Compile a specification into an incremental build of a Go project: make for LLM-written Go."""
    context.obj = {name: value for name, value in given.items() if value is not None}


for flag in reversed(COMMON):
    cli = flag(cli)
