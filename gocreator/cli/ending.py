"""How a run ends: every exception becomes an exit code and a message, never a traceback on the screen."""

import io
import os
import sys
import traceback
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import click

from gocreator import __version__, interrupts
from gocreator.errors import Code, DocumentError, ExitCode, GocreatorError


def run(arguments: list[str]) -> int:
    """Run a command line to its exit code."""
    from gocreator.cli.main import cli

    interrupts.accept()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    return guarded(lambda: cli.main(args=arguments, prog_name="gocreator", standalone_mode=False))


def guarded(work: Callable[[], object]) -> int:
    """Do some work and return an exit code, whatever happens."""
    try:
        code = work()
        sys.stdout.flush()
    except click.exceptions.Exit as end:
        return end.exit_code
    except click.ClickException as error:
        error.show()
        if isinstance(error, click.exceptions.NoArgsIsHelpError):
            return ExitCode.USAGE
        return _explained(Code.USAGE, ExitCode.USAGE)
    except GocreatorError as error:
        # Problems of documents begin with their places, so that editors and terminals make them links.
        click.echo(error if isinstance(error, DocumentError) else f"error: {error}", err=True)
        return _explained(error.code, error.exit_code)
    except (KeyboardInterrupt, click.Abort):
        interrupts.ignore()
        click.echo("interrupted: what was finished is recorded", err=True)
        return ExitCode.INTERRUPTED
    except BrokenPipeError:
        # Whoever read our output went away, as `head` does. Python must not complain again when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ExitCode.OK
    except OSError as error:
        where = f": {error.filename}" if error.filename else ""
        click.echo(f"error: {error.strerror or error}{where}\n  hint: check permissions and free space", err=True)
        return _explained(Code.MACHINE, ExitCode.FAILED)
    except Exception as error:  # noqa: BLE001  # a bug is reported here, in one place
        if type(error).__module__ == "sqlite3":  # not imported, because few commands need it
            click.echo(f"error: the state cannot be kept: {error}\n  hint: check permissions and free space", err=True)
            return _explained(Code.STATE, ExitCode.FAILED)
        return _bug(error)
    return int(code) if isinstance(code, int) else ExitCode.OK


def _explained(code: Code, exit_code: ExitCode) -> ExitCode:
    """Say where more is said of an error."""
    click.echo(f"  code: {code} (`gocreator explain {code}` says more)", err=True)
    return exit_code


def _bug(error: Exception) -> int:
    text = "".join(traceback.format_exception(error))
    folder = Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state") / "gocreator"
    place = folder / f"bug-{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{os.getpid()}.log"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        report = f"gocreator {__version__}, Python {sys.version}\n{' '.join(sys.argv)}\n\n{text}"
        place.write_text(report, encoding="utf-8", errors="backslashreplace")
        where = f"the details are in {place}: please report it with that file"
    except OSError:
        where = "the details could not be written to a file"
    click.echo(f"error: this is a bug in gocreator: {type(error).__name__}: {error}\n  {where}", err=True)
    return _explained(Code.BUG, ExitCode.BUG)
