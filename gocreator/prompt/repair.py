"""What is sent to repair a file: its slice, its contract, the file, what is wrong with it, and nothing else."""

from collections.abc import Iterator, Sequence

from gocreator.plan.target import Target
from gocreator.prompt.prompt import Prompt, PromptPart
from gocreator.prompt.texts import Texts, asked_for
from gocreator.prompt.tokens import Content, estimate
from gocreator.values import Part

_ROOM = 2.4
"""So many times its file's tokens does a prompt take, beside the messages, unless the contract alone needs more."""
_MESSAGES = 20
_CHARACTERS = 4_000
"""So many messages are told, and so much of them: the first ones are the cause of most of the others."""


def repair_prompt(texts: Texts, target: Target, source: str, messages: Sequence[str]) -> Prompt:
    """Return the prompt that asks for a file once more; `source` is how it is now."""
    file = f'# `{target.path}` as it is\n\n<file path="{target.path}">\n{source.rstrip()}\n</file>\n\n'
    parts = [
        texts.repairing,
        PromptPart("contract", "user", _contract(target), Content.GO),
        PromptPart("file", "user", file, Content.GO),
        PromptPart("messages", "user", f"# What is wrong with it\n\n{_listed(messages)}\n\n"),
        asked_for([target.path]),
    ]
    size = estimate(source, Content.GO)
    room = _ROOM * size - sum(part.tokens() for part in parts if part.name != "messages")
    if lines := list(_fitting(_in_turn(texts, target), room)):
        text = "\n".join(["# Its specification\n", *lines, "\n"])
        parts.insert(1, PromptPart("specification", "user", text, Content.JSON))
    return Prompt(tuple(part for part in parts if part.text), size)


def _contract(target: Target) -> str:
    contract = target.contract(Part.FULL).strip()
    return f"# Its contract\n\n```go\n{contract}\n```\n\n" if contract else ""


def _in_turn(texts: Texts, target: Target) -> list[str]:
    """Return the elements that a file is made from: its own first, then those shown in full, then faces."""

    def rank(line: str) -> tuple[bool, bool]:
        name = line.partition(" ")[0]
        return name != target.element, name.endswith(f"#{Part.FACE}")

    return sorted(texts.elements([target]), key=rank)


def _fitting(lines: Sequence[str], room: float) -> Iterator[str]:
    for line in lines:
        room -= estimate(f"{line}\n", Content.JSON)
        if room < 0:
            return
        yield line


def _listed(messages: Sequence[str]) -> str:
    shown, left = list[str](), _CHARACTERS
    for message in messages[:_MESSAGES]:
        left -= len(message)
        if left < 0 and shown:
            break
        shown.append(f"- {message[:_CHARACTERS]}")
    more = len(messages) - len(shown)
    return "\n".join([*shown, *([f"- and {more} more"] if more else [])])
