"""The tables of what models cost: their aims, and the block of the README that holds them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tests.benchmarks.asking import PROVIDERS
from tests.benchmarks.figures import Spent, saved
from tests.benchmarks.subjects import SUBJECTS, Savings, Subject

BEGIN = "<!-- written by `make bench-readme`, of models: -->"
END = "<!-- end of what `make bench-readme` writes of models -->"
SAVINGS_HEADER = ("", "calls", "input tokens billed", "cost", "read from cache", "mean prompt in tokens")


@dataclass(frozen=True)
class Pair:
    """What a project costs as the baseline, and optimised."""

    baseline: Spent
    optimised: Spent

    def cells(self, aims: Savings) -> tuple[str, ...]:
        """Return what stands in a row of the table."""
        before, after = self.baseline, self.optimised
        read = f"{before.hits:.0f}% → {after.hits:.1f}%"
        return (
            _fell(before.calls, after.calls, "{:,.0f}", aims.calls),
            _fell(before.billed, after.billed, "{:,.0f}", aims.billed),
            _fell(before.cost, after.cost, "${:.3f}", aims.cost),
            read if aims.hits is None else f"{read} ({aims.hits:g}%: {_met(round(after.hits, 1) >= aims.hits)})",
            _fell(before.prompt, after.prompt, "{:,.0f}", aims.prompt),
        )


def _fell(before: float, after: float, form: str, aim: float | None) -> str:
    percent = round(saved(before, after), 1)
    text = f"{form.format(before)} → {form.format(after)}: {0 - percent:+.1f}%"
    return text if aim is None else f"{text} ({-aim:+g}%: {_met(percent >= aim)})"


def _met(is_met: bool) -> str:  # noqa: FBT001 - it is what the word says
    return "met" if is_met else "not met"


@dataclass(frozen=True)
class Case:
    """A row of the second table: a figure of each provider, and what it is meant to be at most, or at least."""

    name: str
    form: str
    """How the figure is written."""
    most: float | None = None
    least: float | None = None

    def cell(self, value: float) -> str:
        """Write a figure, and whether it is as it is meant to be."""
        shown = self.form.format(value)
        if self.most is None and self.least is None:
            return shown
        rounded = float(shown.split()[0].rstrip("%").replace(",", ""))
        high, low = self.most is not None and rounded > self.most, self.least is not None and rounded < self.least
        return f"{shown}: {_met(not high and not low)}"

    @property
    def aim(self) -> str:
        """Say what the figure is meant to be."""
        if self.most is not None:
            return f"at most {self.form.format(self.most)}"
        return "" if self.least is None else f"at least {self.form.format(self.least)}"


SECONDS, TIMES, PERCENT, COUNT = "{:.1f} s", "{:.2f} times", "{:.1f}%", "{:.0f}"
CHINOOK_TIME = Case("Chinook, `-n 4`", SECONDS)
CHINOOK_ORDER = Case("Chinook, `-n 4`: beside the least that its calls allow", TIMES, most=1.15)
SHOP_TIME = Case("the shop, `-n 4`", SECONDS)
SHOP_ORDER = Case("the shop, `-n 4`: beside the least that its calls allow", TIMES, most=1.15)
SHOP_FASTER = Case("the shop, `-n 4`: less than its calls take one by one", PERCENT, least=60)
SHOP_FLIGHT = Case("the shop, `-n 12`: most calls in flight", COUNT, least=10)
CHANGE_CALLS = Case("the shop, one entity changed: calls", COUNT, most=5)
CHANGE_COST = Case("the shop, one entity changed: cheaper than in full", PERCENT, least=85)
CHANGE_TIME = Case("the shop, one entity changed: faster than in full", PERCENT, least=85)
IDLE_CALLS = Case("the shop, nothing changed: calls", COUNT, most=0)
TEN_CALLS = Case("ten entity models: calls", COUNT, most=3)
SMALL_TIME = Case("a small project, verified by Go", SECONDS, most=90)
MEMORY = Case("50 entities: peak memory", "{:.0f} MB", most=500)
CASES = (
    CHINOOK_TIME,
    CHINOOK_ORDER,
    SHOP_TIME,
    SHOP_ORDER,
    SHOP_FASTER,
    SHOP_FLIGHT,
    CHANGE_CALLS,
    CHANGE_COST,
    CHANGE_TIME,
    IDLE_CALLS,
    TEN_CALLS,
    SMALL_TIME,
    MEMORY,
)


@dataclass(frozen=True)
class Results:
    """Everything that was measured; keys end with a provider."""

    pairs: Mapping[tuple[Subject, str], Pair]
    cases: Mapping[tuple[Case, str], float]


def block(results: Results, notes: Sequence[str]) -> str:
    """Return what stands in the README: both tables, and what they mean."""
    parts = [BEGIN, "", savings(results), "", others(results), "", *notes, "", END]
    return "\n".join(parts)


def savings(results: Results) -> str:
    """Return the table of what the optimisations save."""
    rows = [
        (f"{subject.name}, {provider}", *results.pairs[subject, provider].cells(subject.aims))
        for subject in SUBJECTS
        for provider in PROVIDERS
    ]
    return _table(SAVINGS_HEADER, rows)


def others(results: Results) -> str:
    """Return the table of seconds, and of all that is no saving."""
    rows = [
        (case.name, *(case.cell(results.cases[case, provider]) for provider in PROVIDERS), case.aim) for case in CASES
    ]
    return _table(("", *PROVIDERS, "aim"), rows)


def _table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [header, ("---", *("--:" for _ in header[1:])), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
