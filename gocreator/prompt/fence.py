"""A Markdown fence that a model put around a file, though none was wanted."""

import re
from collections.abc import Sequence

_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})[ \t]*([^`\s]*)[ \t]*\r?")


def unfenced(lines: Sequence[str]) -> Sequence[str]:
    """Return the lines inside of a fence around all of them; all lines where there is none.

    A text that begins with a fence and ends with another, as a README may, keeps both.
    """
    first = next((index for index, line in enumerate(lines) if line.strip()), len(lines))
    last = next((index for index in reversed(range(len(lines))) if lines[index].strip()), 0)
    if first >= last or not _FENCE.fullmatch(lines[first]):
        return lines
    return lines[first + 1 : last] if _closing(lines, first) == last else lines


def _closing(lines: Sequence[str], start: int) -> int:
    """Find the line that closes a fence; one with a word behind it opens another, unless that one is shorter."""
    opened: list[str] = []
    for index in range(start, len(lines)):
        found = _FENCE.fullmatch(lines[index])
        if found is None:
            continue
        mark, word = found[1], found[2]
        if index == start or word:
            opened.append(mark)
        elif mark.startswith(opened[-1]):
            opened.pop()
            if not opened:
                return index
    return -1
