"""Servers on 127.0.0.1 that the kit's tests speak to for real: one by script, and localstripe."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import PIPE, Popen
from typing import Any
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from prism_contract_tests.scripted import Server

STRIPE = Path(__file__).parents[2] / "plugins" / "prism-stripe"


@contextmanager
def answering(*answers: tuple[int, dict[str, str], Any]) -> Iterator[str]:
    """A server that gives these answers in order, the last again and again; its address."""
    server = Server()
    for status, headers, body in answers:
        server.answer(status, body, {"content-type": "application/json", **headers})
    yield server.url
    server.close()


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
        known = json.load(answer)["id"]
    # localstripe must be told the type, which Prism sends for what a page gave.
    return {"type": "sdk_token", "token": known, "payment_method_type": "CARD"}
