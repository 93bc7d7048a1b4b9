"""Events: what they are about, and what is looked up to tell it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from prism_core import (
    Event,
    EventKind,
    EventRejected,
    MalformedResponse,
    NotFound,
    Prism,
    Unavailable,
)

from .paypal_samples import CREDENTIALS, HEADERS, SENT, capture, error, order, part, refunded
from .paypal_server import PayPalServer


@pytest.fixture
def hear(server: PayPalServer) -> Iterator[Any]:
    """Handles an event that our own PayPal vouches for."""
    with Prism("paypal", **CREDENTIALS, webhook_id="WEBHOOK1", base_url=server.url) as prism:

        def heard(event_type: str, resource: Any, resource_type: str = "", after: int = 0) -> Event:
            server.script("/verify-webhook-signature", (200, {"verification_status": "SUCCESS"}))
            body = {
                "id": "WH-1",
                "event_type": event_type,
                "resource_type": resource_type,
                "resource": resource,
            }
            return prism.events.handle(
                body=json.dumps(body).encode(),
                headers=HEADERS,
                received_at=SENT + after,
                max_retries=0,
            )

        yield heard


def test_an_event_may_be_four_days_old(hear: Any) -> None:
    """PayPal delivers for three days; what is older may be sent again by somebody else."""
    days = 4 * 24 * 3600
    assert hear("CHECKOUT.SOMETHING", {}, after=days).connector_event_id == "WH-1"
    with pytest.raises(EventRejected):
        hear("CHECKOUT.SOMETHING", {}, after=days + 1)


@pytest.mark.parametrize(
    ("event_type", "resource_type"),
    [
        ("PAYMENT.CAPTURE.REFUNDED", "refund"),
        ("PAYMENT.REFUND.COMPLETED", "refund"),
        ("PAYMENT.CAPTURE.REVERSED", "refund"),
    ],
)
def test_a_refund_is_told_with_its_payment(
    hear: Any, server: PayPalServer, event_type: str, resource_type: str
) -> None:
    """A refund names its capture in its link `up` alone; the capture names the payment. Its
    `custom_id` is the caller's id of the refund, unless it is the payment's."""
    for own, merchant_refund_id in (("refund_1", "refund_1"), ("order_1001", None)):
        server.script("/captures/3PART", (200, capture()))
        event = hear(event_type, refunded("4.00", own=own), resource_type)
        assert event.kind is EventKind.REFUND
        assert event.refund is not None
        assert event.refund.connector_refund_id == "1REFUND"
        assert event.refund.merchant_refund_id == merchant_refund_id
        assert event.refund.connector_transaction_id == "5ORDER"


def test_a_refund_that_names_its_order_is_believed(hear: Any, server: PayPalServer) -> None:
    """The order may be named beside the refund, too, with or without the capture."""
    related = {"related_ids": {"order_id": "5ORDER", "capture_id": "3PART"}}
    bare = refunded("4.00", links=[], supplementary_data=related)
    server.script("/captures/3PART", (200, part("COMPLETED")))
    event = hear("PAYMENT.REFUND.COMPLETED", bare)
    assert (event.refund.connector_transaction_id, event.refund.merchant_refund_id) == (
        "5ORDER",
        "refund_1",
    )
    related["related_ids"].pop("capture_id")
    event = hear("PAYMENT.REFUND.COMPLETED", bare)
    assert (event.refund.connector_transaction_id, event.refund.merchant_refund_id) == (
        "5ORDER",
        None,
    )


def test_another_capture_than_the_refunds_ends_it(hear: Any, server: PayPalServer) -> None:
    """A lookup that is answered with something else is no event."""
    server.script("/captures/3PART", (200, capture(id="9OTHER")))
    with pytest.raises(MalformedResponse):
        hear("PAYMENT.REFUND.COMPLETED", refunded("4.00"))
    server.script("5ORDER", (200, {**order("COMPLETED"), "id": "9OTHER"}))
    with pytest.raises(MalformedResponse):
        hear("PAYMENT.CAPTURE.COMPLETED", capture())


def test_a_reversal_of_a_capture_is_about_the_payment(hear: Any, server: PayPalServer) -> None:
    server.script("5ORDER", (200, order(captures=[part("REFUNDED")])))
    event = hear("PAYMENT.CAPTURE.REVERSED", capture(), "capture")
    assert event.payment.connector_transaction_id == "5ORDER"


def test_a_payment_method_is_named_with_its_customer(hear: Any) -> None:
    """A card that is saved or deleted is named; its customer, where PayPal tells one."""
    event = hear("VAULT.PAYMENT-TOKEN.CREATED", {"id": "vault_1", "customer": {"id": "cust_1"}})
    assert event.kind is EventKind.PAYMENT_METHOD
    assert (event.connector_payment_method_id, event.connector_customer_id) == ("vault_1", "cust_1")
    for resource in ({"id": "vault_1"}, {"id": "vault_1", "customer": None}):
        event = hear("VAULT.PAYMENT-TOKEN.DELETED", resource)
        assert (event.connector_payment_method_id, event.connector_customer_id) == ("vault_1", None)


def test_a_dispute_is_named_with_the_payment_it_is_about(hear: Any, server: PayPalServer) -> None:
    """A dispute names a capture; what it is a capture of is looked up."""
    dispute: dict[str, Any] = {
        "dispute_id": "PP-D-1",
        "disputed_transactions": [{"seller_transaction_id": "3PART"}],
    }
    server.script("/captures/3PART", (200, capture()))
    event = hear("CUSTOMER.DISPUTE.CREATED", dispute)
    assert (event.kind, event.connector_dispute_id) == (EventKind.DISPUTE, "PP-D-1")
    assert event.connector_transaction_id == "5ORDER"


@pytest.mark.parametrize(
    "transactions",
    [None, [], [{}], [{"seller_transaction_id": "3PART"}, {"seller_transaction_id": "4PART"}]],
)
def test_a_dispute_of_no_payment_or_of_several_names_none(
    hear: Any, server: PayPalServer, transactions: Any
) -> None:
    """What is about several payments is not said to be about one."""
    dispute = {"dispute_id": "PP-D-1", "disputed_transactions": transactions}
    event = hear("CUSTOMER.DISPUTE.UPDATED", dispute)
    assert (event.connector_dispute_id, event.connector_transaction_id) == ("PP-D-1", None)
    assert len(server.seen) == 1


def test_a_dispute_of_a_payment_without_an_order_is_an_event(
    hear: Any, server: PayPalServer
) -> None:
    """PayPal has disputes of payments that were made in other ways: such a one is genuine, too.
    While PayPal cannot be asked, it is no event yet: PayPal delivers it again."""
    dispute = {
        "dispute_id": "PP-D-1",
        "disputed_transactions": [{"seller_transaction_id": "3PART"}],
    }
    missing = error("INVALID_RESOURCE_ID", name="RESOURCE_NOT_FOUND")
    server.script("/captures/3PART", (404, missing), (503, b""), (404, b"<html>"))
    event = hear("CUSTOMER.DISPUTE.RESOLVED", dispute)
    assert (event.kind, event.connector_transaction_id) == (EventKind.DISPUTE, None)
    for unclear in (Unavailable, NotFound):
        with pytest.raises(unclear):
            hear("CUSTOMER.DISPUTE.RESOLVED", dispute)


TWICE = [
    b'{"id": "WH-1", "event_type": "A", "resource": {}, "event_type": "B"}',
    b'{"id": "WH-1", "event_type": "A", "resource": {"id": "1", "amount": {}, "id": "2"}}',
    b'{"id": "WH-1", "event_type": "A", "event_\\u0074ype": "B", "resource": {}}',
    b'{"id": "WH-1", "event_type": "A", "resource": {}, "x": [[{"y": 1, "y": 1}]]}',
]


@pytest.mark.parametrize("body", TWICE)
def test_an_event_that_can_be_read_in_two_ways_is_not_believed(
    server: PayPalServer, body: bytes
) -> None:
    """A name that comes twice may be one thing to PayPal, who vouches for it, and another here; so
    PayPal is not even asked."""
    credentials = {**CREDENTIALS, "webhook_id": "WEBHOOK1", "base_url": server.url}
    with Prism("paypal", **credentials) as prism, pytest.raises(EventRejected, match="no JSON"):
        prism.events.handle(body=body, headers=HEADERS, received_at=SENT)
    assert not any("verify" in seen.path for seen in server.seen)
