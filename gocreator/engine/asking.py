"""Asking models for the files of targets: planned calls as jobs, and what the store holds without any call."""

import threading
from collections.abc import Callable, Collection, Hashable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

from gocreator.engine.callplan import PlannedCall, plan_calls
from gocreator.engine.conversing import Conversations, open_conversations
from gocreator.engine.decisions import decisions, foreseen
from gocreator.engine.gate import Gate
from gocreator.engine.jobs import Job, Signal, StepJob
from gocreator.engine.models import Models
from gocreator.engine.question import Asking
from gocreator.engine.session import Session
from gocreator.engine.staying import staying
from gocreator.engine.steps import Made, NotMade, unacceptable
from gocreator.engine.wanting import Taken, Wanted, meaning_of
from gocreator.observe.events import Bus, Purpose, Warned
from gocreator.plan.target import Target
from gocreator.prompt.accept import Acceptance
from gocreator.prompt.prompt import Prompt
from gocreator.prompt.repair import repair_prompt
from gocreator.values import Digest, Part, RelPath

Accept = Callable[[Target, bytes], list[str]]
"""Returns why a file is not taken for a target."""


def open_asker(
    models: Models, session: Session, making: Collection[RelPath], bus: Bus, cancelled: threading.Event
) -> "Asker":
    """Return what asks models for targets of a session, in a run that makes `making`.

    Raise `WrongUsage` where there is no Go to judge them.
    """
    conversations = open_conversations(models, models.ladder, session.workspace, bus, cancelled)
    acceptance = Acceptance(session.plan, partial(staying, session, making), conversations.secrets)
    return Asker(models, conversations, session, _judge(acceptance), bus)


def _judge(acceptance: Acceptance) -> Accept:
    """Join what is asked of every file and what is asked of a model's."""
    return lambda target, content: unacceptable(target, content) or acceptance.refusals(target, content)


class Asker:
    """Makes the targets of models; serves all threads. As a step it takes what the store holds, or asks for it."""

    def __init__(
        self, models: Models, conversations: Conversations, session: Session, accept: Accept, bus: Bus
    ) -> None:
        self._models = models
        self._bus = bus
        self.conversations = conversations
        self._texts = session.texts
        self._tree = session.tree
        self._recipes = session.recipes
        self._otherwise = f"set llm.provider, or {session.by_template}"
        self._accept = accept

    def make(self, targets: Sequence[Target]) -> Iterator[Made | NotMade | Job]:
        """Yield what the store holds of targets, and a call for each of the others."""
        for target in targets:
            wanted = self._wanted(target)
            got = self.conversations.stored(wanted)
            made = Made(target, got.content, wanted.written_by(got.rung)) if got else None
            yield made or CallJob(self.conversations, [target], Asking((wanted,)))

    def planned(
        self, targets: Sequence[Target], workers: int, gate: Gate, reviews: Sequence[PlannedCall] = ()
    ) -> list[Job]:
        """Return the calls that bring what the store does not hold; raise `Refused` if the gate does not let them.

        It is asked about the `reviews` that follow, too.
        """
        plan = plan_calls(self._texts, self._models, targets, self.conversations.store, workers=workers)
        for warning in plan.warnings:
            self._bus.emit(Warned(message=warning))
        asked = replace(plan, calls=plan.calls if self._models.askable else (), reviews=tuple(reviews))
        gate.admit(asked)  # of those for whom there is no key, each file says why
        named = replace(plan, calls=tuple(replace(call, call=self.conversations.calls.name()) for call in plan.calls))
        for event in (*decisions(named), foreseen(asked, gate.limits)):
            self._bus.emit(event)
        return [self._job(call) for call in named.calls]

    def repair(self, target: Target, messages: Sequence[str], rung: int) -> Job:
        """Return the call that asks one of those who can be asked to repair a file.

        None is made where the store holds another text than lies there: somebody repaired it, and it was lost.
        """
        wanted = replace(self._wanted(target), purpose=Purpose.REPAIR)
        if self.conversations.holds(wanted, other_than=self._tree.read(target.path)):
            return StepJob(self, [target])
        asking = Asking((wanted,), self.repair_prompt(target, messages), rung=rung, once=True)
        return CallJob(self.conversations, [target], asking)

    def repair_prompt(self, target: Target, messages: Sequence[str]) -> Prompt:
        """Return the prompt that asks to repair a file, as it lies there."""
        source = (self._tree.read(target.path) or b"").decode(errors="replace")
        hidden = [self.conversations.secrets.hide(message) for message in messages]
        return repair_prompt(self._texts, target, source, hidden)

    def _job(self, call: PlannedCall) -> Job:
        # Prompts that serve several files say what these have in common once: who missed it is shown the contract.
        wanted = tuple(
            replace(self._wanted(target), contract=target.contract(Part.FULL) if len(call.members) > 1 else "")
            for target in call.targets
        )
        asking = Asking(wanted, call.prompt, planned=call)
        return CallJob(self.conversations, call.targets, asking, call.prefixes, call.lifetime)

    def close(self) -> None:
        """Close all connections and the store."""
        self.conversations.close()

    def _wanted(self, target: Target) -> Wanted:
        """Key a file by what it means and how it is asked for."""
        return Wanted(
            path=target.path,
            rule=target.rule,
            meaning=meaning_of(target, self._texts),
            prompt=partial(self._texts.alone, target),
            accept=partial(self._accept, target),
            otherwise=self._otherwise,
            recipe=self._recipes.of(target.rule),
        )


@dataclass(frozen=True, eq=False)
class CallJob:
    """One call, for the targets that it asks for."""

    conversations: Conversations
    targets: Sequence[Target]
    asking: Asking
    shared: Sequence[Digest] = ()
    """The prefixes that its prompt begins with, and others too."""
    lifetime: float = 0.0
    asks: bool = True

    @property
    def pool(self) -> str:
        """Return the provider that is asked."""
        return self.conversations.provider(self.asking)

    @property
    def prefixes(self) -> Sequence[Hashable]:
        """Return what it reads or writes: each model has a cache of its own."""
        return [(self.asking.rung, it) for it in self.shared]

    def results(self, signal: Signal) -> Iterator[Made | NotMade | Job]:
        """Make the call; a target that it does not bring gets a job of its own, which begins as this one does."""
        by_path = {target.path: target for target in self.targets}
        for got in self.conversations.ask(self.asking, signal):
            if isinstance(got, Asking):
                yield replace(self, targets=[by_path[path] for path in got.paths], asking=got)
                continue
            wanted, came = got
            target = by_path[wanted.path]
            if isinstance(came, Taken):
                yield Made(target, came.content, wanted.written_by(came.rung))
            else:
                yield NotMade(target, came.message, refused=came.refused, code=came.code)
