"""Fixtures of the PayPal connector's tests, and the judge that no request of theirs escapes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from prism_contract_tests.judging import judging
from prism_core import Payment, Prism

from .paypal_openapi import paypal_document
from .paypal_samples import CREDENTIALS
from .paypal_server import PayPalServer

DOCUMENT = paypal_document()
judge = judging("prism-paypal", "paypal.openapi.json", DOCUMENT and DOCUMENT.violations)


@pytest.fixture(scope="module")
def running() -> Iterator[PayPalServer]:
    """A PayPal of our own, on loopback."""
    made = PayPalServer()
    yield made
    made.close()


@pytest.fixture
def server(running: PayPalServer) -> PayPalServer:
    """Our own PayPal, with nothing left of other tests."""
    running.forget()
    return running


@pytest.fixture
def prism(server: PayPalServer) -> Iterator[Prism]:
    """The installed PayPal connector, speaking to the server."""
    with Prism("paypal", **CREDENTIALS, base_url=server.url, max_retries=0) as opened:
        yield opened


@pytest.fixture
def ask(prism: Prism, server: PayPalServer) -> Any:
    """Asks for a change, with the order that the lookup finds and the answer to the change."""

    def asking(request: Any, found: Any, answer: Any = None, status: int = 201) -> Any:
        name = type(request).__name__.removesuffix("Request").lower()
        server.script("5ORDER", (200, found))
        server.script(f"/{name}", (status, answer))
        return getattr(prism.payments, name)(request)

    return asking


@pytest.fixture
def found(prism: Prism, server: PayPalServer) -> Any:
    """Looks up an order that our own PayPal answers with."""

    def look(answer: Any) -> Payment:
        server.script("5ORDER", (200, answer))
        return prism.payments.get(connector_transaction_id="5ORDER")

    return look
