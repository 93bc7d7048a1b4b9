"""A PayPal of our own on 127.0.0.1: it grants tokens, refuses others, and takes payments."""

from __future__ import annotations

import base64
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple

from .paypal_samples import order, part

Answer = tuple[int, Any]


class Seen(NamedTuple):
    """One request that the server got; header names in lower case."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


class PayPalServer:
    """Answers as PayPal does, or as `scripts` says for the calls whose path ends like that.

    `seen` holds the calls, and `granted` counts the tokens; `revoke()` makes all of them useless.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.forget()
        self._http = _Server(("127.0.0.1", 0), _handler(self))
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._http.server_port}"

    def script(self, ending: str, *answers: Answer) -> None:
        """The next answers to calls whose path ends like that."""
        self.scripts[ending] = list(answers)

    def forget(self) -> None:
        """Begins anew, for another test."""
        self.seen: list[Seen] = []
        self.granted = 0
        self.expires_in: Any = 32400
        self.pause = 0.0
        self.scripts: dict[str, list[Answer]] = {}
        self._valid: set[str] = set()

    def revoke(self) -> None:
        """Takes back every token."""
        with self._lock:
            self._valid.clear()

    def close(self) -> None:
        """Stops serving."""
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    def answer(self, seen: Seen) -> Answer:
        """What PayPal says to a request."""
        scripted = self._scripted(seen.path)
        if scripted is not None and seen.path.endswith("/token"):
            return scripted
        if seen.path == "/v1/oauth2/token":
            return self._grant(seen)
        with self._lock:
            self.seen.append(seen)
            known = seen.headers.get("authorization", "").removeprefix("Bearer ") in self._valid
        if not known:
            said = {"error": "invalid_token", "error_description": "The token passed is invalid"}
            return 401, said
        return scripted or _pays(seen)

    def _scripted(self, path: str) -> Answer | None:
        with self._lock:
            for ending, answers in self.scripts.items():
                if path.endswith(ending) and answers:
                    return answers.pop(0)
        return None

    def _grant(self, seen: Seen) -> Answer:
        basic = base64.b64encode(b"client_1:secret_1").decode()
        if seen.headers.get("authorization") != f"Basic {basic}":
            said = {"error": "invalid_client", "error_description": "Client Authentication failed"}
            return 401, said
        assert seen.body == b"grant_type=client_credentials"
        assert "paypal-request-id" not in seen.headers
        time.sleep(self.pause)
        with self._lock:
            self.granted += 1
            token = f"A21AA{self.granted}"
            self._valid.add(token)
        return 200, {"access_token": token, "token_type": "Bearer", "expires_in": self.expires_in}


def _pays(seen: Seen) -> Answer:
    if seen.path == "/v3/vault/setup-tokens":
        given = json.loads(seen.body)["customer"]
        return 201, {"id": "5SETUP", "customer": {"id": "cust_1", **given}, "status": "CREATED"}
    if seen.path == "/v2/checkout/orders":
        return 201, {"id": "5ORDER", "status": "CREATED"}
    if seen.path.endswith("/capture"):
        return 201, order(captures=[part("COMPLETED")])
    if seen.path.startswith("/v3/vault/payment-tokens/"):
        return 200, {"id": seen.path.rpartition("/")[2], "payment_source": {"card": {}}}
    return 200 if seen.method == "GET" else 201, order(authorizations=[part("CREATED")])


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256


def _handler(server: PayPalServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def handle_one(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            body = self.rfile.read(int(headers.get("content-length", "0")))
            status, said = server.answer(Seen(self.command, self.path, headers, body))
            raw = said if isinstance(said, bytes) else json.dumps(said).encode()
            head = (
                f"HTTP/1.1 {status} Said\r\ncontent-type: application/json\r\n"
                f"paypal-debug-id: debug_1\r\nretry-after: 0\r\n"
                f"content-length: {len(raw)}\r\n\r\n"
            )
            self.wfile.write(head.encode() + raw)

        do_GET = do_POST = do_DELETE = handle_one

        def log_message(self, *args: object) -> None:
            """Says nothing."""

    return Handler
