"""How the files of each rule are asked for, as digests: what records hold, and what a later look compares."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from gocreator.errors import GocreatorError
from gocreator.values import RuleName

if TYPE_CHECKING:
    from gocreator.prompt.texts import Texts

_DIGITS = 16
"""Of a digest, so many are recorded: a line of the lock is to be short, and only a change is to be seen."""


@dataclass
class Recipes:
    """The recipes of one plan; the prompts of a rule are rendered only if its recipe is not known."""

    known: Mapping[RuleName, str]
    """Those that are remembered."""
    texts: "Callable[[], Texts]"
    made: dict[RuleName, str] = field(default_factory=dict)
    """Those that were not known."""

    def of(self, rule: RuleName) -> str:
        """Return the recipe of a rule; empty where its prompt cannot be made."""
        if rule in self.known:
            return self.known[rule]
        if rule not in self.made:
            try:
                self.made[rule] = self.texts().recipe(rule)[:_DIGITS]
            except GocreatorError:
                return ""  # whoever asks for such a file is told
        return self.made[rule]
