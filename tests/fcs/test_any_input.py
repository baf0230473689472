"""Whatever a document holds, loading gives a specification or says what is wrong."""

import json
import random
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from gocreator.errors import FcsError
from gocreator.fcs.document import Document
from gocreator.fcs.elements import elements
from gocreator.fcs.load import parse_fcs
from gocreator.fcs.model import Fcs
from gocreator.fcs.schema import json_schema
from gocreator.source import Source, parse_json

DATA = Path(__file__).parents[1] / "data"


@cache
def keys() -> list[str]:
    schema = json_schema()
    found = {key for part in (schema, *schema["$defs"].values()) for key in part.get("properties", {})}
    return sorted({*found, *Document.model_fields, "User", "id", "response_200", "response_404", "database_x", "?", ""})


SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-5, 700)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text("aUe_/{}:?[]|(),.*-5 é", max_size=8)
    | st.sampled_from(
        ["User", "string", "int", "enum(a|b)", "[]User", "GET /users/{id}", "n:1", "models", "a", "1.24", "email"]
    )
)
DOCUMENTS = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.deferred(lambda: st.sampled_from(keys())), inner, max_size=5)
    ),
    max_leaves=30,
)


@given(st.dictionaries(st.sampled_from(sorted(Document.model_fields)), DOCUMENTS, max_size=6))
@settings(max_examples=300, deadline=None)
def test_no_document_makes_anything_but_an_fcs_error(value: dict[str, Any]) -> None:
    with suppress(FcsError):
        elements(parse_fcs(Source("f", value)).fcs)


@given(st.sampled_from(["a", "b?", "pattern", "default"]), SCALARS, SCALARS, SCALARS)
@settings(max_examples=300, deadline=None)
def test_no_attribute_makes_anything_but_an_fcs_error(name: str, kind: Any, value: Any, other: Any) -> None:
    attribute = {"type": kind, "default": value, "min": value, "max": other, "pattern": other, "length": other}
    with suppress(FcsError):
        parse_fcs(Source("f", {"entities": {"User": {"attributes": {name: attribute}}}}))


def shuffled(value: Any, chance: random.Random) -> Any:
    if isinstance(value, dict):
        items = [(key, shuffled(item, chance)) for key, item in value.items()]
        chance.shuffle(items)
        return dict(items)
    if isinstance(value, list):
        return [shuffled(item, chance) for item in value]
    return value


@cache
def chinook() -> tuple[Any, Fcs]:
    text = (DATA / "chinook.fcs.json").read_text()
    return json.loads(text), parse_fcs(parse_json(text, "f", error=FcsError)).fcs


@given(st.randoms(use_true_random=False))
@settings(max_examples=25, deadline=None)
def test_the_order_of_keys_and_of_named_things_means_nothing(chance: random.Random) -> None:
    value, expected = chinook()
    value = shuffled(value, chance)
    for part, key in (("data_model", "entities"), ("data_model", "relationships"), ("architecture", "packages")):
        chance.shuffle(value[part][key])
    chance.shuffle(value["api_contracts"])
    text = json.dumps(value, indent=chance.choice([None, 1, 4]))
    assert parse_fcs(parse_json(text, "f", error=FcsError)).fcs == expected
