"""Webhooks as Razorpay's pages and its Python SDK publish them, signed with a test secret."""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any

import pytest

from prism_core import EventRejected, Prism

SECRET = b"whsec_example"
PAYMENT = {
    "id": "pay_DESlfW9H8K9uqM",
    "entity": "payment",
    "amount": 100,
    "currency": "INR",
    "status": "captured",
    "order_id": "order_DESlLckIVRkHWj",
    "method": "netbanking",
    "amount_refunded": 0,
    "captured": True,
    "bank": "HDFC",
    "notes": [],
    "error_code": None,
}
# The SDK's tests/mocks/fake_payment_authorized_webhook.json: its payment is captured already.
OF_THE_SDK = {
    "id": "pay_6koWN7bvxujzxM",
    "entity": "payment",
    "amount": 1000000,
    "currency": "INR",
    "status": "captured",
    "order_id": "order_100000000order",
    "international": False,
    "method": "card",
    "amount_refunded": 0,
    "refund_status": None,
    "captured": True,
    "card_id": "card_6koWNAT6LASUqy",
    "notes": {"merchant_order_id": "random order id"},
    "fee": 23000,
    "service_tax": 3000,
    "error_code": None,
    "created_at": 1479978483,
}
REFUND = {
    "id": "rfnd_FS8TWyPrCsa0OB",
    "entity": "refund",
    "amount": 50000,
    "currency": "INR",
    "payment_id": "pay_FPoJKWQQ8lK13n",
    "receipt": None,
    "status": "failed",
}
TOKEN = {
    "id": "token_FHfn3rIiM1Z8nr",
    "entity": "token",
    "method": "card",
    "card": {"last4": "2002", "network": "Visa", "expiry_month": "05", "expiry_year": "2025"},
    "recurring": True,
}
DISPUTE = {
    "id": "disp_EsIAlDcoUr8CaQ",
    "payment_id": "pay_EFtmUsbwpXwBHI",
    "amount": 39000,
    "currency": "INR",
    "status": "lost",
    "phase": "pre_arbitration",
}


def event(kind: str, **payload: Any) -> bytes:
    about = {name: {"entity": one} for name, one in payload.items()}
    return json.dumps({"event": kind, "contains": [*about], "payload": about}).encode()


def signed(body: bytes) -> dict[str, str]:
    return {"X-Razorpay-Signature": hmac.new(SECRET, body, hashlib.sha256).hexdigest()}


@pytest.mark.parametrize(
    ("kind", "payload", "told"),
    [
        ("payment.captured", {"payment": PAYMENT}, ("PAYMENT", "CHARGED")),
        ("payment.authorized", {"payment": OF_THE_SDK}, ("PAYMENT", "CHARGED")),
        (
            "payment.failed",
            {"payment": {**PAYMENT, "status": "failed", "error_reason": "payment_failed"}},
            ("PAYMENT", "PAYMENT_METHOD_AWAITED"),
        ),
        ("refund.failed", {"refund": REFUND, "payment": PAYMENT}, ("REFUND", "REFUND_FAILURE")),
        ("token.confirmed", {"token": TOKEN}, ("MANDATE", "ACTIVE")),
        ("token.cancelled", {"token": TOKEN}, ("MANDATE", "REVOKED")),
        (
            "payment.dispute.lost",
            {"payment": PAYMENT, "dispute": DISPUTE},
            ("DISPUTE", "DISPUTE_LOST"),
        ),
    ],
)
def test_what_razorpay_publishes_is_read(
    prism: Prism, kind: str, payload: dict[str, Any], told: tuple[str, str]
) -> None:
    body = event(kind, **payload)
    found = prism.events.handle(body=body, headers=signed(body))
    about = found.payment or found.refund or found.mandate or found.dispute
    assert about is not None
    assert (found.kind, about.status) == told
    assert found.event_type == kind


def test_forged_webhooks_are_refused(prism: Prism) -> None:
    body = event("payment.captured", payment=PAYMENT)
    other = event("payment.captured", payment={**PAYMENT, "amount": 1})
    by_the_key = hmac.new(b"secret_example", body, hashlib.sha256).hexdigest()
    for headers, sent in (
        ({}, body),
        (signed(body), other),
        ({"X-Razorpay-Signature": by_the_key}, body),
        ({"X-Razorpay-Signature": ""}, body),
    ):
        with pytest.raises(EventRejected):
            prism.events.handle(body=sent, headers=headers)


def test_the_id_in_the_unsigned_header_is_not_believed(prism: Prism) -> None:
    body = event("payment.captured", payment=PAYMENT)
    ids = {
        prism.events.handle(
            body=body, headers={**signed(body), "X-Razorpay-Event-Id": name}
        ).connector_event_id
        for name in ("one", "two")
    }
    assert len(ids) == 1
