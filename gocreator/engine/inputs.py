"""The files that doit watches: each element and each contract of the plan in a file of its own.

They are written only where their bytes change, so that doit's `file_dep` really drives the build and
`doit info` can name what changed.
"""

from collections.abc import Iterable, Iterator
from functools import cache

from gocreator.fcs.elements import element_file
from gocreator.output.tree import Tree
from gocreator.plan.record import Record
from gocreator.plan.target import Plan, Target
from gocreator.store.workspace import Workspace
from gocreator.values import ElementId, Part, RelPath

FACE = f"#{Part.FACE}"


def file_deps(target: Target, workspace: Workspace) -> list[str]:
    """Return the files that a target depends on, relative to the project directory."""
    own = workspace.own.relative_to(workspace.project).as_posix()
    return [f"{own}/{name}" for name in _names(target)]


def write_inputs(plan: Plan, workspace: Workspace, targets: Iterable[Target], former: Iterable[Record]) -> None:
    """Bring the files of elements, contracts and rules that targets hang on to what the plan says.

    Those that other targets hang on are as they were recorded. Of those that `former` records hung on, the ones that
    no target of the plan hangs on are removed.
    """
    tree = Tree(workspace.inputs)
    wanted: dict[RelPath, bytes] = {}
    for target in targets:
        wanted[_file("rules", target.rule)] = f"{target.rule_version} {target.rule_digest}\n".encode()
        for item in target.slice:
            element = plan.elements[item.element]
            text = element.json if item.part is Part.FULL else element.face_json
            wanted[_element_file(str(item))] = f"{text}\n".encode()
        for used in target.uses:
            wanted[_contract_file(str(used))] = plan.targets[used.path].contract(used.part).encode()
    for error in tree.write(wanted).values():
        raise error
    if left := {name for record in former for name in _names(record)} - wanted.keys():
        tree.remove(left - {name for target in plan.targets.values() for name in _names(target)})


def _names(dependent: Target | Record) -> Iterator[RelPath]:
    yield _file("rules", dependent.rule)
    yield from (_element_file(str(item)) for item in dependent.slice)
    yield from (_contract_file(str(used)) for used in dependent.uses)


@cache
def _element_file(item: str) -> RelPath:
    name = element_file(ElementId(item.removesuffix(FACE)))
    return _file("elements", f"{name.removesuffix('.json')}.face.json" if item.endswith(FACE) else name)


def _contract_file(used: str) -> RelPath:
    path, _, part = used.rpartition("#")
    return _file("contracts", f"{path}.{part}")


def _file(folder: str, name: str) -> RelPath:
    return RelPath(f"{folder}/{name}")
