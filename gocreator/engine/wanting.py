"""Files that somebody wants of a model, and what a file must be to be taken."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from gocreator.golang.syntax import NotGo, gofmt
from gocreator.llm.provider import Rung
from gocreator.observe.events import Purpose
from gocreator.plan.record import Writer
from gocreator.plan.target import Target
from gocreator.prompt.answer import Answered
from gocreator.prompt.prompt import Prompt
from gocreator.prompt.texts import Texts
from gocreator.values import Digest, RelPath, RuleName, digest

_GROWTH = 4
"""So many times longer may gofmt make a file: Go that people can read is indented less."""


def meaning_of(target: Target, texts: Texts) -> tuple[str, ...]:
    """Return what a target's file means, and how it is asked for."""
    return "artifact", target.key, texts.recipe(target.rule)


def key_of(meaning: Sequence[str], rung: Rung) -> Digest:
    """Return what an artifact of a model is known by; with which other files it came is no part of it."""
    return digest(*meaning, rung.model, rung.effort)


@dataclass(frozen=True)
class Wanted:
    """A file that somebody wants of a model."""

    path: RelPath
    """How it is asked for."""
    rule: RuleName
    """What kind of file it is."""
    meaning: tuple[str, ...]
    """What it means and how it is asked for."""
    prompt: Callable[[], Prompt]
    """Makes the prompt that asks for it alone."""
    accept: Callable[[bytes], list[str]]
    """Returns why a file is not taken."""
    otherwise: str
    """What to do where nobody can be asked."""
    writer: str = "a model"
    contract: str = ""
    """What it must declare, to be said again to who missed it."""
    recipe: str = ""
    """How it is asked for, as it is recorded."""
    purpose: Purpose = Purpose.WRITE

    def key(self, rung: Rung) -> Digest:
        """Return what it is known by as the artifact of a model."""
        return key_of(self.meaning, rung)

    def written_by(self, rung: Rung) -> Writer:
        """Return what is recorded of whom it came from."""
        return Writer(rung.provider, rung.model, rung.effort, self.recipe)


@dataclass(frozen=True)
class Taken:
    """A file that was accepted, and who wrote it."""

    content: bytes
    rung: Rung


def judged(wanted: Wanted, found: Answered) -> tuple[bytes, list[str]]:
    """Return a file as gofmt lays it out, if it is Go, and why it is not taken."""
    written = found.content
    if not wanted.path.endswith(".go"):
        return written, wanted.accept(written)
    try:
        content = gofmt(written)
    except NotGo as error:
        return written, [f"{wanted.path}: {error.message}"]
    if len(content) > _GROWTH * len(written):
        return written, [f"{wanted.path}: it is nested so deeply that gofmt makes it {len(content):,} bytes long"]
    wrong = wanted.accept(content)
    # Who wrote it knows its lines as they were written.
    return content, wrong and (wanted.accept(written) or wrong)
