"""`build --resume`: a build goes on where the last one stopped, as it was asked for, and adds to its figures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gocreator.cli.observing import Observed
from gocreator.cli.options import Invocation
from gocreator.errors import WrongUsage
from gocreator.observe.events import NothingToResume, RunResumed
from gocreator.store.aside import set_aside
from gocreator.store.journal import Asked, Former, Header, Journal, JournalDamaged, read_journal
from gocreator.store.workspace import HOME, JOURNAL

if TYPE_CHECKING:
    from gocreator.engine.build import BuildOptions

_PATHS = ("fcs", "output", "config")
_FLAGS = (*_PATHS, "jobs", "provider", "model", "origin")
"""What the flags of a call decide of a build; how it is told, and confirmations, are of the call alone."""


@dataclass(frozen=True)
class Resuming:
    """What a build is asked for, and the run that goes on with it."""

    call: Invocation
    targets: Sequence[str]
    how: Mapping[str, Any]
    former: Former | None = None
    wanted: bool = False
    """A run was to go on, whether there is one or not."""

    def begin(self, observed: Observed) -> Journal:
        """Let the run be written down, and say what it begins with."""
        header = _header(self, observed)
        journal = Journal(self.call.request.workspace.journal, header, self.former)
        observed.bus.subscribe(journal, first=True)
        tally = observed.report.tally
        if self.former is not None:
            observed.bus.emit(
                RunResumed(
                    run=header.run,
                    built=tally.counts["built"],
                    work=tally.work,
                    calls=tally.calls["calls"],
                    tokens=tally.tokens,
                )
            )
        elif self.wanted:
            observed.bus.emit(NothingToResume())
        return journal

    def options(self, options: "BuildOptions") -> "BuildOptions":
        """Return how the build goes about its work: what was made or paid for in this run is not made anew."""
        if self.former is None:
            return options
        return replace(options, made=self.former.made, models=replace(options.models, fresh=self.former.began))


def resuming(call: Invocation, targets: Sequence[str], how: Mapping[str, Any], *, wanted: bool) -> Resuming:
    """Return what is to be built: as the run that stopped was asked for, but for what is given now."""
    former = _former(call) if wanted else None
    if former is None:
        return Resuming(call, targets, how, wanted=wanted)
    asked, header = former.header.asked, former.header
    again = replace(call, **_taken(call, asked))
    if again.fcs is None:
        again = replace(again, fcs=Path(header.fcs))
    given = {name: value for name, value in how.items() if value not in (None, False)}
    known = {name: value for name, value in asked.how.items() if name in how}
    _check(again, former)
    return Resuming(again, targets or asked.targets, {**how, **known, **given}, former, wanted)


def _taken(call: Invocation, asked: Asked) -> dict[str, Any]:
    """Return the flags that were given then and are not given now."""
    then = ((name, getattr(asked, name)) for name in _FLAGS if getattr(call, name) is None)
    return {name: Path(value) if name in _PATHS else value for name, value in then if value is not None}


def _former(call: Invocation) -> Former | None:
    """Return the run that did not come to its end; a journal that nobody can read is set aside."""
    place = call.project / HOME / JOURNAL
    try:
        return read_journal(place)
    except JournalDamaged as error:
        call.warn(f"{place} is damaged ({error}): what it held lies in {set_aside(place)}")
        return None


def _check(call: Invocation, former: Former) -> None:
    """Refuse to go on with a run whose specification or output is not there any more."""
    header = former.header
    hint = "build without --resume: what models wrote is in the store, and not paid for again"
    run = f"run {header.run} cannot go on"
    if not (call.project / (call.fcs or header.fcs)).exists():
        raise WrongUsage(f"{run}: its specification {call.fcs} is not there any more", hint=hint)
    workspace = call.request.workspace
    if workspace.output != header.output and call.output is None:
        message = f"{run}: it built {header.output}, and the settings say {workspace.output} now"
        raise WrongUsage(message, hint=f"name the output with -o, or {hint}")
    if former.made and not workspace.root.is_dir():
        raise WrongUsage(f"{run}: its output {workspace.output} is not there any more", hint=hint)


def _header(asked: Resuming, observed: Observed) -> Header:
    call = asked.call
    flags = {name: getattr(call, name) for name in _FLAGS}
    spelt = {name: str(value) if isinstance(value, Path) else value for name, value in flags.items()}
    return Header(
        run=observed.report.run,
        started_at=observed.report.started_at,
        fcs=str(call.request.fcs),
        output=call.request.workspace.output,
        asked=Asked(targets=tuple(asked.targets), how=dict(asked.how), **spelt),
    )
