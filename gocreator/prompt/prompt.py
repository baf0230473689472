"""What a model is asked for files: the parts of a prompt, from most shared to least."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from gocreator.config.terms import Keep
from gocreator.prompt.tokens import Content, estimate

HEADROOM = 8_000
"""So many tokens may a model think, beside what it writes."""

Speaker = Literal["system", "user"]


@dataclass(frozen=True)
class PromptPart:
    """A piece of a prompt that stands or changes as a whole; it is sent as a block of its own."""

    name: str
    """What it holds, for people: `instructions`, `rules`, `project`, `specification`, `contracts`, `request`."""
    role: Speaker
    text: str
    content: Content = Content.PROSE
    mark: Keep | None = None
    """Set: what stands up to its end is to be cached, because other prompts begin so too (a breakpoint)."""

    def tokens(self, kind: str = "anthropic") -> int:
        """Return about how many tokens it takes at a kind of provider; the default takes most."""
        return estimate(self.text, self.content, kind)


@dataclass(frozen=True)
class Prompt:
    """Everything that a model is told before it answers, in order."""

    parts: tuple[PromptPart, ...]
    output: int
    """About so many tokens will the files take, by the estimate for the provider that writes most."""
    cache_key: str = ""
    """Equal for prompts that begin alike; helps a provider to find what it keeps of them."""

    def ending_with(self, request: PromptPart) -> "Prompt":
        """Return the same prompt with another request."""
        return replace(self, parts=(*self.parts[:-1], request))

    @property
    def limit(self) -> int:
        """Return the output limit of a request, which a model's thinking counts to."""
        return 2 * self.output + HEADROOM

    def said_by(self, role: Speaker) -> Iterator[PromptPart]:
        """Yield the parts of one role."""
        return (part for part in self.parts if part.role == role)

    def text(self, role: Speaker) -> str:
        """Return what one role says."""
        return "".join(part.text for part in self.said_by(role))
