"""Servers on 127.0.0.1 for tests: a listener, and one that answers by script."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, NamedTuple

from prism_contract_tests.forms import read_form

if TYPE_CHECKING:
    from typing import Self

Write = Callable[[BaseHTTPRequestHandler], None]
Respond = Callable[[BaseHTTPRequestHandler, "Seen"], None]


class Seen(NamedTuple):
    """One request that the server got; header names in lower case."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body, read as JSON."""
        return json.loads(self.body)

    @property
    def form(self) -> dict[str, Any]:
        """The body, read as a form with brackets: every leaf a text."""
        return read_form(self.body.decode())


class _Http(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256  # hundreds of clients may connect at once

    def __init__(self, *args: Any) -> None:
        self._open: set[Any] = set()
        super().__init__(*args)

    def process_request(self, request: Any, client_address: Any) -> None:
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._open.discard(request)
        super().shutdown_request(request)

    def server_close(self) -> None:
        super().server_close()
        for request in list(self._open):  # clients that keep their connections are answered no more
            with suppress(OSError):
                request.shutdown(socket.SHUT_RDWR)


class Listener:
    """Calls `respond` with each request, in a thread of its own, until it is closed."""

    def __init__(self, respond: Respond, port: int = 0) -> None:
        self._http = _Http(("127.0.0.1", port), _handler(respond))
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._http.server_port}"

    def close(self) -> None:
        """Stops serving."""
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()


class Server(Listener):
    """Answers with `answers`, in order, the last one again and again; keeps what it has `seen`."""

    def __init__(self) -> None:
        self.seen: list[Seen] = []
        self.answers: list[Write] = []
        super().__init__(self._respond)

    def answer(
        self,
        status: int = 200,
        body: Any = None,
        headers: Mapping[str, str] | None = None,
        delay: float = 0,
    ) -> Self:
        """Adds one answer; a body that is not bytes is sent as JSON."""
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()

        def write(handler: BaseHTTPRequestHandler) -> None:
            time.sleep(delay)
            handler.send_response(status)
            for name, value in {"content-length": str(len(raw)), **(headers or {})}.items():
                handler.send_header(name, value)
            handler.end_headers()
            handler.wfile.write(raw)

        return self.act(write)

    def act(self, write: Write) -> Self:
        """Adds one answer of any kind, or none."""
        self.answers.append(write)
        return self

    def begin(self) -> None:
        """Forgets what was seen, and the script."""
        self.seen.clear()
        self.answers.clear()

    def _respond(self, handler: BaseHTTPRequestHandler, seen: Seen) -> None:
        self.seen.append(seen)
        self.answers[min(len(self.seen), len(self.answers)) - 1](handler)


def _handler(respond: Respond) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True  # otherwise each answer waits 40 ms

        def handle_one(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            body = self.rfile.read(int(headers.get("content-length") or 0))
            try:
                respond(self, Seen(self.command, self.path, headers, body))
            except OSError:
                self.close_connection = True

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = handle_one

        def log_message(self, *args: object) -> None:
            """Says nothing."""

    return Handler
