"""The tables of what models cost are as `make bench-readme` writes them, and its figures are those of the calls."""

import re
from pathlib import Path

import pytest

from tests.benchmarks.answering import answered, finished
from tests.benchmarks.asking import BASELINE, PROVIDERS, Asking
from tests.benchmarks.calls import MODELS
from tests.benchmarks.callstable import BEGIN, CASES, END, SAVINGS_HEADER, Case, Pair, Results, block
from tests.benchmarks.figures import Run, Spent, saved, spent
from tests.benchmarks.specifications import specification
from tests.benchmarks.subjects import SUBJECTS, Savings, Subject
from tests.benchmarks.table import replaced
from tests.emulator.journal import Entry
from tests.emulator.prompts import Bill

README = (Path(__file__).parent.parent / "README.md").read_text()
FELL = re.compile(r"\$?([\d,.]+) → \$?([\d,.]+): ([-+][\d.]+)%(?: \(-(\d+)%: (met|not met)\))?")
READ = re.compile(r"\d+% → ([\d.]+)%(?: \((\d+)%: (met|not met)\))?")


def written(document: str) -> list[list[str]]:
    """Return the rows of the tables in a document's block, without those of dashes."""
    inside = document.partition(BEGIN)[2].partition(END)[0]
    lines = [line for line in inside.splitlines() if line.startswith("|") and not line.startswith("| --- ")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def number(text: str) -> float:
    return float(text.replace(",", ""))


def assert_as_measured(rows: list[list[str]]) -> None:
    """Assert the form of both tables, and that their shares and judgements follow from their figures."""
    count = len(SUBJECTS) * len(PROVIDERS)
    header, first, rest = rows[0], rows[1 : count + 1], rows[count + 2 :]
    assert tuple(header) == SAVINGS_HEADER
    assert [row[0] for row in first] == [f"{it.name}, {provider}" for it in SUBJECTS for provider in PROVIDERS]
    for row, subject in zip(first, [it for it in SUBJECTS for _ in PROVIDERS], strict=True):
        aims = subject.aims
        for cell, aim in zip(row[1:4] + row[5:], (aims.calls, aims.billed, aims.cost, aims.prompt), strict=True):
            assert_fell(cell, aim)
        found = READ.fullmatch(row[4])
        assert found
        assert (found[3] == "met") == (aims.hits is not None and number(found[1]) >= aims.hits)
    assert [row[0] for row in rest] == [case.name for case in CASES]
    for row, case in zip(rest, CASES, strict=True):
        assert row[3] == case.aim
        for cell in row[1:3]:
            figure = number(re.match(r"[\d,.]+", cell)[0])  # type: ignore[index]
            assert cell == case.cell(figure)
            fits = figure <= (case.most if case.most is not None else figure) and figure >= (case.least or 0)
            assert cell.endswith(": met") == (fits and bool(case.aim))


def assert_fell(cell: str, aim: float | None) -> None:
    found = FELL.fullmatch(cell)
    assert found, cell
    before, after, change = map(number, found.groups()[:3])
    assert change == pytest.approx(-saved(before, after), abs=0.5)  # of rounded figures
    assert found[4] == (None if aim is None else f"{aim:g}")
    assert (found[5] == "met") == (aim is not None and -change >= aim)


def test_the_tables_in_the_readme_are_as_the_script_writes_them() -> None:
    assert_as_measured(written(README))
    inside = README.partition(BEGIN)[2].partition(END)[0]
    assert "an emulator of both providers on loopback, not with models" in inside
    assert all(model in inside for model in MODELS)


def test_new_tables_take_the_place_of_the_old_ones() -> None:
    before = Spent(calls=200, billed=1e6, cost=3.5, hits=0, prompt=5_000)
    pairs = {
        (subject, provider): Pair(before, Spent(50 / place, 80_000 / place, 1.2, 79 + place, 2_000))
        for subject in SUBJECTS
        for place, provider in enumerate(PROVIDERS, 1)
    }
    figures = {(case, provider): 3.7 * place for place, case in enumerate(CASES, 1) for provider in PROVIDERS}
    new = block(Results(pairs, figures), ["a note"])
    assert_as_measured(written(new))
    document = f"before\n{BEGIN}\n{END}\nafter\n"
    assert replaced(document, new, BEGIN, END) == f"before\n{new}\nafter\n"


@pytest.mark.parametrize(
    ("baseline", "optimised", "met"), [(100, 25, True), (100, 25.1, False), (100, 100, False), (100, 120, False)]
)
def test_a_saving_is_judged_by_its_share(baseline: float, optimised: float, *, met: bool) -> None:
    pair = Pair(Spent(baseline, 1, 1, 0, 1), Spent(optimised, 1, 1, 0, 1))
    assert pair.cells(Savings(calls=75))[0].endswith("-75%: met)") == met


def test_what_is_shown_is_what_is_judged() -> None:
    assert Case("", "{:.2f} times", most=1.15).cell(1.1549) == "1.15 times: met"
    assert Case("", "{:.2f} times", most=1.15).cell(1.1551) == "1.16 times: not met"
    assert Case("", "{:.0f}", least=10).cell(9) == "9: not met"
    assert Case("", "{:.0f}", most=0).cell(0) == "0: met"


def _call(arrived: float, ended: float, bill: Bill) -> Entry:
    return Entry("claude-sonnet-5-5", ("a.go",), bill, 100, arrived, arrived, ended)


def test_calls_are_added_up_and_their_time_is_stretched() -> None:
    calls = (_call(10, 11, Bill(short=1_000, plain=100)), _call(10.5, 12, Bill(read=1_000)), _call(12, 13, Bill()))
    found = spent(calls)
    assert (found.calls, found.prompt) == (3, 700)
    assert found.billed == pytest.approx(1_250 + 100 + 50)
    assert found.cost == pytest.approx((1_400 * 2 + 300 * 10) / 1e6)
    assert found.hits == pytest.approx(100 * 1_000 / 2_100)
    run = Run(calls, lasted=5, megabytes=1, scale=0.1)
    assert run.seconds == pytest.approx(2 + 30)
    assert run.least(1) == pytest.approx(35)
    assert run.least(4) == pytest.approx(15)
    assert run.most_in_flight == 2
    assert spent(()) == Spent(0, 0, 0, 0, 0)


def test_a_skeleton_is_answered_as_if_it_were_none() -> None:
    text = finished('package a\n\nfunc A() {\n\tpanic("a.A: not implemented yet")\n}\n')
    assert "not implemented" not in text
    assert len(text.splitlines()) > 60


@pytest.mark.sample(1)
@pytest.mark.parametrize("provider", PROVIDERS)
def test_builds_are_counted_from_outside(tmp_path: Path, provider: str) -> None:
    subject = Subject("small", specification(2, served=False))
    answers = answered(subject, tmp_path)
    runs = {}
    for name, settings, jobs in (("baseline", BASELINE, 1), ("optimised", "", 4)):
        project = Asking(tmp_path / name, answers)
        project.write(subject, settings)
        runs[name] = run = project.build(provider, jobs=jobs, scale=0.01)
        generated = project.files()
        asked = {path for call in run.calls for path in call.wanted}
        assert asked <= generated.keys()
        assert all(generated[path] == (answers / path).read_bytes() for path in asked)
        assert {call.model for call in run.calls} <= set(MODELS)
        assert run.least(jobs) < run.seconds < 5_000
        assert 1 <= run.most_in_flight <= jobs
        assert 20 < run.megabytes < 500
    assert project.build(provider).calls == ()
    assert runs["optimised"].spent.calls <= runs["baseline"].spent.calls
