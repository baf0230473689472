"""How the content of targets comes about: the seam between the engine and whoever writes files.

Steps are what needs nobody to be asked: they get targets that travel together, and yield a result for each.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from gocreator.errors import Code, GocreatorError
from gocreator.golang.syntax import gofmt_refuses
from gocreator.gosource.exported import exported_api, missing
from gocreator.plan.record import Writer
from gocreator.plan.target import Target
from gocreator.values import Part


@dataclass(frozen=True)
class Made:
    """The content of a target, accepted."""

    target: Target
    content: bytes
    writer: Writer | None = None
    """The model that wrote it; None for a template."""


@dataclass(frozen=True)
class NotMade:
    """A target whose content could not be made or was not accepted, and why."""

    target: Target
    message: str
    refused: bool = False
    """Nobody tried, for want of a provider, a key or a permission."""
    code: Code = Code.NOT_ACCEPTED


@dataclass(frozen=True)
class NotTaken:
    """Why there is no file that was asked for; `refused` if nobody was asked."""

    message: str
    refused: bool = False
    code: Code = Code.FAILED


class TemplateStep:
    """Takes what the rule's template rendered, if it keeps the rule's contract."""

    def make(self, targets: Sequence[Target]) -> Iterator[Made | NotMade]:
        """Yield the rendered text of each target, or what is wrong with it."""
        for target in targets:
            wrong = unacceptable(target, target.content)
            yield NotMade(target, "; ".join(wrong)) if wrong else Made(target, target.content)


class AwaitingStep:
    """Says of targets that wait for the contract of a package why it is not known."""

    def __init__(self, unplanned: Mapping[str, NotTaken]) -> None:
        self._unplanned = unplanned

    def make(self, targets: Sequence[Target]) -> Iterator[Made | NotMade]:
        """Yield one result per target, none of them made."""
        for target in targets:
            known = [(name, self._unplanned[name]) for name in target.awaits if name in self._unplanned]
            said = "; ".join(f"the contract of the package {name} is not known: {it.message}" for name, it in known)
            refused = all(it.refused for _, it in known)
            said = said or f"the contract of {', '.join(target.awaits)} is not known"
            code = known[0][1].code if known else Code.NO_CONTRACT
            yield NotMade(target, said, refused=refused, code=code)


def unacceptable(target: Target, content: bytes) -> list[str]:
    """Return why a file cannot be accepted for a target: its syntax, its package, its contract."""
    if not target.path.endswith(".go"):
        return []
    try:
        api = exported_api(content)
        if api.errors and gofmt_refuses(content) is not False:
            return [f"{target.path}:{problem}" for problem in api.errors]
        if not target.contract(Part.FULL):
            return []
        return [
            f"the contract of {target.path} is not met: {it}"
            for it in missing(exported_api(target.contract(Part.FULL)), api)
        ]
    except GocreatorError as error:
        return [str(error)]
