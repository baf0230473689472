"""What a target hangs on does not grow with the specification around it."""

from itertools import pairwise

from gocreator.fcs.model import Attribute, Endpoint, Entity, Fcs, Package, Relationship, Type
from gocreator.plan.planner import Planner
from gocreator.plan.rulebook import load_rulebook
from gocreator.plan.target import Plan
from gocreator.resources import data_dir


def _chain(length: int) -> Plan:
    """Plan entities of which each refers to the one before."""
    names = [f"Thing{number:03}" for number in range(length)]
    key, before = Attribute(name="id", type=Type(base="uuid")), Attribute(name="before_id", type=Type(base="uuid"))
    fcs = Fcs(
        name="chain",
        module="chain",
        packages=(Package(name="models", path="internal/models"),),
        entities=tuple(Entity(name=name, package="models", attributes=(key, before)) for name in names),
        relationships=tuple(
            Relationship(source=name, target=other, type="many_to_one", via="before_id")
            for other, name in pairwise(names)
        ),
        endpoints=tuple(Endpoint(method="GET", path=f"/{name.lower()}s", entity=name) for name in names),
    )
    return Planner(load_rulebook(data_dir("templates")), ()).plan(fcs)


def test_a_file_of_an_entity_hangs_on_its_own_neighbourhood() -> None:
    few, many = (
        {target.path: (len(target.slice), len(target.uses)) for target in _chain(length).targets.values()}
        for length in (6, 12)
    )
    own = [path for path in few if "thing002" in path]
    assert len(own) > 5
    assert {path: few[path] for path in own} == {path: many[path] for path in own}
