import pytest

from gocreator import gonames
from gocreator.errors import FcsError
from gocreator.fcs.load import parse_fcs
from gocreator.plan.views.view import view
from gocreator.source import parse_yaml


@pytest.mark.parametrize("name", ["BookHTTPURL", "APIKey", "HTTPServer", "IoTDevice", "User", "Utf8Text"])
def test_an_exported_identifier_stays_as_it_is(name: str) -> None:
    assert gonames.exported(name) == name


@pytest.mark.parametrize(
    ("name", "go"),
    [
        ("user_id", "UserID"),
        ("userId", "UserID"),
        ("URL", "URL"),
        ("a-b", "AB"),
        ("tag_ids", "TagIDs"),
        ("tagIDs", "TagIDs"),
        ("price_eur", "PriceEUR"),
    ],
)
def test_other_names_become_exported(name: str, go: str) -> None:
    assert gonames.exported(name) == go


@pytest.mark.parametrize(
    ("many", "one"),
    [
        ("favourite_genres", "favourite_genre"),
        ("categories", "category"),
        ("movies", "movie"),
        ("ties", "tie"),
        ("boxes", "box"),
        ("addresses", "address"),
        ("statuses", "status"),
        ("houses", "house"),
        ("status", "status"),
        ("series", "series"),
        ("data", "data"),
    ],
)
def test_singular(many: str, one: str) -> None:
    assert gonames.singular(many) == one


def test_the_enum_of_a_list_is_named_in_the_singular_and_collides_so() -> None:
    text = """
    name: shop
    entities:
      - name: Member
        attributes: {favourite_genres: "[]enum(jazz|rock)", moods: "map[string][]enum(good|bad)"}
    """
    enums = view(parse_fcs(parse_yaml(text, "f", error=FcsError)).fcs).entities[0].enums
    assert [enum.name for enum in enums] == ["MemberFavouriteGenre", "MemberMood"]
    for other in ("MemberFavouriteGenre", "MemberMoodBad"):
        both = f"{text}\n      - name: {other}\n        attributes: {{name: string}}"
        with pytest.raises(FcsError, match=other):
            parse_fcs(parse_yaml(both, "f", error=FcsError))
