"""How an entry lies on the disk: compressed where that makes it smaller. Prompts shrink to a quarter."""

import zlib

from gocreator.store.entry import Entry, Unreadable, decode, encode

LARGEST = 16 * 2**20
"""The bytes of the largest entry."""
_PACKED = b"\x78"
"""How zlib begins; an entry that is not compressed begins with a letter."""


def pack(entry: Entry) -> bytes | None:
    """Return an entry's bytes; None if it is too large to be kept."""
    data = encode(entry)
    packed = zlib.compress(data)
    return None if len(data) > LARGEST else min(packed, data, key=len)


def unpack(data: bytes) -> Entry:
    """Return the entry; raise `Unreadable` for anything else, what would become too large included."""
    if not data.startswith(_PACKED):
        return decode(data)
    reader = zlib.decompressobj()
    try:
        plain = reader.decompress(data, LARGEST)
    except zlib.error as error:
        raise Unreadable("it cannot be unpacked") from error
    if not reader.eof or reader.unused_data:
        raise Unreadable("it is too large, or not whole")
    return decode(plain)
