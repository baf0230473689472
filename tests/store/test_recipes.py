from pathlib import Path

import pytest

from gocreator.store.recipes import read_recipes, recipes_text
from gocreator.values import Digest, RuleName

BASIS = Digest("b")
RECIPES = {RuleName("service"): "0123", RuleName("model"): "4567"}


def test_what_is_remembered_holds_for_the_same_basis(tmp_path: Path) -> None:
    place = tmp_path / "recipes.json"
    place.write_text(recipes_text(RECIPES, BASIS))
    assert read_recipes(place, BASIS) == RECIPES
    assert read_recipes(place, Digest("c")) == {}


@pytest.mark.parametrize("text", ["", "[]", "{", '{"basis": 1}', "null"])
def test_what_cannot_be_read_says_nothing(tmp_path: Path, text: str) -> None:
    place = tmp_path / "recipes.json"
    assert read_recipes(place, BASIS) == {}
    place.write_text(text)
    assert read_recipes(place, BASIS) == {}
