"""What failed in a run, by cause: files that failed for one reason stand together, the first reason on top."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from gocreator.observe.events import Event, TargetBuilt, TargetFailed, VerifyFinished

_FILES = 3
"""So many files of a cause are named."""


@dataclass
class Failures:
    """A subscriber that remembers what failed, until it succeeds."""

    causes: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    """The files of each code and message, in the order in which the first of them failed."""
    unverified: bool = False

    def __call__(self, event: Event) -> None:
        """Note a failure, or that what failed before is there."""
        match event:
            case TargetFailed():
                self.causes.setdefault((event.code, event.message), []).append(event.path)
            case TargetBuilt():
                kept = {cause: [it for it in paths if it != event.path] for cause, paths in self.causes.items()}
                self.causes = {cause: paths for cause, paths in kept.items() if paths}
            case VerifyFinished():
                self.unverified = not event.ok
            case _:
                pass

    def lines(self, verify_code: str) -> Iterator[str]:
        """Yield what is to be said at the end of a run; `verify_code` is the code of a tree that Go does not accept."""
        count = sum(map(len, self.causes.values()))
        if count > 1:
            reasons = f"{len(self.causes)} reasons, the first on top" if len(self.causes) > 1 else "one reason"
            yield f"{count} files failed, for {reasons}:"
            for (_, message), paths in self.causes.items():
                more = f" and {len(paths) - _FILES} more" if len(paths) > _FILES else ""
                yield f"  {', '.join(paths[:_FILES])}{more}"
                yield from (f"    {line}" for line in message.splitlines())
        codes = dict.fromkeys(code for code, _ in self.causes if code)
        for code in [*codes, *([verify_code] if self.unverified else [])]:
            yield f"`gocreator explain {code}` says more"
