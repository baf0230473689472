"""Which contracts of packages a build must ask for before its targets can be made, and what the planner is told."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from gocreator.engine.session import Session
from gocreator.fcs.model import Package
from gocreator.values import RelPath, Status

if TYPE_CHECKING:
    from gocreator.prompt.planning import ContractPrompts
    from gocreator.prompt.prompt import Prompt


def needed(session: Session, targets: Sequence[str]) -> list[Package]:
    """Return the packages whose contracts must be asked for before the targets can be built."""
    packages = {package.name: package for package in session.plan.fcs.packages}
    findings = session.findings(targets)
    todo = [name for it in findings if it.status is Status.PENDING for name in it.target.awaits]
    found: set[str] = set()
    while todo:
        name = todo.pop()
        if name not in found:
            found.add(name)
            todo += session.plan.awaited.intersection(packages[name].dependencies)
    return [package for name, package in packages.items() if name in found]


def contract_prompts(session: Session) -> "ContractPrompts":
    """Return what makes the planner's prompts."""
    from gocreator.prompt.planning import ContractPrompts  # noqa: PLC0415 - few commands ask

    return ContractPrompts(session.rulebook, session.plan)


def prompts_of_contracts(session: Session, names: Iterable[str]) -> "dict[RelPath, Prompt]":
    """Return what the planner is asked for those of some names that are contracts of packages without exports."""
    stated = {
        path: package
        for package in session.plan.fcs.packages
        if (path := session.contracts.path(package.name)) in names
    }
    return {RelPath(path): contract_prompts(session).of(package, RelPath(path)) for path, package in stated.items()}
