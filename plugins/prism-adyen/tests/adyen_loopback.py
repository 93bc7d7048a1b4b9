"""A server on 127.0.0.1 that stands in for Adyen and answers by script."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple


class Seen(NamedTuple):
    """One request that the server got; header names in lower case."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body."""
        return json.loads(self.body)


class StandIn:
    """Answers by script, in order, the last one again and again; keeps what it has `seen`."""

    def __init__(self) -> None:
        self.seen: list[Seen] = []
        self._script: list[tuple[int, bytes, dict[str, str]]] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.01,), daemon=True
        )
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def answer(self, body: Any, status: int = 200, **headers: str) -> StandIn:
        """Adds an answer. A body that is not bytes is sent as JSON; `_` in names is `-`."""
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self._script.append((status, raw, {"content-type": "application/json", **named}))
        return self

    def begin(self) -> None:
        """Forgets what was seen, and the script."""
        self.seen.clear()
        self._script.clear()

    def close(self) -> None:
        """Stops serving."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        stand_in = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def do_POST(self) -> None:
                self._serve()

            def do_GET(self) -> None:
                self._serve()

            def do_DELETE(self) -> None:
                self._serve()

            def _serve(self) -> None:
                headers = {name.lower(): value for name, value in self.headers.items()}
                body = self.rfile.read(int(headers.get("content-length", "0")))
                stand_in.seen.append(Seen(self.command, self.path, headers, body))
                script = stand_in._script
                status, raw, more = script[min(len(stand_in.seen), len(script)) - 1]
                self.send_response(status)
                for name, value in more.items():
                    self.send_header(name, value)
                self.send_header("content-length", str(len(raw)))
                self.end_headers()
                self.wfile.write(raw)

            def log_message(self, *args: object) -> None:
                """Says nothing."""

        return Handler
