"""What is remembered of a target: enough to tell whether it is still what its inputs ask for."""

from collections.abc import Mapping
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field

from gocreator.plan.target import Target
from gocreator.values import Checksum, Digest, Origin, RuleName


class LockEntry(BaseModel):
    """What the lock file says of a target; with it alone a fresh clone is up to date."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: Digest
    checksum: Annotated[Checksum, Field(pattern=r"^(sha256|blake3):[0-9a-f]+$")]
    origin: Origin
    rule: RuleName
    rule_version: int
    model: Annotated[str | None, Field(description="The model that wrote the file; null for a template.")] = None
    accepted: Annotated[bool, Field(description="The file is a hand edit that was accepted as it is.")] = False


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
        model: str | None = None,
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
            model=model,
        )

    def entry(self) -> LockEntry:
        """Return what of it belongs into the lock file."""
        return LockEntry.model_construct(**{name: getattr(self, name) for name in LockEntry.model_fields})
