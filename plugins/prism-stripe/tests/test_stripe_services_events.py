"""Events: only what Stripe signed is believed, and it is read as the other operations read it.

https://docs.stripe.com/webhooks, https://docs.stripe.com/api/events/types
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
import stripe
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from prism_core import (
    ConfigurationError,
    Event,
    EventKind,
    EventRejected,
    HandleEventRequest,
    MalformedResponse,
    MandateStatus,
    Money,
    PaymentStatus,
    Prism,
    RefundStatus,
    Secret,
)
from prism_stripe import StripeAccount, connector

from .samples import KEY, PM, SECRET, charge, decline, intent, setup_intent, uncaptured
from .test_stripe_life_refunds import PI, RE, refund_object

K = EventKind
NOW = 1_790_000_000
TEN = Money(1000, "USD")
fast = settings(
    max_examples=150,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@pytest.fixture(scope="module")
def shop() -> Iterator[Prism]:
    """A client that knows two secrets, as while one is replaced by another."""
    with Prism("stripe", api_key=KEY, webhook_secret=f"{SECRET} whsec_second") as opened:
        yield opened


def headers_of(body: bytes, secrets: str = SECRET, at: int = NOW) -> dict[str, str]:
    """The headers with which Stripe would send a body."""
    account = StripeAccount(api_key=Secret(KEY), webhook_secret=Secret(secrets))
    request = HandleEventRequest(body=body, headers={}, received_at=at)
    return dict(connector.sign_event(request, account))


def sent(kind: str, what: Any, **changes: Any) -> bytes:
    """https://docs.stripe.com/api/events/object"""
    data = {"object": what}
    return json.dumps(
        {"id": "evt_1", "object": "event", "type": kind, "created": NOW, "data": data, **changes}
    ).encode()


def handled(shop: Prism, body: bytes, **how: Any) -> Event:
    """What comes of a body that is signed."""
    return shop.events.handle(body=body, headers=headers_of(body, **how), received_at=NOW)


@fast
@given(
    content=st.dictionaries(st.text(max_size=9), st.text(max_size=20), max_size=4), data=st.data()
)
def test_what_is_altered_is_never_believed(
    shop: Prism, content: dict[str, str], data: st.DataObject
) -> None:
    """Any event that Stripe signed is read; with another byte, another secret, another time or no
    signature it is not."""
    body = sent("custom.event", content)
    headers = headers_of(body, data.draw(st.sampled_from([SECRET, "whsec_second"])))
    genuine = shop.events.handle(body=body, headers=headers, received_at=NOW)
    assert (genuine.kind, genuine.event_type) == (K.UNKNOWN, "custom.event")
    at = data.draw(st.integers(0, len(body) - 1))
    altered = body[:at] + bytes([body[at] ^ data.draw(st.integers(1, 255))]) + body[at + 1 :]
    text = headers["Stripe-Signature"]
    place = data.draw(st.integers(text.index("v1=") + 3, len(text) - 1))
    wrong = text[:place] + ("0" if text[place] != "0" else "1") + text[place + 1 :]
    later = text.replace(f"t={NOW}", f"t={NOW + data.draw(st.integers(1, 300))}")
    forgeries = [
        (altered, headers),
        (body, {"Stripe-Signature": wrong}),
        (body, {"Stripe-Signature": later}),
        (body, {"Stripe-Signature": data.draw(st.text("tv01=, ab9é", max_size=40))}),
        (body, headers_of(body, "whsec_of_another")),
        (body, {}),
    ]
    for forged, signature in forgeries:
        with pytest.raises(EventRejected):
            shop.events.handle(body=forged, headers=signature, received_at=NOW)


@pytest.mark.parametrize(("age", "is_believed"), [(300, True), (-300, True), (301, False)])
def test_an_event_is_believed_for_five_minutes(shop: Prism, age: int, is_believed: bool) -> None:
    """A recorded event sent again later is rejected."""
    body = sent("custom.event", {})
    if is_believed:
        assert handled(shop, body, at=NOW - age).connector_event_id == "evt_1"
        return
    with pytest.raises(EventRejected):
        handled(shop, body, at=NOW - age)


def test_stripes_own_sdk_agrees(shop: Prism) -> None:
    """What `sign_event` signs the official SDK believes, and what the SDK signs Prism does; other
    schemes in the header (v0) count for nothing."""
    body, now = sent("payment_intent.succeeded", intent(latest_charge="ch_1")), int(time.time())
    signed = headers_of(body, at=now)["Stripe-Signature"]
    stripe.WebhookSignature.verify_header(body.decode(), signed, SECRET, 300)  # type: ignore[no-untyped-call]
    theirs = stripe.WebhookSignature._compute_signature(f"{now}.{body.decode()}", SECRET)
    header = {"stripe-signature": f"t={now}, v1={'0' * 64},v1={theirs},v0={'1' * 64}"}
    assert shop.events.handle(body=body, headers=header).kind is K.PAYMENT
    with pytest.raises(EventRejected):
        shop.events.handle(body=body, headers={"stripe-signature": f"t={now},v0={theirs}"})


def test_without_the_secret_nothing_is_believed() -> None:
    """A client that was set up without it says so."""
    body = sent("custom.event", {})
    with Prism("stripe", api_key=KEY) as poor, pytest.raises(ConfigurationError, match="webhook"):
        poor.events.handle(body=body, headers=headers_of(body), received_at=NOW)


@pytest.mark.parametrize(
    ("kind", "what", "status"),
    [
        ("succeeded", intent(latest_charge="ch_1"), PaymentStatus.CHARGED),
        (
            "amount_capturable_updated",
            uncaptured(latest_charge="ch_1"),
            PaymentStatus.AUTHORIZED,
        ),
        (
            "payment_failed",
            decline(decline_code="lost_card")["error"]["payment_intent"],
            PaymentStatus.AUTHORIZATION_FAILED,
        ),
        ("processing", intent(status="levitating"), PaymentStatus.UNRESOLVED),
    ],
)
def test_an_event_tells_the_payment_as_a_lookup_does(
    shop: Prism, kind: str, what: Any, status: PaymentStatus
) -> None:
    """With the caller's own id, and the status that Stripe's object has, not the event's name."""
    event = handled(shop, sent(f"payment_intent.{kind}", what))
    assert (event.kind, event.created_at, event.mandate) == (K.PAYMENT, NOW, None)
    assert event.payment is not None
    assert (event.payment.status, event.payment.amount) == (status, TEN)
    assert event.payment.merchant_transaction_id == "order_1001"


@pytest.mark.parametrize("kind", ["refund.created", "refund.updated", "charge.refund.updated"])
def test_an_event_tells_a_refund(shop: Prism, kind: str) -> None:
    """With the caller's own id of it."""
    refund = handled(shop, sent(kind, refund_object())).refund
    assert refund is not None
    assert (refund.status, refund.merchant_refund_id) == (RefundStatus.REFUND_SUCCESS, "refund_1")


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({}, PaymentStatus.CHARGED),
        ({"captured": False, "amount_captured": 0, "refunded": True}, PaymentStatus.VOIDED),
        ({"captured": False, "amount_captured": 0}, PaymentStatus.UNRESOLVED),
    ],
)
def test_a_refunded_charge_tells_its_payment(
    shop: Prism, changes: dict[str, Any], status: PaymentStatus
) -> None:
    """As a lookup does: what was taken, and what of it went back; a hold that is given back is
    VOIDED. A charge of no PaymentIntent is told without one."""
    told = {"payment_intent": "pi_1", "metadata": {"merchant_transaction_id": "order_1001"}}
    body = sent("charge.refunded", charge(amount_refunded=400, **{**told, **changes}))
    payment = handled(shop, body).payment
    assert payment is not None
    assert (payment.status, payment.connector_transaction_id) == (status, "pi_1")
    if status is PaymentStatus.CHARGED:
        assert payment.refunded_amount == Money(400, "USD")
    assert handled(shop, sent("charge.refunded", charge())).payment is None


def test_an_event_tells_of_a_permission(shop: Prism) -> None:
    """One that waited for the customer is ACTIVE then, with or without a first payment."""
    alone = handled(shop, sent("setup_intent.succeeded", setup_intent()))
    first = intent(latest_charge="ch_1", metadata={"merchant_mandate_id": "m_1"})
    paid = handled(shop, sent("payment_intent.succeeded", first))
    assert (alone.kind, paid.kind) == (K.MANDATE, K.PAYMENT)
    for mandate in (alone.mandate, paid.mandate):
        assert mandate is not None
        assert (mandate.status, mandate.connector_mandate_id) == (MandateStatus.ACTIVE, PM)
        assert mandate.merchant_mandate_id == "m_1"


@pytest.mark.parametrize(
    ("kind", "what", "ids"),
    [
        ("customer.deleted", {"id": "cus_1"}, {"connector_customer_id": "cus_1"}),
        (
            "payment_method.attached",
            {"id": PM, "customer": "cus_1"},
            {"connector_payment_method_id": PM, "connector_customer_id": "cus_1"},
        ),
        (
            "payment_method.detached",
            {"id": PM, "customer": None},
            {"connector_payment_method_id": PM},
        ),
        (
            "charge.dispute.created",
            {"id": "du_1", "payment_intent": "pi_1"},
            {"connector_dispute_id": "du_1", "connector_transaction_id": "pi_1"},
        ),
        ("charge.refunded", charge(customer="cus_1"), {"connector_customer_id": "cus_1"}),
        ("custom.event", {"id": "x_1", "customer": "cus_1"}, {}),
    ],
)
def test_an_event_names_what_it_is_about(
    shop: Prism, kind: str, what: Any, ids: dict[str, str]
) -> None:
    """The dispute with its payment, the customer, the card and whose it is; and the body that was
    verified, with everything else."""
    body = sent(kind, what)
    event = handled(shop, body)
    flat = {name: getattr(event, name) for name in IDS}
    assert {name: told for name, told in flat.items() if told is not None} == ids
    assert event.body == body


def test_a_refund_made_elsewhere_names_its_payment(shop: Prism) -> None:
    """A refund made in Stripe's dashboard has no id of the caller's, and both of Stripe's."""
    refund = handled(shop, sent("refund.created", refund_object(metadata={}))).refund
    assert refund is not None
    assert (refund.connector_refund_id, refund.merchant_refund_id) == (RE, None)
    assert refund.connector_transaction_id == PI


IDS = (
    *("connector_customer_id", "connector_transaction_id", "connector_refund_id"),
    *("connector_mandate_id", "connector_payment_method_id", "connector_dispute_id"),
)


@pytest.mark.parametrize(
    ("kind", "about"),
    [
        ("customer.deleted", K.UNKNOWN),
        ("payment_method.detached", K.UNKNOWN),
        ("charge.dispute.created", K.DISPUTE),
        ("payment_intent.levitated", K.UNKNOWN),
        ("checkout.session.levitated", K.UNKNOWN),
    ],
)
def test_other_events_are_told_by_their_kind(shop: Prism, kind: str, about: EventKind) -> None:
    """A word that is new is UNKNOWN, and so is what names no object; never an error."""
    for changes in ({}, {"data": []}, {"created": "2026-11-02T15:04:05Z"}):
        event = handled(shop, sent(kind, {}, **changes))
        assert (event.kind, event.event_type) == (about, kind)


@pytest.mark.parametrize("body", [b"[]", b"not json", sent("refund.created", {"id": "re_1"})])
def test_a_genuine_event_that_makes_no_sense_is_malformed(shop: Prism, body: bytes) -> None:
    """Signed, and not as documented: MalformedResponse, so that it is delivered again."""
    with pytest.raises(MalformedResponse):
        handled(shop, body)
