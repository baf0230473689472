"""What a model is asked next, and what came of it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from gocreator.engine.callplan import PlannedCall
from gocreator.engine.steps import NotTaken
from gocreator.engine.wanting import Taken, Wanted
from gocreator.llm.provider import Turn
from gocreator.prompt.prompt import Prompt
from gocreator.prompt.texts import asked_for
from gocreator.values import RelPath


@dataclass(frozen=True)
class Asking:
    """What is asked next: one call for one or more files."""

    wanted: tuple[Wanted, ...]
    prompt: Prompt | None = None
    """Begins as that of other calls does; its last part is the request. None: that of the one file that is wanted."""
    turns: tuple[Turn, ...] = ()
    """What was said after the prompt."""
    rung: int = 0
    """Who is asked: a place in the ladder of those who can be."""
    tries: int = 0
    """How often that one gave what was not accepted."""
    limit: int = 0
    """The output limit, if not the prompt's."""
    last: str = ""
    """What was wrong with what this rung gave last."""
    reasons: tuple[str, ...] = ()
    """Why the rungs before brought nothing."""
    planned: PlannedCall | None = None
    """The call as it was planned; None where it was not."""
    once: bool = False
    """What is not accepted is not asked for again: somebody else decides how it goes on."""

    @property
    def paths(self) -> tuple[RelPath, ...]:
        """Return the files that are wanted."""
        return tuple(wanted.path for wanted in self.wanted)

    def of(self, wanted: Wanted) -> "Asking":
        """Return the question for one file of those that are wanted together."""
        if len(self.wanted) == 1:
            return self
        prompt = self.prompt and self.prompt.ending_with(asked_for([wanted.path]))
        return replace(self, wanted=(wanted,), prompt=prompt, limit=0, planned=None)


Got = tuple[Wanted, Taken | NotTaken]


def none_of(asking: Asking, why: Callable[[Wanted], NotTaken]) -> Iterator[Got]:
    """Yield of each file that is wanted why there is none."""
    return ((wanted, why(wanted)) for wanted in asking.wanted)
