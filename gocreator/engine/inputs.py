"""The files that doit watches: each element and each contract of the plan in a file of its own.

They are written only where their bytes change, so that doit's `file_dep` really drives the build and
`doit info` can name what changed.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path

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


def write_inputs(plan: Plan, workspace: Workspace, targets: Iterable[Target], former: Mapping[RelPath, Record]) -> None:
    """Bring the files of elements, contracts and rules that targets hang on to what the plan says.

    What `former` records were made from lies there already. Of what they hung on, files that no target of the plan
    hangs on are removed.
    """
    tree, targets = Tree(workspace.inputs), list(targets)
    wanted: dict[RelPath, bytes] = {}
    for target in targets:
        wanted |= _missing(plan, target, former.get(target.path), tree.root)
    for error in tree.write(wanted).values():
        raise error
    if left := _all_names(former.values()) - _all_names(targets):
        tree.remove(left - _all_names(plan.targets.values()))


def _missing(plan: Plan, target: Target, record: Record | None, root: Path) -> Iterator[tuple[RelPath, bytes]]:
    """Yield the files that do not lie below the root as the record has them."""
    slice_before, uses_before = (record.slice, record.uses) if record else ({}, {})
    yield _file("rules", target.rule), f"{target.rule_version} {target.rule_digest}\n".encode()
    for item, found in target.slice.items():
        name, element = _element_file(item), plan.elements[item.element]
        if slice_before.get(item) != found or not (root / name).is_file():
            yield name, f"{element.json if item.part is Part.FULL else element.face_json}\n".encode()
    for used, found in target.uses.items():
        name = _contract_file(used)
        if uses_before.get(used) != found or not (root / name).is_file():
            yield name, plan.targets[used.path].contract(used.part).encode()


def _all_names(dependents: Iterable[Target | Record]) -> set[RelPath]:
    return {name for dependent in dependents for name in _names(dependent)}


def _names(dependent: Target | Record) -> Iterator[RelPath]:
    yield _file("rules", dependent.rule)
    yield from (_element_file(item) for item in dependent.slice)
    yield from (_contract_file(used) for used in dependent.uses)


@cache
def _element_file(item: str) -> RelPath:
    name = element_file(ElementId(item.removesuffix(FACE)))
    return _file("elements", f"{name.removesuffix('.json')}.face.json" if item.endswith(FACE) else name)


def _contract_file(used: str) -> RelPath:
    path, _, part = used.rpartition("#")
    return _file("contracts", f"{path}.{part}")


def _file(folder: str, name: str) -> RelPath:
    return RelPath(f"{folder}/{name}")
