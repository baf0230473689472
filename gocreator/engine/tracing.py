"""Which requirement led to which files, and which tests judge these."""

from collections.abc import Iterator

from gocreator.observe.events import RequirementTraced
from gocreator.plan.target import Plan, SliceItem

_OF = "requirement:"


def traced(plan: Plan) -> Iterator[RequirementTraced]:
    """Yield each requirement with the files whose slice holds it, and with the tests that are named after them."""
    made: dict[str, list[str]] = {name: [] for name in plan.elements if name.startswith(_OF)}
    for path, target in plan.targets.items() if made else ():
        for name in {SliceItem(item).element for item in target.slice} & made.keys():
            made[name].append(path)
    for requirement in plan.fcs.requirements if made else ():
        paths = made.get(f"{_OF}{requirement.id}", [])
        tests = [test for path in paths if (test := f"{path.removesuffix('.go')}_test.go") in plan.targets]
        said = " ".join(requirement.description.split())
        yield RequirementTraced(requirement=requirement.id, said=said, targets=tuple(paths), tests=tuple(tests))
