"""Everything that can go wrong in a way that its user can mend.

    GocreatorError
    ├── WrongUsage              exit 2: a flag, a target or a combination of them
    ├── DocumentError           exit 2: a document holds problems, all of them listed
    │   ├── FcsError            the specification
    │   ├── ConfigError         .gocreator.yaml, the environment
    │   ├── RuleError           a rule or a template of the user's
    │   └── LockError           gocreator.lock, the state
    ├── Failed                  exit 1: the work itself did not succeed
    └── Refused                 exit 4: a limit, a confirmation, another build at work

What fails for one target is a value (`engine.steps`), not an exception. Both have a code, which `gocreator explain`
knows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum, StrEnum


class ExitCode(IntEnum):
    """The exit codes of every command."""

    OK = 0
    FAILED = 1
    USAGE = 2
    BUG = 3
    REFUSED = 4
    INTERRUPTED = 130


class Code(StrEnum):
    """What went wrong, for programs and for `gocreator explain`; a code never changes its meaning."""

    USAGE = "GC101"
    SPECIFICATION = "GC102"
    SETTINGS = "GC103"
    RULES = "GC104"
    LOCK = "GC105"
    NO_SPECIFICATION = "GC106"
    OUTPUT = "GC107"
    RIVAL = "GC201"
    UNCONFIRMED = "GC202"
    FROZEN = "GC203"
    LIMIT = "GC204"
    NO_PRICE = "GC205"
    IN_THE_WAY = "GC206"
    SECRET = "GC207"  # noqa: S105 - a code
    KEY = "GC301"
    MONEY = "GC302"
    MODEL = "GC303"
    CONTEXT = "GC304"
    LIMITED = "GC305"
    OVERLOADED = "GC306"
    DECLINED = "GC307"
    NETWORK = "GC308"
    MALFORMED = "GC309"
    INVALID = "GC310"
    NOT_ACCEPTED = "GC311"
    NOBODY = "GC312"
    NO_CONTRACT = "GC313"
    NO_GO = "GC401"
    GO_BROKEN = "GC402"
    NOT_VERIFIED = "GC403"
    API_CHANGED = "GC404"
    FAILED = "GC500"
    MACHINE = "GC501"
    STATE = "GC502"
    UNWRITABLE = "GC503"
    BUG = "GC901"


@dataclass(frozen=True, order=True)
class Location:
    """A place in a document; line and column count from 1, 0 means unknown."""

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        """Write it the way editors and terminals make it a link."""
        if not self.line:
            return self.file
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, order=True)
class Problem:
    """One thing wrong in a document: where, what, and what to do about it."""

    location: Location
    message: str
    hint: str = ""

    def __str__(self) -> str:
        """Give one line for the problem and one for the hint."""
        hint = f"\n  hint: {self.hint}" if self.hint else ""
        return f"{self.location}: {self.message}{hint}"


class GocreatorError(Exception):
    """The root: an error whose message is meant for the user."""

    exit_code = ExitCode.FAILED
    code = Code.FAILED

    def __init__(self, message: str, *, hint: str = "", code: Code | None = None) -> None:
        """Keep the message and what to do about it; `code` says more than that of the class."""
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.code = code or self.code

    def __str__(self) -> str:
        """Give the message and, where there is one, the hint below it."""
        return f"{self.message}\n  hint: {self.hint}" if self.hint else self.message


class WrongUsage(GocreatorError):
    """A flag, a target or a combination of them is wrong."""

    exit_code = ExitCode.USAGE
    code = Code.USAGE


class Failed(GocreatorError):
    """The work was tried and did not succeed."""


class Refused(GocreatorError):
    """The work was not begun: a limit, a confirmation, another build at work."""

    exit_code = ExitCode.REFUSED
    code = Code.UNCONFIRMED


class DocumentError(GocreatorError):
    """A document holds problems; all of them are listed, in the order of their places."""

    exit_code = ExitCode.USAGE

    def __init__(self, problems: Sequence[Problem]) -> None:
        """Sort the problems by place and drop repetitions."""
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(str(problem) for problem in self.problems))


class FcsError(DocumentError):
    """The specification cannot be built from."""

    code = Code.SPECIFICATION


class ConfigError(DocumentError):
    """A setting, in a file or in the environment, cannot be used."""

    code = Code.SETTINGS


class RuleError(DocumentError):
    """A rule or a template cannot be used."""

    code = Code.RULES


class LockError(DocumentError):
    """The lock file or the state cannot be read."""

    code = Code.LOCK
