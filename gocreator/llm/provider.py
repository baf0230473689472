"""What every provider is to the rest of the house: a request goes in, pieces of an answer come out.

A request says where its prompt is shared with others; how that is marked, what is counted and what can go wrong is
translated at the provider's edge, so that nobody else knows a provider's words.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal, Protocol

from gocreator.config.models import RateLimits
from gocreator.config.terms import Keep
from gocreator.errors import Code, ExitCode, Failed
from gocreator.llm.allowances import Allowance


@dataclass(frozen=True)
class Rung:
    """A rung of a role's ladder: who is asked, and how hard it is to think."""

    provider: str
    """The name of a configured provider, such as `anthropic`."""
    model: str
    effort: str = ""
    """`low`, `medium`, `high` ...; empty: the model's default."""


@dataclass(frozen=True)
class Block:
    """A piece of a prompt."""

    text: str
    mark: Keep | None = None
    """Set: what stands up to here is to be cached, because other requests begin so too (a breakpoint)."""


@dataclass(frozen=True)
class Turn:
    """What one side said."""

    role: Literal["user", "assistant"]
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Expected:
    """About how many tokens a call will take; each input token stands in one count only."""

    uncached: int = 0
    cache_read: int = 0
    cache_write: int = 0
    output: int = 0
    """Thinking included."""

    @property
    def input(self) -> int:
        """Return all input tokens."""
        return self.uncached + self.cache_read + self.cache_write


@dataclass(frozen=True)
class Request:
    """One call of a model."""

    rung: Rung
    system: tuple[Block, ...]
    """What holds for the whole conversation: at OpenAI the developer message."""
    turns: tuple[Turn, ...]
    """Begins and ends with the user's."""
    max_output: int
    """The output limit, in tokens, thinking included."""
    cache_key: str = ""
    """Requests with one key share a prefix; a hint for OpenAI's routing (`prompt_cache_key`)."""
    most_input: int = 0
    """So many tokens does the prompt take at most."""
    expected: Expected | None = None
    """None: nobody has thought about it."""


@dataclass(frozen=True)
class Usage:
    """What a call took, in tokens, counted the same for all providers; each input token stands in one count only."""

    uncached: int = 0
    cache_read: int = 0
    cache_write: int = 0
    """Written to be kept short."""
    cache_write_long: int = 0
    output: int = 0
    """Thinking included."""
    reasoning: int = 0
    """The part of the output that was thinking."""

    @property
    def input(self) -> int:
        """Return all input tokens."""
        return self.uncached + self.cache_read + self.cache_write + self.cache_write_long


class Stop(StrEnum):
    """Why an answer ended."""

    DONE = "done"
    LENGTH = "length"
    """The output limit or the context window was reached."""
    REFUSED = "refused"
    OTHER = "other"


@dataclass(frozen=True)
class Began:
    """The answer has begun: from now on others can read the prefixes that the request marked."""


@dataclass(frozen=True)
class Text:
    """A piece of the answer's text; thinking is left out."""

    text: str


@dataclass(frozen=True)
class Ended:
    """The answer is complete, or as complete as it gets."""

    stop: Stop
    usage: Usage | None
    """None if the provider did not say."""
    request_id: str = ""
    """The provider's name for the call, for support."""
    said: str = ""
    """The provider's own word for why it stopped."""


Piece = Began | Text | Ended


class Fault(StrEnum):
    """What kind of thing went wrong with a call."""

    CONNECTION = "connection"
    """No answer came, or it broke off: refused, reset, timed out."""
    LIMITED = "limited"
    """429: too many requests or tokens just now."""
    OVERLOADED = "overloaded"
    """5xx, 529: the provider's trouble."""
    KEY = "key"
    """401, 403: the key is missing, wrong or not allowed to do this."""
    MONEY = "money"
    """402, or a 429 that says that a quota or a spending limit is used up."""
    MODEL = "model"
    """404: there is no such model, or no such address."""
    CONTEXT = "context"
    """413, or a 400 that says so: the request is longer than the model or the provider takes."""
    INVALID = "invalid"
    """400, 422: the request is not accepted."""
    MALFORMED = "malformed"
    """What came back is no answer of the protocol."""


_CODES = {
    Fault.CONNECTION: Code.NETWORK,
    Fault.LIMITED: Code.LIMITED,
    Fault.OVERLOADED: Code.OVERLOADED,
    Fault.KEY: Code.KEY,
    Fault.MONEY: Code.MONEY,
    Fault.MODEL: Code.MODEL,
    Fault.CONTEXT: Code.CONTEXT,
    Fault.INVALID: Code.INVALID,
    Fault.MALFORMED: Code.MALFORMED,
}


class CallFailed(Failed):
    """A call that brought no answer, or only its beginning."""

    def __init__(self, fault: Fault, message: str, *, hint: str = "", retry_after: float | None = None) -> None:
        super().__init__(message, hint=hint, code=_CODES[fault])
        self.fault = fault
        self.retry_after = retry_after
        """Seconds to wait, where the provider said so."""
        self.status: int | None = None
        """The HTTP status, if there was one."""
        self.request_id = ""
        self.allowances: Sequence[Allowance] = ()
        """What was said of rate limits."""
        self.worth_it: bool | None = None
        """Whether the provider says that the same call may succeed later; None: it does not say."""

    @property
    def transient(self) -> bool:
        """Tell whether the same call may succeed later; a key and money need somebody to do something about them."""
        if self.worth_it is not None and self.fault not in {Fault.KEY, Fault.MONEY}:
            return self.worth_it
        return self.fault in {Fault.CONNECTION, Fault.LIMITED, Fault.OVERLOADED, Fault.MALFORMED}

    @property
    def free(self) -> bool:
        """Tell whether the call cost nothing for sure: it was refused before any answer began."""
        return self.status is not None and self.status >= 400


class Cancelled(Failed):
    """The run was interrupted, or the provider closed, while a call was made; nothing is tried again."""

    exit_code = ExitCode.INTERRUPTED


@dataclass(frozen=True)
class Endpoint:
    """How one configured provider is reached."""

    name: str
    kind: Literal["anthropic", "openai"]
    key: str = field(repr=False)
    base_url: str = ""
    """Empty: the SDK's default."""
    named: bool = False
    """A file names the address: what the environment says of accounts and headers does not go there."""
    api: Literal["auto", "responses", "chat"] = "auto"
    """OpenAI alone: which of its APIs is spoken; `auto` falls back to `chat`, and to requests without cache marks."""
    timeout: float = 600.0
    """Seconds in which the next piece of an answer must arrive."""
    connections: int = 4
    """So many connections are kept for later calls; each call in flight has its own, however many there are."""
    limits: RateLimits = field(default_factory=RateLimits)
    """How much of it may be used."""


class Provider(Protocol):
    """Speaks with one provider; one object serves all threads, over one pool of connections."""

    def stream(self, request: Request) -> AbstractContextManager[Iterator[Piece]]:
        """Make one attempt: `Began`, any number of `Text`, then `Ended`; leaving the context ends the call at once.

        The call is made when the first piece is asked for. `CallFailed` is raised then, or in the middle of an answer,
        and nothing is tried again here; `Cancelled` is raised within a second of an interrupt, whatever is waited for.
        A connection is used again if its pieces were taken to the end.
        """
        ...

    def close(self) -> None:
        """Close all connections; calls in flight end as cancelled."""
        ...


Heard = Callable[[Sequence[Allowance]], None]
"""Is told what a response says of rate limits, before the answer's first piece."""


class Direct(Provider, Protocol):
    """A provider with nothing between it and the network: it also tells what stands in a response's headers.

    What a response that is an error says stands in its `CallFailed`.
    """

    def stream(self, request: Request, heard: Heard = lambda _: None) -> AbstractContextManager[Iterator[Piece]]:
        """Make one attempt (see `Provider.stream`)."""
        ...
