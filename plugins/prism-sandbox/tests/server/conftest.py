"""Fixtures that run the fake processor on loopback and talk to it the way a client would."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx
import pytest

from prism_sandbox.server import running

Pay = Callable[..., httpx.Response]
_TOKEN = re.compile(r'name="token" value="([0-9a-f]+)"')


def press(client: httpx.Client, url: str, result: str, **changes: str) -> httpx.Response:
    """What a browser sends when Approve or Fail is pressed on a challenge's page."""
    found = _TOKEN.search(client.get(url).text)
    form = {"token": found.group(1) if found else "", "result": result, **changes}
    return client.post(url, data=form, headers={"Origin": str(client.base_url).rstrip("/")})


@pytest.fixture(scope="session")
def sandbox_url() -> Iterator[str]:
    """One server for every test that does not need its own."""
    with running(hang_seconds=30) as url:
        yield url


@pytest.fixture
def client(sandbox_url: str) -> Iterator[httpx.Client]:
    """A client with a valid API key."""
    headers = {"Authorization": "Bearer sandbox_tests"}
    with httpx.Client(base_url=sandbox_url, headers=headers, timeout=10) as opened:
        yield opened


@pytest.fixture
def pay(client: httpx.Client) -> Pay:
    """Create a payment of USD 10.00 with a test card; any part of the request can be changed."""

    def create(
        number: str = "4242424242424242",
        *,
        key: str | None = None,
        using: httpx.Client | None = None,
        timeout: float = 10,
        **changes: Any,
    ) -> httpx.Response:
        card = {"type": "card", "number": number, "exp_month": 12, "exp_year": 2090, "cvc": "123"}
        body = {"amount": 1000, "currency": "USD", "payment_method": card, **changes}
        headers = {"Idempotency-Key": key} if key is not None else {}
        return (using or client).post("/v1/payments", json=body, headers=headers, timeout=timeout)

    return create


@pytest.fixture(scope="session")
def receiver_url() -> Iterator[str]:
    """A shop's address for events: it takes them all, except at addresses that end in /500."""

    class Shop(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            """Take an event, or fail."""
            self.rfile.read(int(self.headers["content-length"]))
            self.send_response(500 if self.path.endswith("/500") else 204)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Stay quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Shop) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/events"
        server.shutdown()
        thread.join()
