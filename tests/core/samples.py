"""What the tests of the core ask for, and what Acme answers."""

from __future__ import annotations

import socket
from http.server import BaseHTTPRequestHandler
from typing import Any

from support import Server

from prism_core import AuthorizeRequest, Card, CreateCustomerRequest, Money

CARD = Card("4242424242424242", 12, 2090, "123")
CUSTOMER = CreateCustomerRequest(merchant_customer_id="user_42", email="ada@example.com")
PAYMENT = AuthorizeRequest(
    merchant_transaction_id="order_1",
    amount=Money(1000, "USD"),
    payment_method=CARD,
)
ASKED: dict[str, Any] = {
    "merchant_transaction_id": "order_1",
    "amount": Money(1000, "USD"),
    "payment_method": CARD,
    "connector_customer_id": "cus_1",
    "capture_method": "MANUAL",
}
GOOD = {
    "id": "pay_1",
    "state": "ok",
    "ref": "order_1",
    "customer": "cus_1",
    "amount": 1000,
    "authorized": 1000,
}
GONE = {"code": "gone", "kind": "NOT_FOUND"}
NO_LOOKUP = "if request.merchant_customer_id is not None:", "if request.timeout == 4711:"
"""What makes the test connector one that finds no customers by the caller's id."""
AUTHORIZING = """        response = yield account.post("/payments", json=order)
"""
"""How the test connector sends a payment, for tests to change."""


def options(server: Server) -> dict[str, Any]:
    """The options of a client of the scripted server."""
    return {"api_key": "key_secret", "base_url": server.url}


def hang_up(handler: BaseHTTPRequestHandler) -> None:
    """Ends the connection without an answer."""
    handler.connection.shutdown(socket.SHUT_RDWR)
    handler.close_connection = True
