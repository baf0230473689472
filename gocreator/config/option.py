"""What an option is: its key, what it takes, what it is when nobody says anything."""

import re
from dataclasses import dataclass
from typing import Any

from gocreator.config.kinds import Kind, WrongValue

ENVIRONMENT_PREFIX = "GOCREATOR_"


@dataclass(frozen=True)
class Option:
    """One option: its dotted key, what it takes, what it is when nobody says anything."""

    key: str
    kind: Kind
    default: Any
    help: str
    supported: bool = False
    flag: str = ""
    choices: tuple[str, ...] = ()
    least: float | None = None
    most: float | None = None
    above: float | None = None
    secret: bool = False
    each: re.Pattern[str] | None = None
    """What every item of a list looks like."""
    items: str = ""
    """The same in words."""

    @property
    def environment(self) -> str:
        """Return the name of the environment variable; a whole section has none."""
        if self.kind is Kind.SECTION:
            return ""
        return ENVIRONMENT_PREFIX + self.key.replace(".", "_").upper()

    def check(self, value: Any) -> None:
        """Refuse a value outside of what the option allows."""
        if self.each and not all(self.each.fullmatch(item) for item in value):
            # Never with the value: it may be the very thing that is to be hidden.
            raise WrongValue(f"expected {self.items}")
        if self.choices and value not in self.choices:
            raise WrongValue(f"expected {_or(self.choices)}, not `{value}`")
        if self.least is not None and not value >= self.least:
            raise WrongValue(f"expected {self.least:g} or more, not `{value:g}`")
        if self.most is not None and not value <= self.most:
            raise WrongValue(f"expected {self.most:g} or less, not `{value:g}`")
        if self.above is not None and not self.above < value < float("inf"):
            raise WrongValue(f"expected more than {self.above:g}, not `{value:g}`")


def _or(words: tuple[str, ...]) -> str:
    """Join the words that may be chosen."""
    return " or ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else words[0]


def switch(key: str, meaning: str, *, supported: bool = False) -> Option:
    """Declare an option that is on unless somebody switches it off."""
    return Option(key, Kind.BOOL, default=True, help=meaning, supported=supported)
