"""OpenAI's prompt caches: from GPT-5.6 on at marks and at ends of messages, before that at fixed intervals.

The lookup follows the guide of October 2026: the first 2 and the latest 50 explicit marks, in implicit mode also the
implicit mark, 20 earlier ends of messages and the end of the leading developer's block. Of how long the first
generation keeps, the guide says what is typical (5 to 10 minutes in memory, 30 extended); the least of it holds here.
"""

import hashlib

from tests.emulator.caching import Mark, Plan, Store, settle
from tests.emulator.models import OPENAI_EXTENDED, OPENAI_INTERVAL, OPENAI_MARKED, OPENAI_MINIMUM
from tests.emulator.prompts import Bill, Prompt
from tests.emulator.tokens import BYTES_PER_TOKEN, compact, count

SHORT, LONG = 1800, 43_200
IN_MEMORY, EXTENDED = 300, 1800
ROUNDED_TO = 128


def plan(prompt: Prompt, workspace: str, store: Store, now: float) -> Plan:
    """Say how a request reads and writes the cache."""
    if prompt.model in OPENAI_MARKED:
        return _by_marks(prompt, workspace, store, now)
    return _by_intervals(prompt, workspace, store, now)


def _by_marks(prompt: Prompt, workspace: str, store: Store, now: float) -> Plan:
    names, totals = prompt.hashes(workspace), prompt.totals
    options = prompt.body.get("prompt_cache_options") or {}
    implicit = options.get("mode", "implicit") == "implicit"
    explicit = [Mark(end, piece.ttl) for end, piece in enumerate(prompt.pieces, 1) if piece.ttl]
    ends = [end for end, piece in enumerate(prompt.pieces, 1) if piece.ends_message]
    places = {mark.end for mark in [*explicit[:2], *explicit[-50:]]}
    marks = explicit[-3:] if implicit else explicit[-4:]
    if implicit and ends:
        places |= {*ends[-21:], _leading(prompt)}
        marks = [*marks, Mark(ends[-1], LONG if options.get("ttl") == "12h" else SHORT)]
    hit = next((end for end in sorted(places - {0}, reverse=True) if store.live(names[end], now)), 0)
    writing = [mark for mark in marks if totals[mark.end] >= OPENAI_MINIMUM]
    return settle(prompt, names, writing, hit=hit, long=LONG, store=store, now=now)


def _leading(prompt: Prompt) -> int:
    """Return where the developer's messages at the beginning end."""
    end = 0
    for piece in prompt.pieces:
        if not piece.kind.startswith(("tools", "developer", "system", "instructions")):
            break
        end += 1
    return end


def _by_intervals(prompt: Prompt, workspace: str, store: Store, now: float) -> Plan:
    """Find and write the prefixes of whole intervals; reading is reported in multiples of 128, writing is free."""
    raw = b"".join(piece.text.encode().ljust(count(piece.text) * BYTES_PER_TOKEN, b"\0") for piece in prompt.pieces)
    total = len(raw) // BYTES_PER_TOKEN
    step = OPENAI_INTERVAL.get(prompt.model, ROUNDED_TO)
    head = compact([workspace, prompt.model, prompt.seed])
    starts = _starts(prompt)
    ends = [end for end in range(step, total + 1, step) if end >= OPENAI_MINIMUM]
    heads = {end: compact([head, *(start for start in starts if start[0] < end)]).encode() for end in ends}
    names = {
        end: hashlib.blake2b(heads[end] + raw[: end * BYTES_PER_TOKEN], digest_size=16).hexdigest() for end in ends
    }
    hit = next((end for end in reversed(ends) if store.live(names[end], now)), 0)
    told = prompt.body.get("prompt_cache_retention") or ("24h" if prompt.model in OPENAI_EXTENDED else "in_memory")
    ttl = EXTENDED if told == "24h" else IN_MEMORY
    read = hit - hit % ROUNDED_TO

    def commit() -> None:
        for end in ends:
            store.refresh(names[end], now)
            store.write(names[end], now, ttl)

    return Plan(Bill(read=read, plain=total - read), commit)


def _starts(prompt: Prompt) -> list[tuple[int, str]]:
    """Return where each message begins, in tokens, and whose it is; how it is cut into parts makes no difference."""
    found: list[tuple[int, str]] = []
    for total, piece in zip(prompt.totals, prompt.pieces, strict=False):
        if not found or found[-1][1] != piece.kind:
            found.append((total, piece.kind))
    return found
