"""What a build is asked to do."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from gocreator.engine.gate import Gate
from gocreator.engine.models import Models
from gocreator.golang.verify import VerifyOptions


@dataclass(frozen=True)
class BuildOptions:
    """How a build goes about its work."""

    run: str
    """The name of the run, for its report and its backups."""
    targets: Sequence[str] = ()
    workers: int = 4
    force: bool = False
    upgrade: bool = False
    """Make what is outdated too."""
    fail_fast: bool = False
    verify: bool = True
    verifying: VerifyOptions = field(default_factory=VerifyOptions)
    repairs: int = 3
    """So many times may a file be repaired that does not pass."""
    api_changes: str = "warn"
    """What happens where the public API of a file changes: `warn`, `fail`, `allow`."""
    models: Models = field(default_factory=Models)
    gate: Gate = field(default_factory=Gate)
    """What may be asked for without a question."""
    made: Collection[str] = ()
    """The files that an earlier part of this run made."""
