"""Exports are Go declarations in normal form, and what is wrong with them is told where it stands."""

import subprocess
import sys
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gocreator.errors import FcsError
from gocreator.fcs.load import Loaded, parse_fcs
from gocreator.gosource.declarations import declared, written
from gocreator.source import Source, parse_json, parse_yaml

SHOP = """name: shop
entities:
  Order: {attributes: {total: decimal, status: enum(open|paid)}}
packages:
  models: {}
  mail:
    exports: ["type Message struct { To string }", "func Send(m *Message) error"]
  cooking:
    exports:
"""


TYPE = "type T struct {A int; Bcd string}"


def load(*exports: str, document: str = SHOP) -> Loaded:
    return parse_fcs(parse_yaml(document + "".join(f"    - {it}\n" for it in exports), "f", error=FcsError))


def contract(*exports: str) -> str:
    return next(package.exports for package in load(*exports).fcs.packages if package.name == "cooking")


def problems(*exports: str) -> list[str]:
    with pytest.raises(FcsError) as caught:
        load(*exports)
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("export", "place", "message", "hint"),
    [
        ("Render", "10:7", "`Render` is a name, not a declaration", "such as `func Render() error`"),
        ("renders the menu", "10:7", "is no declaration of Go", "such as `func Render("),
        ("x := 1", "10:7", "`x := 1` is no declaration of Go", "write declarations of Go"),
        ("package cooking", "10:7", "a package clause does not belong here", "remove it"),
        ('import "fmt"', "10:7", "imports do not belong here", "remove it"),
        ("func F() { panic(1) }", "10:7", "`F` has a body", "leave it out"),
        ("func f()", "10:7", "`f` cannot be used by other packages", "call it `F`"),
        ("func F(d Dish)", "10:16", "`Dish` is not declared", "such as `type Dish struct{}`"),
        ("F(d Dish) error", "10:11", "`Dish` is not declared", "such as `type Dish struct{}`"),
        ("func F(é int, d Dish)", "10:23", "`Dish` is not declared", "type Dish"),
        ("func (d *Dish) Eat()", "10:16", "`Dish` is not declared", "type Dish"),
        ("func F(o models.Ordr)", "10:16", "the package `models` has no `Ordr`", "did you mean `Order`?"),
        ("func F(o model.Order)", "10:16", "there is no package `model` here", "did you mean `models`?"),
        ("func F(o cooking.Dish)", "10:16", "`cooking` is the package itself", "write `Dish`"),
        ("const A int", "10:7", "the constant `A` has no value", "`const A = 1`"),
        ("var A = func() int { return 1 }()", "10:15", "takes more than a declaration", "give the type"),
        ("var A = mail.Send(nil)", "10:15", "the value calls `mail.Send`, which is not implemented yet", "the type"),
        ("type string struct{}", "10:12", "`string` means something else in Go", "another name"),
        ("func F(a, a int)", "10:7", "`F` has two parameters or results named `a`", "a name of its own"),
        ("func (f *T) F(a int) (f error)", "10:7", "two parameters or results named `f`", "a name of its own"),
        ("func F(a int, string)", "10:7", "`F` names some of its parameters", "or none of them"),
        ("type T struct { A int; A string }", "10:12", "`T.A` is a field or a method of the type", "rename one"),
        ("type T interface { A(); A() }", "10:12", "`T.A` is a field or a method of the type", "rename one"),
        ("var _ io.Reader", "10:7", "this declares no name", "give a name"),
        ("func F(", "10:14", "`)` is missing here", "write declarations"),
        ("'func F(d Dish)'", "10:17", "`Dish` is not declared", "type Dish"),
        ("|\n      // F it is.\n      func F(\n        d Dish,\n      )", "13:11", "`Dish` is not declared", "type"),
        ('"func F(\\n d Dish)"', "10:7", "`Dish` is not declared", "type Dish"),
    ],
)  # fmt: skip
def test_what_is_no_export_is_told(export: str, place: str, message: str, hint: str) -> None:
    (problem,) = problems(export)
    assert problem.startswith(f"f:{place}: ")
    first, second = problem.split("\n")
    assert message in first
    assert hint in second


@pytest.mark.parametrize(
    ("exports", "message"),
    [
        (("func F()", "func F(int)"), "`F` is declared already"),
        (("type T struct { A int }", "func (t T) A()"), "`T.A` is a field or a method of the type already"),
        (("type T interface{}", "func (t T) A()"), "`T` is no type that can have methods"),
        (("type T[K any] struct{}", "func (t T) A()"), "does not name the type parameters of `T`"),
        (("func New() *int", "var Default = New()"), "the value calls `New`"),
        (("type time struct{}", "func Now() time.Time"), "`time` is declared here and is a package"),
        (("type T struct {", "func F(u U)"), "`type T struct {` is no declaration of Go"),
    ],
)
def test_exports_that_do_not_fit_together_are_told(exports: tuple[str, ...], message: str) -> None:
    found = problems(*exports)
    assert len(found) == 1, found
    assert message in found[0]


@pytest.mark.parametrize(
    ("export", "message"),
    [
        ("type Order int", "`Order` is the type of `Order` already"),
        ("func NewOrder()", "`NewOrder` is the constructor of `Order` already"),
        ("const OrderStatusOpen = 1", "`OrderStatusOpen` is the value `open` of `status` of `Order` already"),
        ("func (o *Order) Validate() error", "`Order.Validate` is a method of `Order` already"),
        ("func (o *Order) Total()", "`Order.Total` is the attribute `total` of `Order` already"),
        ("func (o *Ordr) Sum()", "`Ordr` is not declared\n  hint: did you mean `Order`?"),
        ("func F(s *service.OrderService)", "import each other: models -> service -> repository -> models"),
        ("func F(m *cooking.Pan)", "packages need each other: cooking -> models -> cooking"),
    ],
)
def test_exports_of_a_package_of_entities_fit_to_these(export: str, message: str) -> None:
    document = SHOP.replace("models: {}", f"models: {{exports: ['{export}']}}")
    with pytest.raises(FcsError) as caught:
        load("type Pan struct{}", "func Fill(o *models.Order)", document=document)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    "exports",
    [
        ("Render(text string) (string, error)", "(t *T) Do(n int)", "type T struct{A int;Bcd string}"),
        ("func Render ( text string )( string,error )", "func (t *T) Do(n int)", "type T struct { A int; Bcd string }"),
        ("|\n      Render(\n        text string,\n      ) (string, error)\n      (t *T) Do(n int)", TYPE),
    ],
)  # fmt: skip
def test_they_have_one_form(exports: tuple[str, ...]) -> None:
    functions = "func Render(text string) (string, error)\n\nfunc (t *T) Do(n int)"
    assert contract(*exports) == f"{functions}\n\ntype T struct {{\n\tA   int\n\tBcd string\n}}"


def test_one_text_may_hold_them_all() -> None:
    text = "func A()\n\n// B is b.\nB(x int) error\nconst C = 1"
    document = SHOP.replace("    exports:\n", "    exports: |\n      " + text.replace("\n", "\n      "))
    packages = load(document=document).fcs.packages
    expected = "func A()\n\n// B is b.\nfunc B(x int) error\n\nconst C = 1"
    assert next(package.exports for package in packages if package.name == "cooking") == expected


def test_what_exports_mention_is_a_dependency() -> None:
    loaded = load("func F(ctx context.Context, m ...mail.Message) (*models.Order, decimal.Decimal, error)")
    assert next(it.dependencies for it in loaded.fcs.packages if it.name == "cooking") == ("mail", "models")


def test_a_dependency_comes_before_the_package_of_go_with_its_name() -> None:
    assert contract("func F(a *mail.Address)")
    document = SHOP.replace("  cooking:\n", "  cooking:\n    dependencies: [mail]\n")
    with pytest.raises(FcsError, match="the package `mail` has no `Address`"):
        load("func F(a *mail.Address)", document=document)


@pytest.mark.parametrize(
    ("package", "message"),
    [
        ("{name: main, exports: [main]}", "is a program, whose exports nothing can import"),
        ("{name: tool, path: cmd/tool, exports: [Run]}", "is a program, whose exports nothing can import"),
        ("{name: 3d}", "gives no Go package name"),
    ],
)
def test_what_is_left_out_is_told(package: str, message: str) -> None:
    loaded = parse_fcs(parse_yaml(f"packages: [{package}]", "f", error=FcsError))
    assert message in loaded.warnings[0].message


@pytest.mark.parametrize("package", ["{name: web, exports: [func F()]}", "{name: string, exports: [func F()]}"])
def test_packages_that_can_have_no_exports_are_refused(package: str) -> None:
    with pytest.raises(FcsError, match="give it another path"):
        parse_fcs(parse_yaml(f"packages: [{package}]", "f", error=FcsError))


def test_places_in_json() -> None:
    text = '{"packages": [{"name": "a",\n "exports": ["func F(x X)"]}]}'
    with pytest.raises(FcsError, match=r"^f:2:24: `X` is not declared"):
        parse_fcs(parse_json(text, "f", error=FcsError))


def test_types_nested_beyond_reason_are_told() -> None:
    with pytest.raises(FcsError):
        load(f"func F({'*' * 20_000}int)")


WORDS = 'func type const var struct interface map chan ... ( ) [ ] { } , ; : * = . | ~ <- ` " // /* */'.split()
WORDS += ["\n", "A", "b", "T", "error", "1", '"c"', "é", "¦"]


@given(st.lists(st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join), max_size=3))
@settings(max_examples=300, deadline=None)
def test_any_text_is_an_export_or_told(exports: list[str]) -> None:
    with suppress(FcsError):
        text = parse_fcs(Source("f", {"packages": {"cooking": {"exports": exports}}})).fcs.packages[0].exports
        assert written(declared(text)) == text


def test_nothing_parses_go_where_nothing_is_exported() -> None:
    code = (
        "import sys; from gocreator.fcs.load import load_fcs; from gocreator.plan.views.view import view;"
        "from pathlib import Path; view(load_fcs(Path(sys.argv[1])).fcs); assert 'tree_sitter' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code, "tests/data/chinook.fcs.json"], check=True)
