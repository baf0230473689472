"""Documents are read as plain values with places, and nothing in them can do harm."""

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gocreator.errors import FcsError
from gocreator.source import Source, parse_front_matter, parse_json, parse_yaml, read_source


def yaml(text: str) -> Source:
    return parse_yaml(text, "f", error=FcsError)


def json(text: str) -> Source:
    return parse_json(text, "f", error=FcsError)


def markdown(text: str) -> Source:
    return parse_front_matter(text, "f", error=FcsError)


def test_scalars_are_those_of_yaml_1_2() -> None:
    text = "[NO, on, 0777, 12:30, 2026-01-31, 1, 0x1F, 1.5, 1e3, true, ~, null, '1', \"a\\nb\", !!str 5, -.5]"
    expected = ["NO", "on", "0777", "12:30", "2026-01-31", 1, 31, 1.5, 1000.0, True, None, None, "1", "a\nb", "5", -0.5]
    assert yaml(text).value == expected


def test_a_number_remembers_how_it_was_written() -> None:
    assert yaml("version: 1.10").value["version"].text == "1.10"


def test_places_of_values_and_keys() -> None:
    source = yaml("a: 1\nb:\n  - x: NO\n    y: 0\n")
    assert str(source.at(["b", 0, "y"])) == "f:4:8"
    assert str(source.at(["b", 0, "y"], key=True)) == "f:4:5"
    assert str(source.at(["b", "<list>", 0, "y"])) == "f:4:8"
    assert str(source.at(["b", 0, "missing"])) == "f:3:5"


@pytest.mark.parametrize(
    ("text", "place", "found"),
    [
        ("a: one two", (1, 5), (1, 8)),
        ("a: 'one two'", (1, 5), (1, 9)),
        ("a:\n  b: |\n\n      one\n      two", (2, 1), (5, 7)),
        ("a: 'it''s'", (1, 4), (1, 4)),
        ('a: "one\\n two"', (2, 2), (1, 4)),
        ("a: >\n  one\n  two", (1, 5), (1, 4)),
        ("a: one\n  two", (1, 5), (1, 4)),
    ],
)
def test_places_inside_of_texts_are_known_where_the_text_stands_as_it_is(
    text: str, place: tuple[int, int], found: tuple[int, int]
) -> None:
    source = parse_yaml(text, "f", error=FcsError)
    where = source.within(("a", "b") if "b:" in text else ("a",), *place)
    assert (where.line, where.column) == found


def test_json_has_places_too() -> None:
    source = json('{\n  "a": [1,\n    {"b": "x"}]\n}')
    assert str(source.at(["a", 1, "b"])) == "f:3:11"
    assert str(source.at(["a", 1, "b"], key=True)) == "f:3:6"


def test_json_that_is_no_yaml_is_read() -> None:
    assert json('{\n\t"a": "\\ud83d\\ude00\\/",\t"' + "k" * 3000 + '": -1.5e3}').value["a"] == "😀/"


def test_front_matter_keeps_the_places_of_its_file() -> None:
    source = markdown("\ufeff---\r\na: 1\r\nb: x\r\n---\r\n# Body: [\r\n")
    assert source.value == {"a": 1, "b": "x"}
    assert str(source.at(["b"])) == "f:3:4"


BAD: list[tuple[Callable[[str], Source], str, str, str, str]] = [
    (yaml, "a: []string", "1:6", "this is not YAML", 'needs quotes: "[]string"'),
    (yaml, "a: *User", "1:4", "alias of nothing", 'quotes: "*User"'),
    (yaml, "a: &x [*x]", "1:8", "stands inside what it is an alias of", ""),
    (yaml, "a: 1\na: 2", "2:1", "is given twice (first in line 1)", "keep one"),
    (yaml, "1: x", "1:1", "the key `1` is not text", '"1"'),
    (yaml, "? [a]\n: b", "1:3", "a key must be text", ""),
    (yaml, "a: !!python/object:os.system x", "1:4", "the tag", "remove it"),
    (yaml, "a: !x {b: 1}", "1:4", "the tag `!x`", "remove it"),
    (yaml, "---\na: 1\n---\nb: 2", "3:1", "more than one document", "---"),
    (yaml, "", "1:1", "empty", ""),
    (yaml, "# only a comment\n", "1:1", "empty", ""),
    (yaml, "[" * 100_000, "1:65", "nested deeper than 64", ""),
    (yaml, "- " * 100_000, "1:129", "nested deeper than 64", ""),
    (yaml, "\ta: 1", "1:1", "this is not YAML", "spaces"),
    (yaml, "a: b: c", "1:5", "mapping values", "quotes"),
    (yaml, "a: 1\nb: \x07", "2:4", "U+0007", "remove it"),
    (yaml, 'a: "\\0"', "1:4", "U+0000", "remove it"),
    (yaml, "<<: {a: 1}", "1:1", "merge keys", "write the keys out"),
    (yaml, "a: .inf", "1:4", "not a finite number", "quotes"),
    (yaml, "a: 1e999", "1:4", "not a finite number", ""),
    (yaml, "a: " + "9" * 5000, "1:4", "too many digits", "quotes"),
    (yaml, "a: !!int x", "1:4", "the tag `!!int`", ""),
    (json, '{"a":1,}', "1:7", "a comma before `}`", "trailing commas"),
    (json, '{"a":1 "b":2}', "1:8", "`,` or `}` was expected", ""),
    (json, "{'a':1}", "1:2", "double quotes", "double quotes"),
    (json, '{"a":\n NaN}', "2:2", "not `NaN`", "double quotes"),
    (json, '{"a": "x\ty"}', "1:9", "control character", "\\t"),
    (json, '{"a": "x', "1:7", "unterminated string", ""),
    (json, '{"a": "\\ud800"}', "1:7", "U+D800", ""),
    (json, '{"a":1,"a":2}', "1:8", "given twice", ""),
    (json, "[" * 100_000, "1:66", "nested deeper", ""),
    (json, "// c\n{}", "1:1", "not `/`", "no comments"),
    (json, '{"a": 01}', "1:7", "not `01`", ""),
    (json, "{} x", "1:4", "more text after", ""),
    (json, "", "1:1", "empty", ""),
    (markdown, "x", "1:1", "no front matter", "---"),
    (markdown, "---\na: 1\n", "1:1", "not closed", "---"),
    (markdown, "---\na: 1\na: 2\n---\n", "3:1", "given twice (first in line 2)", ""),
]


@pytest.mark.parametrize(("parse", "text", "place", "message", "hint"), BAD)
def test_what_cannot_be_read_is_told_with_its_place(
    parse: Callable[[str], Source], text: str, place: str, message: str, hint: str
) -> None:
    with pytest.raises(FcsError) as caught:
        parse(text)
    (problem,) = caught.value.problems
    assert str(problem.location) == f"f:{place}"
    assert message in problem.message
    assert hint in problem.hint


def test_an_alias_bomb_is_refused() -> None:
    rows = ["a0: &a0 [x,x,x,x,x,x,x,x,x,x]"]
    rows += [f"a{i}: &a{i} [{','.join([f'*a{i - 1}'] * 10)}]" for i in range(1, 9)]
    with pytest.raises(FcsError, match="more than 50000 values"):
        yaml("\n".join(rows))


def test_an_alias_of_bearable_size_is_read() -> None:
    assert yaml("a: &a {x: 1}\nb: *a\n").value == {"a": {"x": 1}, "b": {"x": 1}}


def refused(path: Path) -> str:
    with pytest.raises(FcsError) as caught:
        read_source(path, path.name, error=FcsError)
    return str(caught.value)


def test_files_that_cannot_be_used(tmp_path: Path) -> None:
    large = tmp_path / "large.yaml"
    with large.open("wb") as file:
        os.truncate(file.fileno(), 50_000_000)
    (tmp_path / "latin.yaml").write_bytes("a: ü\nb: ".encode() + b"\xfc")
    (tmp_path / "wide.json").write_bytes('{"a": 1}'.encode("utf-16"))
    (tmp_path / "folder.yaml").mkdir()
    (tmp_path / "x.toml").write_text("a = 1")
    assert "too large (50.0 MB; the limit is 5 MB)" in refused(large)
    assert "latin.yaml:2:4: this is not UTF-8" in refused(tmp_path / "latin.yaml")
    assert "not UTF-8" in refused(tmp_path / "wide.json")
    assert "not a regular file" in refused(tmp_path / "folder.yaml")
    assert "format of this file is unknown" in refused(tmp_path / "x.toml")
    assert "there is no such file" in refused(tmp_path / "none.yaml")
    assert "cannot be read" in refused(tmp_path / "a\0b.yaml")


def test_a_byte_order_mark_is_no_part_of_the_text(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_bytes(b"\xef\xbb\xbfa: 1")
    assert str(read_source(tmp_path / "a.yml", "a", error=FcsError).at(["a"], key=True)) == "a:1:1"


@given(
    st.text(alphabet="ab:-[]{}\"'*&!?|>#%@`,\n\t \\0.9\x00\ud800é~<", max_size=40),
    st.sampled_from([yaml, json, markdown]),
)
def test_no_text_makes_anything_but_a_document_error(text: str, parse: Callable[[str], Source]) -> None:
    with suppress(FcsError):
        parse(text)


VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**20), 10**20)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text("aé☃ ", max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abc", max_size=4), inner, max_size=3),
    max_leaves=8,
)


@given(VALUES)
def test_json_is_read_as_it_was_written(value: Any) -> None:
    from json import dumps  # noqa: PLC0415 - this module has a `json` of its own

    assert json(dumps(value, indent=1)).value == value
