"""Who may be asked for files, as flags and settings say."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from gocreator.llm.provider import Endpoint, Rung


@dataclass(frozen=True)
class Models:
    """Who may be asked, and how often."""

    ladder: tuple[Rung, ...] = ()
    """The coder's; empty: nobody may be asked."""
    endpoints: Mapping[str, Endpoint] = field(default_factory=dict)
    retries: int = 3
    """So many further times is a rung asked for a file that was not accepted."""
    max_attempts: int = 5
    """So many attempts of one call may fail in transport."""
    store: Path | None = None
    """Where artifacts are kept; None: nowhere."""
    store_limits: tuple[int, float] = (1 << 30, 90 * 86_400.0)
    """The store's size in bytes, and the age in seconds since the last use that an entry may reach."""
