"""A server on 127.0.0.1 that stands in for Authorize.Net: one endpoint, answers by script."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from .authorizedotnet_samples import BOM


class Gateway:
    """Answers by `script`, in order, with the byte-order mark; keeps the bodies it has `seen`."""

    def __init__(self) -> None:
        self.seen: list[dict[str, Any]] = []
        self.script: list[tuple[int, bytes]] = []
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._http.daemon_threads = True
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._http.server_port}"

    def answer(self, body: Any, status: int = 200) -> Gateway:
        """Adds an answer. A body that is not bytes is sent as JSON."""
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.script.append((status, BOM + raw))
        return self

    def close(self) -> None:
        """Stops serving."""
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = -1  # head and body in one packet: otherwise each answer waits 40 ms

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                found = self.path == "/xml/v1/request.api"
                server.seen.append(json.loads(body))
                status, raw = server.script[min(len(server.seen), len(server.script)) - 1]
                self.send_response(status if found else 404)
                self.send_header("content-type", "application/json; charset=utf-8")
                self.send_header("content-length", str(len(raw)))
                self.end_headers()
                self.wfile.write(raw)

            def log_message(self, *args: object) -> None:
                """Says nothing."""

        return Handler
