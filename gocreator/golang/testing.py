"""The check that runs the project's tests, which nobody has read before."""

import re
from dataclasses import replace
from pathlib import Path

from gocreator.golang.checks import conclude
from gocreator.golang.isolation import why_not_isolated
from gocreator.golang.messages import tail
from gocreator.golang.process import End, Finished
from gocreator.golang.session import Session
from gocreator.golang.testlog import TestLog, read_test_log
from gocreator.golang.toolchain import find_c_compiler
from gocreator.golang.verdict import Check, skipped

_NO_RACE = re.compile(r"-race (is not supported|requires cgo)|# runtime/(cgo|race)\b|ThreadSanitizer: (?!.*race)")


def check_tests(session: Session) -> tuple[Check, list[str]]:
    """Run the tests, with the race detector where there is one; return the check and what should be known besides."""
    reason = why_not_isolated()
    notes = [f"network: not isolated ({reason})"] if reason else []
    finished, no_race = _run(session, offline=not reason)
    if no_race:
        notes.append(f"race: skipped ({no_race})")
    module = session.module.path if session.module else ""
    log = read_test_log(finished.stdout + finished.stderr, module=module, places=session.places)
    if finished.succeeded and not log.ran:
        return skipped("test", "there are no tests"), notes
    check = conclude("test", finished, log.problems, session=session, passed=_summary(log))
    if finished.succeeded:
        return check, notes
    summary = _summary(log) if finished.end is End.EXITED and log.failed else check.summary
    return replace(check, summary=summary, output_tail=tail(log.text, session.places)), notes


def _run(session: Session, *, offline: bool) -> tuple[Finished, str]:
    """Run the tests; return also why the race detector was not used, if it was not."""
    c_compiler, reason = _race(session)
    if c_compiler:
        finished = _go_test(session, "-race", offline=offline, c_compiler=c_compiler)
        if not _NO_RACE.search(finished.output):
            return finished, ""
        reason = "the race detector does not work here"
    return _go_test(session, offline=offline), reason


def _race(session: Session) -> tuple[Path | None, str]:
    """Find the C compiler that the race detector needs, or say what is missing."""
    if not session.options.race:
        return None, "switched off"
    if not any((session.toolchain.goroot / "src" / "runtime" / "race").rglob("race_*.syso")):
        return None, "the toolchain has no race detector"
    c_compiler = find_c_compiler(session.env)
    return c_compiler, "" if c_compiler else "there is no C compiler"


def _go_test(session: Session, *flags: str, offline: bool, c_compiler: Path | None = None) -> Finished:
    """Call `go test`; vet has had its turn."""
    timeout = session.options.test_timeout
    arguments = ["-json", "-vet=off", "-gcflags=-e", f"-timeout={timeout:g}s", *flags, "./..."]
    whole = timeout + session.options.command_timeout
    return session.go("test", *arguments, seconds=whole, c_compiler=c_compiler, offline=offline)


def _summary(log: TestLog) -> str:
    """Say how many tests came out how."""
    counts = (log.failed, "failed"), (log.passed, "passed"), (log.skipped, "skipped")
    return ", ".join(f"{number} {word}" for number, word in counts if number)
