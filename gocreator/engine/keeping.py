"""What is kept of calls, for reading: prompt and answer in the store, and an answer that was not taken as a file."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from gocreator.llm.provider import Block, Request, Usage
from gocreator.output.tree import Tree, Unwritable
from gocreator.prompt.secrets import Secrets
from gocreator.store.artifacts import ArtifactStore
from gocreator.store.entry import Entry, Kind
from gocreator.store.workspace import Workspace
from gocreator.values import Digest, RelPath, digest


class Remembered(NamedTuple):
    """The keys of what the store keeps of a call; None for what it does not keep."""

    prompt: Digest | None = None
    response: Digest | None = None


@dataclass(frozen=True)
class Keeping:
    """Keeps what was said; nothing that may hold a secret."""

    store: ArtifactStore
    workspace: Workspace
    secrets: Secrets

    def call(self, request: Request, paths: Sequence[RelPath], answer: str, usage: Usage) -> Remembered:
        """Keep what was sent and what came back, whether it was taken or not."""
        if not answer:
            return Remembered()
        path = paths[0] if len(paths) == 1 else None
        text = "\n".join(_spelled(request))
        prompt = Entry(kind=Kind.PROMPT, key=digest("prompt", _bytes(text)), content=_bytes(text), path=path)
        kept = self._put(prompt, text)
        rung = request.rung
        response = Entry(
            kind=Kind.RESPONSE,
            key=digest("response", prompt.key, rung.model, rung.effort, _bytes(answer)),
            content=_bytes(answer),
            path=path,
            provider=rung.provider,
            model=rung.model,
            effort=rung.effort,
            prompt=kept,
            input_tokens=usage.input,
            output_tokens=usage.output,
        )
        return Remembered(kept, self._put(response, answer))

    def refused(self, path: RelPath, answer: str) -> str:
        """Keep an answer that was not taken, and return where; empty if it is not kept."""
        if not answer or self.secrets.find(answer) or self._files.write({_named(path): _bytes(answer)}):
            return ""
        return self._files.path(_named(path)).relative_to(self.workspace.project).as_posix()

    def accepted(self, path: RelPath) -> None:
        """Remove what was kept of a file that was not taken before."""
        try:
            self._files.remove([_named(path)])
        except Unwritable:
            return

    @property
    def _files(self) -> Tree:
        return Tree(self.workspace.own / "answers", durable=False)

    def _put(self, entry: Entry, text: str) -> Digest | None:
        return entry.key if self.store.put(entry, secret=bool(self.secrets.find(text))) else None


def _spelled(request: Request) -> Iterator[str]:
    """Write a request for people: what each side says, and where a provider is to keep what stands so far."""
    turns = (("system", request.system), *((turn.role, turn.blocks) for turn in request.turns))
    for role, blocks in turns:
        for block in blocks:
            yield f"=== {role}{_mark(block)}"
            yield block.text


def _mark(block: Block) -> str:
    return f", cache: {block.mark}" if block.mark else ""


def _named(path: RelPath) -> RelPath:
    return RelPath(f"{path}.txt")


def _bytes(text: str) -> bytes:
    return text.encode(errors="replace")
