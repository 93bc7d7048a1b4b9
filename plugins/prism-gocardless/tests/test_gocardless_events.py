"""Webhooks: genuine ones, forged ones, and what an event means."""

from __future__ import annotations

import json
from collections.abc import Iterator
from hashlib import sha256
from hmac import new
from typing import Any

import pytest

from prism_core import Event, EventKind, EventRejected, MalformedResponse, Prism

# https://github.com/gocardless/gocardless-pro-python/blob/master/tests/webhooks_test.py, with the
# body in tests/fixtures/webhook_body.json.
SECRET = "ED7D658C-D8EB-4941-948B-3973214F2D49"
SIGNATURE = "2693754819d3e32d7e8fcb13c729631f316c6de8dc1cf634d6527f1c07276e7e"
BODY = (
    b'{"events":[{"id":"EV00BD05S5VM2T","created_at":"2018-07-05T09:13:51.404Z","resource_type":'
    b'"subscriptions","action":"created","links":{"subscription":"SB0003JJQ2MR06"},"details":'
    b'{"origin":"api","cause":"subscription_created","description":"Subscription created via the '
    b'API."},"metadata":{}},{"id":"EV00BD05TB8K63","created_at":"2018-07-05T09:13:56.893Z",'
    b'"resource_type":"mandates","action":"created","links":{"mandate":"MD000AMA19XGEC"},"details":'
    b'{"origin":"api","cause":"mandate_created","description":"Mandate created via the API."},'
    b'"metadata":{}}]}'
)
# https://developer.gocardless.com/partners/webhooks-for-partners
FAILED: dict[str, Any] = {
    "id": "EV123",
    "created_at": "2014-04-08T17:01:06.000Z",
    "resource_type": "payments",
    "action": "failed",
    "details": {
        "origin": "bank",
        "cause": "insufficient_funds",
        "description": "The customer's account had insufficient funds to make this payment.",
        "scheme": "sepa_core",
        "reason_code": "AM04",
        "will_attempt_retry": False,
    },
    "metadata": {},
    "links": {"payment": "PM123"},
}


@pytest.fixture
def shop() -> Iterator[Prism]:
    """A client that knows the secret of the endpoint."""
    with Prism("gocardless", access_token="token_example", webhook_secret=SECRET) as opened:
        yield opened


def told(shop: Prism, **changes: Any) -> Event:
    body = json.dumps({"events": [{**FAILED, **changes}]}).encode()
    signature = new(SECRET.encode(), body, sha256).hexdigest()
    return shop.events.handle(body=body, headers={"Webhook-Signature": signature})


def test_a_genuine_webhook_of_the_sdk_is_read(shop: Prism) -> None:
    """Both of its events; neither says more than that something was created."""
    event = shop.events.handle(body=BODY, headers={"Webhook-Signature": SIGNATURE})
    (other,) = event.others
    assert (event.connector_event_id, event.event_type) == (
        "EV00BD05S5VM2T",
        "subscriptions.created",
    )
    assert (other.connector_event_id, other.event_type) == ("EV00BD05TB8K63", "mandates.created")
    assert (other.kind, other.connector_mandate_id) == (EventKind.UNKNOWN, "MD000AMA19XGEC")
    assert (event.created_at, event.body) == (1530782031, BODY)


@pytest.mark.parametrize(
    ("body", "signature"),
    [
        (BODY.replace(b"MD000AMA19XGEC", b"MD000AMA19XGED"), SIGNATURE),
        (BODY, SIGNATURE[:-1] + "f"),
        (BODY, SIGNATURE[:-2]),
        (BODY, ""),
        (BODY, new(b"anotherkey", BODY, sha256).hexdigest()),
        (BODY + b" ", SIGNATURE),
    ],
)
def test_a_forged_one_is_rejected(shop: Prism, body: bytes, signature: str) -> None:
    with pytest.raises(EventRejected):
        shop.events.handle(body=body, headers={"Webhook-Signature": signature})
    with pytest.raises(EventRejected):
        shop.events.handle(body=body, headers={})


def test_an_event_that_cannot_be_read_does_not_hide_the_others(shop: Prism) -> None:
    """It is told with its id. If there is no other, the webhook is refused, and comes again."""
    strange = {**FAILED, "id": "EV124", "links": "PM124"}
    with pytest.raises(MalformedResponse):
        told(shop, links="PM124")
    body = json.dumps({"events": [strange, FAILED]}).encode()
    signature = new(SECRET.encode(), body, sha256).hexdigest()
    event = shop.events.handle(body=body, headers={"Webhook-Signature": signature})
    (other,) = event.others
    assert (event.kind, event.connector_event_id) == (EventKind.UNKNOWN, "EV124")
    assert (event.event_type, event.payment) == ("payments.failed", None)
    assert other.payment is not None
    assert other.payment.connector_transaction_id == "PM123"


def test_the_example_of_the_documentation(shop: Prism) -> None:
    event = told(shop)
    assert event.payment is not None
    assert (event.payment.status, event.payment.connector_transaction_id) == ("FAILURE", "PM123")
    assert event.payment.payment_method is not None
    assert event.payment.payment_method.payment_method_type == "SEPA"
    assert event.payment.error is not None
    assert event.payment.error.unified is not None
    assert event.payment.error.unified.code == "INSUFFICIENT_FUNDS"


def test_a_failure_that_gocardless_tries_again_has_not_ended(shop: Prism) -> None:
    """https://developer.gocardless.com/introduction/success-plus"""
    event = told(shop, details={**FAILED["details"], "will_attempt_retry": True})
    assert event.payment is not None
    assert (event.payment.status, event.payment.status.can_still_change) == ("PENDING", True)
    assert event.payment.error is not None


@pytest.mark.parametrize(
    ("action", "status", "dispute"),
    [
        ("resubmission_requested", "PENDING", None),
        ("confirmed", "CHARGED", None),
        ("paid_out", "CHARGED", None),
        ("cancelled", "VOIDED", None),
        ("customer_approval_denied", "FAILURE", None),
        ("charged_back", "CHARGED", "DISPUTE_LOST"),
        ("chargeback_cancelled", "CHARGED", "DISPUTE_CANCELLED"),
        ("late_failure_settled", "FAILURE", "DISPUTE_LOST"),
    ],
)
def test_what_happened_to_a_payment(
    shop: Prism, action: str, status: str, dispute: str | None
) -> None:
    event = told(shop, action=action, details={})
    assert event.payment is not None
    assert event.payment.status == status
    assert (event.dispute and event.dispute.status) == dispute


def test_an_action_that_nobody_knows_names_the_payment_alone(shop: Prism) -> None:
    event = told(shop, action="moved_to_mars")
    assert (event.kind, event.payment) == (EventKind.UNKNOWN, None)
    assert event.connector_transaction_id == "PM123"


@pytest.mark.parametrize(
    ("about", "action", "status"),
    [
        ("mandate", "reinstated", "ACTIVE"),
        ("mandate", "expired", "MANDATE_INACTIVE"),
        ("mandate", "cancelled", "REVOKED"),
        ("refund", "created", "REFUND_PENDING"),
        ("refund", "failed", "REFUND_FAILURE"),
        ("refund", "funds_returned", "REFUND_FAILURE"),
    ],
)
def test_what_happened_to_another_object(shop: Prism, about: str, action: str, status: str) -> None:
    event = told(
        shop, resource_type=f"{about}s", action=action, details={}, links={about: "id_123"}
    )
    changed = getattr(event, about)
    assert (changed.status, getattr(changed, f"connector_{about}_id")) == (status, "id_123")
