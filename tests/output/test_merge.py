import pytest

from gocreator.output.merge import merge_lines


@pytest.mark.parametrize(
    ("base", "mine", "planned", "merged"),
    [
        (None, "mine\n", "a\nb\n", "mine\n\na\nb\n"),
        (None, "", "a\n", "a\n"),
        (None, "a\n", "a\nb\n", "a\n\nb\n"),
        ("a\n", "a\nmine\n", "a\nb\n", "a\nmine\n\nb\n"),
        ("a\nb\n", "a\nb\nmine\n", "a\n", "a\nmine\n"),
        ("a\nb\n", "a\nmine\n", "a\nb\n", "a\nmine\n"),
        ("a\n", "mine", "a\n", "mine\n"),
    ],
    ids=["no base", "empty", "partly there", "added", "removed", "deleted by the user", "nothing to do"],
)
def test_lines_of_both_sides_are_kept(base: str | None, mine: str, planned: str, merged: str) -> None:
    assert merge_lines(base, mine, planned) == merged


def test_merging_twice_changes_nothing() -> None:
    once = merge_lines("a\n", "x\na\n", "a\nb\n")
    assert merge_lines("a\nb\n", once, "a\nb\n") == once
