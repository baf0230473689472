"""What the store keeps, and its one spelling in bytes: a line with format and hash, a line of JSON, the content.

The hash tells a damaged entry. It says nothing of who wrote it, so everything that is read is examined as well.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from decimal import Decimal
from enum import StrEnum
from typing import Any

from blake3 import blake3

from gocreator.values import Digest, RelPath, is_inside

FORMAT = 1
_MAGIC = "gocreator-entry"
_KEY = re.compile(r"[0-9a-f]{8,128}")
_COST = re.compile(r"\d{1,12}(\.\d{1,18})?")


class Kind(StrEnum):
    """What an entry is."""

    ARTIFACT = "artifact"
    """The text of a file that was accepted."""
    PROMPT = "prompt"
    """What was sent in a call, for reading later."""
    RESPONSE = "response"
    """What came back, for reading later."""


class Unreadable(ValueError):
    """Bytes that are no entry."""


class UnknownFormat(Unreadable):
    """An entry that another gocreator wrote."""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """Something that is kept, with what is known of it; a value that no entry can have is a `ValueError`."""

    kind: Kind
    key: Digest
    """Whatever the caller looks it up by, in lower-case hexadecimal digits."""
    content: bytes = field(repr=False)
    path: RelPath | None = None
    """For an artifact: where its file belongs in the output."""
    rule: str = ""
    provider: str = ""
    model: str = ""
    effort: str = ""
    prompt: Digest | None = None
    """The key of the prompt that it answers, where that was kept."""
    response: Digest | None = None
    """For an artifact: the key of the answer that brought it, where that was kept."""
    created_at: float = 0.0
    """In seconds since the epoch; 0: the moment at which it is stored."""
    input_tokens: int = 0
    """What it took to make, where that is known."""
    output_tokens: int = 0
    cost: Decimal | None = None
    """In US dollars."""

    def __post_init__(self) -> None:
        """Refuse what cannot be written, found again, or shown."""
        texts = (self.rule, self.provider, self.model, self.effort)
        for key in (self.key, *filter(None, (self.prompt, self.response))):
            if not _KEY.fullmatch(key):
                raise ValueError(f"{key!r} is no key: 8 to 128 digits of a lower-case hexadecimal digest")
        if not all(text.isprintable() and len(text) < 1000 for text in (self.path or "", *texts)):
            raise ValueError(f"{self.path!r}: names are short, and printable")
        if self.path and not is_inside(self.path):
            raise ValueError(f"{self.path!r} is no path inside an output")
        if not all(0 <= number < 2**53 for number in (self.created_at, self.input_tokens, self.output_tokens)):
            raise ValueError("times and tokens are counted from 0")
        if self.cost is not None and not _COST.fullmatch(f"{self.cost:f}"):
            raise ValueError(f"{self.cost} is no amount of money that is kept")

    @property
    def name(self) -> str:
        """Return what the store knows it by."""
        return name_of(self.kind, self.key)

    @property
    def content_hash(self) -> Digest:
        """Return the hash of the content."""
        return Digest(blake3(self.content).hexdigest())

    @property
    def size(self) -> int:
        """Return the number of bytes of the content."""
        return len(self.content)

    def header(self) -> dict[str, Any]:
        """Return all but the content as plain values, those left out that say nothing."""
        found = {name: getattr(self, name) for name in _HEADER if getattr(self, name)}
        return found if self.cost is None else found | {"cost": f"{self.cost:f}"}


@dataclass(frozen=True)
class Held:
    """An entry, and what became of it in this store."""

    entry: Entry
    stored_at: float
    last_used_at: float
    expires_at: float
    hits: int

    @property
    def tokens_saved(self) -> int:
        """Return the tokens that were not spent again; what is only read saves none."""
        return self.hits * (self.entry.input_tokens + self.entry.output_tokens) * (self.entry.kind is Kind.ARTIFACT)


_HEADER = tuple(it.name for it in fields(Entry) if it.name != "content")
_REQUIRED = frozenset({"kind", "key"})
_NUMBERS: Mapping[str, tuple[type, ...]] = {"created_at": (int, float), "input_tokens": (int,), "output_tokens": (int,)}
_TYPES = {name: _NUMBERS.get(name, (str,)) for name in _HEADER}


def name_of(kind: Kind, key: Digest) -> str:
    """Return what the store knows an entry by."""
    return f"{kind}:{key}"


def encode(entry: Entry) -> bytes:
    """Return an entry's bytes: equal entries, equal bytes."""
    header = json.dumps(entry.header(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    body = b"%s\n%s" % (header.encode(), entry.content)
    return f"{_MAGIC} {FORMAT} {blake3(body).hexdigest()}\n".encode() + body


def decode(data: bytes) -> Entry:
    """Return the entry; raise `Unreadable` for anything that `encode` would not write."""
    first, _, body = data.partition(b"\n")
    match first.split(b" "):
        case [magic, number, found] if magic == _MAGIC.encode():
            if number != str(FORMAT).encode():
                raise UnknownFormat(f"format {number[:20]!r}")
            if found != blake3(body).hexdigest().encode():
                raise Unreadable("its hash is another")
        case _:
            raise Unreadable("it does not begin as an entry")
    header, _, content = body.partition(b"\n")
    try:
        return entry_of(json.loads(header), content)
    except RecursionError as error:
        raise Unreadable("its header is no header") from error
    except Unreadable:
        raise
    except ValueError as error:
        raise Unreadable(str(error)) from error


def entry_of(header: object, content: bytes) -> Entry:
    """Return the entry that a header and a content make; raise `Unreadable` where they make none."""
    if not isinstance(header, dict) or not header.keys() >= _REQUIRED or not header.keys() <= _TYPES.keys():
        raise Unreadable("its header has other parts")
    for name, value in header.items():
        if not isinstance(value, _TYPES[name]) or isinstance(value, bool):
            raise Unreadable(f"its {name} is of another type")
    plain = dict(header)
    try:
        if "cost" in plain:
            if not _COST.fullmatch(plain["cost"]):
                raise Unreadable("its cost is no amount of money")
            plain["cost"] = Decimal(plain["cost"])
        return Entry(**plain | {"kind": Kind(plain["kind"])}, content=content)
    except ValueError as error:
        raise Unreadable(str(error)) from error
