"""Asking models for the files of targets."""

import threading
from collections.abc import Callable, Collection, Iterator, Sequence
from functools import partial

from gocreator.engine.conversing import Conversations, Taken, Wanted, open_conversations
from gocreator.engine.models import Models
from gocreator.engine.session import Session
from gocreator.engine.staying import staying
from gocreator.engine.steps import Made, NotMade, unacceptable
from gocreator.observe.events import Bus
from gocreator.plan.target import Target
from gocreator.prompt.accept import Acceptance
from gocreator.prompt.prompt import Prompts
from gocreator.values import RelPath

Accept = Callable[[Target, bytes], list[str]]
"""Returns why a file is not taken for a target."""


def open_model_step(
    models: Models, session: Session, making: Collection[RelPath], bus: Bus, cancelled: threading.Event
) -> "ModelStep":
    """Return what asks models for targets of a session, in a run that makes `making`.

    Raise `WrongUsage` where there is no Go to judge them.
    """
    conversations = open_conversations(models, models.ladder, session.workspace, bus, cancelled)
    acceptance = Acceptance(session.plan, partial(staying, session, making), conversations.secrets)
    return ModelStep(conversations, session.prompts, _judge(acceptance))


def _judge(acceptance: Acceptance) -> Accept:
    """Join what is asked of every file and what is asked of a model's."""
    return lambda target, content: unacceptable(target, content) or acceptance.refusals(target, content)


class ModelStep:
    """Makes the targets of models; serves all threads."""

    def __init__(self, conversations: Conversations, prompts: Prompts, accept: Accept) -> None:
        self._conversations = conversations
        self._prompts = prompts
        self._accept = accept

    def make(self, targets: Sequence[Target]) -> Iterator[Made | NotMade]:
        """Yield one result per target."""
        for target in targets:
            got = self._conversations.get(self._wanted(target))
            if isinstance(got, Taken):
                yield Made(target, got.content, got.model)
            else:
                yield NotMade(target, got.message, refused=got.refused)

    def close(self) -> None:
        """Close all connections and the store."""
        self._conversations.close()

    def _wanted(self, target: Target) -> Wanted:
        """Key a file by what it means and how it is asked for."""
        return Wanted(
            path=target.path,
            rule=target.rule,
            key=("artifact", target.key, self._prompts.recipe(target.rule)),
            prompt=lambda: self._prompts.of(target),
            accept=lambda content: self._accept(target, content),
        )
