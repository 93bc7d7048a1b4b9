"""Events: how Stripe signs them, and what they are about. https://docs.stripe.com/webhooks"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

import msgspec
from msgspec import UNSET, UnsetType

from prism_core import (
    Event,
    EventKind,
    Flow,
    HandleEventRequest,
    HttpResponse,
    Payment,
    Told,
    hookimpl,
)
from prism_core.connector import signatures
from prism_stripe.account import StripeAccount
from prism_stripe.answers import Charge, PaymentIntent, payment
from prism_stripe.recurring import SetupIntent, mandate_by, mandate_of
from prism_stripe.refunds import RefundObject, refund_of

T = TypeVar("T")
_HEADER = "Stripe-Signature"


class EventObject(msgspec.Struct):
    """https://docs.stripe.com/api/events/object; of a kind that is not known, no more than this
    is read."""

    id: str
    type: str
    created: int | str | None = None
    data: msgspec.Raw = msgspec.Raw(b"null")


class EventData(msgspec.Struct):
    """What the event is about, as the API would answer it, with nothing expanded."""

    object: msgspec.Raw


class ChargeObject(Charge, kw_only=True):
    """https://docs.stripe.com/api/charges/object, as it stands in an event."""

    amount: int
    currency: str
    captured: bool
    refunded: bool
    customer: Told[str] = UNSET
    metadata: dict[str, str] | UnsetType = UNSET
    payment_method: Told[str] = UNSET
    payment_intent: str | None = None


def _words(prefix: str, names: str) -> frozenset[str]:
    return frozenset(f"{prefix}.{name}" for name in names.split())


# https://docs.stripe.com/api/events/types
_PAYMENTS = _words(
    "payment_intent",
    "amount_capturable_updated canceled created partially_funded payment_failed processing "
    "requires_action succeeded",
)
_REFUNDS = _words("refund", "created failed updated") | {"charge.refund.updated"}
_SETUPS = _words("setup_intent", "canceled created requires_action setup_failed succeeded")
_OTHERS = {
    EventKind.CUSTOMER: _words("customer", "created deleted updated"),
    EventKind.PAYMENT_METHOD: _words(
        "payment_method", "attached automatically_updated detached updated"
    ),
    EventKind.DISPUTE: _words(
        "charge.dispute", "closed created funds_reinstated funds_withdrawn updated"
    ),
}


class Events:
    """The hooks about events."""

    @hookimpl
    def handle_event(self, request: HandleEventRequest, account: StripeAccount) -> Flow[Event]:
        """https://docs.stripe.com/webhooks#verify-manually"""
        yield from ()
        secrets = signatures.secrets_of(account.webhook_secret)
        at, given = _signature(request.header(_HEADER) or "")
        signatures.within(at, request.received_at)
        signatures.verify(secrets, _signed(at, request.body), map(signatures.from_hex, given))
        return _event(_read(account, request.body, EventObject), account)

    @hookimpl
    def sign_event(self, request: HandleEventRequest, account: StripeAccount) -> Mapping[str, str]:
        """https://docs.stripe.com/webhooks#verify-manually: a signature by each secret"""
        at = str(request.received_at)
        made = [
            signatures.signed(secret, _signed(at, request.body)).hex()
            for secret in signatures.secrets_of(account.webhook_secret)
        ]
        return {_HEADER: ",".join([f"t={at}", *(f"v1={one}" for one in made)])}


def _signature(header: str) -> tuple[str, list[str]]:
    """The time and the signatures of a header `t=...,v1=...,v1=...,v0=...`."""
    pairs = [part.strip().partition("=") for part in header.split(",")]
    times = [value for name, _, value in pairs if name == "t"]
    return (times[0] if len(times) == 1 else ""), [v for name, _, v in pairs if name == "v1"]


def _signed(at: str, body: bytes) -> bytes:
    return at.encode() + b"." + body


def _read(account: StripeAccount, body: bytes, shape: type[T]) -> T:
    return account.decode(HttpResponse(200, body=body), shape)


def _event(body: EventObject, account: StripeAccount) -> Event:
    """The event, with what it is about as the other operations would return it."""

    def about(shape: type[T]) -> T:
        data = _read(account, bytes(body.data), EventData)
        return _read(account, bytes(data.object), shape)

    def told(kind: EventKind) -> Event:
        at = body.created if isinstance(body.created, int) else None
        return Event(kind=kind, event_type=body.type, connector_event_id=body.id, created_at=at)

    replace = msgspec.structs.replace
    if body.type in _PAYMENTS:
        intent = about(PaymentIntent)
        is_first = intent.metadata is not UNSET and "merchant_mandate_id" in intent.metadata
        mandate = mandate_by(intent) if is_first else None
        return replace(told(EventKind.PAYMENT), payment=payment(intent), mandate=mandate)
    if body.type == "charge.refunded":
        charge = about(ChargeObject)
        whose = charge.customer if isinstance(charge.customer, str) else None
        event = replace(told(EventKind.PAYMENT), connector_customer_id=whose)
        return replace(event, payment=_by_charge(charge))
    if body.type in _REFUNDS:
        return replace(told(EventKind.REFUND), refund=refund_of(about(RefundObject)))
    if body.type in _SETUPS:
        return replace(told(EventKind.MANDATE), mandate=mandate_of(about(SetupIntent)))
    kinds = (kind for kind, words in _OTHERS.items() if body.type in words)
    kind = next(kinds, EventKind.UNKNOWN)
    return replace(told(kind), **_ids(kind, body))


class Named(msgspec.Struct):
    """What an object says of itself, and of what it belongs to."""

    id: str | None = None
    customer: str | None = None
    payment_intent: str | None = None


_OWN_ID = {
    EventKind.CUSTOMER: "connector_customer_id",
    EventKind.PAYMENT_METHOD: "connector_payment_method_id",
    EventKind.DISPUTE: "connector_dispute_id",
}


def _ids(kind: EventKind, body: EventObject) -> dict[str, str | None]:
    """The ids of what an event is about that is no payment, refund or permission. What cannot be
    read is left out: the event itself is genuine."""
    data = HttpResponse(200, body=bytes(body.data)).decode(EventData)
    named = None if data is None else HttpResponse(200, body=bytes(data.object)).decode(Named)
    if named is None or kind not in _OWN_ID:
        return {}
    linked = {
        "connector_customer_id": named.customer,
        "connector_transaction_id": named.payment_intent,
    }
    return {**linked, _OWN_ID[kind]: named.id}


def _by_charge(charge: ChargeObject) -> Payment | None:
    """The payment that a charge is of, as its PaymentIntent would tell it: captured, or held and
    given back. One without a PaymentIntent is none of ours."""
    if charge.payment_intent is None:
        return None
    released = "canceled" if charge.refunded else "requires_review"
    intent = PaymentIntent(
        id=charge.payment_intent,
        status="succeeded" if charge.captured else released,
        amount=charge.amount,
        currency=charge.currency,
        customer=charge.customer,
        payment_method=charge.payment_method,
        latest_charge=charge,
        metadata=charge.metadata,
    )
    return payment(intent)
