"""Builds as whole processes, with models that an emulator in a process of its own plays on loopback."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.builders import BIN, ROOT, files_of
from tests.benchmarks.figures import Run
from tests.benchmarks.measuring import measure
from tests.benchmarks.subjects import Subject
from tests.emulator.journal import entries

PROVIDERS = ("anthropic", "openai")
FIRST, SPEED = 0.8, 80
"""Seconds to the first token, and tokens a second after it."""
SCALE = 0.06
"""What a second of the emulator lasts; shorter ones would be lost in what the processes themselves take."""
BUILD = (BIN / "gocreator", "build", "--log-level", "error")
BASELINE = """\
optimization:
  prompt_caching: {enabled: false}
  batching: {enabled: false}
  templates: {enabled: false}
  parallelization: {enabled: false}
  incremental: {enabled: false}
  context_window: {smart_filtering: false}
"""
"""Every optimisation off: each file is asked of a model, by a call of its own, with the whole specification in it."""


@dataclass(frozen=True)
class Asking:
    """A project in a folder of its own, and the directory whose files the emulated models answer with."""

    folder: Path
    answers: Path

    def write(self, subject: Subject, settings: str = "") -> None:
        """Write the specification and the settings."""
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / subject.file).write_text(subject.text)
        (self.folder / ".gocreator.yaml").write_text(settings)

    def build(self, provider: str, *flags: str, jobs: int = 4, scale: float = 0, verify: bool = False) -> Run:
        """Build it with models; scale 0: they take no time. Their caches are empty when it begins."""
        journal = self.folder.with_suffix(".journal")
        checks = () if verify else ("--no-verify",)
        with serving(self.answers, journal, scale) as environment:
            command = [*BUILD, *checks, "--provider", provider, "-n", str(jobs), *flags]
            measured = measure(command, self.folder, environment=environment)
        return Run(tuple(entries(journal)), measured.seconds, measured.megabytes, scale)

    def files(self) -> dict[str, bytes]:
        """Return what was generated."""
        return files_of(self.folder / "generated")


@contextmanager
def serving(answers: Path, journal: Path, scale: float, *more: str) -> Iterator[dict[str, str]]:
    """Run an emulator; yield the variables that lead to it. `more` are further flags of its own."""
    pace = ["--first", str(FIRST), "--speed", str(SPEED), "--scale", str(scale)]
    command = [sys.executable, "-m", "tests.emulator", "--tree", str(answers), "--journal", str(journal), *pace, *more]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield _variables(process) | {"NO_PROXY": "127.0.0.1", "XDG_CONFIG_HOME": str(answers.parent)}
        finally:
            process.terminate()


def _variables(emulator: subprocess.Popen[str]) -> dict[str, str]:
    """Read where an emulator listens, and add keys, of which it takes any."""
    if emulator.stdout is None:
        raise ValueError("the emulator says nothing")
    found = dict(emulator.stdout.readline().strip().split("=", 1) for _ in PROVIDERS)
    return found | {f"{provider.upper()}_API_KEY": "k" for provider in PROVIDERS} | {"GOCREATOR_YES": "1"}
