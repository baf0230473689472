"""Requests: what is sent for a question, and what it will take."""

from collections.abc import Iterable, Sequence

from gocreator.engine.callplan import PlannedCall
from gocreator.engine.estimating import Estimator
from gocreator.llm.provider import Block, Expected, Request, Turn
from gocreator.prompt.prompt import Prompt, PromptPart
from gocreator.prompt.tokens import Content


def request_of(
    prompt: Prompt, turns: Sequence[Turn], estimator: Estimator, planned: PlannedCall | None, longest: int
) -> Request:
    """Return a request; `turns` are what was said after the prompt, `longest` is the output limit that is wanted."""
    said = [PromptPart("said", "user", block.text, Content.GO) for turn in turns for block in turn.blocks]
    expected = _foreseen(planned) if planned else _expected(prompt, said, estimator)
    return Request(
        rung=estimator.rung,
        system=_blocks(prompt.said_by("system")),
        turns=(Turn("user", _blocks(prompt.said_by("user"))), *turns),
        max_output=estimator.longest(longest, expected.input),
        cache_key=prompt.cache_key,
        most_input=estimator.most([*prompt.parts, *said]),
        expected=expected,
    )


def _foreseen(planned: PlannedCall) -> Expected:
    billed = planned.billed
    written = billed.cache_write + billed.cache_write_long
    return Expected(billed.uncached, billed.cache_read, written, planned.output)


def _expected(prompt: Prompt, said: Iterable[PromptPart], estimator: Estimator) -> Expected:
    """Return about what a call takes, if nothing can be read from the cache."""
    marked = max((at for at, part in enumerate(prompt.parts, 1) if part.mark), default=0)
    tokens = [estimator.part(part) for part in (*prompt.parts, *said)]
    return Expected(uncached=sum(tokens[marked:]), cache_write=sum(tokens[:marked]), output=prompt.output)


def _blocks(parts: Iterable[PromptPart]) -> tuple[Block, ...]:
    return tuple(Block(part.text, part.mark) for part in parts)
