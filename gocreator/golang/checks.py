"""The checks of a Go project, each a function from a session to what it found."""

import re
from collections.abc import Sequence

from gocreator.golang.messages import read_messages, tail
from gocreator.golang.module import is_newer
from gocreator.golang.process import End, Finished
from gocreator.golang.session import Session
from gocreator.golang.tree import tree_files
from gocreator.golang.verdict import Check, CheckStatus, GoProblem, failed, skipped

_ALL_ERRORS = "-gcflags=-e"
"""Without it the compiler stops at ten errors."""

_ARGUMENTS_AT_ONCE = 500


def go_files(session: Session) -> list[str]:
    """List the Go files that Go itself would look at, and gofmt should."""
    return [path for path in tree_files(session.root) if path.endswith(".go") and not _is_ignored(path)]


def check_format(session: Session) -> Check:
    """Find the files that gofmt would write differently, or cannot read."""
    if not session.toolchain.gofmt.is_file():
        return skipped("gofmt", f"there is no gofmt in {session.toolchain.goroot}")
    files, seconds = go_files(session), 0.0
    problems: list[GoProblem] = []
    for start in range(0, len(files), _ARGUMENTS_AT_ONCE):
        some = files[start : start + _ARGUMENTS_AT_ONCE]
        finished = session.run([str(session.toolchain.gofmt), "-l", "--", *some])
        seconds += finished.seconds
        if finished.end is not End.EXITED:
            return conclude("gofmt", finished, [], session=session)
        listed = finished.stdout.splitlines()
        problems += [GoProblem(file, 0, 0, "is not formatted as gofmt does") for file in listed]
        problems += read_messages(finished.stderr, session.places)
    status = CheckStatus.FAILED if problems else CheckStatus.PASSED
    return Check("gofmt", status, seconds, f"{_count(problems)} in {len(files)} files", tuple(problems))


def check_build(session: Session) -> Check:
    """Compile and link all packages, and throw the result away."""
    if session.module is None:
        return failed("build", "there is no go.mod", [GoProblem("go.mod", 0, 0, "the file is missing")])
    wanted, available = session.module.go, session.toolchain.version
    if is_newer(wanted, available):
        hint = f"go.mod wants go {wanted}, the toolchain is {available}: install a newer Go, or lower the version"
        return failed("build", hint, [GoProblem("go.mod", session.module.go_line, 0, hint)])
    finished = session.go("build", _ALL_ERRORS, "-o", "/dev/null", "./...")
    if finished.succeeded and "matched no packages" in finished.stderr:
        return skipped("build", "there are no packages")
    return conclude("build", finished, read_messages(finished.output, session.places), session=session)


def check_vet(session: Session) -> Check:
    """Look for suspicious code, tests included."""
    finished = session.go("vet", _ALL_ERRORS, "./...")
    return conclude("vet", finished, read_messages(finished.output, session.places), session=session)


def conclude(
    name: str, finished: Finished, problems: Sequence[GoProblem], *, session: Session, passed: str = ""
) -> Check:
    """Judge a command by how it ended; its messages only explain."""
    if finished.succeeded:
        return Check(name, CheckStatus.PASSED, finished.seconds, passed or "no problems")
    summary = _count(problems)
    if finished.end is not End.EXITED:
        summary = f"{finished.end} after {finished.seconds:.0f} s"
    elif not problems:
        summary = f"exit code {finished.code}"
    output = tail(finished.output, session.places)
    return Check(name, CheckStatus.FAILED, finished.seconds, summary, tuple(problems), output)


def _count(problems: Sequence[GoProblem]) -> str:
    """Say how many problems there are."""
    return {0: "no problems", 1: "1 problem"}.get(len(problems), f"{len(problems)} problems")


def _is_ignored(path: str) -> bool:
    """Tell whether the go command ignores a file, or leaves it to others."""
    return bool(re.search(r"(^|/)([._]|(testdata|vendor)/)", path))
