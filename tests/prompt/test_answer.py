import time
from collections.abc import Iterable, Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gocreator.prompt.answer import Answered, AnswerReader, Flaw, Flawed, Limits, read_answer
from gocreator.values import RelPath

A, B = RelPath("internal/models/a.go"), RelPath("internal/models/b.go")
SOURCE = "package models\n\ntype A struct{}\n"


def block(path: str, source: str = SOURCE) -> str:
    return f'<file path="{path}">\n{source}</file>\n'


def read(text: str, *wanted: RelPath, limits: Limits | None = None) -> list[Answered | Flawed]:
    return list(read_answer([text], wanted or (A, B), limits))


def files(found: Iterable[Answered | Flawed]) -> dict[str, str]:
    return {it.path: it.source for it in found if isinstance(it, Answered)}


def flaws(found: Iterable[Answered | Flawed]) -> list[tuple[Flaw, str | None]]:
    return [(it.flaw, it.path) for it in found if isinstance(it, Flawed)]


def test_files_come_as_their_blocks_close() -> None:
    reader = AnswerReader([A, B])
    assert reader.feed(block(A)[:-1]) == []
    assert reader.feed("\n") == [Answered(A, SOURCE, 1)]
    assert list(reader.missing) == [B]
    assert reader.feed(block(B)) == [Answered(B, SOURCE, 6)]
    assert reader.end() == []
    assert not reader.missing


def test_the_last_line_needs_no_end() -> None:
    assert files(read(block(A).strip(), A)) == {A: SOURCE}


@pytest.mark.parametrize(
    "text",
    [
        block(A).replace("\n", "\r\n"),
        block(A).replace(">\n", ">  \t\n").replace("<", "  <"),
        f"Here you are:\n\n{block(A)}\nThat is all.\n",
        f"\ufeff{block(A)}",
        block(A).replace('"', "'").replace(" path=", "  path = "),
        block(A, f"```go\n{SOURCE}```\n"),
        block(A, f"\n~~~~ go\n{SOURCE}~~~~\n\n"),
        block(A, f"```\r\n{SOURCE}```  \n"),
        f"```xml\n{block(A)}```\n",
        f'The file is:\n<file path="{A}"/>\n{block(A)}',
        f"</file>\n{block(A)}</file>\n",
        f"I write `<file>` and <files> now, <file-like> ones\n{block(A)}",
    ],
)
def test_tolerated(text: str) -> None:
    found = read(text, A)
    assert files(found) == {A: SOURCE}
    assert flaws(found) == []


def test_what_a_source_holds_stays() -> None:
    source = 'package p\n\nvar a = `  trailing  \n\n</file>x\n x</file>\n`\n\nvar b = "\u2028\x0c\x85"\n'
    assert files(read(block(A, source), A)) == {A: source}


@pytest.mark.parametrize(
    "source",
    [
        "```sh\nmake\n```\n\nand\n\n```sh\nmake test\n```\n",
        f"Here:\n```go\n{SOURCE}```\n",
        f"```go\n{SOURCE}",
        "```\n",
        "```go\n~~~\n",
    ],
)
def test_a_fence_that_is_not_around_all_stays(source: str) -> None:
    assert files(read(block(A, source), A)) == {A: source}


def test_a_fence_around_a_text_with_fences_goes() -> None:
    inner = "# Title\n\n```sh\nmake\n```\n"
    assert files(read(block(A, f"```markdown\n{inner}```\n"), A)) == {A: inner}
    assert files(read(block(A, f"````\n{inner}````\n"), A)) == {A: inner}


@pytest.mark.parametrize(
    "path",
    [
        "../internal/models/a.go",
        "/internal/models/a.go",
        "./internal/models/a.go",
        "internal/models/A.go",
        "internal\\models\\a.go",
        "internal/models/../models/a.go",
        "internal/models/c.go",
        "/etc/passwd",
        "a\x00b\x1b[31m",
        "x" * 900,
        "",
    ],
)
def test_paths_that_were_not_asked_for(path: str) -> None:
    found = read(block(path) + block(A), A)
    assert flaws(found) == [(Flaw.UNWANTED, None)]
    assert files(found) == {A: SOURCE}
    assert all(it.message.isprintable() and len(it.message) < 300 for it in found if isinstance(it, Flawed))


def test_another_spelling_is_named() -> None:
    (flaw, _) = read(block("./internal/models/A.go"), A)
    assert isinstance(flaw, Flawed)
    assert flaw.message == f"./internal/models/A.go was not asked for; write the path exactly as `{A}`"


def test_a_block_that_was_cut() -> None:
    found = read(block(A) + block(B)[:-9])
    assert files(found) == {A: SOURCE}
    assert flaws(found) == [(Flaw.CUT, B)]


@pytest.mark.parametrize(("second", "how"), [(SOURCE, "twice;"), (SOURCE + "// x\n", "twice, and differently;")])
def test_the_first_block_of_a_path_counts(second: str, how: str) -> None:
    found = read(block(A) + block(A, second), A)
    assert files(found) == {A: SOURCE}
    assert flaws(found) == [(Flaw.REPEATED, A)]
    assert how in str(found[1])


def test_an_empty_block_does_not_count() -> None:
    found = read(block(A, " \n\n") + block(A, "```go\n```\n") + block(A), A)
    assert flaws(found) == [(Flaw.EMPTY, A)] * 2
    assert files(found) == {A: SOURCE}


def test_a_block_inside_of_another() -> None:
    found = read(f'<file path="{A}">\n{SOURCE}{block(B)}</file>\n')
    assert flaws(found) == [(Flaw.NESTED, A)]
    assert files(found) == {B: SOURCE}


@pytest.mark.parametrize("tag", ["<file>", f"<file path={A}>", f'<file path="{A}">package p', f'<file "{A}" >'])
def test_a_beginning_that_is_none(tag: str) -> None:
    found = read(f"{tag}\n{SOURCE}</file>\n", A)
    assert flaws(found) == [(Flaw.MALFORMED, None), (Flaw.MISSING, A)]
    assert files(found) == {}


@pytest.mark.parametrize("text", ["", "I cannot do that.", f"```go\n{SOURCE}```", f'<file path="{A}"/>\n'])
def test_no_block_at_all(text: str) -> None:
    assert flaws(read(text)) == [(Flaw.NO_BLOCK, None)]


def test_what_did_not_come_is_told() -> None:
    assert flaws(read(block(A))) == [(Flaw.MISSING, B)]


def test_a_file_that_is_too_long() -> None:
    found = read(block(A, "x\n" * 60) + block(B), limits=Limits(file=100))
    assert flaws(found) == [(Flaw.TOO_LONG, A)]
    assert files(found) == {B: SOURCE}
    found = read(block(A, "x" * 101 + "\n") + block(B), limits=Limits(file=100))
    assert flaws(found) == [(Flaw.TOO_LONG, A)]


def test_an_answer_that_is_too_long() -> None:
    text = block(A) + block(B, SOURCE * 40)
    found = read(text, limits=Limits(answer=200))
    assert files(found) == {A: SOURCE}
    assert flaws(found) == [(Flaw.TOO_LONG, None), (Flaw.CUT, B)]


LINES = st.sampled_from(
    [
        f'<file path="{A}">',
        f' <file path="{B}"> ',
        '<file path="../x">',
        f'<file path="{A}"/>',
        "<file",
        "</file>",
        "</file >\t",
        "```go",
        "```",
        "~~~",
        "package p",
        "",
        "  ",
        "x</file>",
        "\r",
        "\ud800",
        "é\u2028",
    ]
)
TEXTS = st.builds(
    lambda lines, ends: "".join(line + end for line, end in zip(lines, ends, strict=False)),
    st.lists(LINES | st.text(max_size=5), max_size=25),
    st.lists(st.sampled_from(["\n", "\r\n", "\n", "\n", ""]), min_size=25, max_size=25),
)


def cut(text: str, places: Sequence[int]) -> list[str]:
    bounds = [0, *sorted({place % (len(text) + 1) for place in places}), len(text)]
    return [text[start:end] for start, end in pairwise(bounds)]


@given(TEXTS, st.lists(st.integers(0, 1000), max_size=20), st.sampled_from([Limits(), Limits(40, 200), Limits(5, 9)]))
def test_where_pieces_are_cut_means_nothing(text: str, places: list[int], limits: Limits) -> None:
    whole = list(read_answer([text], [A, B], limits))
    assert list(read_answer(cut(text, places), [A, B], limits)) == whole
    assert list(read_answer(text, [A, B], limits)) == whole


@given(TEXTS)
def test_each_wanted_file_comes_or_is_explained(text: str) -> None:
    found = list(read_answer([text], [A, B]))
    came = [it.path for it in found if isinstance(it, Answered)]
    assert len(came) == len(set(came))
    told = {flaw for flaw, _ in flaws(found)}
    for path in {A, B} - set(came):
        assert Flaw.NO_BLOCK in told or path in {it.path for it in found if isinstance(it, Flawed)}
    assert all(it.source.strip() and it.source.endswith("\n") for it in found if isinstance(it, Answered))


HOSTILE = ["x", "\n", "<file ", "<file\n", '<file path="', f'<file path="{A}">\n', "</file>\n", "```go\n", "\r", " \t"]


@pytest.mark.parametrize("unit", HOSTILE)
@pytest.mark.parametrize("before", ["", f'<file path="{A}">\n', f'<file path="{A}">\n```\n'])
def test_time_is_linear(unit: str, before: str) -> None:
    text = before + unit * (500_000 // len(unit))
    began = time.perf_counter()
    list(read_answer([text], [A]))
    list(read_answer(text[:100_000], [A]))
    assert time.perf_counter() - began < 3
