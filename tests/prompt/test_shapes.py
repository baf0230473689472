"""What contracts are made of: each part has a name, and none is lost."""

import pytest

from gocreator.prompt.shapes import Names, units

MODULE = "example.com/shop"


def named(contract: str) -> dict[str, str]:
    return {unit.name: unit.text for unit in units(contract, MODULE)}


def test_declarations_in_brackets_are_called_as_their_first() -> None:
    contract = "package a\n\n// Both.\nvar (\n\t// One is first.\n\tOne = 1\n\tTwo = 2\n)\n\nconst (\n\tRed = iota\n)"
    assert list(named(contract)) == ["package", "One", "Red"]


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ('"time"', False),
        ('"net/http"', False),
        ('"example.com/shop/internal/models"', False),
        ('clock "time"', True),
        ('. "time"', True),
        ('"math/rand"', True),
        ('"html/template"', True),
        ('"example.com/shopping/models"', True),
        ('"example.com/shop/internal/time"', True),
        ('"github.com/google/uuid"', True),
    ],
)
def test_an_import_is_told_where_its_package_is_not_clear_by_its_name(path: str, told: object) -> None:
    alone = named(f"package a\n\nimport {path}\n\nfunc F()")
    together = named(f'package a\n\nimport (\n\t"fmt"\n\n\t{path}\n)\n\nfunc F()')
    assert alone == together
    assert alone.get("import") == (f"import {path}" if told else None)


def test_methods_of_interfaces_may_take_several_lines_and_comments_end_them() -> None:
    long = "\t// Get gets.\n\tGet(\n\t\tid string,\n\t) (func(a int), error)"
    last = "\t// More may come."
    contract = f"package a\n\n// S is s.\ntype S interface {{\n\tfmt.Stringer\n{long}\n\n{last}\n}}"
    found = named(contract)
    assert list(found) == ["package", "S", "S.fmt.Stringer", "S.Get", ""]
    assert (found["S.Get"], found[""]) == (long, last)


@pytest.mark.parametrize("receiver", ["s Set", "s *Set", "s Set[T]", "s *Set[K, V]", "*Set", "Set[T]"])
def test_methods_are_called_by_their_type(receiver: str) -> None:
    assert list(named(f"// Add adds.\nfunc ({receiver}) Add(it T)")) == ["Set.Add"]


def test_items_of_lists_are_one_line_each() -> None:
    items = "//   - GET /things responds\n//     with all.\n//   - POST /things makes\n//     one.\n"
    wrapped = f"// Register:\n//\n{items}func F()"
    (unit,) = units(wrapped)
    assert unit.text.splitlines()[2:4] == ["//   - GET /things responds with all.", "//   - POST /things makes one."]


@pytest.mark.parametrize(
    ("name", "text", "placeholders"),
    [
        ("InvoiceLine", "GET /invoice-lines/{id} of the invoice-line", ["{entities-kebab}", "{entity-kebab}"]),
        ("ApiKey", "an API key is one of the API keys", ["{entity words}", "{entities words}"]),
        ("MediaType", "a media type, media_types", ["{entity words}", "{entities_snake}"]),
    ],
)
def test_each_form_of_a_name_has_its_placeholder(name: str, text: str, placeholders: list[str]) -> None:
    names = Names.of(name, "models")
    found = names.abstracted(text)
    assert all(it in found for it in placeholders)
    assert names.restored(found) == text
