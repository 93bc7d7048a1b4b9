"""Webhooks as Razorpay's pages and its Python SDK publish them, signed with a test secret."""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any

import pytest

from prism_core import EventRejected, Prism

SECRET = b"whsec_example"
# https://razorpay.com/docs/webhooks/payments
PAYMENT = json.loads(
    """{"id": "pay_DESlfW9H8K9uqM", "entity": "payment", "amount": 100, "currency": "INR",
    "base_amount": 100, "status": "captured", "order_id": "order_DESlLckIVRkHWj",
    "invoice_id": null, "international": false, "method": "netbanking", "amount_refunded": 0,
    "amount_transferred": 0, "refund_status": null, "captured": true, "description": null,
    "card_id": null, "bank": "HDFC", "wallet": null, "vpa": null,
    "email": "gaurav.kumar@example.com", "contact": "+919876543210", "notes": [], "fee": 2,
    "tax": 0, "error_code": null, "error_description": null, "error_source": null,
    "error_step": null, "error_reason": null, "created_at": 1567674599,
    "acquirer_data": {"bank_transaction_id": "0125836177"}}"""
)
# The Python SDK's tests/mocks/fake_payment_authorized_webhook.json: a payment captured already.
OF_THE_SDK = json.loads(
    """{"id": "pay_6koWN7bvxujzxM", "entity": "payment", "amount": 1000000, "currency": "INR",
    "status": "captured", "order_id": "order_100000000order", "international": false,
    "method": "card", "amount_refunded": 0, "refund_status": null, "captured": true,
    "description": "random description", "card_id": "card_6koWNAT6LASUqy", "bank": null,
    "wallet": null, "vpa": null, "email": "a@b.com", "contact": "+919999999999",
    "notes": {"merchant_order_id": "random order id"}, "fee": 23000, "service_tax": 3000,
    "error_code": null, "error_description": null, "created_at": 1479978483}"""
)
# https://razorpay.com/docs/webhooks/refunds
REFUND = json.loads(
    """{"id": "rfnd_FS8TWyPrCsa0OB", "entity": "refund", "amount": 50000, "currency": "INR",
    "payment_id": "pay_FPoJKWQQ8lK13n", "notes": {"comment": "Customer Notes for Webhooks."},
    "receipt": null, "acquirer_data": {"arn": null}, "created_at": 1597734071, "batch_id": null,
    "status": "failed", "speed_processed": "normal", "speed_requested": "optimum"}"""
)
# https://razorpay.com/docs/api/payments/recurring-payments/webhooks
TOKEN = json.loads(
    """{"id": "token_FHfn3rIiM1Z8nr", "entity": "token", "token": "2aqzyte2EqvuDr", "bank": null,
    "wallet": null, "method": "card", "card": {"entity": "card", "name": "Gaurav Kumar",
    "last4": "2002", "network": "Visa", "type": "credit", "issuer": "CITI", "international": false,
    "emi": true, "sub_type": "consumer", "expiry_month": 5, "expiry_year": 2025,
    "flows": {"otp": true, "recurring": true, "iframe": false}}, "recurring": true,
    "auth_type": null, "mrn": null, "used_at": 1595449653, "created_at": 1595449652,
    "expired_at": 1748716199, "dcc_enabled": false}"""
)
# https://razorpay.com/docs/webhooks/disputes
DISPUTE = json.loads(
    """{"id": "disp_EsIAlDcoUr8CaQ", "entity": "dispute", "payment_id": "pay_EFtmUsbwpXwBHI",
    "amount": 39000, "currency": "INR", "amount_deducted": 0, "status": "open",
    "reason_code": "processed_invalid_expired_card", "respond_by": 1590431400,
    "phase": "chargeback", "created_at": 1589907957}"""
)


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
            "payment.dispute.created",
            {"payment": PAYMENT, "dispute": DISPUTE},
            ("DISPUTE", "DISPUTE_OPENED"),
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
