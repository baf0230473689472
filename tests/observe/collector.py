"""A collector of OpenTelemetry on loopback, which takes traces as the protocol says and keeps their spans."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest


class Collector:
    """Listens at `url`; `spans` are those that came."""

    def __init__(self) -> None:
        self.spans: list[Any] = []
        self.paths: list[str] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if self.headers.get("Content-Encoding") == "gzip":
                    import gzip  # noqa: PLC0415 - the exporter decides

                    body = gzip.decompress(body)
                request = ExportTraceServiceRequest.FromString(body)
                outer.paths.append(self.path)
                outer.spans += [it for of in request.resource_spans for sc in of.scope_spans for it in sc.spans]
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def named(self, beginning: str) -> list[Any]:
        """Return the spans whose names begin so."""
        return [it for it in self.spans if it.name.startswith(beginning)]


def attributes(span: Any) -> dict[str, Any]:
    """Return the attributes of a span as plain values."""
    found = {}
    for it in span.attributes:
        kind = it.value.WhichOneof("value")
        value = getattr(it.value, kind)
        found[it.key] = [part.string_value for part in value.values] if kind == "array_value" else value
    return found
