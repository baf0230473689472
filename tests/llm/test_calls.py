import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest

from gocreator.config.terms import Keep
from gocreator.llm.opening import open_provider
from gocreator.llm.provider import (
    Began,
    Block,
    CallFailed,
    Cancelled,
    Ended,
    Endpoint,
    Fault,
    Piece,
    Provider,
    Request,
    Rung,
    Stop,
    Text,
    Turn,
    Usage,
)  # fmt: skip
from tests.emulator.faults import BAD_JSON, BAD_SSE, HTML_502, Cut, ErrorEvent, Hang, Refuse, Status, Truncate
from tests.emulator.faults import Fault as Occurring
from tests.emulator.server import Emulator

ASK = 'Write:\n<file path="a.go"/>\n'
ANSWER = '<file path="a.go">\npackage a\n</file>\n'
WAYS = ["anthropic", "responses", "chat"]
MODELS = {"anthropic": "claude-sonnet-5-5", "responses": "gpt-6.1-sol", "chat": "gpt-6.1-sol", "auto": "gpt-6.1-sol"}
LONG, SHORT = "long " * 3000, "core " * 2000


class Making:
    """Opens providers on the emulator."""

    def __init__(self, emulator: Emulator) -> None:
        self.emulator = emulator
        self.cancelled = threading.Event()
        self.opened: list[Provider] = []
        emulator.settings.source = {"a.go": "package a\n"}

    def __call__(self, way: str, **more: Any) -> Provider:
        anthropic = way == "anthropic"
        more = {"key": "k", "base_url": self.emulator.url if anthropic else self.emulator.openai_url} | more
        api: Any = "auto" if anthropic else way
        kind: Any = "anthropic" if anthropic else "openai"
        made = open_provider(Endpoint(name="mine", kind=kind, api=api, **more), self.cancelled)
        self.opened.append(made)
        return made


@pytest.fixture
def make(emulator: Emulator) -> Iterator[Making]:
    making = Making(emulator)
    yield making
    for provider in making.opened:
        provider.close()


def request(way: str, *, marks: bool = False, effort: str = "", text: str = ASK) -> Request:
    system = (Block(LONG, Keep.LONG if marks else None), Block(SHORT, Keep.SHORT if marks else None))
    turns = (Turn("user", (Block(text),)),)
    return Request(Rung("mine", MODELS[way], effort), system, turns, 1000, "lane" if marks else "")


def ask(provider: Provider, wanted: Request) -> list[Piece]:
    with provider.stream(wanted) as pieces:
        return list(pieces)


def fails(provider: Provider, way: str) -> CallFailed:
    with pytest.raises(CallFailed) as raised:
        ask(provider, request(way))
    return raised.value


def test_sdks_are_imported_by_calls_alone() -> None:
    code = (
        "import sys; from gocreator.llm.opening import open_provider; from gocreator.llm.provider import Endpoint\n"
        "import gocreator.llm.attempts; open_provider(Endpoint('a', 'anthropic', 'k')).close()\n"
        "print({'anthropic', 'openai', 'httpx2'} & set(sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "set()\n"


@pytest.mark.parametrize("way", WAYS)
def test_an_answer_is_told_in_pieces(make: Making, way: str) -> None:
    make.emulator.settings.thinking = "let me think"
    first = ask(make(way), request(way, marks=True))
    assert first[0] == Began()
    assert "".join(piece.text for piece in first if isinstance(piece, Text)) == ANSWER
    end = first[-1]
    assert isinstance(end, Ended)
    assert end.usage is not None
    assert (end.stop, end.request_id) == (Stop.DONE, make.emulator.calls[0].request_id)
    assert end.usage.reasoning > 0
    assert end.usage.output == make.emulator.calls[0].output
    bill = make.emulator.calls[0].bill
    assert bill is not None
    written = (end.usage.cache_write, end.usage.cache_write_long)
    # Chat Completions does not say how long what was written is kept.
    assert written == ((0, bill.short + bill.long) if way == "chat" else (bill.short, bill.long))
    (*_, again) = ask(make(way), request(way, marks=True))
    assert isinstance(again, Ended)
    assert again.usage == Usage(
        end.usage.uncached, cache_read=sum(written), output=end.usage.output, reasoning=end.usage.reasoning
    )


def test_what_anthropic_is_sent(make: Making) -> None:
    ask(make("anthropic"), request("anthropic", marks=True, effort="high"))
    ask(make("anthropic"), request("anthropic"))
    call, plain = make.emulator.calls
    assert call.headers["authorization"] == "Bearer k"
    assert call.body == {
        "model": "claude-sonnet-5-5",
        "max_tokens": 1000,
        "stream": True,
        "output_config": {"effort": "high"},
        "system": [
            {"type": "text", "text": LONG, "cache_control": {"type": "ephemeral", "ttl": "1h"}},
            {"type": "text", "text": SHORT, "cache_control": {"type": "ephemeral", "ttl": "5m"}},
        ],
        "messages": [{"role": "user", "content": [{"type": "text", "text": ASK}]}],
    }
    assert "output_config" not in plain.body
    assert b"cache_control" not in plain.raw


@pytest.mark.parametrize("way", ["responses", "chat"])
def test_what_openai_is_sent(make: Making, way: str) -> None:
    ask(make(way), request(way, marks=True, effort="high"))
    ask(make(way), request(way))
    call, plain = make.emulator.calls
    assert call.headers["authorization"] == "Bearer k"
    kind = "input_text" if way == "responses" else "text"
    messages = [
        {
            "role": "developer",
            "content": [
                {"type": kind, "text": LONG, "prompt_cache_breakpoint": {"mode": "explicit", "ttl": "12h"}},
                {"type": kind, "text": SHORT, "prompt_cache_breakpoint": {"mode": "explicit", "ttl": "30m"}},
            ],
        },
        {"role": "user", "content": [{"type": kind, "text": ASK}]},
    ]
    common = {"model": "gpt-6.1-sol", "stream": True, "prompt_cache_options": {"mode": "explicit"}}
    common |= {"prompt_cache_key": "lane"}
    own: dict[str, Any] = {
        "input": messages,
        "max_output_tokens": 1000,
        "store": False,
        "reasoning": {"effort": "high"},
    }
    if way == "chat":
        own = {"messages": messages, "max_completion_tokens": 1000, "stream_options": {"include_usage": True}}
        own |= {"reasoning_effort": "high"}
    assert call.body == common | own
    assert b"breakpoint" not in plain.raw
    assert plain.body["prompt_cache_options"] == {"mode": "explicit"}
    assert plain.bill is not None
    assert (plain.bill.short, plain.bill.long) == (0, 0)


FAULTS: list[tuple[Occurring, Fault, int | None]] = [
    (Status(401), Fault.KEY, 401),
    (Status(403), Fault.KEY, 403),
    (Status(402), Fault.MONEY, 402),
    (Status(429, retry_after=7), Fault.LIMITED, 429),
    (Status(429, quota=True), Fault.MONEY, 429),
    (Status(400), Fault.INVALID, 400),
    (Status(404), Fault.MODEL, 404),
    (Status(413), Fault.CONTEXT, 413),
    (Status(500), Fault.OVERLOADED, 500),
    (Status(503), Fault.OVERLOADED, 503),
    (Status(529), Fault.OVERLOADED, 529),
    (HTML_502, Fault.OVERLOADED, 502),
    (BAD_JSON, Fault.MALFORMED, None),
    (BAD_SSE, Fault.MALFORMED, None),
    (ErrorEvent(5), Fault.OVERLOADED, 200),
    (ErrorEvent(5, 429), Fault.LIMITED, 200),
    (Cut(None), Fault.CONNECTION, None),
    (Cut(0), Fault.CONNECTION, None),
    (Cut(5), Fault.CONNECTION, None),
    (Cut(5, clean=True), Fault.CONNECTION, None),
    (ErrorEvent(5, failed=True), Fault.OVERLOADED, 200),
]


@pytest.mark.parametrize("way", WAYS)
def test_every_fault_is_known(make: Making, way: str) -> None:
    provider = make(way)
    for fault, expected, status in FAULTS:
        make.emulator.on(fault)
        failed = fails(provider, way)
        assert (failed.fault, failed.status) == (expected, status), fault
        assert "mine" in failed.message
        assert "<html>" not in failed.message
        assert failed.transient == (expected not in {Fault.KEY, Fault.MONEY, Fault.MODEL, Fault.CONTEXT, Fault.INVALID})
        if status not in {None, 200}:
            assert failed.request_id == make.emulator.calls[-1].request_id
            assert failed.free
        assert failed.retry_after == (7 if getattr(fault, "retry_after", None) else None)
        assert failed.__cause__ is None
    assert isinstance(ask(provider, request(way))[-1], Ended)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(("fault", "stop"), [(Truncate(5), Stop.LENGTH), (Refuse("no"), Stop.REFUSED)])
def test_why_an_answer_stopped(make: Making, way: str, fault: Any, stop: Stop) -> None:
    make.emulator.on(fault)
    end = ask(make(way), request(way))[-1]
    assert isinstance(end, Ended)
    assert end.stop is stop


@pytest.mark.parametrize("way", WAYS)
def test_nobody_answers(make: Making, way: str) -> None:
    failed = fails(make(way, base_url="http://127.0.0.1:9"), way)
    assert failed.fault is Fault.CONNECTION
    assert "refused" in failed.message


@pytest.mark.parametrize("way", WAYS)
def test_a_server_that_repeats_the_key_does_not_have_it_told(make: Making, way: str) -> None:
    secret = "sk-very-secret-0123456789"  # noqa: S105
    make.emulator.settings.keys = frozenset()
    provider = make(way, key=secret)
    for status in (400, 401, 429, 500):
        make.emulator.on(Status(status, message=f"Who is {secret}? Bearer {secret}"))
        failed = fails(provider, way)
        assert secret not in f"{failed}{failed!r}{failed.__cause__!r}"
        assert "Who is ***?" in failed.message


def test_without_a_key_nothing_is_sent(make: Making, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "k")
    failed = fails(make("anthropic", key=""), "anthropic")
    assert failed.fault is Fault.KEY
    assert "ANTHROPIC_API_KEY" in failed.hint
    assert not make.emulator.calls


@pytest.mark.parametrize("way", WAYS)
def test_each_call_in_flight_has_a_connection_that_later_ones_use(make: Making, way: str) -> None:
    released = threading.Event()
    make.emulator.on(Hang(None, until=released), times=6)
    provider = make(way, connections=6)
    ask_it: Callable[[int], object] = lambda _: ask(provider, request(way))  # noqa: E731
    with ThreadPoolExecutor(6) as pool:
        waiting = [pool.submit(ask_it, number) for number in range(6)]
        # The first call finds out about a server of OpenAI's kind, so the others wait until it has begun.
        make.emulator.records.wait(calls=1 if way != "anthropic" else 6)
        if way == "anthropic":
            assert make.emulator.records.most_open == 6
        released.set()
        for done in waiting:
            done.result()
        list(pool.map(ask_it, range(12)))
    assert make.emulator.records.opened <= 6
    list(map(ask_it, range(5)))
    assert make.emulator.records.opened <= 6


@pytest.mark.parametrize("way", WAYS)
def test_what_is_not_read_to_its_end_is_hung_up(make: Making, way: str) -> None:
    make.emulator.on(Hang(5))
    started = time.monotonic()
    with make(way).stream(request(way)) as pieces:
        assert isinstance(next(pieces), Began)
        assert isinstance(next(pieces), Text)
    make.emulator.records.wait(in_flight=0, timeout=3)
    assert make.emulator.calls[0].gone
    assert time.monotonic() - started < 5


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("after", [None, 5])
@pytest.mark.parametrize("closing", [False, True])
def test_a_cancelled_call_ends_within_a_second(make: Making, way: str, after: int | None, *, closing: bool) -> None:
    provider = make(way)
    ask(provider, request(way))  # imports the SDK
    make.emulator.on(Hang(after))
    ended: list[BaseException] = []

    def call() -> None:
        try:
            ask(provider, request(way))
        except BaseException as error:  # noqa: BLE001
            ended.append(error)

    thread = threading.Thread(target=call)
    thread.start()
    make.emulator.records.wait(calls=2)
    time.sleep(0.1)
    started = time.monotonic()
    provider.close() if closing else make.cancelled.set()
    thread.join(5)
    assert time.monotonic() - started < 1
    assert isinstance(ended[0], Cancelled)
    make.emulator.records.wait(in_flight=0, timeout=1)


@pytest.mark.parametrize(("lacks", "refuses", "requests"), [
    ({"/v1/responses"}, set(), 1),
    (set(), {"prompt_cache_options", "prompt_cache_breakpoint"}, 1),
    ({"/v1/responses"}, {"prompt_cache_options", "prompt_cache_breakpoint"}, 2),
    (set(), {"store"}, 1),
    ({"/v1/responses"}, {"stream_options"}, 2),
])  # fmt: skip
def test_what_a_server_lacks_is_found_out_once(make: Making, lacks: set[str], refuses: set[str], requests: int) -> None:
    make.emulator.settings.lacks, make.emulator.settings.refuses = frozenset(lacks), frozenset(refuses)
    providers = [make("auto"), make("auto")]
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda n: ask(providers[n % 2], request("auto", marks=True)), range(6)))
    for answer in answers:
        assert "".join(piece.text for piece in answer if isinstance(piece, Text)) == ANSWER
    assert len(make.emulator.records.calls) == 6 + requests
    assert sum(call.status >= 400 for call in make.emulator.records.calls) == requests
    assert make.emulator.records.calls[-1].path == ("/v1/chat/completions" if lacks else "/v1/responses")


def test_a_server_of_another_make_is_spoken_to_in_its_words(make: Making) -> None:
    make.emulator.settings.lacks = frozenset({"/v1/responses"})
    make.emulator.settings.refuses = frozenset({"max_completion_tokens", "stream_options"})
    asked = request("auto", marks=True)
    asked = replace(asked, rung=replace(asked.rung, model="gpt-4.1"))
    assert "".join(piece.text for piece in ask(make("auto"), asked) if isinstance(piece, Text)) == ANSWER
    body = make.emulator.records.calls[-1].body
    assert body["max_tokens"] == asked.max_output
    assert not {"max_completion_tokens", "stream_options"} & body.keys()


def test_a_model_that_does_not_exist_is_no_missing_api(make: Making) -> None:
    make.emulator.on(Status(404, message="The model `gpt-9` does not exist"), times=None)
    failed = fails(make("auto"), "auto")
    assert failed.fault is Fault.MODEL
    assert len(make.emulator.records.calls) == 1


def test_a_chosen_api_is_kept(make: Making) -> None:
    make.emulator.settings.lacks = frozenset({"/v1/responses"})
    assert fails(make("responses"), "responses").status == 404


@pytest.mark.parametrize("way", WAYS)
def test_silence_is_a_fault_after_the_timeout(make: Making, way: str) -> None:
    make.emulator.on(Hang(5))
    failed = fails(make(way, timeout=0.3), way)
    assert failed.fault is Fault.CONNECTION
    assert "0.3 seconds" in failed.message


def test_long_requests_are_sent(make: Making) -> None:
    with suppress(CallFailed):
        ask(make("anthropic"), request("anthropic", text="x " * 500_000 + ASK))
    assert len(make.emulator.calls[0].raw) > 1_000_000


@pytest.mark.parametrize("after", [None, 5])
def test_an_interrupt_reaches_the_thread_that_waits(make: Making, after: int | None) -> None:
    provider = make("anthropic")
    ask(provider, request("anthropic"))
    make.emulator.on(Hang(after))
    timer = threading.Timer(0.2, lambda: signal.raise_signal(signal.SIGINT))
    timer.start()
    started = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        ask(provider, request("anthropic"))
    assert time.monotonic() - started < 1.2
    timer.join()
    make.emulator.records.wait(in_flight=0, timeout=1)
