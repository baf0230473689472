"""The files in a model's answer, taken as their blocks close while the text still comes in.

A block is a line `<file path="internal/models/user.go">`, the source, a line `</file>`. What stands outside of blocks
is chatter. Nothing is guessed: what is not told clearly is a flaw, whose message the model and the user can read.
"""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from posixpath import normpath

from gocreator.prompt.fence import unfenced
from gocreator.values import Digest, RelPath, digest

_OPENING = re.compile(r"<file[ \t]+path[ \t]*=[ \t]*(?:\"([^\"]*)\"|'([^']*)')[ \t]*>")
_MENTION = re.compile(r"<file[ \t][^<>]*/>")
"""How a request names the files that it wants; a model that repeats it wrote no block yet."""
_LONGEST_TAG = 1000
_BLANK = " \t\r\ufeff"
_FORMAT = 'write each file as a line `<file path="...">`, its source, and a line `</file>`'


class Flaw(StrEnum):
    """What kind of thing is wrong with an answer."""

    NO_BLOCK = "no-block"
    MISSING = "missing"
    CUT = "cut"
    UNWANTED = "unwanted"
    REPEATED = "repeated"
    EMPTY = "empty"
    NESTED = "nested"
    MALFORMED = "malformed"
    TOO_LONG = "too-long"


@dataclass(frozen=True)
class Answered:
    """A file whose block is closed; it still has to be accepted."""

    path: RelPath
    source: str
    line: int
    """Where its block begins in the answer, from 1."""

    @property
    def content(self) -> bytes:
        """Return its bytes; what is no text stays recognisable as such."""
        return self.source.encode(errors="surrogatepass")


@dataclass(frozen=True)
class Flawed:
    """Something wrong with an answer; `path` is empty unless it is one of the wanted paths."""

    flaw: Flaw
    message: str
    path: RelPath | None = None
    line: int = 0


@dataclass(frozen=True)
class Limits:
    """How much an answer may hold, in characters."""

    file: int = 512 * 1024
    answer: int = 8 * 1024 * 1024


@dataclass
class _Block:
    """A block that is not closed yet; one that is refused already only waits for its end."""

    line: int
    path: RelPath | None = None
    lines: list[str] | None = None
    size: int = 0


class AnswerReader:
    """Reads one answer, in pieces of any size.

    Time is linear in the answer, and memory is bounded by the limit of one file. The first closed block of a path
    counts: when a second one closes, the first may be checked, stored and written already, and a file that changes
    after it was accepted would need a second door. So a second block is only reported.
    """

    def __init__(self, wanted: Collection[RelPath], limits: Limits | None = None) -> None:
        self._wanted = tuple(dict.fromkeys(wanted))
        self._known = frozenset(self._wanted)
        self._limits = limits or Limits()
        self._taken: dict[RelPath, Digest] = {}
        self._explained: set[RelPath | None] = set()
        self._block: _Block | None = None
        self._begun = self._over = False
        self._partial: list[str] = []
        self._length = self._size = self._line = 0

    @property
    def missing(self) -> tuple[RelPath, ...]:
        """Return the wanted paths that no closed block brought, in the order of the request."""
        return tuple(path for path in self._wanted if path not in self._taken)

    def feed(self, text: str) -> list[Answered | Flawed]:
        """Take the next piece, and return what became known with it."""
        found: list[Answered | Flawed] = []
        start = 0
        while not self._over and start < len(text):
            end = text.find("\n", start)
            self._keep(text[start : len(text) if end < 0 else end])
            if self._size > self._limits.answer:
                self._over = True
                found.append(self._flawed(Flaw.TOO_LONG, f"the answer is longer than {self._limits.answer} characters"))
            elif end < 0:
                break
            else:
                found += self._ended_line()
            start = end + 1
        return found

    def end(self) -> list[Answered | Flawed]:
        """Say what became known with the end of the answer; what was wanted and did not come is a flaw each."""
        found: list[Answered | Flawed] = list(self._ended_line()) if self._length and not self._over else []
        block, self._block = self._block, None
        if block is not None:
            message = f"the block of {_shown(block.path)} was not closed with a line `</file>`; write it again in full"
            found.append(self._flawed(Flaw.CUT, message, block.path, block.line))
        if not self._begun and self._wanted:
            found.append(self._flawed(Flaw.NO_BLOCK, f"the answer holds no file: {_FORMAT}"))
        elif self._begun:
            unexplained = (path for path in self.missing if path not in self._explained)
            found += [self._flawed(Flaw.MISSING, f"{path} is wanted and did not come", path) for path in unexplained]
        return found

    def _keep(self, text: str) -> None:
        """Add to the line that is not ended; of one that no file may hold only the length is kept."""
        self._length += len(text)
        self._size += len(text)
        if self._length <= self._limits.file:
            self._partial.append(text)

    def _ended_line(self) -> Iterator[Answered | Flawed]:
        length = self._length
        line = "".join(self._partial).removesuffix("\r") if length <= self._limits.file else ""
        self._partial.clear()
        self._length, self._line, self._size = 0, self._line + 1, self._size + 1
        tag = line.strip(_BLANK) if length <= _LONGEST_TAG else ""
        if re.match(r"<file(?![\w-])", tag):
            yield from self._opened(tag)
        elif self._block is not None and re.fullmatch(r"</file[ \t]*>", tag):
            yield from self._closed(self._block)
        elif self._block is not None:
            yield from self._inside(self._block, line, length)

    def _opened(self, tag: str) -> Iterator[Flawed]:
        before, self._block = self._block, None
        if before is None and _MENTION.fullmatch(tag):
            return
        if before is not None and before.lines is not None:
            message = f"the block of {_shown(before.path)} holds a line `<file`: close it with a line `</file>` first"
            yield self._flawed(Flaw.NESTED, message, before.path, self._line)
        self._begun, self._block = True, _Block(self._line)
        told = _OPENING.fullmatch(tag)
        path = RelPath((told[1] or told[2] or "").strip()) if told else None
        if path is None:
            yield self._flawed(Flaw.MALFORMED, f"`{_shown(tag)}` is no beginning of a file: {_FORMAT}")
        elif path not in self._known:
            yield self._flawed(Flaw.UNWANTED, self._unwanted(path))
        else:
            self._block = _Block(self._line, path, [])

    def _unwanted(self, path: str) -> str:
        plain = normpath(path.replace("\\", "/")).lstrip("/").lower()
        near = next((it for it in self._wanted if it.lower() == plain), "")
        return f"{_shown(path)} was not asked for" + (f"; write the path exactly as `{near}`" if near else "")

    def _inside(self, block: _Block, line: str, length: int) -> Iterator[Flawed]:
        if block.lines is None:
            return
        block.size += length + 1
        if block.size <= self._limits.file:
            block.lines.append(line)
        else:
            block.lines = None
            message = f"{_shown(block.path)} is longer than {self._limits.file} characters"
            yield self._flawed(Flaw.TOO_LONG, message, block.path)

    def _closed(self, block: _Block) -> Iterator[Answered | Flawed]:
        self._block = None
        if block.path is None or block.lines is None:
            return
        source = "\n".join([*unfenced(block.lines), ""])
        if not source.strip(f"{_BLANK}\n"):
            yield self._flawed(Flaw.EMPTY, f"the block of {block.path} is empty", block.path, block.line)
            return
        text = digest(block.path, source.encode(errors="surrogatepass"))
        if block.path not in self._taken:
            self._taken[block.path] = text
            yield Answered(block.path, source, block.line)
        else:
            how = "twice" if text == self._taken[block.path] else "twice, and differently"
            message = f"{block.path} was written {how}; the first block counts"
            yield self._flawed(Flaw.REPEATED, message, block.path, block.line)

    def _flawed(self, flaw: Flaw, message: str, path: RelPath | None = None, line: int = 0) -> Flawed:
        self._explained.add(path)
        return Flawed(flaw, message, path, line or self._line)


def read_answer(
    pieces: Iterable[str], wanted: Collection[RelPath], limits: Limits | None = None
) -> Iterator[Answered | Flawed]:
    """Read an answer as it comes; return each file as soon as its block closes."""
    reader = AnswerReader(wanted, limits)
    for piece in pieces:
        yield from reader.feed(piece)
    yield from reader.end()


def _shown(text: str | None) -> str:
    """Return what an answer says so that it can be repeated: on one line, and not too long."""
    if text is None:
        return "a file"
    line = text if text.isprintable() else ascii(text)[1:-1]
    return line if len(line) <= 120 else f"{line[:120]}..."
