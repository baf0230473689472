"""Requests as OpenAI's two APIs want them. Source: the SDK's types (3.54), developers.openai.com/api/docs (caching)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Literal

from gocreator.config.terms import Keep, terms_of
from gocreator.llm.provider import Block, Request

_TTL = {Keep.SHORT: "30m", Keep.LONG: "12h"}
_ABSENT = {404, 405, 501}
_REFUSED = {400, 422}
_DISPENSABLE = ("max_completion_tokens", "stream_options", "reasoning_effort", "reasoning", "store")
"""What other servers may not know."""
_OPENAIS = re.compile(r"(gpt-|chatgpt-|o\d)")
"""How OpenAI names its models."""
_UNKNOWN = re.compile(r"unknown|unrecogni[sz]ed|unexpected|unsupported.param|not permitted|extra |not supported$")
"""How they say so; a value that is wrong is another matter."""


@dataclass(frozen=True)
class Dialect:
    """How a server is spoken to for one model: the API, and what it understands of it."""

    api: Literal["responses", "chat"]
    caching: bool = True
    """Whether requests say what is to be cached; older models and other servers refuse it."""
    keyed: bool = True
    """Whether requests that begin alike are named alike, which helps where prefixes are cached unasked."""
    developer: bool = True
    """Whether the system's word is the developer's; servers that only resemble OpenAI know it as the system's."""
    refused: frozenset[str] = frozenset()
    """Parameters that can be done without, or are called otherwise, and that the server does not know."""

    @classmethod
    def first(cls, api: Literal["responses", "chat"], model: str) -> "Dialect":
        """Return how a model is spoken to before anything is learnt of its server."""
        return cls(api, caching=terms_of("openai", model).marks > 0, keyed=bool(_OPENAIS.match(model)))

    def without(self, status: int, words: str, message: str, *, auto: bool) -> "Dialect | None":
        """Return the dialect that leaves out what an answer refuses; none if it refuses something else."""
        text = f"{words} {message}".lower()
        if status in _ABSENT and self.api == "responses" and auto and not re.search(r"\bmodels?\b|model_", text):
            return replace(self, api="chat")
        if status in _REFUSED and (self.caching or self.keyed) and "prompt_cache" in text:
            return replace(self, caching=False, keyed=self.caching and "prompt_cache_key" not in text)
        if status in _REFUSED and self.developer and "developer" in text:
            return replace(self, developer=False)
        unknown = [name for name in _DISPENSABLE if re.search(rf"\b{name}\b", text) and name not in self.refused]
        if status in _REFUSED and auto and unknown and _UNKNOWN.search(text):
            return replace(self, refused=self.refused | {unknown[0]})
        return None

    def body(self, request: Request) -> dict[str, Any]:
        """Return a request's body, but for `stream`."""
        body: dict[str, Any] = {"model": request.rung.model}
        if self.api == "responses":
            body |= {"input": self._messages(request, "input_text"), "max_output_tokens": request.max_output}
            body |= {"store": False} | ({"reasoning": {"effort": request.rung.effort}} if request.rung.effort else {})
        else:
            body |= {"messages": self._messages(request, "text"), "max_completion_tokens": request.max_output}
            body |= {"stream_options": {"include_usage": True}}
            body |= {"reasoning_effort": request.rung.effort} if request.rung.effort else {}
        if "max_completion_tokens" in self.refused:
            body["max_tokens"] = request.max_output
        # Nothing but the marks is to be cached: without any, nothing is written and charged.
        body |= {"prompt_cache_options": {"mode": "explicit"}} if self.caching else {}
        body |= {"prompt_cache_key": request.cache_key} if self.keyed and request.cache_key else {}
        return {name: value for name, value in body.items() if name not in self.refused}

    def _messages(self, request: Request, kind: str) -> list[dict[str, Any]]:
        """Write the conversation; the developer's message comes first, because `instructions` take no mark."""
        system = "developer" if self.developer else "system"
        parts = [(system, request.system), *((turn.role, turn.blocks) for turn in request.turns)]
        return [{"role": role, "content": self._content(role, blocks, kind)} for role, blocks in parts if blocks]

    def _content(self, role: str, blocks: Iterable[Block], kind: str) -> str | list[dict[str, Any]]:
        """Write blocks as parts where they can carry marks, else as the one text that every server takes."""
        if not self.caching or role == "assistant":
            return "".join(block.text for block in blocks)
        return [
            {"type": kind, "text": block.text} | ({"prompt_cache_breakpoint": _mark(block.mark)} if block.mark else {})
            for block in blocks
            if block.text
        ]


def _mark(keep: Keep) -> dict[str, str]:
    """Write a mark."""
    return {"mode": "explicit", "ttl": _TTL[keep]}
