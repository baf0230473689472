"""Read the events of `go test -json`."""

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from gocreator.golang.messages import Places, read_messages
from gocreator.golang.verdict import GoProblem

_LOGGED = re.compile(r" +(?!testing\.go:)(?P<file>[^\s:]+\.go):(?P<line>\d+): (?P<text>.*)")
_CRASH = re.compile(r"(panic|fatal error|WARNING: DATA RACE|\*\*\* Test killed)(:.*)?")
_FRAME = re.compile(r"\s+(?P<file>\S+\.go):(?P<line>\d+)(?: \+0x[0-9a-f]+)?")
_CHATTER = re.compile(r"\s*(=== |--- |FAIL\b|PASS\b|ok\b|exit status)")
_MAX_LINES = 5


@dataclass
class _Run:
    """One test, or what a package says outside of its tests (its name is empty then)."""

    package: str
    test: str
    status: str = ""
    lines: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class TestLog:
    """What the tests of a module said: how many came out how, and what is wrong."""

    __test__ = False  # pytest takes the name for a test's

    passed: int
    failed: int
    skipped: int
    problems: tuple[GoProblem, ...]
    text: str

    @property
    def ran(self) -> int:
        """Return the number of tests that began."""
        return self.passed + self.failed + self.skipped


def read_test_log(output: str, *, module: str, places: Places) -> TestLog:
    """Read the events; lines that are none are a compiler's messages."""
    runs: dict[tuple[str, str], _Run] = {}
    build, text = [], []
    for line in output.splitlines():
        event = _event(line)
        said = event.get("Output", "")
        text.append(said)
        if "Package" not in event:
            build.append(said)
            continue
        key = (event["Package"], event.get("Test", ""))
        run = runs.setdefault(key, _Run(*key))
        run.lines += said.splitlines()
        if event.get("Action") in ("pass", "fail", "skip"):
            run.status = event["Action"]
    _blame_unfinished(runs)
    problems = read_messages("".join(build), places)
    problems += [problem for run in _guilty(runs) for problem in _problems(run, module, places)]
    count = {
        status: sum(run.status == status for run in runs.values() if run.test) for status in ("pass", "fail", "skip")
    }
    return TestLog(count["pass"], count["fail"], count["skip"], tuple(dict.fromkeys(problems)), "".join(text))


def _event(line: str) -> dict[str, str]:
    """Read one event."""
    try:
        event = json.loads(line)
    except ValueError:
        event = None
    return event if isinstance(event, dict) else {"Output": f"{line}\n"}


def _blame_unfinished(runs: dict[tuple[str, str], _Run]) -> None:
    """Mark the tests that crashed their process: it has no words left for them."""
    for run in runs.values():
        if run.test and not run.status and any(_CRASH.match(line) for line in run.lines):
            run.status = "fail"


def _guilty(runs: dict[tuple[str, str], _Run]) -> Iterator[_Run]:
    """Find the failed tests that hold no failed test, and the packages that failed without one."""
    failed = defaultdict(set)
    for run in runs.values():
        if run.status == "fail":
            failed[run.package].add(run.test)
    for run in runs.values():
        names = failed[run.package]
        inner = {name for name in names if name and name != run.test}
        if run.test in names and not any(not run.test or name.startswith(f"{run.test}/") for name in inner):
            yield run


def _problems(run: _Run, module: str, places: Places) -> Iterator[GoProblem]:
    """Tell what a failed test logged, or how it crashed, or at least that it failed."""
    if not run.test and any("[build failed]" in line or "[setup failed]" in line for line in run.lines):
        return
    folder = run.package.removeprefix(module).lstrip("/")
    prefix = f"{run.test}: " if run.test else ""
    problems = [*_crash(run, prefix, places), *_logged(run, prefix, folder, places)]
    if not problems:
        said = [line.strip() for line in run.lines if line.strip() and not _CHATTER.match(line)]
        message = f"{prefix}{' '.join(said[-_MAX_LINES:]) or 'failed without a word'}"
        problems = [GoProblem("", 0, 0, places.tidy(message))]
    yield from (it if it.file else replace(it, file=_file_of(run, folder, places)) for it in problems)


def _logged(run: _Run, prefix: str, folder: str, places: Places) -> Iterator[GoProblem]:
    """Find the messages that a test logged with their places, each with the lines below it."""
    found: re.Match[str] | None = None
    below: list[str] = []
    for line in [*run.lines, ""]:
        logged = _LOGGED.fullmatch(line)
        if found and not logged and line.startswith(" " * 8):
            below.append(line.strip())
            continue
        if found:
            file = f"{folder}/{found['file']}" if folder else found["file"]
            message = "\n\t".join([found["text"], *below[:_MAX_LINES]])
            yield GoProblem(file, int(found["line"]), 0, f"{prefix}{places.tidy(message)}")
        found, below = logged, []


def _crash(run: _Run, prefix: str, places: Places) -> Iterator[GoProblem]:
    """Find a panic, a data race or a time-out, and the lines of the project below it: the nearest is its place."""
    for number, line in enumerate(run.lines):
        if _CRASH.match(line):
            below = _of_test(run.test, run.lines[number:]) if "test timed out" in line else run.lines[number:]
            frames = list(dict.fromkeys(_frames(below, places)))[:_MAX_LINES]
            file, at = frames[0] if frames else ("", 0)
            said = line.removesuffix(" [recovered, repanicked]")
            text = "\n\tat ".join([said, *(f"{it}:{row}" for it, row in frames[1:])])
            others = dict.fromkeys(it for it, _ in frames if it != file)
            yield GoProblem(file, at, 0, f"{prefix}{places.tidy(text)}", tuple(others))
            return


def _of_test(test: str, lines: Sequence[str]) -> list[str]:
    """Return the goroutines that a test is at work in, of all that a time-out lists: others wait for their turn."""
    name = re.compile(rf"\.{re.escape(test.partition('/')[0])}[.(]")
    goroutines = "\n".join(lines).split("\n\n")
    return [line for it in goroutines if name.search(it) for line in it.splitlines()]


def _frames(lines: Sequence[str], places: Places) -> Iterator[tuple[str, int]]:
    """Find the lines of the project in what a crash says of its goroutines."""
    root = f"{places.root}/"
    for frame in filter(None, map(_FRAME.fullmatch, lines)):
        if frame["file"].startswith(root):
            yield frame["file"].removeprefix(root), int(frame["line"])


def _file_of(run: _Run, folder: str, places: Places) -> str:
    """Find the file of a test that says nothing of where it failed; the package's folder if there is none."""
    name = re.compile(rf"^func {re.escape(run.test.partition('/')[0])}\(", re.MULTILINE)
    for file in sorted((places.root / folder).glob("*_test.go")) if run.test else ():
        if name.search(file.read_text(encoding="utf-8", errors="replace")):
            return file.relative_to(places.root).as_posix()
    return folder
