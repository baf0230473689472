"""Where a run could have gained something, and by which setting."""

from collections.abc import Iterator, Mapping
from typing import Any

from gocreator.observe.calllog import by

_FEW = 3
"""So many calls of a model say nothing about it."""
_LONG = 1.0
"""Seconds of waiting that are worth a word."""


def advice(report: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return what a report gives reason to try."""
    return [{"what": what, "setting": setting} for what, setting in _found(report)]


def _found(report: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for lane in report["providers"]:
        if lane["waited_seconds"] >= _LONG:
            yield (
                f"calls of {lane['provider']} waited {lane['waited_seconds']:.0f} s, for rate limits or after failures",
                f"ask fewer at once (-n), or raise llm.rate_limits.{lane['provider']}",
            )
    written = [it for it in report["calls"] if it["purpose"] == "write"]
    for model, calls in by(written, lambda it: it["model"]).items():
        if len(calls) > _FEW and all(len(it["targets"]) == 1 for it in calls):
            yield (
                f"every one of {len(calls)} calls of {model} brought a single file",
                "optimization.batching.enabled, max_batch_size, similarity_threshold",
            )
        if len(calls) > _FEW and not any(it["cache_read_tokens"] or it["cache_write_tokens"] for it in calls):
            yield (
                f"no call of {model} used the provider's cache: what they share is shorter than it keeps, or it is off",
                "optimization.prompt_caching.enabled, llm.enable_caching",
            )
        cut = sum(it["stop"] == "length" for it in calls)
        if cut:
            yield f"{cut} answers of {model} were cut off at their limit and asked for again", "llm.max_tokens"
    if report["counts"]["outdated"]:
        yield f"{report['counts']['outdated']} files are outdated, and kept", "gocreator build --upgrade"
    if report["needs_provider"]:
        many = len(report["needs_provider"])
        yield f"{many} files are skeletons, which no template can write in full", "llm.provider, or --provider"
    for warning in report["warnings"]:
        if "max_fcs_percentage" in warning:
            yield warning, "optimization.context_window.max_fcs_percentage"
