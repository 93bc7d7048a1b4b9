"""Events: how Stripe signs them, and what they are about. https://docs.stripe.com/webhooks"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import UNSET, UnsetType

from prism_core import (
    Event,
    EventKind,
    Flow,
    HandleEventRequest,
    HttpResponse,
    Mandate,
    MandateStatus,
    Nullable,
    Payment,
    hookimpl,
)
from prism_core.connector import signatures
from prism_stripe.account import StripeAccount as Account
from prism_stripe.answers import payment
from prism_stripe.disputes import DisputeObject, dispute_of
from prism_stripe.intents import Charge, MandateObject, PaymentIntent, Session, SetupIntent
from prism_stripe.pages import paid_on
from prism_stripe.recurring import BY_MANDATE, mandate_of, mandate_on
from prism_stripe.refunds import refund_of
from prism_stripe.shapes import EventObject, EventOf, Named, RefundObject

K = EventKind
_HEADER = "Stripe-Signature"

# https://docs.stripe.com/api/events/types
_KINDS = {
    f"{prefix}.{name}": kind
    for kind, prefix, names in (
        (K.PAYMENT, "charge", "refunded"),
        (K.PAYMENT, "checkout.session", "async_payment_failed async_payment_succeeded"),
        (K.PAYMENT, "checkout.session", "completed expired"),
        (K.PAYMENT, "payment_intent", "amount_capturable_updated canceled created processing"),
        (K.PAYMENT, "payment_intent", "partially_funded payment_failed requires_action succeeded"),
        (K.REFUND, "charge.refund", "updated"),
        (K.REFUND, "refund", "created failed updated"),
        (K.MANDATE, "setup_intent", "canceled created requires_action setup_failed succeeded"),
        (K.MANDATE, "mandate", "updated"),
        (K.CUSTOMER, "customer", "created deleted updated"),
        (K.PAYMENT_METHOD, "payment_method", "attached automatically_updated detached updated"),
        (K.DISPUTE, "charge.dispute", "closed created funds_reinstated funds_withdrawn updated"),
    )
    for name in names.split()
}


class ChargeObject(Charge, kw_only=True, tag_field="object", tag="charge"):
    """https://docs.stripe.com/api/charges/object, as it stands in an event."""

    amount: int
    currency: str
    captured: bool
    refunded: bool
    customer: Nullable[str] = UNSET
    metadata: dict[str, str] | UnsetType = UNSET
    payment_method: Nullable[str] = UNSET
    payment_intent: str | None = None


class Events:
    """The hooks about events."""

    @hookimpl
    def handle_event(self, request: HandleEventRequest, account: Account) -> Flow[Event]:
        """https://docs.stripe.com/webhooks#verify-manually"""
        yield from ()
        secrets = signatures.secrets_of(account.webhook_secret)
        at, given = _signature(request.header(_HEADER) or "")
        signatures.within(at, request.received_at)
        signatures.verify(secrets, _signed(at, request.body), map(signatures.from_hex, given))
        body = HttpResponse(200, body=request.body)
        event = account.decode(body, EventObject)
        kind = _KINDS.get(event.type, K.UNKNOWN)
        about = _about(kind, event.type, body, account)
        return Event(
            kind=about.pop("kind", kind),
            event_type=event.type,
            connector_event_id=event.id,
            created_at=event.created if isinstance(event.created, int) else None,
            **about,
        )

    @hookimpl
    def sign_event(self, request: HandleEventRequest, account: Account) -> Mapping[str, str]:
        """https://docs.stripe.com/webhooks#verify-manually: a signature by each secret"""
        at, secrets = str(request.received_at), signatures.secrets_of(account.webhook_secret)
        message = _signed(at, request.body)
        made = [f"v1={signatures.signed(secret, message).hex()}" for secret in secrets]
        return {_HEADER: ",".join([f"t={at}", *made])}


def _signature(header: str) -> tuple[str, list[str]]:
    """The time and the signatures of a header `t=...,v1=...,v1=...,v0=...`."""
    pairs = [part.strip().partition("=") for part in header.split(",")]
    times = [value for name, _, value in pairs if name == "t"]
    return (times[0] if len(times) == 1 else ""), [v for name, _, v in pairs if name == "v1"]


def _signed(at: str, body: bytes) -> bytes:
    return at.encode() + b"." + body


def _about(kind: EventKind, word: str, body: HttpResponse, account: Account) -> dict[str, Any]:
    """What the event is about, as the other operations would return it."""
    if kind is K.UNKNOWN:
        return {}
    if word.startswith("checkout.session."):
        return _on_page(account.decode(body, EventOf[Session]).data.object, word)
    if word == "charge.refunded":
        charge = account.decode(body, EventOf[ChargeObject]).data.object
        whose = charge.customer if isinstance(charge.customer, str) else None
        return {"payment": _by_charge(charge), "connector_customer_id": whose}
    if word == "mandate.updated":
        return {"mandate": _changed(account.decode(body, EventOf[MandateObject]).data.object)}
    if kind is K.PAYMENT:
        return _paid(account.decode(body, EventOf[PaymentIntent]).data.object)
    if kind is K.REFUND:
        return {"refund": refund_of(account.decode(body, EventOf[RefundObject]).data.object)}
    if kind is K.MANDATE:
        return {"mandate": mandate_of(account.decode(body, EventOf[SetupIntent]).data.object)}
    return _named(kind, body)


def _named(kind: EventKind, body: HttpResponse) -> dict[str, Any]:
    """The ids of what other events are about, and a dispute. What cannot be read of it is left
    out: the event itself is genuine."""
    found, disputed = body.decode(EventOf[Named]), body.decode(EventOf[DisputeObject])
    if found is None:
        return {}
    about = found.data.object
    linked: dict[str, Any] = {
        "connector_customer_id": about.customer,
        "connector_transaction_id": about.payment_intent,
        f"connector_{kind.lower()}_id": about.id,
    }
    if kind is K.DISPUTE and disputed is not None:
        linked["dispute"] = dispute_of(disputed.data.object)
    return linked


def _paid(intent: PaymentIntent) -> dict[str, Any]:
    """A payment, and the permission if it is the first one of it."""
    is_first = intent.metadata is not UNSET and "merchant_mandate_id" in intent.metadata
    return {"payment": payment(intent), "mandate": mandate_of(intent) if is_first else None}


def _on_page(session: Session, word: str) -> dict[str, Any]:
    """What became of Stripe's page: a payment, a permission, or both."""
    own, order = session.metadata, {"connector_order_id": session.id}
    is_first = isinstance(own, dict) and "merchant_mandate_id" in own
    mandate = mandate_on(session) if is_first or session.mode == "setup" else None
    if session.mode != "payment":
        kind = K.MANDATE if session.mode == "setup" else K.UNKNOWN  # a subscription is none of ours
        return {**order, "kind": kind, "mandate": mandate}
    paid = paid_on(session, failed=word.endswith("async_payment_failed"))
    return {**order, "payment": paid, "mandate": mandate}


def _changed(mandate: MandateObject) -> Mandate:
    """A debit mandate that the bank or the customer ended, or that is valid now."""
    method = mandate.payment_method
    known = method if isinstance(method, str) else None
    status = BY_MANDATE.get(mandate.status, MandateStatus.MANDATE_PENDING)
    return Mandate(status=status, connector_mandate_id=known, connector_payment_method_id=known)


def _by_charge(charge: ChargeObject) -> Payment | None:
    """The payment that a charge is of, as its PaymentIntent would tell it: captured, or held and
    given back. One without a PaymentIntent is none of ours."""
    if charge.payment_intent is None:
        return None
    released = "canceled" if charge.refunded else "requires_review"
    status = "succeeded" if charge.captured else released
    same = ("amount", "currency", "customer", "payment_method", "metadata")
    shared: dict[str, Any] = {name: getattr(charge, name) for name in same}
    known = charge.payment_intent
    return payment(PaymentIntent(id=known, status=status, latest_charge=charge, **shared))
