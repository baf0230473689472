"""The table of speed in the README is one that `make bench-readme` wrote, and its peers build what gocreator builds."""

import re
from pathlib import Path

import pytest

from tests.benchmarks.builders import PEERS, files_of
from tests.benchmarks.run import Comparison, Runs
from tests.benchmarks.table import BEGIN, CASES, CHANGE, COLD, END, HEADER, IDLE, MEMORY, Result, block, replaced

README = (Path(__file__).parent.parent / "README.md").read_text()


def cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip("|").split("|")]


def number(cell: str) -> float:
    """Return a figure, which must be one, in seconds or megabytes."""
    found = re.fullmatch(r"(\d+(?:\.\d+)?)(| ms| s| MB)", cell)
    assert found, cell
    return float(found[1]) / (1000 if found[2] == " ms" else 1)


def written(document: str) -> list[list[str]]:
    """Return the rows of the table in a document's block."""
    inside = document.partition(BEGIN)[2].partition(END)[0]
    return [cells(line) for line in inside.splitlines() if line.startswith("|")]


def assert_as_measured(rows: list[list[str]]) -> None:
    """Assert the form of a table, and that its ratios and judgements follow from its figures."""
    assert tuple(rows[0]) == HEADER
    assert [row[0] for row in rows[2:]] == [case.name for case in CASES]
    for case, (_, ours, *others) in zip(CASES, rows[2:], strict=True):
        peers, ratios, aim = others[: len(PEERS)], others[len(PEERS) : -1], others[-1]
        assert ours == case.shown(number(ours))
        for peer, ratio in zip(peers, ratios, strict=True):
            assert bool(peer) == bool(ratio) == bool(case.what)
            if peer:
                assert number(ratio) == pytest.approx(number(ours) / number(peer), rel=0.06)  # of rounded figures
        assert bool(aim) == (case.aim is not None)
        if case.aim:
            assert aim.endswith(": met") == (number(ours) <= case.aim)


def test_the_table_in_the_readme_is_as_the_script_writes_it() -> None:
    assert_as_measured(written(README))
    assert re.search(
        r"^Measured on \d+ processors with Python [\d.]+, make [\d.]+, ninja \S+, doit [\d.]+\.$", README, re.MULTILINE
    )


def test_a_new_table_takes_the_place_of_the_old_one() -> None:
    results = {
        case: Result(3.14159 * place, dict.fromkeys(PEERS, 0.5 * place) if case.what else {})
        for place, case in enumerate(CASES, 1)
    }
    document = f"before\n{BEGIN}\nthe former one\n{END}\nafter\n"
    new = replaced(document, block(results, ["a note"]))
    assert new.startswith(f"before\n{BEGIN}\n")
    assert new.endswith(f"a note\n\n{END}\nafter\n")
    assert "the former one" not in new
    assert_as_measured(written(new))
    assert replaced(new, block(results, ["a note"])) == new
    with pytest.raises(ValueError, match="one block"):
        replaced("nothing to replace", "x")


def test_the_peers_build_the_same_tree_from_the_same_graph(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.benchmarks.run.SETTLING", 0)
    comparison = Comparison(tmp_path / "small", 3, Runs(1, 1, 1))
    seen = {}
    for what, result in comparison.measured():
        seen[what] = result
        if what == COLD:
            ours = comparison.ours.files()
            assert len(ours) == comparison.targets > 20
            assert all(peer.files() == ours for peer in comparison.peers.values())
            stamps = {name: peer.stamps() for name, peer in comparison.peers.items()}
        if what == IDLE:
            assert {name: peer.stamps() for name, peer in comparison.peers.items()} == stamps
    assert list(seen) == [COLD, MEMORY, IDLE, CHANGE]
    assert all(result.ours > 0 and result.peers.keys() == PEERS.keys() for result in seen.values())
    changed = {path for path, text in comparison.ours.files().items() if text != ours[path]}
    assert "internal/models/thing2.go" in changed
    for name, peer in comparison.peers.items():
        after = peer.stamps()
        assert {path for path in after if after[path] != stamps[name][path]} == changed, name
        assert peer.files() == files_of(peer.folder / "in")
