import random
import time
from collections.abc import Sequence
from itertools import product

import pytest

from gocreator.config.terms import Keep, Terms, terms_of
from gocreator.prompt.cost import Billed, Marks, Piece, best_marks, simulate

SONNET, SONNET_5 = terms_of("anthropic", "claude-sonnet-5-5"), terms_of("anthropic", "claude-sonnet-5")
HAIKU_4 = terms_of("anthropic", "claude-haiku-4-5")
SOL, GPT_54, GPT_55 = (terms_of("openai", name) for name in ("gpt-6.1-sol", "gpt-5.4", "gpt-5.5"))
SHORT, LONG = Keep.SHORT, Keep.LONG
Calls = list[list[Piece]]


def cost(calls: Calls, boundaries: Marks, terms: Terms) -> float:
    return added(simulate(calls, best_marks(calls, boundaries, terms), terms)).equivalents(terms)


def added(bills: Sequence[Billed]) -> Billed:
    return sum(bills, Billed())


def grid(groups: int, rules: int, *, hoisted: bool, head: int = 3000, text: int = 470, group: int = 900) -> Calls:
    """Plan a call for each rule and group; the rules' texts stand in the head, or each behind the group."""
    made = []
    for at, rule in product(range(groups), range(rules)):
        own = Piece(f"rule {rule}", text)
        texts = [Piece(f"rule {it}", text) for it in range(rules)] if hoisted else []
        shared = [Piece("head", head + sum(it.tokens for it in texts)), Piece(f"group {at}", group)]
        made.append([*shared, *([] if hoisted else [own]), Piece(f"tail {at} {rule}", 60)])
    return made


def test_what_calls_are_billed() -> None:
    calls = [[Piece("s", 600), Piece("g", 200), Piece(tail, 7)] for tail in "abc"]
    marks: list[Marks] = [{1: SHORT}, {1: LONG, 2: SHORT}, {2: SHORT}]
    assert simulate(calls, marks, SONNET) == [
        Billed(uncached=207, cache_write=600),
        Billed(uncached=7, cache_read=600, cache_write=200),
        Billed(uncached=7, cache_read=800),
    ]
    assert simulate(calls, [{1: LONG, 2: SHORT}] * 3, SONNET)[0] == Billed(7, 0, 200, 600)
    assert simulate(calls, marks, SOL) == [Billed(uncached=807)] * 3
    assert added(simulate(calls, marks, SONNET)).equivalents(SONNET) == 207 + 7 + 7 + 0.05 * 1400 + 1.25 * 800
    assert Billed(1, 2, 3, 4).total == 10


def test_a_mark_finds_what_was_written_within_twenty_blocks() -> None:
    blocks = [Piece(number, 100) for number in range(40)]
    for size, read in ((34, 1500), (35, 0)):
        assert simulate([blocks[:15], blocks[:size]], [{15: SHORT}, {size: SHORT}], SONNET)[1].cache_read == read
    assert simulate([blocks[:15], blocks[:16]], [{15: SHORT}, {16: SHORT}], SOL)[1].cache_read == 0


def test_a_moved_or_recut_piece_is_another_prefix() -> None:
    calls = [[Piece("a", 600), Piece("b", 600)], [Piece("b", 600), Piece("a", 600)], [Piece("ab", 1200)]]
    assert all(bill.cache_read == 0 for bill in simulate(calls, [{2: SHORT}, {2: SHORT}, {1: SHORT}], SONNET))


def test_caches_that_work_unasked_share_whole_intervals() -> None:
    calls = [[Piece("s", 5000), Piece(tail, 10)] for tail in "ab"]
    assert simulate(calls, [{}, {}], GPT_55) == [Billed(5010), Billed(5010 - 4096, 4096)]
    assert simulate(calls, [{}, {}], GPT_54)[1].cache_read == 4992
    small = [[Piece("s", 1023), Piece(tail, 900)] for tail in "ab"]
    assert simulate(small, [{}, {}], GPT_54)[1].cache_read == 0
    assert simulate(small, best_marks(small, {1: SHORT}, GPT_54), GPT_54)[1].cache_write == 0


@pytest.mark.parametrize("marks", [{1: SHORT, 2: LONG}, {0: SHORT}, {9: SHORT}, dict.fromkeys(range(1, 6), SHORT)])
def test_marks_that_a_provider_refuses(marks: Marks) -> None:
    calls = [[Piece(number, 600) for number in range(8)]]
    with pytest.raises(ValueError, match="mark"):
        simulate(calls, [marks], SONNET)


def test_too_many_boundaries_are_refused() -> None:
    with pytest.raises(ValueError, match="marked"):
        best_marks([], dict.fromkeys(range(1, 6), SHORT), SONNET)


@pytest.mark.parametrize("keep", [SHORT, LONG])
@pytest.mark.parametrize("terms", [SONNET, SONNET_5, SOL])
def test_a_prefix_is_marked_if_it_is_used_often_enough(terms: Terms, keep: Keep) -> None:
    write = terms.write if keep is SHORT else terms.write_long
    for uses in range(1, 6):
        calls = [[Piece("s", 2000), Piece(tail, 7)] for tail in range(uses)]
        wanted = uses > (write - terms.read) / (1 - terms.read)
        assert best_marks(calls, {1: keep}, terms) == [{1: keep} if wanted else {}] * uses
        assert wanted == (uses >= (2 if keep is SHORT else 3))


def test_of_prefixes_at_one_boundary_those_are_marked_that_are_used_again() -> None:
    calls = [[Piece("s", 2000), Piece(group, 500), Piece(at, 7)] for at, group in enumerate("aab")]
    assert best_marks(calls, {1: SHORT, 2: SHORT}, SONNET) == [{1: SHORT, 2: SHORT}] * 2 + [{1: SHORT}]


def test_a_prefix_that_is_always_longer_needs_no_mark_of_its_own() -> None:
    calls = [[Piece("s", 2000), Piece("core", 500), Piece(at, 7)] for at in range(3)]
    assert best_marks(calls, {1: SHORT, 2: SHORT}, SONNET) == [{2: SHORT}] * 3


def test_a_prefix_that_may_be_below_the_minimum_is_not_marked() -> None:
    for size, marked in ((563, False), (564, True)):
        calls = [[Piece("s", size), Piece(at, 7)] for at in range(3)]
        assert best_marks(calls, {1: SHORT}, SONNET) == [{1: SHORT} if marked else {}] * 3
    calls = [[Piece("s", 512), Piece(at, 7)] for at in range(3)]
    assert best_marks(calls, {1: SHORT}, SONNET, margin=0) == [{1: SHORT}] * 3


@pytest.mark.parametrize("terms", [SONNET, SONNET_5])
def test_when_the_rules_belong_into_the_head(terms: Terms) -> None:
    for rules, groups in product((2, 4, 6, 8, 10, 12, 16, 20), range(2, 9)):
        hoisted, behind = (grid(groups, rules, hoisted=it) for it in (True, False))
        pays = groups * (1 - rules * terms.read) > terms.write - terms.read
        assert (cost(hoisted, {1: SHORT, 2: SHORT}, terms) < cost(behind, {1: SHORT, 2: SHORT}, terms)) == pays


def test_ten_rules_in_the_head_pay_where_reading_is_cheap_alone() -> None:
    for terms, pays in ((SONNET, True), (SONNET_5, False)):
        hoisted, behind = (cost(grid(4, 10, hoisted=it), {1: SHORT, 2: SHORT}, terms) for it in (True, False))
        assert (hoisted < behind) == pays


def test_of_one_group_the_rule_stands_behind_it() -> None:
    hoisted, behind = (grid(1, 4, hoisted=it, head=1200, group=700) for it in (True, False))
    assert cost(behind, {1: SHORT, 2: SHORT}, SONNET) < cost(hoisted, {1: SHORT, 2: SHORT}, SONNET)
    assert best_marks(behind, {1: SHORT, 2: SHORT}, SONNET) == [{2: SHORT}] * 4


def test_of_one_rule_the_head_alone_is_marked() -> None:
    calls = grid(5, 1, hoisted=True)
    assert best_marks(calls, {1: SHORT, 2: SHORT}, SONNET) == [{1: SHORT}] * 5


def test_where_the_head_is_too_small_the_group_may_still_be_marked() -> None:
    calls = grid(3, 4, hoisted=True, head=1300, group=1500)
    assert best_marks(calls, {1: SHORT, 2: SHORT}, HAIKU_4) == [{2: SHORT}] * 12
    assert best_marks(calls, {1: SHORT, 2: SHORT}, SONNET) == [{1: SHORT, 2: SHORT}] * 12


@pytest.mark.parametrize("terms", [SONNET, SONNET_5, SOL])
@pytest.mark.parametrize("boundaries", [{1: SHORT, 2: SHORT, 3: SHORT}, {1: LONG, 3: SHORT}, {1: LONG, 2: LONG}])
def test_no_other_marks_are_cheaper(terms: Terms, boundaries: Marks, seed: str) -> None:
    chance = random.Random(f"marks {seed}")  # noqa: S311
    for _ in range(20):
        calls = drawn(chance, calls=3)
        found = added(simulate(calls, best_marks(calls, boundaries, terms, margin=0), terms)).equivalents(terms)
        for marks in product(*(possible(len(call), boundaries) for call in calls)):
            assert found <= added(simulate(calls, marks, terms)).equivalents(terms) + 1e-6


def possible(size: int, boundaries: Marks) -> list[Marks]:
    """Return all ways to mark a call."""
    places = [end for end in boundaries if end <= size]
    ways = product((False, True), repeat=len(places))
    return [{end: boundaries[end] for end, it in zip(places, way, strict=True) if it} for way in ways]


def drawn(chance: random.Random, *, calls: int) -> Calls:
    """Draw calls that share their beginnings."""
    sizes = {name: chance.choice([200, 500, 800, 1100, 2000]) for name in "abcd"}
    return [
        [*(Piece(name, sizes[name]) for name in chance.choice(["a", "ab", "ac", "abc", "abd", "acd"])), Piece(at, 9)]
        for at in range(calls)
    ]


@pytest.mark.parametrize(("groups", "seconds"), [(10, 0.05), (50, 0.3)])
def test_it_is_fast(groups: int, seconds: float) -> None:
    calls = [[Piece("core", 600), *call] for call in grid(groups, 4, hoisted=True)]
    calls = [[*call[:3], Piece(at // 2, 700), *call[3:]] for at, call in enumerate(calls)]
    started = time.perf_counter()
    assert cost(calls, {1: SHORT, 2: SHORT, 3: SHORT, 4: SHORT}, SONNET) > 0
    assert time.perf_counter() - started < seconds
