import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gocreator.gosource.exported import Kind, exported_api, missing


def signatures(source: str) -> list[str]:
    return [declaration.signature for declaration in exported_api(f"package p\n{source}").declarations]


def differences(contract: str, actual: str) -> list[str]:
    return missing(exported_api(f"package p\n{contract}"), exported_api(f"package p\n{actual}"))


@pytest.mark.parametrize(
    ("source", "signature"),
    [
        ("func F(a, b int, c ...string) (n int, err error)", "func F(int, int, ...string) (int, error)"),
        ("func F(int, *pkg.T) (err error) { return nil }", "func F(int, *pkg.T) error"),
        ("func F( )( )  {}", "func F()"),
        ("func F(f func(a int) (b error), _ [3]int)", "func F(func(int) error, [3]int)"),
        ("func F[K comparable, V any](m map[K]V) []V", "func F[K comparable, V any](map[K]V) []V"),
        ("func F(a <-chan int, b chan<- (chan int), c interface{})", "func F(<-chan int, chan<- chan int, any)"),
        ("func F(x /* the x */ int, // last\n\ty int,\n)", "func F(int, int)"),
        ("func (u *User) Name() string", "func (*User) Name() string"),
        ("func (s Store[K, V]) Get(k K) (V, bool)", "func (Store[K, V]) Get(K) (V, bool)"),
        ("type ID string", "type ID string"),
        ("type A = time.Time", "type A = time.Time"),
        ("type L []map[string]*[4]byte", "type L []map[string]*[4]byte"),
        ('type S struct { A, B int `x:"a"`; c bool; *pkg.E }', 'type S struct{ A int `x:"a"`; B int `x:"a"`; *pkg.E }'),
        ("type S struct{}", "type S struct{}"),
        ("type S struct{ /* ... */ }", "type S struct"),
        ("type S struct {\n\t// ...\n}", "type S struct"),
        ("type I interface { B(x int) error; io.Reader; A() }", "type I interface{ A(); B(int) error; io.Reader }"),
        ("type N interface { ~int | ~string }", "type N interface{ ~int | ~string }"),
        ('const A Status = "a"', 'const A Status = "a"'),
        ('const A = Status("a")', 'const A Status = "a"'),
        ('var E = errors.New("x")', "var E"),
        ("var (\n\tE error\n)", "var E error"),
    ],
)  # fmt: skip
def test_signatures_have_one_normal_form(source: str, signature: str) -> None:
    assert signatures(source) == [signature]


def test_constants_repeat_the_line_above() -> None:
    assert signatures("const (\n\tA Status = iota + 1\n\tB\n\t_\n\tD\n\tE = 5\n)") == [
        "const A Status = 0 + 1",
        "const B Status = 1 + 1",
        "const D Status = 3 + 1",
        "const E = 5",
    ]


def test_only_what_others_can_see_is_declared_but_all_names_are_listed() -> None:
    source = (
        "func init() {}\nfunc (u user) Name() string\nfunc (u *User) name()\ntype user int\nvar _ = x\nfunc Do() {}"
    )
    api = exported_api(f"package p\n{source}")
    assert [declaration.name for declaration in api.declarations] == ["Do"]
    assert api.names == ("user", "Do")


def test_declarations_know_their_kind_and_place() -> None:
    (method,) = exported_api("package p\n\nfunc (u *User) Validate() error { return nil }\n").declarations
    assert (method.kind, method.name, method.line, method.column) == (Kind.METHOD, "User.Validate", 3, 1)


@pytest.mark.parametrize(
    ("source", "line", "text"),
    [
        ("", 1, "there is no package clause"),
        ("```go\npackage p\n```\n", 1, "unexpected"),
        ("Here is the file:\npackage p\n", 1, "unexpected"),
        ("package p\n\nx := 1\n", 3, "a declaration was expected"),
        ("package p\n\nfunc F() {\n\treturn\n", 5, "`}` is missing"),
        ("package p\n\ntype T struct {\n\tA int\n", 3, "unexpected"),
    ],
)
def test_what_is_no_go_is_placed(source: str, line: int, text: str) -> None:
    errors = exported_api(source).errors
    assert any(error.line == line and text in error.message for error in errors), errors


def test_valid_source_has_no_errors() -> None:
    api = exported_api(b'// Package p.\npackage p\n\nimport "fmt"\n\nfunc F() { fmt.Println(1) }\n')
    assert (api.package, api.errors) == ("p", ())


@pytest.mark.parametrize(
    ("contract", "actual"),
    [
        ("func F(id string) error", "func F(name string) (err error) { return nil }"),
        ("func F()", "func F() {}\nfunc G() {}\nfunc (t T) Extra() {}"),
        ("type S struct { A int }", "type S struct { B string; A int; c bool }"),
        ("type S struct{ /* ... */ }", "type S struct { A int }"),
        ("type I interface { /* ... */ }", "type I interface { A() }"),
        ("type I interface { A(); B(x int) }", "type I interface { B(y int); A() }"),
        ("var E error", 'var E = errors.New("x")'),
        ("var E = New()", "var E error = New()"),
        ('const A Status = "a"', 'const (\n\tA = Status("a")\n)'),
        ("const Max int", "const Max int = 3"),
        ("func hidden()", ""),
    ],
)  # fmt: skip
def test_contracts_that_are_met(contract: str, actual: str) -> None:
    assert differences(contract, actual) == []


@pytest.mark.parametrize(
    ("contract", "actual", "sentence"),
    [
        ("func F(int) error", "", "`func F(int) error` is missing"),
        ("func F(int) error", "func f(int) error", "`func F(int) error` is missing"),
        ("type S struct { A int }", "type S struct { a int }", "the field `A int` of `S` is missing"),
        ('type S struct { A int `x:"a"` }', "type S struct { A int }", 'of `S` should be `A int `x:"a"``'),
        ("type I interface { A() }", "type I interface { A(int) }", "the interface `I` lacks `A()`"),
        ("type I interface { A() }", "type I interface { A(); B() }", "has `B()`, which its contract does not state"),
    ],
)
def test_contracts_that_are_not_met(contract: str, actual: str, sentence: str) -> None:
    assert any(found.endswith(sentence) for found in differences(contract, actual))


@pytest.mark.parametrize(
    ("contract", "actual"),
    [
        ("func F(int)", "func F(string)"),
        ("func F()", "var F func()"),
        ("func (*T) M()", "func (T) M()"),
        ("type T string", "type T = string"),
        ('const A Status = "a"', 'const A = "a"'),
        ("const A = 1", "const A = 2"),
        ("var E error", "var E string"),
        ("type S struct", "type S int"),
        ("type S[T any] struct", "type S struct"),
    ],
)
def test_what_is_declared_differently_is_shown_beside_the_contract(contract: str, actual: str) -> None:
    sources = [text + " { A int }" if text.endswith("struct") else text for text in (contract, actual)]
    assert differences(*sources) == [f"`{actual}` is declared, the contract says `{contract}`"]


def test_the_package_clause_belongs_to_the_contract() -> None:
    sentences = missing(exported_api("package models"), exported_api("package main"))
    assert sentences == ["the package clause is `package main`, the contract says `models`"]


@settings(max_examples=50, deadline=None)
@given(st.text())
def test_any_text_has_an_api(text: str) -> None:
    api = exported_api(text)
    assert missing(api, api) == []


def test_types_nested_beyond_reason_are_an_error() -> None:
    api = exported_api(f"package p\nvar X {'*' * 50_000}int\n")
    assert api.errors
