"""The store as commands open and close it."""

from datetime import UTC, datetime

from gocreator.cli.options import Invocation
from gocreator.store.artifacts import ArtifactStore, Limits, open_artifacts


def open_store(call: Invocation, *, create: bool) -> ArtifactStore:
    """Open the store of the settings; without `create` one that is not there holds nothing."""
    settings = call.settings
    for warning in settings.warnings:
        call.warn(str(warning))
    limits = Limits(settings.store_size_limit, settings.store_max_age)
    return open_artifacts(settings.store_dir, limits, create=create)


def close_store(call: Invocation, store: ArtifactStore) -> bool:
    """Close a store, and tell whether there was anything to warn of."""
    store.close()
    warnings = store.take_warnings()
    for warning in warnings:
        call.warn(warning)
    return bool(warnings)


def time_text(seconds: float | None) -> str | None:
    """Write a time for people and for JSON."""
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")
