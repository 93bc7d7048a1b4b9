"""Webhooks: signed, with what the event is about as it was then."""

from collections.abc import Mapping
from functools import partial
from typing import Generic, TypeVar

from msgspec import Struct

from prism_core import (
    Dispute,
    DisputeStage,
    DisputeStatus,
    Event,
    EventKind,
    Flow,
    HandleEventRequest,
    MandateStatus,
    Money,
    hookimpl,
)
from prism_core.connector import signatures

from .account import RazorpayAccount as Account
from .answers import mandate_of, payment_of, refund_of
from .shapes import DisputeBody, OrderBody, PaymentBody, RefundBody, TokenBody

T = TypeVar("T")
HEADER = "x-razorpay-signature"
# https://razorpay.com/docs/api/disputes/entity, `status` and `phase`. Of one that is "closed", who
# has the money is not said.
DISPUTES = {
    "open": DisputeStatus.DISPUTE_OPENED,
    "under_review": DisputeStatus.DISPUTE_CHALLENGED,
    "won": DisputeStatus.DISPUTE_WON,
    "lost": DisputeStatus.DISPUTE_LOST,
}
STAGES = {
    "fraud": DisputeStage.PRE_DISPUTE,
    "retrieval": DisputeStage.PRE_DISPUTE,
    "chargeback": DisputeStage.ACTIVE_DISPUTE,
    "pre_arbitration": DisputeStage.PRE_ARBITRATION,
    "arbitration": DisputeStage.PRE_ARBITRATION,
}
# https://razorpay.com/docs/api/payments/recurring-payments/webhooks
TOKENS = {
    "token.confirmed": MandateStatus.ACTIVE,
    "token.resumed": MandateStatus.ACTIVE,
    "token.rejected": MandateStatus.MANDATE_INACTIVE,
    "token.paused": MandateStatus.MANDATE_INACTIVE,
    "token.cancelled": MandateStatus.REVOKED,
}


class Of(Struct, Generic[T]):
    """One thing in an event."""

    entity: T


class Payload(Struct):
    """What an event is about: `contains` names what there is."""

    payment: Of[PaymentBody] | None = None
    order: Of[OrderBody] | None = None
    refund: Of[RefundBody] | None = None
    token: Of[TokenBody] | None = None
    dispute: Of[DisputeBody] | None = None


class EventBody(Struct):
    """https://razorpay.com/docs/webhooks/payments"""

    event: str
    payload: Payload
    created_at: int | None = None


def dispute_of(body: DisputeBody) -> Dispute:
    """https://razorpay.com/docs/webhooks/disputes"""
    return Dispute(
        status=DISPUTES.get(body.status, DisputeStatus.DISPUTE_UNRESOLVED),
        stage=STAGES.get(body.phase or "", DisputeStage.ACTIVE_DISPUTE),
        connector_dispute_id=body.id,
        connector_transaction_id=body.payment_id,
        amount=Money(body.amount, body.currency),
        reason_code=body.reason_code,
        respond_by=body.respond_by,
    )


def event_of(body: EventBody) -> Event:
    """https://razorpay.com/docs/webhooks/all; the id of an event is in a header that is not signed,
    so the core makes one."""
    about, name = body.payload, body.event
    event = partial(Event, event_type=name, created_at=body.created_at)
    if about.dispute is not None:
        return event(kind=EventKind.DISPUTE, dispute=dispute_of(about.dispute.entity))
    if about.refund is not None:
        return event(kind=EventKind.REFUND, refund=refund_of(about.refund.entity))
    if about.token is not None and name in TOKENS:
        mandate = mandate_of(about.token.entity, TOKENS[name])
        return event(kind=EventKind.MANDATE, mandate=mandate)
    if about.payment is not None and name.startswith(("payment.", "order.")):
        payment = payment_of(about.payment.entity, about.order.entity if about.order else None)
        return event(kind=EventKind.PAYMENT, payment=payment)
    return event(kind=EventKind.UNKNOWN)


class Events:
    """The operations on webhooks."""

    @hookimpl
    def handle_event(self, request: HandleEventRequest, account: Account) -> Flow[Event]:
        """https://razorpay.com/docs/webhooks/validate-test: the HMAC-SHA256 of the body, in
        hexadecimal. No time is signed; after a change of the secret, older events have the old
        one."""
        yield from ()
        signatures.verify_header(request, HEADER, account.webhook_secret)
        return event_of(account.decode_body(request.body, EventBody))

    @hookimpl
    def sign_event(self, request: HandleEventRequest, account: Account) -> Mapping[str, str]:
        """https://razorpay.com/docs/webhooks/validate-test"""
        return signatures.signed_header(request, HEADER, account.webhook_secret)
