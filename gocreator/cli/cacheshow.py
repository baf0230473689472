"""`gocreator cache show`: who made a file, when and for how much, what was asked and what was answered."""

import os
from collections.abc import Iterator, Sequence
from typing import Any

import click

from gocreator.cli.options import JSON, Invocation, common
from gocreator.cli.printing import echo_json
from gocreator.cli.storing import close_store, open_store, time_text
from gocreator.errors import WrongUsage
from gocreator.store.artifacts import ArtifactStore
from gocreator.store.entry import Held, Kind

_SHORT = 12
"""So many digits of a key are shown; fewer are understood."""


@click.command()
@click.argument("what", metavar="TARGET|KEY")
@JSON
@common
def show(call: Invocation, what: str, *, as_json: bool) -> int:
    """Show what the store knows of a file: model, time, tokens, prompt and answer.

    TARGET is the file's path, KEY the beginning of a key that is shown. Of a file that was made several times, what
    lies there comes first, then what is newest; of one that was never accepted, the last answer is shown.
    """
    store = open_store(call, create=False)
    found = _found(call, store, what)
    shown = [*found[:1], *_told(store, found[0])] if found else []
    warned = close_store(call, store)
    if not found:
        raise WrongUsage(
            f"the store holds nothing of {what}", hint="only what models wrote is there; see `gocreator cache stats`"
        )
    if as_json:
        echo_json({"entries": [_document(held) for held in shown], "others": [held.entry.key for held in found[1:]]})
        return int(warned)
    for held in shown:
        _print(held)
    for held in found[1:]:
        click.echo(f"=== also {_title(held)}")
    return int(warned)


def _found(call: Invocation, store: ArtifactStore, what: str) -> list[Held]:
    """Return the entries that are meant, the one that made the file first."""
    paths = _paths(call, what)
    of_path = [held for kind in (Kind.ARTIFACT, Kind.RESPONSE) for held in _of_path(store, kind, paths)]
    if of_path:
        made = {held.entry.response for held in of_path}
        return [held for held in of_path if held.entry.key not in made]
    return [held for held in store.entries() if len(what) >= 4 and held.entry.key.startswith(what)]


def _of_path(store: ArtifactStore, kind: Kind, paths: dict[str, bytes | None]) -> Sequence[Held]:
    found = (held for held in store.entries(kind) if held.entry.path in paths)
    return sorted(
        found,
        key=lambda it: (paths[it.entry.path or ""] == it.entry.content, it.entry.created_at, it.entry.key),
        reverse=True,
    )


def _paths(call: Invocation, what: str) -> dict[str, bytes | None]:
    """Return the paths in the output that a name may mean, with what lies there."""
    root = call.settings.output_dir
    inside = os.path.relpath(call.project / what, root)
    found: dict[str, bytes | None] = {}
    for path in {what, inside}:
        try:
            found[path] = (root / path).read_bytes()
        except (OSError, ValueError):
            found[path] = None
    return found


def _told(store: ArtifactStore, held: Held) -> Iterator[Held]:
    """Return prompt and answer of an entry, as far as they are kept."""
    wanted = {(Kind.PROMPT, held.entry.prompt), (Kind.RESPONSE, held.entry.response)}
    for kind in (Kind.PROMPT, Kind.RESPONSE):
        yield from (it for it in store.entries(kind) if (kind, it.entry.key) in wanted)


def _title(held: Held) -> str:
    entry = held.entry
    who = " ".join(filter(None, (entry.provider, entry.model, entry.effort)))
    about = (entry.kind, entry.key[:_SHORT], entry.path, who and f"by {who}", time_text(entry.created_at))
    return ", ".join(filter(None, about))


def _print(held: Held) -> None:
    entry = held.entry
    click.echo(f"=== {_title(held)}")
    if entry.kind is not Kind.PROMPT:
        click.echo(f"tokens: {entry.input_tokens} read, {entry.output_tokens} written")
    if entry.kind is Kind.ARTIFACT:
        click.echo(f"used again: {held.hits} times, which saved {held.tokens_saved} tokens")
        return
    # What others wrote must not reach a terminal as commands.
    text = entry.content.decode(errors="replace")
    click.echo("".join(char if char.isprintable() or char in "\n\t" else "\N{REPLACEMENT CHARACTER}" for char in text))


def _document(held: Held) -> dict[str, Any]:
    return held.entry.header() | {
        "created_at": time_text(held.entry.created_at),
        "content_hash": held.entry.content_hash,
        "last_used_at": time_text(held.last_used_at),
        "expires_at": time_text(held.expires_at),
        "hits": held.hits,
        "tokens_saved": held.tokens_saved,
        "content": held.entry.content.decode(errors="replace"),
    }
