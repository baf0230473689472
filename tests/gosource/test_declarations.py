"""Declarations in any form have one form, which is gofmt's."""

import subprocess

import pytest

from gocreator.golang.toolchain import find_go
from gocreator.gosource.assertions import asserted
from gocreator.gosource.bodies import body
from gocreator.gosource.declarations import Function, declared, written


def normal(source: str) -> str:
    return written(declared(source))


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("func F ( a,b int , c ...string )(n int,err error)", "func F(a, b int, c ...string) (n int, err error)"),
        ("func F(int)(error)", "func F(int) error"),
        ("func F()(err error)", "func F() (err error)"),
        ("func F()()", "func F()"),
        ("func (s *Set[ T ]) Has(v T)bool", "func (s *Set[T]) Has(v T) bool"),
        ("func F[K comparable,V ~int|string](m map[K] V)", "func F[K comparable, V ~int | string](m map[K]V)"),
        ("func F(a chan<- int,b <-chan int)", "func F(a chan<- int, b <-chan int)"),
        ("func F(\n\ta int,\n\tb func(c int)error,\n)", "func F(a int, b func(c int) error)"),
        ("func F() // does it", "// does it\nfunc F()"),
        ("/*\n * F does it.\n *\n * Well.\n */\nfunc F()", "// F does it.\n//\n// Well.\nfunc F()"),
        ("type T struct{}", "type T struct{}"),
        ("type T struct{ /* no fields */ }", "type T struct {\n\t// no fields\n}"),
        ("type T struct{A int;Bcd string}", "type T struct {\n\tA   int\n\tBcd string\n}"),
        ("type T struct{a struct{b int};c *p.D}", "type T struct {\n\ta struct{ b int }\n\tc *p.D\n}"),
        ("type I interface{A();io.Reader}", "type I interface {\n\tA()\n\tio.Reader\n}"),
        ("type (\n\tA int\n\tB = A // same\n)", "type A int\n\n// same\ntype B = A"),
        ("const A=1<<iota|0XF", "const A = 1<<iota | 0xF"),
        ("const A int=(1+2)*3", "const A int = (1 + 2) * 3"),
        ("const (\nA = 1; Bcd T = 2\n)", "const (\n\tA     = 1\n\tBcd T = 2\n)"),
        ("var ( A = f(1+2) // x\n B error\n)", "var (\n\t// x\n\tA = f(1 + 2)\n\tB error\n)"),
        ('var A = map[string]T{"a":T{1},"b":{2}}', 'var A = map[string]T{"a": {1}, "b": {2}}'),
        ("var A = `a\nb`", 'var A = "a\\nb"'),
        ("var A = '¦'", "var A = '\\u00a6'"),
    ],
)  # fmt: skip
def test_declarations_have_one_form(source: str, text: str) -> None:
    assert normal(source) == text
    assert normal(text) == text


EXPRESSIONS = """
const (
 a0 = 1 + 2*3
 a1 = 1+2
 a2 = (1+2)*3 - 4
 a3 = x + y*z<<1
 a4 = -x * -y
 a5 = x - -y
 a6 = f(x+y)
 a7 = f(x+y, z*2+1)
 a8 = g[x+1] + h[i]
 a9 = x == y && !z || x+1 < y*2
 b0 = 1E10 + 0X1F + 0B1 + 0O7 + 1i
 b1 = x &^ ^y
 b2 = len("a"+"b") * 2
 b3 = T(x+1) + p.T(y*2)
 b4 = ((x+1))
)
var c = []int{x+1, y*2+z}
var d = T{A: x+1, B: []*T{&T{}, {}}, C: [2]T{T{}, {A: 1}}}
var e, ee = x+1, f(y*2+z, 1)
"""


@pytest.mark.go
def test_values_are_written_as_gofmt_does() -> None:
    toolchain = find_go({"PATH": ""})
    if toolchain is None:
        pytest.skip("Go is not installed")
    source = f"package p\n\n{normal(EXPRESSIONS)}\n".encode()
    done = subprocess.run([str(toolchain.gofmt), "-s", "-d"], input=source, capture_output=True, check=False)
    assert (done.stdout.decode(), done.stderr.decode()) == ("", "")


@pytest.mark.parametrize(
    ("source", "fails", "variables", "zeros"),
    [
        ("func F()", False, (), ()),
        ("func F() string", False, (), ()),
        ("func F() error", True, (), ()),
        ("func F() (s string, n, m int, ok bool, err error)", True, (), ('""', "0", "0", "false")),
        ("func F() (*T, []T, map[T]T, func(), chan T, any, error)", True, (), ("nil",) * 6),
        ("func F() (p.T, error)", True, (("zero", "p.T"),), ("zero",)),
        ("func F(zero int) (p.T, U, error)", True, (("none", "p.T"), ("empty", "U")), ("none", "empty")),
        ("func F[string any]() (string, error)", True, (("zero", "string"),), ("zero",)),
        ("func F() (error, string)", False, (), ()),
    ],
)
def test_bodies_return_errors_where_they_can(
    source: str, fails: object, variables: tuple[tuple[str, str], ...], zeros: tuple[str, ...]
) -> None:
    (function,) = declared(source)
    assert isinstance(function, Function)
    found = body(function)
    assert (found.fails, found.variables, found.zeros) == (fails, variables, zeros)


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("func F(c context.Context, t *T) (n int, err error)", "var _ func(context.Context, *p.T) (int, error) = p.F"),
        ("func Map[T any](in []T) U", "func _[T any]() {\n\tvar _ func([]T) p.U = p.Map[T]\n}"),
        ("func (t T) Do(int)", "var _ func(p.T, int) = p.T.Do"),
        ("func (t *T) Do()", "var _ func(*p.T) = (*p.T).Do"),
        ("type T struct { A, b int; *q.C }", "var _ *int = &new(p.T).A\nvar _ **q.C = &new(p.T).C"),
        ("type T struct { /* ... */ }", "var _ *p.T = nil"),
        ("type T string", "var _ = (*string)((*p.T)(nil))"),
        ("type T = q.U", "var _ *q.U = (*p.T)(nil)"),
        ("type T interface { ~int }", "func _[_ p.T]() {}"),
        ("const A T = 1", "const _ p.T = p.A"),
        ("const (\nA T = iota; B\n)", "const _ p.T = p.A\nconst _ p.T = p.B"),
        ("var A error", "var _ *error = &p.A"),
        ("type o struct{}\ntype Option func(*o)\nfunc New(opts ...Option)", "var _ func(...p.Option) = p.New"),
        ("func F(o hidden)\nconst a = 1\ntype t int", ""),
    ],
)  # fmt: skip
def test_assertions_hold_beside_any_implementation(source: str, text: str) -> None:
    assert asserted(declared(source), "p") == text
