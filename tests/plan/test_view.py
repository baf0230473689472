import time

import pytest

from gocreator.errors import FcsError
from gocreator.fcs.model import Attribute, Entity, Fcs, Package, Type
from gocreator.plan.gocode.matching import matched, matching
from gocreator.plan.views.entityview import EntityView
from gocreator.plan.views.view import check_samples, view


def _entity(*attributes: Attribute, name: str = "User", description: str = "", key: str = "uuid") -> EntityView:
    own = (Attribute(name="id", type=Type(base=key)), *attributes)
    entity = Entity(name=name, package="models", description=description, attributes=own)
    package = Package(name="models", path="internal/models")
    return view(Fcs(name="shop", module="example.com/shop", entities=(entity,), packages=(package,))).entities[0]


def _text(**rules: object) -> Attribute:
    return Attribute.model_validate({"name": "code", "type": {"base": "string"}, **rules})


def test_names() -> None:
    entity = _entity(name="MediaType")
    assert (entity.name, entity.params, entity.constructor, entity.receiver) == (
        "MediaType",
        "MediaTypeParams",
        "NewMediaType",
        "m",
    )
    assert (entity.path, entity.fixture_path) == (
        "internal/models/media_type",
        "internal/models/modelstest/media_type",
    )
    assert entity.package.import_path == "example.com/shop/internal/models"


@pytest.mark.parametrize(
    ("description", "doc"),
    [
        ("", "User is a user, identified by its ID."),
        ("A person who logs in", "User is a person who logs in."),
        ("Represents a person.", "User represents a person."),
        ("User of the shop!", "User of the shop!"),
        ("somebody", "User is a user, identified by its ID.\n\nSomebody."),
        ("a\n*/ b", "User is a */ b."),
    ],
)
def test_the_comment_of_a_type_begins_with_its_name(description: str, doc: str) -> None:
    assert _entity(description=description).doc == doc


def test_the_comment_of_a_field_says_every_rule() -> None:
    field = _entity(_text(required=True, unique=True, min_length=2, max_length=9, description="the code")).fields[1]
    assert field.doc == (
        "Code is the code. It is required, must have at least 2 characters, must have at most 9 characters "
        "and must be unique, which Validate cannot check."
    )


@pytest.mark.parametrize("key", ["uuid", "string", "int", "int32", "int64"])
def test_the_key_decides_who_makes_it(key: str) -> None:
    entity = _entity(key=key)
    assert entity.random_key == (key in ("uuid", "string"))
    assert not entity.param_fields


def test_a_default_makes_the_param_a_pointer_and_the_sample_differ() -> None:
    field = _entity(Attribute(name="active", type=Type(base="bool"), default=True)).fields[1]
    assert (field.type, field.param_type, field.sample, field.default) == ("bool", "*bool", "false", "true")


@pytest.mark.parametrize(
    ("pattern", "least", "most"),
    [
        (r"^[A-Z]{3}-\d{4}$", 0, 100),
        (r"^\+?[0-9 ()-]{7,20}$", 12, 15),
        (r"^(draft|final)_v[0-9]+$", 12, 100),
        (r"^\w+@\w+\.com$", 20, 30),
        (r"^[^a-zA-Z0-9]+$", 5, 5),
        (r"^\p{Lu}\p{Ll}+$", 0, 10),
        (r"^[[:xdigit:]]{8}$", 0, 100),
        (r"(?i)^x+y?$", 30, 30),
        (r"^(a{3}){3}$", 0, 100),
        (r"", 0, 10),
    ],
)
def test_a_pattern_gives_a_sample(pattern: str, least: int, most: int) -> None:
    text = next(matching(pattern, least, most))
    assert matched(pattern, text)
    assert least <= len(text) <= most


def test_an_example_is_taken() -> None:
    assert _entity(_text(pattern=r"^\p{Greek}+$", example="αβγ")).fields[1].sample == '"αβγ"'


@pytest.mark.parametrize("rules", [{"pattern": r"^\p{Greek}+$"}, {"pattern": "^a$", "min_length": 2}])
def test_without_a_sample_an_example_is_asked_for(rules: dict[str, object]) -> None:
    with pytest.raises(FcsError, match=r"User\.code.*\n.*`example`"):
        _ = _entity(_text(**rules)).fields[1].sample


def test_what_has_no_sample_is_told_before_anything_is_rendered() -> None:
    fields = _text(pattern=r"^[a-z]{5}$", min_length=3, max_length=3), _text(name="other", pattern=r"^\p{Greek}+$")
    with pytest.raises(FcsError) as caught:
        check_samples([_entity(*fields)])
    assert [problem.message for problem in caught.value.problems] == [
        "found no value of User.code that keeps its rules",
        "found no value of User.other that keeps its rules",
    ]


@pytest.mark.parametrize(
    ("purpose", "doc"),
    [
        ("", "Package models holds the entity User."),
        ("holds what there is", "Package models holds what there is.\n\nIt holds the entity User."),
        ("things of the shop", "Package models holds the entity User.\n\nThings of the shop."),
    ],
)
def test_the_comment_of_a_package_has_whole_sentences(purpose: str, doc: str) -> None:
    entity = Entity(name="User", package="models", attributes=(Attribute(name="id", type=Type(base="uuid")),))
    package = Package(name="models", path="internal/models", purpose=purpose)
    seen = view(Fcs(name="shop", module="example.com/shop", entities=(entity,), packages=(package,)))
    assert seen.packages[0].doc == doc


def test_a_default_does_not_switch_the_empty_value_on() -> None:
    given = _entity(_text(default="x")).fields[1].checks
    assert (given.missing, given.missing_problem) == ('u.Code == ""', "must not be empty")
    assert not _entity(_text(default="")).fields[1].checks
    day = Attribute(name="day", type=Type(base="date"), default="2026-01-31")
    assert _entity(day).fields[1].checks.missing == "u.Day.IsZero()"


def test_bounds_that_nothing_is_beyond_are_not_checked() -> None:
    count = Attribute(name="count", type=Type(base="int64"), min=-(2**63), max=2**63 - 1)
    assert not _entity(count).fields[1].checks
    ratio = Attribute(name="ratio", type=Type(base="float"), min=0)
    assert _entity(ratio).fields[1].checks.rules[1].condition == "u.Ratio < 0"


@pytest.mark.parametrize(("raw", "text"), [("30m", "30*time.Minute"), ("1m30s", "90*time.Second"), ("1h", "time.Hour")])
def test_a_duration_is_an_operand_as_gofmt_has_it(raw: str, text: str) -> None:
    field = _entity(Attribute(name="length", type=Type(base="duration"), default=raw)).fields[1]
    assert field.unlike_default("got.Length") == f"got.Length != {text}"


@pytest.mark.parametrize("pattern", [r"^(\w+)+!$", r"^((a{900}){900}){900}$", r"^((\w*)*)*;$", r"^(a|a)*b{1000}$"])
def test_a_hostile_pattern_takes_no_time(pattern: str) -> None:
    start = time.monotonic()
    list(matching(pattern, 0, 1 << 20))
    # Backtracking would take ages; the bound is wide because machines are slow and busy.
    assert time.monotonic() - start < 60


def test_neighbours_are_the_entities_that_attributes_refer_to() -> None:
    package = Package(name="models", path="models")
    key = Attribute(name="id", type=Type(base="int"))
    lines = Attribute(name="lines", type=Type(base="list", item=Type(base="entity", entity="Line")))
    entities = (
        Entity(name="Line", package="models", attributes=(key,)),
        Entity(name="Order", package="models", attributes=(key, lines)),
    )
    line, order = view(Fcs(name="shop", module="shop", entities=entities, packages=(package,))).entities
    assert (line.neighbours, order.neighbours) == ((), ("Line",))
    assert order.fields[1].type == "[]*Line"
    assert order.fields[1].sample == "[]*models.Line{{ID: 1}}"
