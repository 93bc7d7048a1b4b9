"""Webhooks as Airwallex's pages publish them, signed with a test secret."""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any

import pytest

from prism_core import EventRejected, Prism

NOW = 1673595126
# https://www.airwallex.com/docs/payments/reference/payments-webhooks: the envelope and the object,
# which stand apart there.
PUBLISHED = """{"id":"evt_100_2019102201549020043_8321220011893766","name":"payment_intent.created",
"accountId":"78814faa-1b30-4598-a9c8-f0583db8d09d","data":{"object":{
"request_id": "d6a92e2a-02e5-c37b-c977-13796ec7443a", "id": "int_aaaat9w2hgh8mzi1111",
"merchant_order_id": "0000000000", "amount": 16.66, "currency": "USD", "captured_amount": 0,
"payment_method_options": {"card": {"risk_control": {"three_domain_secure_action": "FORCE_3DS",
"three_ds_action": "FORCE_3DS"}, "three_ds_action": "FORCE_3DS"}},
"status": "REQUIRES_PAYMENT_METHOD", "created_at": "2023-01-13T07:32:05+0000",
"updated_at": "2023-01-13T07:32:05+0000"}}}"""
# https://www.airwallex.com/docs/payments/payment-methods/apac/wechat-pay/funds-split-wechat-pay/refunds
REFUND: dict[str, Any] = {
    "id": "rfd_sgst4689lgcv3c7rbyc_bppn22",
    "payment_intent_id": "int_sgst4689lgcv3bppn22",
    "amount": 0.1,
    "currency": "CNY",
    "status": "RECEIVED",
}


def headers(body: str, at: int = NOW, secret: bytes = b"whsec_example") -> dict[str, str]:
    """https://www.airwallex.com/docs/developer-tools__listen-for-webhook-events__code-examples"""
    text = f"{at}000{body}".encode()
    signature = hmac.new(secret, text, hashlib.sha256).hexdigest()
    return {"x-timestamp": f"{at}000", "x-signature": signature}


def test_the_published_event(prism: Prism) -> None:
    event = prism.events.handle(
        body=PUBLISHED.encode(), headers=headers(PUBLISHED), received_at=NOW
    )
    assert event.payment is not None
    assert event.payment.status == "PAYMENT_METHOD_AWAITED"
    assert event.payment.connector_transaction_id == "int_aaaat9w2hgh8mzi1111"
    assert event.payment.amount is not None
    assert event.payment.amount.minor_amount == 1666


@pytest.mark.parametrize(
    ("name", "status", "meaning"),
    [
        ("refund.received", "RECEIVED", "REFUND_PENDING"),
        ("refund.settled", "SETTLED", "REFUND_SUCCESS"),
        ("refund.failed", "FAILED", "REFUND_FAILURE"),
        ("refund.received", "FROBNICATED", "REFUND_MANUAL_REVIEW"),
    ],
)
def test_refunds(prism: Prism, name: str, status: str, meaning: str) -> None:
    body = json.dumps(
        {"id": "evt_1", "name": name, "data": {"object": {**REFUND, "status": status}}}
    )
    event = prism.events.handle(body=body.encode(), headers=headers(body), received_at=NOW)
    assert event.refund is not None
    assert event.refund.status == meaning


@pytest.mark.parametrize(
    "forged",
    [
        {},
        headers(PUBLISHED, secret=b"another"),
        headers(PUBLISHED + " "),
        headers(PUBLISHED, at=NOW - 3600),
        {**headers(PUBLISHED), "x-timestamp": f"{NOW + 1}000"},
    ],
)
def test_what_is_forged_or_old_is_refused(prism: Prism, forged: dict[str, str]) -> None:
    with pytest.raises(EventRejected):
        prism.events.handle(body=PUBLISHED.encode(), headers=forged, received_at=NOW)
