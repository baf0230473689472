"""What happens in a run, for who calls `gocreator.build(..., on_event=...)`.

Events come one at a time, those of calls in the thread that makes the call, all others in the one that called
`build`, in this order:

1. `MetricsServed`, if that is wanted. `Warned`, any number: of the settings, of files of gocreator's own that were
   damaged, of the specification.
   Where contracts of packages are asked for first: those of calls (see 3), `ArtifactReused`, `ContractWritten`.
   Where models are asked for files: `OptimizationDecided` for each decision, then `CallsPlanned`.
2. `RunStarted`, once: how many targets were asked for, and how many of them are to be made.
   `RequirementTraced` for each requirement of the specification: which files are made with it in view.
3. For each of them, unless it is ignored, one of `TargetUpToDate`, `TargetOutdated`, `TargetKept`, `TargetBuilt` and
   `TargetFailed`. `BackedUp` comes before a file is written over that was edited by hand. After an interruption, or a
   failure where that stops a run, some have none. Before them, where models write: `ArtifactReused`, and of each call
   `CallWaiting`, `AttemptStarted`, `AnswerGrew`, `AttemptFinished`, in the end `CallFinished`. After a model's file,
   where that is wanted, `ReviewFinished` or `ReviewFailed`; and where a review found something serious,
   `RepairStarted`, `RepairWritten`, another review, `RepairFinished`.
4. `TargetRemoved`, `OrphanKept` or `TargetFailed` for each file that left the specification, if all were asked for.
5. `VerifyStarted` and `VerifyFinished`; or `VerifyFinished` alone, if the last verdict still holds or Go does not work;
   or `VerifySkipped`. After it `ModulesTidied`, where go.mod or go.sum had to be brought to what the code imports.
   Where Go found what is repaired: `RepairStarted` for each file, `CallFinished`, `RepairWritten`, then all of 5.
   again, then `RepairFinished`.
6. `ApiChanged` for each file whose public API is no longer what it was before.
7. `RunFinished`, once, also where `build` raises an error after it began.

`event.plain()` gives an event as plain data, as `--log-format json` has it.
"""

from gocreator.observe.callevents import (
    AnswerGrew,
    AttemptFinished,
    AttemptStarted,
    CallsPlanned,
    OptimizationDecided,
)
from gocreator.observe.events import (
    ApiChanged,
    ArtifactReused,
    BackedUp,
    CallFinished,
    CallWaiting,
    ContractWritten,
    Event,
    Level,
    MetricsServed,
    ModulesTidied,
    OrphanKept,
    RepairFinished,
    RepairStarted,
    RepairWritten,
    RequirementTraced,
    ReviewFailed,
    ReviewFinished,
    RunFinished,
    RunStarted,
    Subscriber,
    TargetBuilt,
    TargetFailed,
    TargetKept,
    TargetOutdated,
    TargetRemoved,
    TargetUpToDate,
    VerifyFinished,
    VerifySkipped,
    VerifyStarted,
    Warned,
)

__all__ = [
    "AnswerGrew",
    "ApiChanged",
    "ArtifactReused",
    "AttemptFinished",
    "AttemptStarted",
    "BackedUp",
    "CallFinished",
    "CallWaiting",
    "CallsPlanned",
    "ContractWritten",
    "Event",
    "Level",
    "MetricsServed",
    "ModulesTidied",
    "OptimizationDecided",
    "OrphanKept",
    "RepairFinished",
    "RepairStarted",
    "RepairWritten",
    "RequirementTraced",
    "ReviewFailed",
    "ReviewFinished",
    "RunFinished",
    "RunStarted",
    "Subscriber",
    "TargetBuilt",
    "TargetFailed",
    "TargetKept",
    "TargetOutdated",
    "TargetRemoved",
    "TargetUpToDate",
    "VerifyFinished",
    "VerifySkipped",
    "VerifyStarted",
    "Warned",
]
