import re
from pathlib import Path

import pytest

from gocreator.errors import RuleError
from gocreator.fcs.model import Attribute, Entity, Fcs, Package, Type
from gocreator.plan.planner import Planner
from gocreator.plan.render import Renderer
from gocreator.plan.rulebook import load_rulebook
from gocreator.resources import data_dir

ENTITY = Entity(name="User", package="models", attributes=(Attribute(name="id", type=Type(base="uuid")),))
FCS = Fcs(name="shop", module="shop", entities=(ENTITY,), packages=(Package(name="models", path="models"),))


@pytest.mark.parametrize(
    ("template", "message"),
    [
        ("{{ entity.nam }}", r"an entity has no 'nam'; did you mean 'name'\?"),
        ("{{ entity.package.pth }}", r"a package has no 'pth'; did you mean 'path'\?"),
        ("{{ entity.qqqqqq }}", r"an entity has no 'qqqqqq'$"),
    ],
)
def test_an_unknown_name_is_told_with_the_one_that_was_meant(template: str, message: str, tmp_path: Path) -> None:
    rule = tmp_path / "rules" / "extra"
    rule.mkdir(parents=True)
    (rule / "rule.yaml").write_text("version: 1\ntitle: t\nfor_each: entity\npath: x.txt\nphase: models\n")
    (rule / "file.txt.j2").write_text(template)
    planner = Planner(load_rulebook(data_dir("templates"), tmp_path, user_name="own"), ())
    with pytest.raises(RuleError) as caught:
        planner.plan(FCS)
    assert len(caught.value.problems) == 1
    assert re.search(message, caught.value.problems[0].message)


def test_the_built_in_templates_know_all_names_that_they_use() -> None:
    book = load_rulebook(data_dir("templates"))
    renderer = Renderer(book)
    assert [problem for rule in book.rules.values() for problem in renderer.check(rule)] == []
