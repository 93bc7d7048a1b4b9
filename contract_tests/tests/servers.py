"""Servers on 127.0.0.1 that the kit's tests speak to for real: one by script, and localstripe."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from subprocess import PIPE, Popen
from typing import Any
from urllib.parse import urlencode
from urllib.request import Request, urlopen

STRIPE = Path(__file__).parents[2] / "plugins" / "prism-stripe"


@contextmanager
def answering(*answers: tuple[int, dict[str, str], Any]) -> Iterator[str]:
    """A server that gives these answers in order, the last again and again; its address."""
    given = iter(range(10_000))

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            self.rfile.read(int(self.headers.get("content-length", "0")))
            status, headers, body = answers[min(next(given), len(answers) - 1)]
            raw = body if isinstance(body, bytes) else json.dumps(body).encode()
            self.send_response(status)
            for name, value in {"content-type": "application/json", **headers}.items():
                self.send_header(name, value)
            self.send_header("content-length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

        do_GET = do_POST = answer

        def log_message(self, *args: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


# In a process of its own: its application belongs to the first event loop that runs it.
_LOCALSTRIPE = """
import importlib, sys, types
package = types.ModuleType("prism_stripe_tests")
package.__path__ = [sys.argv[1]]
sys.modules["prism_stripe_tests"] = package
loopback = importlib.import_module("prism_stripe_tests.loopback")
with loopback.running_localstripe() as url:
    print(url, flush=True)
    sys.stdin.read()
"""


@contextmanager
def localstripe() -> Iterator[str]:
    """localstripe as the Stripe connector's own tests run it; its address."""
    command = [sys.executable, "-c", _LOCALSTRIPE, str(STRIPE / "tests")]
    with Popen(command, stdin=PIPE, stdout=PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            url = process.stdout.readline().strip()
            assert url, "localstripe did not start"
            yield url
        finally:
            process.stdin.close()
            process.wait(10)


def stripe_token(base_url: str, number: str) -> dict[str, str]:
    """A PaymentMethod that localstripe keeps, as a payment method of our schema."""
    card = {"number": number, "exp_month": "12", "exp_year": "2090", "cvc": "123"}
    form = urlencode({"type": "card", **{f"card[{name}]": value for name, value in card.items()}})
    headers = {"authorization": "Bearer sk_test_12345"}
    asked = Request(f"{base_url}/v1/payment_methods", form.encode(), headers)
    with urlopen(asked, timeout=10) as answer:
        return {"type": "token", "token": json.load(answer)["id"]}
