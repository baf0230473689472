"""What a reviewer is asked about a file, and what it may answer: findings in a fixed schema."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from gocreator.plan.target import Target
from gocreator.prompt.prompt import Prompt, PromptPart
from gocreator.prompt.texts import Texts, asked_for
from gocreator.prompt.tokens import Content
from gocreator.values import Digest, RelPath, digest

EXPECTED = 200
"""About so many tokens does a review take."""
_MOST = 50
"""A review with more findings is none that anybody reads."""


class ReviewFinding(BaseModel):
    """One thing that a reviewer has to say of a file."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    severity: Literal["error", "warning", "info"]
    line: int = Field(ge=0, description="The line of the file; 0: it is about the file as a whole.")
    what: str = Field(min_length=1, max_length=500)
    why: str = Field(min_length=1, max_length=1000)

    @property
    def serious(self) -> bool:
        """Tell whether it is to be repaired."""
        return self.severity == "error"

    def __str__(self) -> str:
        """Write it on a line."""
        return f"{f'line {self.line}: ' if self.line else ''}{self.what} ({self.why})"


_ANSWER = TypeAdapter(list[ReviewFinding])


def review_path(target: Target) -> RelPath:
    """Return how the review of a file is asked for."""
    return RelPath(f"{target.path}.review")


def review_prompt(texts: Texts, target: Target, source: str) -> Prompt:
    """Return the prompt for a review: the contracts that a file uses, its text, and nothing of the specification."""
    numbered = "\n".join(f"{number:4} {line}" for number, line in enumerate(source.splitlines(), 1))
    parts = (
        texts.reviewing,
        texts.used(target),
        PromptPart("file", "user", f"# The file `{target.path}`\n\n```go\n{numbered}\n```\n\n", Content.GO),
        asked_for([review_path(target)]),
    )
    return Prompt(tuple(part for part in parts if part.text), EXPECTED)


def review_meaning(texts: Texts, target: Target, content: bytes) -> tuple[str, ...]:
    """Return what the review of a file follows from; whose model is asked comes on top."""
    said: tuple[Digest, ...] = (digest(content), digest(texts.reviewing.text), digest(texts.used(target).text))
    return "review", target.path, *said


def findings_in(content: bytes) -> tuple[ReviewFinding, ...]:
    """Read an answer, the serious findings first; raise `ValueError` if it is none."""
    try:
        found = _ANSWER.validate_json(content)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(map(str, first["loc"]))
        raise ValueError(f"{place}: {first['msg']}" if place else first["msg"]) from error
    if len(found) > _MOST:
        raise ValueError(f"there are {len(found)} findings: name the {_MOST} that matter most")
    return tuple(sorted(found, key=lambda it: (("error", "warning", "info").index(it.severity), it.line)))


def refusals(content: bytes) -> list[str]:
    """Return why an answer is no review."""
    try:
        findings_in(content)
    except ValueError as error:
        return [f"it is no JSON array of findings: {error}"]
    return []
