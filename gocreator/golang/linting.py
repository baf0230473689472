"""The check that runs golangci-lint, where the user has it."""

import re
from pathlib import Path

from gocreator.golang.checks import conclude
from gocreator.golang.environment import go_cache
from gocreator.golang.messages import read_messages
from gocreator.golang.process import Finished
from gocreator.golang.session import Session, VerifyOptions
from gocreator.golang.toolchain import find_program
from gocreator.golang.verdict import Check, failed, skipped

_VERSION = re.compile(r"version v?(\d+)\.")
_TOO_OLD = re.compile(
    r"(the Go language version .*lower than the targeted Go version.*|you are using a configuration file for .*)"
)
_FLAGS = {
    1: ("--out-format=line-number", "--print-issued-lines=false"),
    2: ("--output.text.path=stdout", "--output.text.print-issued-lines=false", "--show-stats=false"),
}


def check_lint(session: Session) -> Check:
    """Run golangci-lint with the project's configuration, or with none."""
    program = find_program("golangci-lint", session.env)
    if not program:
        return skipped("lint", "golangci-lint is not on the PATH")
    config = session.root / session.options.linter_config
    if not config.is_file() and session.options.linter_config != VerifyOptions.linter_config:
        return failed("lint", f"the linter's configuration {session.options.linter_config} does not exist")
    version = _major(session, program)
    if version is None:
        return skipped("lint", f"{program} does not say its version")
    choice = f"--config={config}" if config.is_file() else "--no-config"
    finished = _run(session, program, "run", choice, *_FLAGS[min(version, max(_FLAGS))], "./...")
    if too_old := _TOO_OLD.search(finished.output):
        return skipped("lint", f"golangci-lint cannot judge this project: {too_old[1]}")
    problems = read_messages(finished.stdout or finished.stderr, session.places)
    return conclude("lint", finished, problems, session=session)


def _major(session: Session, program: Path) -> int | None:
    """Ask for the major version, because the flags changed with it."""
    found = _VERSION.search(_run(session, program, "--version").output)
    return max(1, int(found[1])) if found else None


def _run(session: Session, program: Path, *arguments: str) -> Finished:
    """Run the linter with a cache of gocreator's own."""
    cache = go_cache(session.env).with_name("golangci-lint")
    return session.run([str(program), *arguments], extra={"GOLANGCI_LINT_CACHE": str(cache)})
