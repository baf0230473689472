"""Who may be asked for files, as flags and settings say."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from gocreator.config.ownprices import OwnPrice
from gocreator.config.prices import terms_for
from gocreator.config.settings import Settings
from gocreator.config.terms import Terms
from gocreator.engine.optimizing import Optimizing, optimizing_of
from gocreator.llm.attempts import Patience
from gocreator.llm.budget import Budget
from gocreator.llm.budget import Limits as Spending
from gocreator.llm.endpoints import endpoints_of, ladders_of, patience_of
from gocreator.llm.provider import Endpoint, Rung
from gocreator.plan.record import Writer
from gocreator.store.artifacts import ArtifactStore, Entry, Limits, NoStore, open_artifacts
from gocreator.store.calibration import Calibration, read_calibration
from gocreator.store.workspace import Workspace


@dataclass(frozen=True)
class Models:
    """Who may be asked, and how often."""

    ladder: tuple[Rung, ...] = ()
    """The coder's; empty: nobody may be asked."""
    planners: tuple[Rung, ...] = ()
    """Those who are asked for contracts."""
    reviewers: tuple[Rung, ...] = ()
    """Those who are asked what they think of a file; empty: nobody is."""
    endpoints: Mapping[str, Endpoint] = field(default_factory=dict)
    prices: Mapping[str, OwnPrice] = field(default_factory=dict)
    """What the user says that models cost, by their names."""
    retries: int = 3
    """So many further times is a rung asked for a file that was not accepted."""
    patience: Patience = field(default_factory=Patience)
    refresh: bool = False
    """Ask even for what the store holds."""
    fresh: float = math.inf
    """With `refresh`, what was stored since is taken all the same: when this run began, in seconds since the epoch."""
    allowed_secrets: frozenset[str] = frozenset()
    """The fingerprints of what only looks like a secret."""
    store: Path | None = None
    """Where artifacts are kept; None: nowhere."""
    optimizing: Optimizing = field(default_factory=Optimizing)
    """How calls are saved, and their prompts."""
    budget: Budget = field(default_factory=Budget)
    """What a build may spend."""
    calibration: Calibration = field(default_factory=Calibration)
    """What earlier calls taught about estimates."""
    store_limits: tuple[int, float] = (1 << 30, 90 * 86_400.0)
    """The store's size in bytes, and the age in seconds since the last use that an entry may reach."""

    @property
    def reuses(self) -> bool:
        """Tell whether anything is taken out of the store."""
        return not self.refresh or self.fresh < math.inf

    def takes(self, found: Entry | None) -> bool:
        """Tell whether what the store holds is taken out of it."""
        return found is not None and (not self.refresh or found.created_at >= self.fresh)

    def terms(self, rung: Rung) -> Terms:
        """Return what a model costs, holds and caches."""
        return terms_for(self.endpoints[rung.provider].kind, rung.model, self.prices)

    @property
    def askable(self) -> tuple[Rung, ...]:
        """Return those of the coder's ladder for whom there is a key."""
        return self.with_key(self.ladder)

    def place_of(self, writer: Writer | None) -> int:
        """Return where who wrote a file stands among those who can be asked; who does not counts as the first."""
        rungs = [(rung.model, rung.effort) for rung in self.askable]
        wrote = (writer.model, writer.effort) if writer else None
        return rungs.index(wrote) if wrote in rungs else 0

    def with_key(self, ladder: Sequence[Rung]) -> tuple[Rung, ...]:
        """Return those of a ladder for whom there is a key."""
        return tuple(rung for rung in ladder if self.endpoints[rung.provider].key)


def models_of(settings: Settings, workspace: Workspace, *, calls: bool = True) -> Models:
    """Return what flags and settings say, and what is known of the models; without `calls` none may be made."""
    configured = settings.models
    return Models(
        ladder=ladders_of(configured).get("coder", ()),
        planners=ladders_of(configured).get("planner", ()),
        reviewers=ladders_of(configured).get("reviewer", ()) if settings.value("review.enabled") else (),
        endpoints=endpoints_of(configured, connections=settings.tasks),
        prices=configured.prices,
        retries=settings.retries,
        patience=patience_of(configured),
        allowed_secrets=settings.allowed_secrets,
        refresh=not settings.value("optimization.incremental.enabled"),
        optimizing=optimizing_of(settings),
        budget=Budget(Spending(*settings.spending, calls)),
        calibration=read_calibration(workspace.calibration),
        store=settings.store_dir,
        store_limits=(settings.store_size_limit, settings.store_max_age),
    )


def open_store(models: Models, *, create: bool = True) -> ArtifactStore:
    """Return the store of artifacts; without `create` one that is not there yet holds nothing."""
    size, age = models.store_limits
    return open_artifacts(models.store, Limits(size=size, age=age), create=create) if models.store else NoStore()
