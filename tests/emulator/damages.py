"""Ways in which an answer can be wrong, for `emulator.on(...)`.

Where a path may be given and is not, the first file of the answer is meant.
"""

import re
from collections.abc import Callable

from tests.emulator.answers import Draft, FileBlock
from tests.emulator.faults import Spoil

SECRET = "sk-ant-api03-" + "A1b2C3d4" * 11 + "-AA"
"""Looks like a key."""


def without(path: str | None = None) -> Spoil:
    """Leave a file out."""
    return Spoil(lambda draft: draft.blocks.remove(draft.block(path)))


def renamed(to: str, path: str | None = None) -> Spoil:
    """Give a file another path: also one that tries to escape, such as `../x.go` or `/etc/x.go`."""

    def change(draft: Draft) -> None:
        draft.block(path).path = to

    return Spoil(change)


def twice(path: str | None = None, *, source: str | None = None) -> Spoil:
    """Give a file two times, the second time with the same or another source."""

    def change(draft: Draft) -> None:
        block = draft.block(path)
        draft.blocks.append(FileBlock(block.path, block.source if source is None else source))

    return Spoil(change)


def unasked(path: str, source: str = "package unasked\n") -> Spoil:
    """Add a file that nobody asked for."""
    return Spoil(lambda draft: draft.blocks.append(FileBlock(path, source)))


def replaced(source: str, path: str | None = None) -> Spoil:
    """Give a file another source."""

    def change(draft: Draft) -> None:
        draft.block(path).source = source

    return Spoil(change)


def broken(path: str | None = None) -> Spoil:
    """Leave out the last closing brace of a file, so that Go cannot parse it."""

    def change(draft: Draft) -> None:
        block = draft.block(path)
        head, brace, tail = block.source.rpartition("}")
        block.source = f"{head}{tail}" if brace else f"{block.source}\nfunc {{\n"

    return Spoil(change)


def wrong_package(path: str | None = None, *, name: str = "elsewhere") -> Spoil:
    """Give a file another package clause."""

    def change(draft: Draft) -> None:
        block = draft.block(path)
        block.source = re.sub(r"(?m)^package \w+", f"package {name}", block.source, count=1)

    return Spoil(change)


def without_function(name: str, path: str | None = None) -> Spoil:
    """Leave a function or method out of a file that is laid out as gofmt does."""

    def change(draft: Draft) -> None:
        block = draft.block(path)
        pattern = rf"(?ms)^func (\([^)]*\) )?{re.escape(name)}[(\[].*?^}}\n"
        block.source, found = re.subn(pattern, "", block.source, count=1)
        if not found:
            raise AssertionError(f"there is no function {name} in {block.path}")

    return Spoil(change)


def chatter(before: str = "Here are the files:\n\n", between: str = "\nAnd:\n\n", after: str = "\nDone.\n") -> Spoil:
    """Talk around the files."""

    def change(draft: Draft) -> None:
        draft.before, draft.between, draft.after = before, between, after

    return Spoil(change)


def fenced(path: str | None = None) -> Spoil:
    """Put a Markdown fence around a file's source, inside its block."""

    def change(draft: Draft) -> None:
        block = draft.block(path)
        block.source = f"```go\n{block.source.rstrip()}\n```\n"

    return Spoil(change)


def fenced_around(language: str = "go") -> Spoil:
    """Put a Markdown fence around every block."""

    def change(draft: Draft) -> None:
        draft.before += f"```{language}\n"
        draft.between = f"```\n\n```{language}\n"
        draft.after = "```\n" + draft.after

    return Spoil(change)


def unclosed(path: str | None = None) -> Spoil:
    """Leave out the line that ends a file."""

    def change(draft: Draft) -> None:
        draft.block(path).closing = ""

    return Spoil(change)


def edited_by(edit: Callable[[str], str]) -> Spoil:
    """Change the whole text."""
    return Spoil(lambda draft: draft.edits.append(edit))


def crlf() -> Spoil:
    """End lines as Windows does."""
    return edited_by(lambda text: text.replace("\n", "\r\n"))


def empty() -> Spoil:
    """Say nothing at all."""
    return edited_by(lambda _: "")


def emptied(path: str | None = None) -> Spoil:
    """Give a file without any source."""
    return replaced("", path)


def secret(path: str | None = None) -> Spoil:
    """Put what looks like a key into a file."""

    def change(draft: Draft) -> None:
        block = draft.block(path)
        block.source += f'\nconst leaked = "{SECRET}"\n'

    return Spoil(change)


def thinking(text: str = "Let me think about that. ") -> Spoil:
    """Think first."""

    def change(draft: Draft) -> None:
        draft.thinking = text

    return Spoil(change)


def prose(text: str = "I would rather talk about the weather.") -> Spoil:
    """Say something else instead of any file."""
    return edited_by(lambda _: text)
