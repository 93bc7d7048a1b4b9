"""Webhooks: only genuine ones are believed, and what they tell."""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prism_authorizedotnet import connector
from prism_core import (
    Event,
    EventKind,
    EventRejected,
    HandleEventRequest,
    Money,
    PaymentStatus,
    RefundStatus,
    Secret,
)

from .authorizedotnet_samples import ACCOUNT

TEN = Money(1000, "USD")
HEARD = msgspec.structs.replace(ACCOUNT, webhook_secret=Secret("0A1B2C"))


def heard(body: bytes, headers: dict[str, str] | None = None, account: Any = HEARD) -> Event:
    """The event that a webhook is, with its own signature if no headers are given."""
    request = HandleEventRequest(body=body, headers={})
    signed = connector.sign_event(request, HEARD) if headers is None else headers
    flow = connector.handle_event(msgspec.structs.replace(request, headers=dict(signed)), account)
    with pytest.raises(StopIteration) as stopped:
        next(flow)
    event: Event = stopped.value.value
    return event


def notification(word: str, code: int = 1, **payload: Any) -> bytes:
    """A webhook about a transaction of ten dollars."""
    told = {"responseCode": code, "authAmount": 10.0, "authCode": "HH5414", **payload}
    told = {"id": "40000001001", **told}
    whole = {"notificationId": "n_1", "eventType": f"net.authorize.{word}", "payload": told}
    return json.dumps({**whole, "eventDate": "2026-11-02T15:04:05.1234567Z"}).encode()


@pytest.mark.parametrize("said", ["15:04:05Z", "17:04:05+02:00", "10:04:05-05:00", "15:04:05"])
def test_an_event_is_of_its_own_time(said: str) -> None:
    """Its date may be of any time zone; one without any is in UTC."""
    body = notification("payment.void.created").replace(b"15:04:05.1234567Z", said.encode())
    assert heard(body).created_at == 1793631845


@pytest.mark.parametrize(
    ("word", "code", "status"),
    [
        ("payment.authorization.created", 1, PaymentStatus.AUTHORIZED),
        ("payment.authcapture.created", 1, PaymentStatus.CHARGED),
        ("payment.capture.created", 1, PaymentStatus.CHARGED),
        ("payment.priorAuthCapture.created", 1, PaymentStatus.CHARGED),
        ("payment.void.created", 1, PaymentStatus.VOIDED),
        ("payment.fraud.held", 4, PaymentStatus.PENDING),
        ("payment.fraud.approved", 1, PaymentStatus.UNRESOLVED),
        ("payment.fraud.declined", 2, PaymentStatus.AUTHORIZATION_FAILED),
        ("payment.authcapture.created", 4, PaymentStatus.PENDING),
        ("payment.authcapture.created", 3, PaymentStatus.UNRESOLVED),
    ],
)
def test_an_event_tells_of_a_payment(word: str, code: int, status: PaymentStatus) -> None:
    """What the event type says, as far as the response code agrees."""
    event = heard(notification(word, code, invoiceNumber="order_1001"))
    assert event.payment is not None
    assert (event.kind, event.payment.status) == (EventKind.PAYMENT, status)
    assert event.payment.merchant_transaction_id == "order_1001"
    assert (event.connector_event_id, event.created_at) == ("n_1", 1793631845)
    captured = TEN if status is PaymentStatus.CHARGED else None
    assert event.payment.captured_amount == captured


def test_an_event_tells_of_a_refund_or_of_something_else() -> None:
    """A refund waits to be settled; what the connector does not know is UNKNOWN."""
    refund = heard(notification("payment.refund.created", merchantReferenceId="refund_1")).refund
    assert refund is not None
    assert (refund.status, refund.amount) == (RefundStatus.REFUND_PENDING, TEN)
    assert refund.merchant_refund_id == "refund_1"
    unsaid = msgspec.structs.replace(HEARD, currency=None)
    body = notification("payment.refund.created")
    request = HandleEventRequest(body=body, headers={})
    event = heard(body, dict(connector.sign_event(request, HEARD)), unsaid)
    assert event.refund is not None
    assert event.refund.amount is None
    assert heard(notification("customer.subscription.expiring")).kind is EventKind.UNKNOWN


@pytest.mark.parametrize(
    ("word", "payload", "kind", "customer", "method"),
    [
        ("customer.created", {"id": "394"}, EventKind.CUSTOMER, "394", None),
        ("customer.deleted", {"id": 394}, EventKind.CUSTOMER, "394", None),
        (
            "customer.paymentProfile.created",
            {"customerProfileId": 394, "entityName": "customerPaymentProfile", "id": "694"},
            EventKind.PAYMENT_METHOD,
            "394",
            "694",
        ),
        (
            "customer.subscription.created",
            {
                "profile": {"customerProfileId": 394, "customerPaymentProfileId": 694},
                "entityName": "subscription",
                "id": "4765887",
            },
            EventKind.UNKNOWN,
            "394",
            "694",
        ),
        ("customer.subscription.expired", {"id": "4765887"}, EventKind.UNKNOWN, None, None),
        ("customer.updated", {"id": {"new": "394"}}, EventKind.CUSTOMER, None, None),
    ],
)
def test_an_event_names_its_customer_and_payment_method(
    word: str, payload: dict[str, Any], kind: EventKind, customer: str | None, method: str | None
) -> None:
    """Whose it is, as a number or a text; a subscription's own id is no mandate's."""
    whole = {"notificationId": "n_1", "eventType": f"net.authorize.{word}", "payload": payload}
    event = heard(json.dumps(whole).encode())
    assert event.kind is kind
    assert (event.connector_customer_id, event.connector_payment_method_id) == (customer, method)
    assert event.connector_mandate_id is None


def test_an_event_about_nothing_that_was_made_claims_no_payment() -> None:
    """A transaction with the id 0 was never made: no payment has that id, and none is paid."""
    paid = heard(notification("payment.authcapture.created", id="0")).payment
    refund = heard(notification("payment.refund.created", id=0)).refund
    assert paid is not None
    assert refund is not None
    assert (paid.status, paid.connector_transaction_id) == (PaymentStatus.UNRESOLVED, None)
    assert (refund.status, refund.connector_refund_id) == (RefundStatus.REFUND_MANUAL_REVIEW, None)


def test_a_refund_made_elsewhere_is_known_by_its_own_id() -> None:
    """The Merchant Interface gives a refund the payment's invoice number, which is no id of it."""
    refund = heard(notification("payment.refund.created", invoiceNumber="order_1001")).refund
    assert refund is not None
    assert (refund.connector_refund_id, refund.merchant_refund_id) == ("40000001001", None)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=60), st.binary(min_size=1, max_size=8), st.booleans())
def test_only_genuine_events_are_believed(body: bytes, more: bytes, both: bool) -> None:
    """Any body signed with one of the secrets gets as far as being read; none that is altered."""
    account = msgspec.structs.replace(
        HEARD, webhook_secret=Secret("other 0A1B2C" if both else "0A1B2C")
    )
    whole = notification("customer.created", note=body.hex())
    signed = dict(connector.sign_event(HandleEventRequest(body=whole, headers={}), HEARD))
    assert heard(whole, {k.upper(): v.lower() for k, v in signed.items()}, account).kind
    for forged, headers in (
        (whole + more, signed),
        (whole, {"x-anet-signature": "sha512=" + more.hex()}),
        (whole, {"x-anet-signature": signed["x-anet-signature"][7:]}),
        (whole, {}),
    ):
        with pytest.raises(EventRejected):
            next(connector.handle_event(HandleEventRequest(body=forged, headers=headers), account))


def test_the_signature_key_is_used_as_it_is_shown() -> None:
    """The digest of a known body, made with the key's text and not with the bytes it stands for."""
    request = HandleEventRequest(body=b"{}", headers={})
    made = connector.sign_event(request, HEARD)["x-anet-signature"]
    assert made == "sha512=" + hmac.new(b"0A1B2C", b"{}", hashlib.sha512).hexdigest().upper()
