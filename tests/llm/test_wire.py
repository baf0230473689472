# ruff: noqa: SLF001 - what is put into the SDKs' clients is theirs

import threading
import time
from collections.abc import Callable
from typing import Any

import httpcore2
import pytest

from gocreator.llm.opening import open_provider
from gocreator.llm.provider import Block, CallFailed, Cancelled, Endpoint, Request, Rung, Turn
from gocreator.llm.wire import Backend, Stream
from tests.emulator.server import Emulator

KINDS = ["anthropic", "openai"]


def ask(kind: Any, base_url: str) -> None:
    provider = open_provider(Endpoint("mine", kind, "k", base_url, timeout=2))
    request = Request(Rung("mine", "m"), (), (Turn("user", (Block("hi"),)),), 10)
    try:
        with provider.stream(request) as pieces:
            list(pieces)
    except CallFailed:
        pass
    finally:
        provider.close()


@pytest.mark.parametrize("kind", KINDS)
def test_proxies_are_honoured(emulator: Emulator, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HTTP_PROXY", emulator.url)
    ask(kind, "http://provider.invalid")
    assert emulator.records.calls[0].headers["host"] == "provider.invalid"


@pytest.mark.parametrize("kind", KINDS)
def test_every_connection_looks_whether_the_run_is_over(kind: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    monkeypatch.delenv("NO_PROXY", raising=False)
    provider: Any = open_provider(Endpoint("mine", kind, "k"))
    http = provider._client()._client
    pools = [transport._pool for transport in (http._transport, *http._mounts.values()) if transport is not None]
    assert len(pools) > 1
    assert all(isinstance(pool._network_backend, Backend) for pool in pools)
    provider.close()


def test_no_other_credentials_are_looked_for(
    emulator: Emulator, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("profiles")
    monkeypatch.setenv("ANTHROPIC_CONFIG_DIR", str(folder))
    monkeypatch.setenv("ANTHROPIC_PROFILE", "default")
    monkeypatch.setenv("ANTHROPIC_AUTH_TOKEN", "token-of-somebody")
    ask("anthropic", emulator.url)
    (call,) = emulator.records.calls
    assert call.headers["authorization"] == "Bearer k"
    assert b"token-of-somebody" not in call.raw


class Slow(httpcore2.NetworkStream, httpcore2.NetworkBackend):
    """A network in which everything takes long."""

    def __init__(self) -> None:
        self.closed = threading.Event()
        self.go_on = threading.Event()

    def connect_tcp(self, *_: Any, **__: Any) -> "Slow":
        self.go_on.wait(5)
        return self

    def start_tls(self, *_: Any, **__: Any) -> "Slow":
        return self.connect_tcp()

    def write(self, *_: Any, **__: Any) -> None:
        self.go_on.wait(5)

    def close(self) -> None:
        self.closed.set()


WAITS: list[tuple[Callable[[Any, Any], object], bool]] = [
    (lambda slow, over: Backend(slow, over).connect_tcp("host", 1), True),
    (lambda slow, over: Stream(slow, over).start_tls(None), True),  # type: ignore[arg-type]
    (lambda slow, over: Stream(slow, over).write(b"x" * 1_000_000), False),
]


@pytest.mark.parametrize(("action", "drops"), WAITS)
def test_what_cannot_be_cut_into_ticks_is_left_behind(action: Callable[[Any, Any], object], *, drops: bool) -> None:
    slow, over = Slow(), threading.Event()
    timer = threading.Timer(0.1, over.set)
    timer.start()
    started = time.monotonic()
    with pytest.raises(Cancelled):
        action(slow, over.is_set)
    assert time.monotonic() - started < 1
    slow.go_on.set()
    assert slow.closed.wait(2 if drops else 0.05) == drops
    timer.join()
