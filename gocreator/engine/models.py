"""Who may be asked for files, as flags and settings say."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from gocreator.config.settings import Settings
from gocreator.llm.attempts import Patience
from gocreator.llm.endpoints import endpoints_of, ladders_of, patience_of
from gocreator.llm.provider import Endpoint, Rung


@dataclass(frozen=True)
class Models:
    """Who may be asked, and how often."""

    ladder: tuple[Rung, ...] = ()
    """The coder's; empty: nobody may be asked."""
    planners: tuple[Rung, ...] = ()
    """Those who are asked for contracts."""
    endpoints: Mapping[str, Endpoint] = field(default_factory=dict)
    retries: int = 3
    """So many further times is a rung asked for a file that was not accepted."""
    patience: Patience = field(default_factory=Patience)
    refresh: bool = False
    """Ask even for what the store holds."""
    allowed_secrets: frozenset[str] = frozenset()
    """The fingerprints of what only looks like a secret."""
    store: Path | None = None
    """Where artifacts are kept; None: nowhere."""
    store_limits: tuple[int, float] = (1 << 30, 90 * 86_400.0)
    """The store's size in bytes, and the age in seconds since the last use that an entry may reach."""


def models_of(settings: Settings) -> Models:
    """Return what flags and settings say."""
    configured = settings.models
    return Models(
        ladder=ladders_of(configured).get("coder", ()),
        planners=ladders_of(configured).get("planner", ()),
        endpoints=endpoints_of(configured, connections=settings.tasks),
        retries=settings.retries,
        patience=patience_of(configured),
        allowed_secrets=settings.allowed_secrets,
        store=settings.store_dir,
        store_limits=(settings.store_size_limit, settings.store_max_age),
    )
