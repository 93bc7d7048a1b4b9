"""Webhooks: the published one, signed with a test secret; and forged ones."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from typing import Any

import pytest

from prism_core import ConfigurationError, EventRejected

SECRET = "your_secret_key_here"  # that of the published examples
REQUEST_ID = "2066ca19-c6f1-498a-be75-1923005edd06"  # of the official SDK's tests
# https://www.mercadopago.com/developers/en/docs/your-integrations/notifications/webhooks
PUBLISHED = {
    "id": 12345,
    "live_mode": True,
    "type": "payment",
    "date_created": "2015-03-25T10:04:58.396-04:00",
    "user_id": 44444,
    "api_version": "v1",
    "action": "payment.created",
    "data": {"id": "999999999"},
}


def signed(manifest: str, at: str, secret: str = SECRET, name: str = "v1") -> dict[str, str]:
    """As the page says, and as the official SDK's validator computes it."""
    code = hmac.new(secret.encode(), manifest.encode(), hashlib.sha256).hexdigest()
    return {"x-signature": f"ts={at},{name}={code}", "x-request-id": REQUEST_ID}


def usual(at: str, known: str = "999999999", **more: str) -> dict[str, str]:
    return signed(f"id:{known};request-id:{REQUEST_ID};ts:{at};", at, **more)


@pytest.fixture
def shop(opened: Any) -> Any:
    return opened(webhook_secret=SECRET)


@pytest.mark.parametrize("unit", [1, 1000])
def test_the_published_webhook_is_read(
    shop: Any, mercadopago: Any, payment: Any, unit: int
) -> None:
    """The page calls the time milliseconds, and has seconds in its example."""
    mercadopago.says(payment())
    headers = usual(str(int(time.time()) * unit))
    event = shop.events.handle(body=json.dumps(PUBLISHED).encode(), headers=headers)
    assert (event.event_type, event.payment.status) == ("payment.approved", "CHARGED")
    assert event.connector_event_id == "payment-999999999-2026-11-28T10:30:02.000-03:00"
    assert mercadopago.requests[0].url.path == "/v1/payments/999999999"


def test_a_webhook_without_a_request_id_has_none_in_its_signature(
    shop: Any, mercadopago: Any, payment: Any
) -> None:
    """ "If any of the values are not present, remove them": case 10 of the official SDK's tests."""
    at = f"{int(time.time())}000"
    headers = signed(f"id:999999999;ts:{at};", at)
    del headers["x-request-id"]
    mercadopago.says(payment())
    body = json.dumps(PUBLISHED).encode()
    assert shop.events.handle(body=body, headers=headers).payment is not None


def test_forged_webhooks_are_rejected(shop: Any, mercadopago: Any) -> None:
    now, old = f"{int(time.time())}000", f"{int(time.time()) - 30 * 24 * 3600}000"
    genuine = usual(now)
    forged = [
        {},
        {"x-signature": "this-is-garbage", "x-request-id": REQUEST_ID},
        {**genuine, "x-request-id": "another"},
        {**genuine, "x-signature": genuine["x-signature"][:-2] + "zz"},
        {**genuine, "x-signature": genuine["x-signature"].partition(",")[2]},
        {**genuine, "x-signature": f"ts={now}"},
        usual(now, secret="another"),
        usual(now, known="1000000"),
        usual(now, name="v2"),
        usual(old),
        # of the page's own example, whose secret is not published
        {
            "x-signature": "ts=1704908010,v1="
            "618c85345248dd820d5fd456117c2ab2ef8eda45a0282ff693eac24131a5e839",
            "x-request-id": REQUEST_ID,
        },
    ]
    for headers in forged:
        with pytest.raises(EventRejected):
            shop.events.handle(body=json.dumps(PUBLISHED).encode(), headers=headers)
    other_topic = json.dumps({**PUBLISHED, "type": "topic_claims_integration_wh"}).encode()
    for body in (other_topic, b"", b"[]", b"topic=payment&id=999999999"):
        with pytest.raises(EventRejected):
            shop.events.handle(body=body, headers=genuine)
    assert not mercadopago.requests


def test_an_id_that_mercado_pago_does_not_know_is_forged(shop: Any, mercadopago: Any) -> None:
    mercadopago.says({"message": "Payment not found", "error": "not_found", "status": 404}, 404)
    with pytest.raises(EventRejected):
        shop.events.handle(
            body=json.dumps(PUBLISHED).encode(), headers=usual(f"{int(time.time())}000")
        )


def test_without_the_secret_nothing_is_believed(opened: Any, mercadopago: Any) -> None:
    with pytest.raises(ConfigurationError):
        opened().events.handle(body=json.dumps(PUBLISHED).encode(), headers=usual("1"))
    assert not mercadopago.requests


@pytest.mark.parametrize(
    ("payments", "known"),
    [([15662826], "15662826"), ([{"id": 15662826}], "15662826"), ([1, 2], None), ([{}], None)],
)
def test_a_chargeback_names_its_payment_by_id_or_as_an_object(
    shop: Any, mercadopago: Any, payments: list[Any], known: str | None
) -> None:
    """The reference has the one, the published OpenAPI document the other."""
    mercadopago.says({"id": "217", "amount": 10, "currency": "BRL", "payments": payments})
    body = {**PUBLISHED, "type": "topic_chargebacks_wh", "data": {"id": "217"}}
    headers = usual(str(int(time.time())), "217")
    event = shop.events.handle(body=json.dumps(body).encode(), headers=headers)
    assert event.dispute.connector_transaction_id == known


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ({"documentation_status": "pending"}, "DISPUTE_OPENED"),
        ({"documentation_status": "review_pending"}, "DISPUTE_CHALLENGED"),
        ({"documentation_status": "not_supplied"}, "DISPUTE_LOST"),
    ],
)
def test_a_chargeback_that_is_not_decided_is_not_lost(
    shop: Any, mercadopago: Any, said: dict[str, str], status: str
) -> None:
    """https://www.mercadopago.com/developers/en/guides/manage-account/chargebacks: a new one is
    not covered either, and what is reviewed is not decided."""
    known = {"id": "217", "amount": 10, "currency": "BRL", "payments": [1]}
    mercadopago.says({**known, "coverage_applied": False, **said})
    body = {**PUBLISHED, "type": "topic_chargebacks_wh", "data": {"id": "217"}}
    headers = usual(str(int(time.time())), "217")
    event = shop.events.handle(body=json.dumps(body).encode(), headers=headers)
    assert event.dispute.status == status
