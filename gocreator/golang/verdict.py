"""What a verification found, as plain values."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any


class CheckStatus(StrEnum):
    """How a check came out; what could not be looked at is skipped, never passed."""

    PASSED = "passed"
    FAILED = "failed"
    SKIPPED = "skipped"


@dataclass(frozen=True)
class GoProblem:
    """One thing that a Go tool complains about; the file is relative to the root, 0 and "" mean unknown."""

    file: str
    line: int
    column: int
    message: str
    others: tuple[str, ...] = ()
    """Other files of the project that it mentions, the nearest to its cause first."""

    def __str__(self) -> str:
        """Write it as Go does."""
        numbers = [str(number) for number in (self.line, self.column) if number]
        place = ":".join([self.file, *numbers]) if self.file else ""
        return f"{place}: {self.message}" if place else self.message


@dataclass(frozen=True)
class Check:
    """One check: how it came out, in one line and in detail."""

    name: str
    status: CheckStatus
    seconds: float = 0.0
    summary: str = ""
    problems: tuple[GoProblem, ...] = ()
    output_tail: str = ""


@dataclass(frozen=True)
class Verification:
    """All checks in their order, and what a reader of the verdict should know besides."""

    checks: tuple[Check, ...]
    go_version: str = ""
    notes: tuple[str, ...] = ()
    unavailable: str = ""
    """What the project needs and cannot be had here, so that nothing was judged."""
    files: Mapping[str, bytes] = field(default_factory=dict)
    """Of go.mod and go.sum those that Go would have otherwise than they are, and how."""

    @property
    def ok(self) -> bool:
        """Tell whether nothing failed."""
        return all(check.status is not CheckStatus.FAILED for check in self.checks)

    @property
    def problems(self) -> tuple[GoProblem, ...]:
        """Return the problems of all checks."""
        return tuple(problem for check in self.checks for problem in check.problems)

    def check(self, name: str) -> Check:
        """Return a check by its name."""
        return next(check for check in self.checks if check.name == name)

    def as_dict(self) -> dict[str, Any]:
        """Return plain data, as a report or a state file holds it."""
        checks = [{**asdict(check), "status": check.status.value} for check in self.checks]
        for check in checks:
            check["problems"] = [{**it, "others": list(it["others"])} for it in check["problems"]]
        return {"ok": self.ok, "go_version": self.go_version, "checks": checks, "notes": list(self.notes)}


def skipped(name: str, reason: str) -> Check:
    """Compose a check that was not made."""
    return Check(name, CheckStatus.SKIPPED, summary=reason)


def failed(name: str, summary: str, problems: Sequence[GoProblem] = ()) -> Check:
    """Compose a check that failed before any tool ran."""
    return Check(name, CheckStatus.FAILED, summary=summary, problems=tuple(problems))
