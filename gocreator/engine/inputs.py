"""The files that doit watches: each element and each contract of the plan in a file of its own.

They are written only where their bytes change, so that doit's `file_dep` really drives the build and
`doit info` can name what changed.
"""

from collections.abc import Iterable, Iterator

from gocreator.fcs.elements import Element
from gocreator.output.tree import Tree
from gocreator.plan.target import Plan, SliceItem, Target, UsedContract
from gocreator.store.workspace import Workspace
from gocreator.values import Part, RelPath

FOLDERS = ("elements/", "contracts/", "rules/")


def file_deps(plan: Plan, target: Target, workspace: Workspace) -> list[str]:
    """Return the files that a target depends on, relative to the project directory."""
    own = workspace.own.relative_to(workspace.project).as_posix()
    return [f"{own}/{name}" for name in _names(plan, target)]


def write_inputs(plan: Plan, workspace: Workspace, targets: Iterable[Target]) -> None:
    """Bring the files of elements, contracts and rules that targets hang on to what the plan says.

    Those that other targets hang on are as they were recorded; those that no target of the plan hangs on are removed.
    """
    tree = Tree(workspace.inputs)
    wanted: dict[RelPath, bytes] = {}
    for target in targets:
        wanted[_rule_file(target)] = f"{target.rule_version} {target.rule_digest}\n".encode()
        for item in target.slice:
            element = plan.elements[item.element]
            text = element.json if item.part is Part.FULL else element.face_json
            wanted[_element_file(element, item)] = f"{text}\n".encode()
        for used in target.uses:
            wanted[_contract_file(used)] = plan.targets[used.path].contract(used.part).encode()
    for error in tree.write(wanted).values():
        raise error
    known = {name for target in plan.targets.values() for name in _names(plan, target)}
    tree.remove(path for path in tree.files() if path.startswith(FOLDERS) and path not in known)


def _names(plan: Plan, target: Target) -> Iterator[RelPath]:
    yield _rule_file(target)
    yield from (_element_file(plan.elements[item.element], item) for item in target.slice)
    yield from (_contract_file(used) for used in target.uses)


def _element_file(element: Element, item: SliceItem) -> RelPath:
    name = str(element.file)
    return RelPath(f"elements/{name if item.part is Part.FULL else name.removesuffix('.json') + '.face.json'}")


def _contract_file(used: UsedContract) -> RelPath:
    return RelPath(f"contracts/{used.path}.{used.part}")


def _rule_file(target: Target) -> RelPath:
    return RelPath(f"rules/{target.rule}")
