"""Which targets a TARGET argument means: a file, a directory, `rule:model`, `phase:models`, `entity:User`."""

import difflib
import os
import posixpath
from collections.abc import Iterable, Sequence
from pathlib import Path

from gocreator.errors import WrongUsage
from gocreator.plan.target import Plan, Target
from gocreator.store.workspace import Workspace
from gocreator.values import RelPath


def select(plan: Plan, names: Sequence[str], workspace: Workspace) -> tuple[RelPath, ...]:
    """Return the paths that are meant, in the order of the plan; no names mean all."""
    if not names:
        return tuple(plan.targets)
    chosen: set[RelPath] = set()
    for name in names:
        found = list(_matching(plan, name, workspace))
        if not found:
            raise _unknown(plan, name)
        chosen |= {target.path for target in found}
    return tuple(path for path in plan.targets if path in chosen)


def _matching(plan: Plan, name: str, workspace: Workspace) -> Iterable[Target]:
    kind, _, rest = name.partition(":")
    if kind == "rule":
        return [target for target in plan.targets.values() if target.rule == rest]
    if kind == "phase":
        return [target for target in plan.targets.values() if target.phase == rest]
    if name in plan.elements:
        return [target for target in plan.targets.values() if target.element == name]
    paths = {posixpath.normpath(name), _below_output(name, workspace)}
    below = tuple(f"{path}/" for path in paths)
    return [it for it in plan.targets.values() if it.path in paths or it.path.startswith(below)]


def _below_output(name: str, workspace: Workspace) -> str:
    """Understand a path as the shell completes it, from the current or the project directory."""
    for start in (workspace.project, Path.cwd()):
        place = Path(os.path.normpath(start / name))
        if place.is_relative_to(workspace.root):
            return place.relative_to(workspace.root).as_posix()
    return name


def _unknown(plan: Plan, name: str) -> WrongUsage:
    known = [
        *plan.targets,
        *(f"rule:{rule}" for rule in sorted({target.rule for target in plan.targets.values()})),
        *(f"phase:{phase}" for phase in plan.phases),
        *(element for element in plan.elements if element.startswith("entity:")),
    ]
    close = difflib.get_close_matches(name, known, n=3, cutoff=0.5)
    hint = f"did you mean {', '.join(close)}?" if close else "`gocreator list` shows all targets"
    return WrongUsage(f"no target is called {name}", hint=hint)
