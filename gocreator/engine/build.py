"""A build: the plan's stale targets made, written and recorded, what left the plan removed, the tree judged."""

import time
from collections.abc import Mapping
from dataclasses import dataclass

from gocreator.engine.apichanges import ApiWatch
from gocreator.engine.closing import write_calibration
from gocreator.engine.guard import only_build
from gocreator.engine.mending import mend
from gocreator.engine.options import BuildOptions
from gocreator.engine.run import Run
from gocreator.engine.session import Request, Session
from gocreator.engine.steps import NotTaken
from gocreator.errors import ExitCode, GocreatorError
from gocreator.observe.events import Bus, Event, RunFinished, TargetFailed, TargetKept, VerifyFinished

__all__ = ["BuildOptions", "build"]


def build(request: Request, options: BuildOptions, bus: Bus) -> ExitCode:
    """Build what a request plans; what happens is told as events, the exit code sums it up."""
    began = time.monotonic()
    outcome = Outcome()
    bus.subscribe(outcome)
    session = Session(request)
    try:
        # What is wrong with the specification or the rules shows before anything is written.
        _ = session.plan
        # Lock, state and files are first looked at when nobody else can change them.
        with only_build(request.workspace):
            session.look_again()
            mend(session, bus)
            if not options.force:
                session.refuse_rival()
            ApiWatch(session, options.api_changes).refuse(session.findings(options.targets))
            try:
                session, unplanned = _planned(session, options, bus)
                Run(session, options, bus, unplanned).run()
            finally:
                write_calibration(request.workspace, options.models.calibration)
            code = outcome.exit_code
            # Those who listen may keep files that the lock protects.
            bus.emit(RunFinished(exit_code=code, seconds=time.monotonic() - began))
    except BaseException as error:
        said, code_of = (str(error), error.code.value) if isinstance(error, GocreatorError) else ("", "")
        seconds = time.monotonic() - began
        bus.emit(RunFinished(exit_code=_exit_code(error), seconds=seconds, error=said, code=code_of))
        raise
    return code


def _planned(session: Session, options: BuildOptions, bus: Bus) -> tuple[Session, Mapping[str, NotTaken]]:
    """Ask for the contracts without which targets cannot be planned; most builds need none."""
    if not session.plan.awaited:
        return session, {}
    from gocreator.engine.planning import plan_contracts  # noqa: PLC0415 - most builds ask nobody

    return plan_contracts(session, options, bus)


def _exit_code(error: BaseException) -> ExitCode:
    if isinstance(error, GocreatorError):
        return error.exit_code
    return ExitCode.INTERRUPTED if isinstance(error, KeyboardInterrupt) else ExitCode.BUG


@dataclass
class Outcome:
    """A subscriber that knows how the run must end."""

    failed: bool = False
    refused: bool = False
    broken: bool = False
    """The last verdict was bad; one before it may have been repaired."""

    def __call__(self, event: Event) -> None:
        """Take note of what makes a run fail."""
        self.failed |= isinstance(event, TargetFailed) and not event.refused
        self.failed |= isinstance(event, TargetKept) and event.stale
        self.refused |= isinstance(event, TargetFailed) and event.refused
        if isinstance(event, VerifyFinished):
            self.broken = not event.ok

    @property
    def exit_code(self) -> ExitCode:
        """Return how the run ends."""
        if self.failed or self.broken:
            return ExitCode.FAILED
        return ExitCode.REFUSED if self.refused else ExitCode.OK
