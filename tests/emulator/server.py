"""The emulator: a server on loopback that speaks both providers' APIs."""

import contextlib
import socket
import threading
import traceback
from collections.abc import Callable
from functools import partial
from types import TracebackType
from typing import Self

from tests.emulator.delivery import Delivery
from tests.emulator.desk import Desk
from tests.emulator.faults import Fault, Rule, Script
from tests.emulator.records import Call, Records
from tests.emulator.settings import Settings
from tests.emulator.wire import Gone, Incoming, Line


class Emulator:
    """Both providers on one port; a context manager, so that it stops."""

    def __init__(self, settings: Settings | None = None, *, port: int = 0) -> None:
        self.settings = settings or Settings()
        self.records = Records(self.settings.told)
        self.script = Script()
        self.desk = Desk(self.settings, self.script, self.records)
        self.bugs: list[str] = []
        """What went wrong in the emulator itself."""
        self._stopping = threading.Event()
        self._lines: set[Line] = set()
        self._threads: set[threading.Thread] = set()
        self._lock = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", port), backlog=128)
        self._accepting = threading.Thread(target=self._accept, name="emulator", daemon=True)
        self._accepting.start()

    @property
    def url(self) -> str:
        """Return the base URL for Anthropic's SDK."""
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    @property
    def openai_url(self) -> str:
        """Return the base URL for OpenAI's SDK."""
        return f"{self.url}/v1"

    @property
    def calls(self) -> list[Call]:
        """Return the calls that asked a model for an answer."""
        return self.records.generations

    def on(
        self,
        *faults: Fault,
        times: int | None = 1,
        skip: int = 0,
        generation: int | None = None,
        model: str | None = None,
        path: str | None = None,
        operation: str | None = None,
        when: Callable[[Call], bool] | None = None,
    ) -> None:
        """Let these faults occur together at calls that match; earlier rules that are not used up come first."""
        self.script.rules.append(Rule(faults, times, skip, generation, model, path, operation, when))

    def stop(self) -> None:
        """Close every connection and wait for the threads."""
        self._stopping.set()
        with contextlib.suppress(OSError):
            # Whoever waits for a connection is woken by one; to shut the listener down does not do it everywhere.
            socket.create_connection(self._listener.getsockname(), timeout=1).close()
        self._accepting.join(5)
        self._listener.close()
        with self._lock:
            lines, threads = list(self._lines), list(self._threads)
        for line in lines:
            line.hang_up()
        for thread in threads:
            thread.join(5)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _accept(self) -> None:
        while not self._stopping.is_set():
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            if self._stopping.is_set():
                sock.close()
                return
            thread = threading.Thread(target=self._serve, args=(sock,), name="emulator-line", daemon=True)
            with self._lock:
                self._threads.add(thread)
            thread.start()

    def _serve(self, sock: socket.socket) -> None:
        line = Line(sock, self._stopping)
        with self._lock:
            self._lines.add(line)
        try:
            with self.records.connection() as number:
                while (incoming := line.receive()) is not None:
                    self._answer(line, number, incoming)
        except Gone:
            pass
        finally:
            line.close()
            with self._lock:
                self._lines.discard(line)
                self._threads.discard(threading.current_thread())

    def _answer(self, line: Line, connection: int, incoming: Incoming) -> None:
        call = self.records.begin(
            connection=connection,
            method=incoming.method,
            path=incoming.path,
            headers=incoming.headers,
            raw=incoming.raw,
        )
        try:
            decision = self.desk.decide(call, incoming.body)
            self.records.decides(call, decision.reply.status)

            def began() -> None:
                self.records.starts(call)
                decision.began()

            latency, ended = self.settings.latency, lambda: self.records.end(call)
            sent = partial(self.records.sent, call)
            Delivery(line, decision.reply, latency, decision.breaks, began, ended, sent).run()
        except Gone:
            call.gone = True
            raise
        except Exception as error:
            self.bugs.append(traceback.format_exc())
            raise Gone from error
        finally:
            self.records.end(call)
