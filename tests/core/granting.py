"""A processor with access tokens: the test connector made one, and a server that grants them."""

from __future__ import annotations

import json
import threading
import time
from http.server import BaseHTTPRequestHandler
from typing import Any

from support import WITH_TOKENS, Server

ASKED: dict[str, Any] = {"merchant_customer_id": "user_42"}
CHANGES = WITH_TOKENS
"""What makes the test connector one with access tokens."""


class Processor:
    """Grants tokens and makes customers for those that present a valid one."""

    def __init__(self, server: Server) -> None:
        self.granted = 0
        self.lifetime: Any = 3600
        self.pause = 0.0
        self.token_answer: tuple[int, Any] | None = None
        self.valid: set[str] = set()
        self._lock = threading.Lock()
        self.server = server.act(self._answer)

    def _answer(self, handler: BaseHTTPRequestHandler) -> None:
        status, body = self._token() if handler.path == "/token" else self._customer(handler)
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        handler.send_response(status)
        handler.send_header("content-length", str(len(raw)))
        handler.end_headers()
        handler.wfile.write(raw)

    def _token(self) -> tuple[int, Any]:
        time.sleep(self.pause)
        with self._lock:
            self.granted += 1
            if self.token_answer is not None:
                return self.token_answer
            token = f"token_{self.granted}"
            self.valid = {token}
        return 200, {"access_token": token, "token_type": "Bearer", "expires_in": self.lifetime}

    def _customer(self, handler: BaseHTTPRequestHandler) -> tuple[int, Any]:
        token = (handler.headers["authorization"] or "").removeprefix("Bearer ")
        if token not in self.valid:
            return 401, {"code": "expired", "message": f"{token} is no more", "kind": "OTHER"}
        return 201, {"id": "cus_1"}


def opened(kind: Any, server: Server, **options: Any) -> Any:
    credentials = {"client_id": "shop", "client_secret": "secret_77", "base_url": server.url}
    return kind("acme", **{"max_retries": 0, **credentials, **options})
