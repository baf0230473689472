"""How the content of targets comes about: the seam between the engine and whoever writes files.

A step gets targets that travel together and yields a result for each as soon as it is there. Templates
are one step; calls of models are another, behind the same seam.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from gocreator.errors import GocreatorError
from gocreator.golang.syntax import gofmt_refuses
from gocreator.gosource.exported import exported_api, missing
from gocreator.plan.target import Target
from gocreator.values import Origin, Part


@dataclass(frozen=True)
class Made:
    """The content of a target, accepted."""

    target: Target
    content: bytes
    model: str | None = None
    """The model that wrote it; None for a template."""


@dataclass(frozen=True)
class NotMade:
    """A target whose content could not be made or was not accepted, and why."""

    target: Target
    message: str
    refused: bool = False
    """Nobody tried, for want of a provider, a key or a permission."""


class Step(Protocol):
    """Makes the content of targets; never raises for what is wrong with one of them."""

    def make(self, targets: Sequence[Target]) -> Iterator[Made | NotMade]:
        """Yield one result per target."""
        ...


class TemplateStep:
    """Takes what the rule's template rendered, if it keeps the rule's contract."""

    def make(self, targets: Sequence[Target]) -> Iterator[Made | NotMade]:
        """Yield the rendered text of each target, or what is wrong with it."""
        for target in targets:
            wrong = unacceptable(target, target.content)
            yield NotMade(target, "; ".join(wrong)) if wrong else Made(target, target.content)


class Writers:
    """Hands each target to whoever writes it."""

    def __init__(self, templates: Step, models: Step) -> None:
        self._templates = templates
        self._models = models

    def make(self, targets: Sequence[Target]) -> Iterator[Made | NotMade]:
        """Yield one result per target."""
        for origin, step in ((Origin.TEMPLATE, self._templates), (Origin.MODEL, self._models)):
            if own := [target for target in targets if target.origin is origin]:
                yield from step.make(own)


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
