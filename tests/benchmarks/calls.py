"""`make bench`: the tokens, money, calls and seconds that models take, measured against an emulator on loopback.

With `--readme` the tables replace those in README.md.
"""

import argparse
import os
import platform
import re
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path

from tests.benchmarks import callstable, table
from tests.benchmarks.answering import answered
from tests.benchmarks.asking import BASELINE, FIRST, PROVIDERS, SCALE, SPEED, Asking
from tests.benchmarks.builders import ROOT, files_of
from tests.benchmarks.callstable import Case, Pair, Results
from tests.benchmarks.figures import Run, saved
from tests.benchmarks.subjects import CHANGED_SHOP, CHINOOK, FIFTY, SHOP, SMALL, SUBJECTS, TEN, Subject

MODELS = ("claude-sonnet-5-5", "gpt-6.1-sol")
JOBS = 4


@dataclass
class Bench:
    """Projects below a folder, each in a folder of its own; what models answer is made once for each specification."""

    root: Path
    _answers: dict[Subject, Path] = field(default_factory=dict)

    def answers(self, subject: Subject) -> Path:
        """Return the directory with what models answer for a subject."""
        if subject not in self._answers:
            self._answers[subject] = answered(subject, self.root / f"answers-{len(self._answers)}")
        return self._answers[subject]

    def project(self, subject: Subject, name: str, settings: str = "") -> Asking:
        """Return a project that was not built yet."""
        made = Asking(self.root / f"{_slug(subject)}-{name}", self.answers(subject))
        made.write(subject, settings)
        return made

    def pair(self, subject: Subject, provider: str) -> tuple[Run, Run]:
        """Build a subject as the baseline does, and optimised, without waiting for the models."""
        baseline = self.project(subject, f"baseline-{provider}", BASELINE).build(provider, jobs=1)
        optimised = self.project(subject, f"optimised-{provider}").build(provider, *subject.flags, jobs=JOBS)
        return baseline, optimised

    def timed(self, subject: Subject, provider: str, jobs: int = JOBS) -> Run:
        """Build a subject at the models' pace."""
        return self.project(subject, f"timed-{jobs}-{provider}").build(provider, jobs=jobs, scale=SCALE)


def cases(bench: Bench, provider: str) -> Iterator[tuple[Case, float]]:
    """Yield the figures of one provider; its builds follow on each other, for they are timed."""
    chinook = bench.timed(CHINOOK, provider)
    yield callstable.CHINOOK_TIME, chinook.seconds
    yield callstable.CHINOOK_ORDER, chinook.seconds / chinook.least(JOBS)
    yield callstable.SHOP_FLIGHT, bench.timed(SHOP, provider, jobs=12).most_in_flight
    yield from _shop(bench, provider)
    yield callstable.TEN_CALLS, len(bench.project(TEN, provider).build(provider, "rule:model").calls)
    small = bench.project(SMALL, provider).build(provider, scale=SCALE, verify=True)
    yield callstable.SMALL_TIME, small.seconds


def _shop(bench: Bench, provider: str) -> Iterator[tuple[Case, float]]:
    """Yield the figures of a full build, and of what follows on it."""
    project = bench.project(SHOP, f"changing-{provider}")
    full = project.build(provider, scale=SCALE)
    yield callstable.SHOP_TIME, full.seconds
    yield callstable.SHOP_ORDER, full.seconds / full.least(JOBS)
    yield callstable.SHOP_FASTER, saved(full.least(1), full.seconds)
    yield callstable.IDLE_CALLS, len(project.build(provider).calls)
    project.write(CHANGED_SHOP)
    changed = replace(project, answers=bench.answers(CHANGED_SHOP)).build(provider, scale=SCALE)
    yield callstable.CHANGE_CALLS, len(changed.calls)
    yield callstable.CHANGE_COST, saved(full.spent.cost, changed.spent.cost)
    yield callstable.CHANGE_TIME, saved(full.seconds, changed.seconds)


def results_and_notes(root: Path) -> tuple[Results, list[str]]:
    """Measure everything."""
    bench = Bench(root)
    for subject in (*SUBJECTS, CHANGED_SHOP, TEN, SMALL):
        bench.answers(subject)
    asked = [(subject, provider) for subject in SUBJECTS for provider in PROVIDERS]
    with ThreadPoolExecutor(os.cpu_count()) as pool:  # nothing is timed here
        runs = dict(zip(asked, pool.map(lambda each: bench.pair(*each), asked), strict=True))
    _said("compared with the baseline")
    found = {(case, provider): value for provider in PROVIDERS for case, value in cases(bench, provider)}
    found |= {(callstable.MEMORY, provider): runs[FIFTY, provider][1].megabytes for provider in PROVIDERS}
    _said("measured the rest")
    pairs = {key: Pair(baseline.spent, optimised.spent) for key, (baseline, optimised) in runs.items()}
    return Results(pairs, found), notes(bench)


def notes(bench: Bench) -> list[str]:
    """Say what the figures are."""
    texts = [text.decode() for text in files_of(bench.answers(SMALL)).values()]
    lines = sum(text.count("\n") for text in texts)
    return [
        "Measured against an emulator of both providers on loopback, not with models: it takes four bytes for a token,",
        "bills as the providers' pages say, and answers with what the templates write; to a skeleton it adds sixty",
        f"lines for the logic that a model would write. Models: {' and '.join(MODELS)}. A build is a",
        "process that begins with empty caches; Go's verification is a part of it only where that is said.",
        "",
        "- Baseline: every optimisation off, so each file is asked of a model by a call of its own, with the whole",
        f"  specification in it, one at a time. Optimised: the defaults with `-n {JOBS}`.",
        "- Input tokens billed: how many uncached tokens would cost as much; what the cache reads and writes counts at",
        "  the model's rates. Mean prompt: cached parts included.",
        f"- Seconds: with {FIRST:g} s to the first token and {SPEED} tokens a second after it. The emulator is hurried",
        f"  to {SCALE:g} of that; from the first call to the end of the last, time is divided by this, so that what",
        "  gocreator does meanwhile weighs more than it would. The least that calls allow is the longest of them, or",
        "  all of them shared out evenly.",
        f"- The small project: one entity, {len(texts)} files, {lines:,} lines.",
        "",
        f"On {os.cpu_count()} processors with Python {platform.python_version()}.",
    ]


def _slug(subject: Subject) -> str:
    return re.sub("[^a-z0-9]+", "-", subject.name.lower()).strip("-")


def _said(what: str) -> None:
    sys.stderr.write(f"{what} at {time.strftime('%X')}\n")


def main() -> None:
    """Measure, print the tables, and write them into the README if that is wanted."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--readme", action="store_true", help="replace the tables in README.md")
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        new = callstable.block(*results_and_notes(Path(folder)))
    sys.stdout.write(f"{new}\n")
    if wanted.readme:
        readme = ROOT / "README.md"
        readme.write_text(table.replaced(readme.read_text(), new, callstable.BEGIN, callstable.END))


if __name__ == "__main__":
    main()
