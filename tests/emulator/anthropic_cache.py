"""Anthropic's prompt cache: entries at marks alone, found again by looking back from marks.

A mark looks at its own place and at nineteen before it; what lies below a model's minimum is never written.
"""

from tests.emulator.caching import Mark, Plan, Store, settle
from tests.emulator.models import ANTHROPIC_MINIMUM
from tests.emulator.prompts import Prompt

LOOKBACK = 20
SHORT, LONG = 300, 3600


def plan(prompt: Prompt, workspace: str, store: Store, now: float) -> Plan:
    """Say how a request reads and writes the cache."""
    names, totals = prompt.hashes(workspace), prompt.totals
    minimum = ANTHROPIC_MINIMUM.get(prompt.model, 1024)
    marks = [Mark(end, piece.ttl) for end, piece in enumerate(prompt.pieces, 1) if piece.ttl]
    hit = next((end for end in _places(marks) if store.live(names[end], now)), 0)
    writing = [mark for mark in marks if totals[mark.end] >= minimum]
    return settle(prompt, names, writing, hit=hit, long=LONG, store=store, now=now)


def _places(marks: list[Mark]) -> list[int]:
    """Return where an entry is looked for, in order."""
    return [end for mark in reversed(marks) for end in range(mark.end, max(mark.end - LOOKBACK, 0), -1)]
