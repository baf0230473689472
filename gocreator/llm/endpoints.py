"""What is configured about models, as what calls are made with."""

from collections.abc import Mapping

from gocreator.config.models import Models
from gocreator.llm.attempts import Patience
from gocreator.llm.provider import Endpoint, Rung


def endpoints_of(models: Models, *, connections: int) -> dict[str, Endpoint]:
    """Return how each provider that a ladder names is reached; one without a key has an empty one."""
    return {
        name: Endpoint(name, it.kind, it.key, it.base_url, it.named, it.api, it.timeout, connections, it.limits)
        for name, it in models.providers.items()
    }


def ladders_of(models: Models) -> Mapping[str, tuple[Rung, ...]]:
    """Return whom each role asks in turn; a role that is not there asks nobody, its files come from templates."""
    return {
        role: tuple(Rung(it.provider, it.model, it.effort) for it in rungs) for role, rungs in models.ladders.items()
    }


def patience_of(models: Models) -> Patience:
    """Return how often and how long is waited."""
    retry = models.retry
    return Patience(retry.max_attempts, retry.initial_backoff, retry.multiplier, retry.max_backoff)
