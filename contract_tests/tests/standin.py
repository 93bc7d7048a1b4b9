"""A local server that stands in for a processor: it replays the exchanges of its connector."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

from prism_contract_tests.exchange import Exchange, Step


@contextmanager
def standing_in(exchanges: list[Exchange]) -> Iterator[str]:
    """Serves the steps of these exchanges in their order, and their grants whenever asked for;
    any other request is answered 599. Gives the server's URL."""
    steps = [step for one in exchanges for step in one.steps]
    grants = {(g.request.method, g.request.path): g for one in exchanges for g in one.grants}

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            self.rfile.read(int(self.headers.get("content-length") or 0))
            asked = (self.command, urlsplit(self.path).path)
            step = grants.get(asked) or (steps.pop(0) if _expected(steps, asked) else None)
            body = step.response.body() if step else b"no exchange has this request here"
            self.send_response(step.response.status if step else 599)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = answer

        def log_message(self, *args: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def _expected(steps: list[Step], asked: tuple[str, str]) -> bool:
    return bool(steps) and (steps[0].request.method, steps[0].request.path) == asked
