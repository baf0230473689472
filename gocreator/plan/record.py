"""What is remembered of a target: enough to tell whether it is still what its inputs ask for."""

from collections.abc import Mapping
from typing import Annotated, NamedTuple, Self

from pydantic import BaseModel, ConfigDict, Field

from gocreator.plan.target import Target
from gocreator.values import Checksum, Digest, Origin, RuleName


class Writer(NamedTuple):
    """A model that wrote a file, and how it was asked; what is not known of it is empty."""

    provider: str
    model: str
    effort: str
    recipe: str
    """A digest of how it was asked, apart from what the file means."""


class LockEntry(BaseModel):
    """What the lock file says of a target; with it alone a fresh clone is up to date."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: Digest
    checksum: Annotated[Checksum, Field(pattern=r"^(sha256|blake3):[0-9a-f]+$")]
    origin: Origin
    rule: RuleName
    rule_version: int
    model: Annotated[str | None, Field(description="The model that wrote the file; null for a template.")] = None
    provider: Annotated[str, Field(description="The provider that was asked for it.")] = ""
    effort: Annotated[str, Field(description="How hard the model was to think; empty: as is its way.")] = ""
    recipe: Annotated[str, Field(description="How it was asked; empty: not known, so no change of that is seen.")] = ""
    accepted: Annotated[bool, Field(description="The file is a hand edit that was accepted as it is.")] = False

    @property
    def writer(self) -> Writer | None:
        """Return the model that wrote the file; None for a template."""
        return None if self.model is None else Writer(self.provider, self.model, self.effort, self.recipe)


class Record(LockEntry):
    """What the local state says of a target: the lock's entry, and what explains a later difference."""

    rule_digest: Digest = Digest("")
    slice: Mapping[str, Digest] = Field(default_factory=dict)
    uses: Mapping[str, Digest] = Field(default_factory=dict)
    generated_at: str = ""

    @classmethod
    def of(
        cls,
        target: Target,
        checksum: Checksum,
        generated_at: str,
        *,
        accepted: bool = False,
        writer: Writer | None = None,
    ) -> Self:
        """Record a target as just made; the checksum is that of the pristine output, or of the edit accepted for it."""
        return cls(
            key=target.key,
            checksum=checksum,
            origin=target.origin,
            rule=target.rule,
            rule_version=target.rule_version,
            rule_digest=target.rule_digest,
            slice=target.slice,
            uses=target.uses,
            generated_at=generated_at,
            accepted=accepted,
            **(writer._asdict() if writer else {}),
        )

    def entry(self) -> LockEntry:
        """Return what of it belongs into the lock file."""
        return LockEntry.model_construct(**{name: getattr(self, name) for name in LockEntry.model_fields})
