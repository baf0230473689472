"""How a build saves calls and tokens, as settings say."""

from dataclasses import dataclass

from gocreator.config.settings import Settings

LONGEST = 64_000
"""So many tokens may an answer have where nothing else is said; all models of today write as many."""
_SHORT = 300.0
"""The seconds for which a provider keeps a prefix at least, unless it is asked to keep it for long."""


@dataclass(frozen=True)
class Optimizing:
    """What is done to save calls and tokens; by default, everything."""

    caching: frozenset[str] = frozenset({"anthropic", "openai"})
    """The kinds of providers whose caches are used."""
    stable: bool = True
    """What all prompts share is cached, not only what those of a group do."""
    long: bool = False
    """It is kept for the longer time, for later builds."""
    batch: int = 5
    """So many files may one call bring."""
    similarity: float = 0.7
    """From 0 to 1: how alike the contracts of files must be that share a call."""
    filtering: bool = True
    """A prompt holds of the specification what its files need."""
    share: float = 0.4
    """From 0 to 1: how much of the specification that may be."""
    longest: int | None = None
    """So many tokens may an answer have; None: as many as its files need."""

    @property
    def limit(self) -> int:
        """Return how many tokens an answer may have, whatever its files need."""
        return self.longest or LONGEST


def optimizing_of(settings: Settings) -> Optimizing:
    """Return what settings say."""

    def optimization(key: str) -> object:
        return settings.value(f"optimization.{key}")

    cached = settings.value("llm.enable_caching") and optimization("prompt_caching.enabled")
    kinds = (kind for kind in ("anthropic", "openai") if optimization(f"prompt_caching.provider_support.{kind}"))
    return Optimizing(
        caching=frozenset(kinds if cached else ()),
        stable=bool(optimization("prompt_caching.cache_stable_content")),
        long=settings.value("llm.cache_ttl") > _SHORT,
        batch=settings.value("optimization.batching.max_batch_size") if optimization("batching.enabled") else 1,
        similarity=settings.value("optimization.batching.similarity_threshold"),
        filtering=bool(optimization("context_window.smart_filtering")),
        share=settings.value("optimization.context_window.max_fcs_percentage") / 100,
        longest=settings.value("llm.max_tokens"),
    )
