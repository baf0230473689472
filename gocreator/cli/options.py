"""Flags that several commands have, and what a command gets from them."""

import functools
import os
import sys
from collections.abc import Callable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from gocreator.config.load import Settings
    from gocreator.engine.gate import Gate
    from gocreator.engine.models import Models
    from gocreator.engine.session import Request, Session
    from gocreator.golang.verify import VerifyOptions

Function = Callable[..., Any]

COMMON: tuple[Function, ...] = (
    click.option("-C", "directory", type=click.Path(path_type=Path), metavar="DIR", help="The project directory."),
    click.option(
        "--config", type=click.Path(path_type=Path), metavar="FILE", help="Read this instead of .gocreator.yaml."
    ),
    click.option("-q", "--quiet", is_flag=True, default=None, help="Say nothing but warnings and errors."),
    click.option(
        "-v", "--verbose", is_flag=True, default=None, help="Say also what is up to date; as --log-level debug."
    ),
    click.option("--log-level", type=click.Choice(["debug", "info", "warn", "error"]), help="How much to tell."),
    click.option("--log-format", type=click.Choice(["console", "json"]), help="How to tell it."),
)
PLANNING: tuple[Function, ...] = (
    click.option("-f", "--fcs", type=click.Path(path_type=Path), metavar="FCS", help="The specification."),
    click.option("-o", "--output", type=click.Path(path_type=Path), metavar="DIR", help="The output directory."),
    click.option(
        "-n",
        "--jobs",
        type=click.IntRange(1, 256),
        metavar="N",
        help="Calls in flight at a time, and files beside them.",
    ),
)


def complete_targets(
    context: click.Context,
    parameter: click.Parameter,  # noqa: ARG001  # click's signature
    incomplete: str,
) -> "list[CompletionItem[str]]":
    """Complete a TARGET, in the shell; nothing else needs what it imports."""
    from gocreator.cli import completing

    return completing.complete_targets(context, incomplete)


TARGETS = click.argument("targets", nargs=-1, metavar="[TARGET]...", shell_complete=complete_targets)
SOME_TARGETS = click.argument("targets", nargs=-1, required=True, metavar="TARGET...", shell_complete=complete_targets)
JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


ASKED: tuple[Function, ...] = (
    click.option(
        "--provider", metavar="NAME", help="Ask models of this provider: anthropic, openai, or one configured."
    ),
    click.option("--model", metavar="MODEL", help="Ask this model."),
    click.option(
        "--origin", type=click.Choice(["llm", "hybrid", "template"]), help="Who writes the files, if not as recorded."
    ),
)
MODELS: tuple[Function, ...] = (
    *ASKED,
    click.option(
        "--metrics-port",
        type=click.IntRange(0, 65535),
        metavar="PORT",
        help="Answer Prometheus on this port of loopback meanwhile; 0: any.",
    ),
    click.option("--yes", is_flag=True, default=None, help="Do not ask before tokens are spent."),
    click.option("--max-tokens", type=click.IntRange(1), metavar="N", help="Take no more tokens than these."),
    click.option(
        "--max-cost",
        type=click.FloatRange(0, min_open=True),
        metavar="USD",
        help="Cost no more than this.",
    ),
    click.option("--frozen", is_flag=True, default=None, help="Ask no model; exit 4 where a file needs one."),
)


@dataclass(frozen=True)
class Invocation:
    """The flags of one call, and what follows from them, each found when it is first asked for."""

    directory: Path | None = None
    config: Path | None = None
    quiet: bool | None = None
    verbose: bool | None = None
    log_level: str | None = None
    log_format: str | None = None
    fcs: Path | None = None
    output: Path | None = None
    jobs: int | None = None
    provider: str | None = None
    model: str | None = None
    origin: str | None = None
    yes: bool | None = None
    metrics_port: int | None = None
    max_tokens: int | None = None
    max_cost: float | None = None
    frozen: bool | None = None

    @cached_property
    def project(self) -> Path:
        """Return the project directory, absolute."""
        from gocreator.errors import WrongUsage

        for flag, path in (("-C", self.directory), ("-f", self.fcs), ("-o", self.output), ("--config", self.config)):
            if path is not None and not str(path).isprintable():
                raise WrongUsage(f"{flag} {str(path)!r}: this is no path that can be written down in UTF-8")
        found = Path.cwd() / (self.directory or "")
        if not found.is_dir():
            raise WrongUsage(f"-C {self.directory}: there is no such directory", hint="create it, or name another one")
        return Path(os.path.normpath(found))

    @cached_property
    def settings(self) -> "Settings":
        """Return the settings, flags included."""
        from gocreator.config.load import load_settings

        given = {
            "workflow.root_dir": None if self.output is None else str(self.output),
            "optimization.parallelization.max_concurrent_tasks": self.jobs,
            "logging.level": self._level,
            "logging.format": self.log_format,
            "llm.provider": self.provider,
            "llm.model": self.model,
            "generation.origin": self.origin,
            "limits.max_tokens": self.max_tokens,
            "limits.max_cost_usd": self.max_cost,
            "metrics.port": self.metrics_port,
            "yes": self.yes,
        }
        flags = {key: value for key, value in given.items() if value is not None}
        home = Path(os.environ["HOME"]) if os.environ.get("HOME") else None
        file = None if self.config is None else self.project / self.config
        return load_settings(self.project, config_file=file, flags=flags, env=os.environ, home=home)

    @property
    def _level(self) -> str | None:
        """Return how much is to be told, as far as flags say so."""
        if self.quiet and self.verbose:
            from gocreator.errors import WrongUsage

            raise WrongUsage("--quiet and --verbose exclude each other", hint="give one of them")
        return self.log_level or ("warn" if self.quiet else "debug" if self.verbose else None)

    @cached_property
    def request(self) -> "Request":
        """Return what is to be planned."""
        from gocreator.engine.session import request_of

        return request_of(self.settings, self.project, self.fcs)

    @cached_property
    def session(self) -> "Session":
        """Return one look at the project; warnings go to stderr."""
        from gocreator.engine.session import Session

        session = Session(self.request)
        for warning in (*self.settings.warnings, *session.warnings):
            self.warn(str(warning))
        return session

    @property
    def verifying(self) -> "VerifyOptions":
        """Return how the output is to be judged."""
        from gocreator.golang.verify import VerifyOptions

        return VerifyOptions(**self.settings.verifying)

    @cached_property
    def models(self) -> "Models":
        """Return who may be asked for files."""
        from gocreator.engine.models import models_of

        return models_of(self.settings, self.request.workspace, calls=not self.frozen)

    @property
    def gate(self) -> "Gate":
        """Return what a build may do unasked; a question goes to a terminal."""
        from gocreator.engine.gate import Gate

        terminal = sys.stdin.isatty() and sys.stderr.isatty()
        return Gate(self.models.budget.limits, self.settings.unasked, _ask if terminal else None)

    def warn(self, message: str) -> None:
        """Write a warning to stderr, if warnings are wanted, in the format that is wanted."""
        from gocreator.observe.events import Level, Warned
        from gocreator.observe.log import Log

        Log(sys.stderr, Level(self.settings.log_level), self.settings.log_format)(Warned(message=message))


def _ask(takes: str) -> bool:
    from gocreator.cli.observing import aside

    with aside():
        return click.confirm(f"{takes}. Go on?", err=True)


_OF_ALL = frozenset({"directory", "config", "quiet", "verbose", "log_level", "log_format"})


def planning(function: Function) -> Callable[..., int]:
    """Give a command the flags of all commands that plan."""
    return _with(function, (*COMMON, *PLANNING), {*_OF_ALL, "fcs", "output", "jobs"})


def asking(function: Function) -> Callable[..., int]:
    """Give a command the flags of those that plan what models are asked."""
    names = {*_OF_ALL, "fcs", "output", "jobs", "provider", "model", "origin"}
    return _with(function, (*COMMON, *PLANNING, *ASKED), names)


def generating(function: Function) -> Callable[..., int]:
    """Give a command the flags of those that plan what models write."""
    limits = {"yes", "max_tokens", "max_cost", "frozen", "metrics_port"}
    names = {*_OF_ALL, *limits, "fcs", "output", "jobs", "provider", "model", "origin"}
    return _with(function, (*COMMON, *PLANNING, *MODELS), names)


def common(function: Function) -> Callable[..., int]:
    """Give a command the flags that all commands have."""
    return _with(function, COMMON, _OF_ALL)


def _with(function: Function, flags: tuple[Function, ...], names: AbstractSet[str]) -> Callable[..., int]:
    @functools.wraps(function)
    def run(**given: Any) -> int:
        above = click.get_current_context().obj or {}
        own = {name: given.pop(name) for name in names}
        chosen = above | {name: value for name, value in own.items() if value is not None}
        code: int = function(Invocation(**chosen), **given)
        return code

    for flag in reversed(flags):
        run = flag(run)
    return run
