"""Whom a problem is about, and how long repairs go on."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from gocreator.engine.blame import Blame, signature
from gocreator.engine.repairs import Repairs
from gocreator.fcs.load import load_fcs
from gocreator.golang.verdict import Check, CheckStatus, GoProblem, Verification
from gocreator.plan.origins import Mix, Origins
from gocreator.plan.planner import Planner
from gocreator.plan.rulebook import load_rulebook
from gocreator.plan.target import Plan
from gocreator.values import Origin, RelPath

ROOT = Path(__file__).parents[2]
SERVICE, HANDLER = RelPath("internal/service/post.go"), RelPath("internal/web/post.go")


@pytest.fixture(scope="module")
def plan() -> Plan:
    planner = Planner(load_rulebook(ROOT / "templates"), (), None, Origins(named=Mix.LLM, has_provider=True))
    return planner.plan(load_fcs(ROOT / "examples/blog/fcs.yaml").fcs)


def blame(plan: Plan, *paths: str, texts: dict[str, bytes] | None = None) -> Blame:
    """Blame the files of models, or those named."""
    written = set(paths) or {path for path, target in plan.targets.items() if target.origin is Origin.MODEL}
    return Blame(plan, written.__contains__, (texts or {}).get)


def problem(file: str, message: str = "it is wrong", *others: str) -> GoProblem:
    return GoProblem(file, 7, 1, message, others)


def found(*problems: GoProblem, check: str = "build") -> Verification:
    return Verification((Check(check, CheckStatus.FAILED, problems=problems),) if problems else ())


def test_a_compiler_names_the_file(plan: Plan) -> None:
    assert blame(plan).suspects(problem(SERVICE)) == [SERVICE]
    assert blame(plan).suspects(problem("internal/service/mine.go")) == []
    mine = problem(
        "internal/service/mine.go", "x redeclared\n\tinternal/service/post.go:3:5: other declaration", SERVICE
    )
    assert blame(plan).suspects(mine) == [SERVICE]


def test_a_test_is_about_what_it_tests(plan: Plan) -> None:
    handler = next(path for path, it in plan.targets.items() if it.rule == "handler" and "post" in path)
    test = RelPath(handler.replace(".go", "_test.go"))
    assert test in plan.targets
    assert blame(plan).suspects(problem(test))[0] == handler
    assert blame(plan, SERVICE).suspects(problem(test)) == [SERVICE]
    assert blame(plan).suspects(problem("internal/service/mine_test.go")) == []
    own = problem("internal/service/mine_test.go", "panic: x\n\tat internal/service/post.go:9", SERVICE)
    assert blame(plan).suspects(own) == [SERVICE]


def test_a_test_of_a_models_may_be_wrong_itself(plan: Plan) -> None:
    test = RelPath("internal/service/post_test.go")
    assert blame(plan, SERVICE, test).suspects(problem(test)) == [SERVICE, test]
    curious = {str(test): b"func TestX(t *testing.T) { os.Getenv(`HOME`) }"}
    assert blame(plan, SERVICE, test, texts=curious).suspects(problem(test)) == [test, SERVICE]
    crashed = problem(test, "TestX: panic: test timed out after 3s")
    assert blame(plan, SERVICE, test).suspects(crashed) == [test, SERVICE]


def test_a_problem_is_the_same_wherever_it_stands() -> None:
    first = GoProblem("a.go", 3, 1, "x redeclared\n\tb.go:4:5: other declaration of x")
    moved = GoProblem("a.go", 9, 2, "x redeclared\n\tb.go:44:15: other declaration of x")
    assert signature("build", first) == signature("build", moved)
    assert signature("build", first) != signature("vet", first)
    assert signature("build", GoProblem("a.go", 1, 1, "want 2")) != signature(
        "build", GoProblem("a.go", 1, 1, "want 3")
    )
    said = (
        "TestX: key 54b6b01c-9e9f-46f7-b827-d8abe6915689 at 0xc000123 took 12ms",
        "TestX: key 00000000-9e9f-46f7-b827-d8abe6915689 at 0xc000ffff took 9ms",
    )
    one, other = (signature("test", GoProblem("a_test.go", 5, 0, text)) for text in said)
    assert one == other


def test_a_race_is_the_same_whoever_meets_it() -> None:
    told = GoProblem("p/a.go", 40, 0, "TestA: WARNING: DATA RACE\n\tat p/a.go:41", ("p/a_test.go",))
    other = GoProblem("p/a_test.go", 0, 0, "TestB: testing.go:1712: race detected during execution of test")
    elsewhere = GoProblem("q/a.go", 40, 0, "TestA: WARNING: DATA RACE")
    assert signature("test", told) == signature("test", other) != signature("test", elsewhere)


def rungs(repairs: Repairs, *verdicts: Verification) -> list[list[tuple[RelPath, int, int]]]:
    return [[(it.path, it.attempt, it.rung) for it in repairs.next(verdict)] for verdict in verdicts]


def repairs(plan: Plan, *paths: str, most: int = 3, models: int = 2, first: int = 0) -> Repairs:
    return Repairs(blame(plan, *paths), most, models, lambda _: first)


def test_the_same_problem_goes_one_rung_up_and_then_stops(plan: Plan) -> None:
    bad = found(problem(SERVICE))
    assert rungs(repairs(plan, SERVICE), bad, bad, bad) == [[(SERVICE, 1, 0)], [(SERVICE, 2, 1)], []]
    assert rungs(repairs(plan, SERVICE, models=1), bad, bad) == [[(SERVICE, 1, 0)], []]
    assert rungs(repairs(plan, SERVICE, first=1), bad, bad) == [[(SERVICE, 1, 1)], []]
    assert rungs(repairs(plan, SERVICE, models=3, first=1), bad, bad, bad)[1:] == [[(SERVICE, 2, 2)], []]


def test_other_problems_are_progress_up_to_a_limit(plan: Plan) -> None:
    verdicts: Sequence[Verification] = [found(problem(SERVICE, f"problem {letter}")) for letter in "abcde"]
    assert rungs(repairs(plan, SERVICE), *verdicts) == [[(SERVICE, n, 0)] for n in (1, 2, 3)] + [[], []]


def test_a_test_that_stays_red_is_suspected_next(plan: Plan) -> None:
    test = RelPath("internal/service/post_test.go")
    red = found(problem(test), check="test")
    assert rungs(repairs(plan, SERVICE, test), red, red, red) == [[(SERVICE, 1, 0)], [(test, 1, 1)], []]
    assert rungs(repairs(plan, SERVICE, test, models=1), red, red, red) == [[(SERVICE, 1, 0)], [(test, 1, 0)], []]


def test_an_answer_that_was_not_taken_is_told_and_counted(plan: Plan) -> None:
    trying, bad = repairs(plan, SERVICE), found(problem(SERVICE))
    (first,) = trying.next(bad)
    trying.refused(first, "no function Get", final=False)
    (second,) = trying.next(bad)
    assert (second.attempt, second.rung) == (2, 0)
    assert "no function Get" in second.messages[-1]
    trying.refused(second, "no function Get", final=False)
    assert trying.next(bad) == []


def test_who_may_not_ask_is_not_tried_again(plan: Plan) -> None:
    trying, bad = repairs(plan, SERVICE), found(problem(SERVICE))
    (first,) = trying.next(bad)
    trying.refused(first, "limits.max_tokens is 5", final=True)
    assert trying.next(bad) == []


def test_a_repair_helped_if_nothing_is_wrong_with_the_file_any_more(plan: Plan) -> None:
    trying = repairs(plan)
    (repair,) = trying.next(found(problem(SERVICE)))
    assert trying.is_fixed(repair, found())
    assert trying.is_fixed(repair, found(problem("internal/models/post.go")))
    assert not trying.is_fixed(repair, found(problem(SERVICE)))
    assert not trying.is_fixed(repair, found(problem(SERVICE, "something else")))
