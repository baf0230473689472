"""A store's entries as one portable file: JSON lines, each with a hash, and a last line that says how many there are.

What comes from such a file is trusted no more than what lies in a store: every line is read and judged by itself.
"""

import base64
import json
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from blake3 import blake3

from gocreator.errors import Code, Refused, WrongUsage
from gocreator.store.artifacts import ArtifactStore
from gocreator.store.entry import Entry, Unreadable, encode, entry_of

FORMAT = 1
_MARK = "gocreator_store"
_HEAD = json.dumps({_MARK: FORMAT}).encode() + b"\n"
_LONGEST = 128 * 2**20
"""The bytes of the longest line: the largest entry, all of it escaped."""


@dataclass
class Imported:
    """What became of the lines of an archive."""

    added: int = 0
    present: int = 0
    refused: int = 0
    """Lines that hold no entry, or another one than their hashes say."""
    unkept: int = 0
    """Good ones that the store did not keep."""
    whole: bool = False
    """Whether the archive ends as it should."""

    @property
    def complete(self) -> bool:
        """Tell whether everything that was exported is in the store."""
        return self.whole and not self.refused and not self.unkept


def write_archive(store: ArtifactStore, place: Path) -> int:
    """Write all entries into a file, which is there in full or not at all; return how many they are."""
    _refuse_to_replace(place)
    count = 0
    with _replacing(place) as file:
        file.write(_HEAD)
        for held in store.entries():
            file.write(_line(_document(held.entry)))
            count += 1
        file.write(_line({"entries": count}))
    return count


def read_archive(store: ArtifactStore, place: Path, is_secret: Callable[[bytes], bool]) -> Imported:
    """Put what is good of a file into a store; what is there already stays as it is, a secret is not taken."""
    try:
        if not place.is_file():
            raise WrongUsage(f"{place}: there is no such file", hint="name one that `gocreator cache export` wrote")
        with place.open("rb") as file:
            _check_head(place, file.readline(200))
            return _taken(store, file, is_secret)
    except OSError as error:
        raise WrongUsage(f"{place} cannot be read: {error.strerror}") from error


def _taken(store: ArtifactStore, file: IO[bytes], is_secret: Callable[[bytes], bool]) -> Imported:
    found, lines = Imported(), 0
    while line := file.readline(_LONGEST):
        if found.whole:  # nothing comes after the end
            found.whole = False
            found.refused += 1
            break
        document = _parsed(line)
        if isinstance(document, dict) and document.keys() == {"entries"}:
            found.whole = document["entries"] == lines
            continue
        lines += 1
        _take(store, document, found, is_secret)
    return found


def _take(store: ArtifactStore, document: object, found: Imported, is_secret: Callable[[bytes], bool]) -> None:
    try:
        entry = _entry(document)
    except (ValueError, TypeError):
        found.refused += 1
        return
    if store.get(entry.kind, entry.key) is not None:
        found.present += 1
    elif store.put(entry, secret=is_secret(entry.content)):
        found.added += 1
    else:
        found.unkept += 1


def _document(entry: Entry) -> dict[str, Any]:
    found = {"digest": blake3(encode(entry)).hexdigest(), "entry": entry.header()}
    try:
        return found | {"text": entry.content.decode()}
    except UnicodeDecodeError:
        return found | {"base64": base64.b64encode(entry.content).decode()}


def _entry(document: object) -> Entry:
    match document:
        case {"digest": str(digest), "entry": header, "text": str(text), **rest} if not rest:
            content = text.encode()
        case {"digest": str(digest), "entry": header, "base64": str(text), **rest} if not rest:
            content = base64.b64decode(text, validate=True)
        case _:
            raise Unreadable("it is no entry")
    entry = entry_of(header, content)
    if blake3(encode(entry)).hexdigest() != digest:
        raise Unreadable("its hash is another")
    return entry


def _line(document: object) -> bytes:
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode() + b"\n"


def _parsed(line: bytes) -> object:
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return None


def _check_head(place: Path, line: bytes) -> None:
    if line == _HEAD:
        return
    document = _parsed(line)
    if isinstance(document, dict) and isinstance(number := document.get(_MARK), int) and number > FORMAT:
        raise WrongUsage(f"{place}: format {number} is newer than this gocreator", hint="install a newer gocreator")
    raise WrongUsage(f"{place} is no export of a store", hint="`gocreator cache export FILE` writes one")


def _refuse_to_replace(place: Path) -> None:
    if place.is_dir():
        raise WrongUsage(f"{place} is a directory", hint="name a file")
    if not place.parent.is_dir():
        raise WrongUsage(f"{place.parent}: there is no such directory", hint="create it")
    if os.path.lexists(place) and not (place.is_file() and _is_archive(place)):
        raise Refused(
            f"{place} is there already, and is no export of a store", hint="name another file", code=Code.IN_THE_WAY
        )


def _is_archive(place: Path) -> bool:
    with place.open("rb") as file:
        return file.readline(200) == _HEAD


@contextmanager
def _replacing(place: Path) -> Iterator[IO[bytes]]:
    """Give a file that takes a place when it is complete; it is its owner's alone."""
    descriptor, name = tempfile.mkstemp(dir=place.parent, prefix=f".{place.name[:100]}.")
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
            file.flush()
            os.fsync(descriptor)
        temporary.replace(place)
    finally:
        temporary.unlink(missing_ok=True)
