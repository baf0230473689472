"""Entries have one spelling, and nothing else is taken for one."""

import json
import random
import tracemalloc
import zlib
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from blake3 import blake3
from hypothesis import given
from hypothesis import strategies as st

from gocreator.store.entry import Entry, Kind, UnknownFormat, Unreadable, decode, encode
from gocreator.store.packing import LARGEST, pack, unpack
from gocreator.values import Digest, RelPath, digest

FULL = Entry(
    kind=Kind.ARTIFACT,
    key=digest("a"),
    content=b"package models\n\n\xff\x00",
    path=RelPath("internal/models/user.go"),
    rule="model",
    provider="anthropic",
    model="claude-sonnet-4-5",
    effort="high",
    prompt=digest("p"),
    response=digest("r"),
    created_at=1_800_000_000.5,
    input_tokens=1200,
    output_tokens=800,
    cost=Decimal("0.01560"),
)
names = st.text(st.characters(categories=["L", "N", "P"]), max_size=20)


def packed(header: Any, content: bytes = b"") -> bytes:
    body = (header if isinstance(header, bytes) else json.dumps(header).encode()) + b"\n" + content
    return b"gocreator-entry 1 " + blake3(body).hexdigest().encode() + b"\n" + body


@given(st.binary(max_size=200), st.sampled_from(Kind), names, st.floats(0, 2**40), st.integers(0, 2**40))
def test_entries_survive_writing(content: bytes, kind: Kind, model: str, at: float, tokens: int) -> None:
    entry = Entry(kind=kind, key=digest(model), content=content, model=model, created_at=at, output_tokens=tokens)
    assert decode(encode(entry)) == entry


def test_everything_that_is_known_is_kept() -> None:
    assert decode(encode(FULL)) == FULL
    assert decode(encode(FULL)).cost == Decimal("0.0156")
    assert FULL.size == len(FULL.content)
    assert encode(FULL).endswith(FULL.content)


def test_every_bit_counts() -> None:
    data = encode(FULL)
    for place in range(len(data)):
        spoilt = data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]
        with pytest.raises(Unreadable):
            decode(spoilt)
    for length in range(len(data)):
        with pytest.raises(Unreadable):
            decode(data[:length])


def test_another_format_is_told_from_damage() -> None:
    with pytest.raises(UnknownFormat):
        decode(encode(FULL).replace(b"gocreator-entry 1", b"gocreator-entry 2"))


KEY = "ab" * 32
WRONG: dict[str, Any] = {
    "no JSON": b"{",
    "deep JSON": b"[" * 100_000,
    "a list": [],
    "nothing": {},
    "no kind": {"key": KEY},
    "another kind": {"kind": "pickle", "key": KEY},
    "a key that is none": {"kind": "artifact", "key": "../../../etc/passwd"},
    "another part": {"kind": "artifact", "key": KEY, "mode": 4},
    "a path that leads up": {"kind": "artifact", "key": KEY, "path": "../../.bashrc"},
    "an absolute path": {"kind": "artifact", "key": KEY, "path": "/etc/passwd"},
    "a path with an escape": {"kind": "artifact", "key": KEY, "path": "a\x1b[2J"},
    "a model with an escape": {"kind": "artifact", "key": KEY, "model": "a\x1b[2J"},
    "a long model": {"kind": "artifact", "key": KEY, "model": "a" * 5000},
    "tokens that are text": {"kind": "artifact", "key": KEY, "input_tokens": "1"},
    "tokens that are true": {"kind": "artifact", "key": KEY, "input_tokens": True},
    "tokens below zero": {"kind": "artifact", "key": KEY, "output_tokens": -1},
    "no time": {"kind": "artifact", "key": KEY, "created_at": float("nan")},
    "no end of time": {"kind": "artifact", "key": KEY, "created_at": float("inf")},
    "a prompt that is no key": {"kind": "artifact", "key": KEY, "prompt": "../a"},
    "a response that is no key": {"kind": "artifact", "key": KEY, "response": "r" * 64},
    "no money": {"kind": "artifact", "key": KEY, "cost": "NaN"},
    "much money": {"kind": "artifact", "key": KEY, "cost": "1e999999999"},
}


@pytest.mark.parametrize("header", WRONG.values(), ids=WRONG)
def test_a_right_hash_makes_no_wrong_entry_right(header: Any) -> None:
    with pytest.raises(Unreadable):
        decode(packed(header))


def test_an_entry_that_cannot_be_kept_is_the_callers_mistake() -> None:
    for wrong in ({"key": Digest("user.go")}, {"path": RelPath("../a")}, {"model": "a\nb"}, {"cost": Decimal(-1)}):
        with pytest.raises(ValueError, match=r"."):
            Entry(**{"kind": Kind.PROMPT, "key": Digest(KEY), "content": b""} | wrong)


def test_entries_are_packed_where_that_pays() -> None:
    text = replace(FULL, content=b"what is asked for again and again\n" * 100)
    assert len(pack(text) or b"") < text.size / 5
    assert unpack(pack(text) or b"") == text
    assert pack(replace(FULL, content=random.Random(1).randbytes(1000))) is not None  # noqa: S311 - a sample
    assert unpack(encode(FULL)) == FULL, "one that is not packed"
    assert pack(replace(FULL, content=bytes(LARGEST))) is None


@pytest.mark.parametrize(
    "data",
    [
        zlib.compress(bytes(1000 * 2**20)),
        zlib.compress(encode(FULL))[:-1],
        zlib.compress(encode(FULL)) + b"!",
        zlib.compress(encode(FULL)).replace(b"\x78\x9c", b"\x78\x9d"),
        zlib.compress(zlib.compress(encode(FULL))),
        zlib.compress(b"") + encode(FULL),
        b"\x78",
    ],
    ids=["a bomb", "cut", "more", "damaged", "twice", "nothing", "a byte"],
)
def test_what_is_packed_wrongly_is_unreadable_and_takes_no_memory(data: bytes) -> None:
    tracemalloc.start()
    with pytest.raises(Unreadable):
        unpack(data)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 4 * LARGEST
