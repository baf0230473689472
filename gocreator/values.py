"""Meaning in types: paths, digests, ids and the small enumerations that every layer shares."""

import hashlib
from enum import StrEnum
from typing import NewType

from blake3 import blake3

RelPath = NewType("RelPath", str)
"""A POSIX path relative to an output directory, without `.` or `..` segments."""

Digest = NewType("Digest", str)
"""A lower-case hexadecimal blake3 digest of something's meaning."""

Checksum = NewType("Checksum", str)
"""`<algorithm>:<hex>` of a file's bytes, so that a record outlives a change of algorithm."""

ElementId = NewType("ElementId", str)
"""The stable address of a part of the FCS, such as `entity:User`."""

RuleName = NewType("RuleName", str)
"""The name of a kind of file, which is the name of its folder below `templates/rules`."""


class Origin(StrEnum):
    """Who writes a target."""

    TEMPLATE = "template"
    MODEL = "model"


class Part(StrEnum):
    """How much of an element or a contract somebody uses."""

    FACE = "face"
    FULL = "full"


class Status(StrEnum):
    """What a build would find out about a target."""

    UP_TO_DATE = "up-to-date"
    STALE = "stale"
    MISSING = "missing"
    EDITED = "edited"
    EDITED_STALE = "edited-stale"
    OUTDATED = "outdated"
    PENDING = "pending"
    IGNORED = "ignored"


def is_inside(path: str) -> bool:
    """Tell whether a path is relative, in normal form, and leads nowhere but down."""
    parts = path.split("/")
    return "\0" not in path and "\\" not in path and not {"", ".", ".."} & set(parts)


def digest(*parts: str | bytes) -> Digest:
    """Hash parts so that no two different lists of parts run together."""
    told: list[bytes] = []
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        told += (len(data).to_bytes(8, "little"), data)
    return Digest(blake3(b"".join(told)).hexdigest())


def checksum(data: bytes, algorithm: str) -> Checksum:
    """Hash a file's bytes with `sha256` or `blake3`."""
    if algorithm == "blake3":
        return Checksum(f"blake3:{blake3(data).hexdigest()}")
    return Checksum(f"{algorithm}:{hashlib.new(algorithm, data).hexdigest()}")


def matches(recorded: Checksum, data: bytes) -> bool:
    """Tell whether bytes are those that a checksum was taken of, whatever its algorithm."""
    algorithm, _, _ = recorded.partition(":")
    return checksum(data, algorithm) == recorded
