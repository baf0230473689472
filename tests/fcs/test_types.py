"""Types are read from every spelling that people use."""

import pytest

from gocreator.fcs.model import Type
from gocreator.fcs.types import BY_NAME, TABLE, TypeProblem, enum_type, parse_type

ENTITIES = {"User", "Text", "date"}


def T(base: str, *, optional: bool = False, of: Type | None = None, entity: str = "") -> Type:  # noqa: N802
    return Type(base=base, optional=optional, item=of, entity=entity)


USER = T("entity", entity="User")

READ = [
    *[(row.name, T(row.name)) for row in TABLE if row.name != "date"],
    ("string?", T("string", optional=True)),
    ("String", T("string")),
    ("*string", T("string", optional=True)),
    ("optional int", T("int", optional=True)),
    ("unique identifier", T("uuid")),
    ("uuid.UUID", T("uuid")),
    ("varchar(255)", T("string")),
    ("VARCHAR(255)?", T("string", optional=True)),
    ("numeric(10,2)", T("decimal")),
    ("money", T("decimal")),
    ("currency", T("decimal")),
    ("integer", T("int")),
    ("boolean", T("bool")),
    ("datetime", T("timestamp")),
    ("time.Time", T("timestamp")),
    ("timestamp with time zone", T("timestamp")),
    ("date_time", T("timestamp")),
    ("float64", T("float")),
    ("[]byte", T("bytes")),
    ("[]string", T("list", of=T("string"))),
    ("string[]", T("list", of=T("string"))),
    ("list of strings", T("list", of=T("string"))),
    ("array<int>", T("list", of=T("int"))),
    ("[][]int", T("list", of=T("list", of=T("int")))),
    ("[]*string", T("list", of=T("string"))),
    ("[]string?", T("list", optional=True, of=T("string"))),
    ("map[string]int", T("map", of=T("int"))),
    ("map<string, int>", T("map", of=T("int"))),
    ("User", USER),
    ("*User", USER),
    ("User?", T("entity", entity="User", optional=True)),
    ("models.User", USER),
    ("*models.User", USER),
    ("[]User", T("list", of=USER)),
    ("[]*User", T("list", of=USER)),
    ("map[string]User", T("map", of=USER)),
    ("map[string]*models.User", T("map", of=USER)),
    ("Text", T("entity", entity="Text")),
    ("text", T("text")),
    ("date", T("date")),
    ("enum(a|b)", enum_type(["a", "b"])),
    ("enum(a, b)", enum_type(["a", "b"])),
    ("enum('in progress' | \"done\")?", enum_type(["in progress", "done"], optional=True)),
    ("[]enum(a|b)", T("list", of=enum_type(["a", "b"]))),
]


@pytest.mark.parametrize(("text", "expected"), READ, ids=[text for text, _ in READ])
def test_a_type_is_read_from_its_spelling(text: str, expected: Type) -> None:
    said: list[str] = []
    assert parse_type(text, ENTITIES, warn=lambda message, _hint: said.append(message)) == expected
    assert not said


@pytest.mark.parametrize("text", ["free form note", "the name of the owner, if any", "Text that users see"])
def test_prose_is_text_with_a_warning(text: str) -> None:
    said: list[str] = []
    assert parse_type(text, ENTITIES, warn=lambda message, _hint: said.append(message)) == T("string")
    assert said == [f"`{text}` is no known type and was taken as string"]


NO_TYPES = [
    *[
        "",
        "  ",
        "?",
        "*",
        "[]",
        "map[",
        "map[]",
        "map[string]",
        "map[int]string",
        "enum",
        "enum()",
        "enum(",
        "enum(a|a)",
    ],
    *["enum(a|A|a )", "enum(→)", "strng", "Usr", "user", "42", "list", "array", "other.Usr", "string)", "varchar(x)"],
    *[
        "func()",
        "chan int",
        "{}",
        "a|b",
        "[]" * 50 + "int",
        "*" * 5000,
        "x" * 5000,
        "日本",
        "string\nint",
    ],
]


@pytest.mark.parametrize("text", NO_TYPES, ids=[repr(text[:20]) for text in NO_TYPES])
def test_what_is_no_type_is_an_error_with_a_hint(text: str) -> None:
    with pytest.raises(TypeProblem) as caught:
        parse_type(text, ENTITIES)
    assert caught.value.message
    assert caught.value.hint


def test_close_matches_are_named() -> None:
    for text, meant in (("strng", "string"), ("Usr", "User"), ("user", "User"), ("timestmp", "timestamp")):
        with pytest.raises(TypeProblem) as caught:
            parse_type(text, ENTITIES)
        assert caught.value.hint == f"did you mean `{meant}`?"


def test_no_spelling_means_two_types() -> None:
    spellings = [spelling for row in TABLE for spelling in (row.name, *row.aliases)]
    assert len(spellings) == len(set(spellings))
    assert all(parse_type(spelling, ()).base for spelling in spellings)


def test_the_go_counterparts() -> None:
    assert {name: row.go for name, row in BY_NAME.items()} == {
        **dict.fromkeys(["uuid", "string", "text", "url", "email"], "string"),
        "int": "int",
        "int32": "int32",
        "int64": "int64",
        "float": "float64",
        "bool": "bool",
        "decimal": "decimal.Decimal",
        "timestamp": "time.Time",
        "date": "civil.Date",
        "duration": "time.Duration",
        "bytes": "[]byte",
        "json": "json.RawMessage",
    }
