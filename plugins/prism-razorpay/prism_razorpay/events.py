"""Webhooks: signed, with what the event is about as it was then."""

from collections.abc import Mapping

from msgspec import Struct

from prism_core import (
    Dispute,
    DisputeStage,
    DisputeStatus,
    Event,
    EventKind,
    Flow,
    HandleEventRequest,
    HttpResponse,
    MandateStatus,
    Money,
    hookimpl,
)
from prism_core.connector import signatures

from .account import RazorpayAccount
from .answers import mandate_of, payment_of, refund_of
from .shapes import DisputeBody, OrderBody, PaymentBody, RefundBody, TokenBody

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
    "token.rejected": MandateStatus.MANDATE_INACTIVE,
    "token.paused": MandateStatus.MANDATE_INACTIVE,
    "token.cancelled": MandateStatus.REVOKED,
}


class OfPayment(Struct):
    """A payment in an event."""

    entity: PaymentBody


class OfOrder(Struct):
    """An order in an event."""

    entity: OrderBody


class OfRefund(Struct):
    """A refund in an event."""

    entity: RefundBody


class OfToken(Struct):
    """A token in an event."""

    entity: TokenBody


class OfDispute(Struct):
    """A dispute in an event."""

    entity: DisputeBody


class Payload(Struct):
    """What an event is about: `contains` names what there is."""

    payment: OfPayment | None = None
    order: OfOrder | None = None
    refund: OfRefund | None = None
    token: OfToken | None = None
    dispute: OfDispute | None = None


class EventBody(Struct):
    """https://razorpay.com/docs/webhooks/payments"""

    event: str
    payload: Payload
    created_at: int | None = None


def dispute_of(body: DisputeBody) -> Dispute | None:
    """https://razorpay.com/docs/webhooks/disputes"""
    status = DISPUTES.get(body.status)
    if status is None:
        return None
    return Dispute(
        status=status,
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
    about, kind = body.payload, body.event
    if about.dispute is not None:
        dispute, found = dispute_of(about.dispute.entity), about.dispute.entity
        return Event(
            kind=EventKind.DISPUTE if dispute else EventKind.UNKNOWN,
            event_type=kind,
            dispute=dispute,
            connector_dispute_id=found.id,
            connector_transaction_id=found.payment_id,
            created_at=body.created_at,
        )
    if about.refund is not None:
        refund = refund_of(about.refund.entity)
        return Event(
            kind=EventKind.REFUND, event_type=kind, refund=refund, created_at=body.created_at
        )
    if about.token is not None and kind in TOKENS:
        mandate = mandate_of(about.token.entity, TOKENS[kind])
        return Event(
            kind=EventKind.MANDATE, event_type=kind, mandate=mandate, created_at=body.created_at
        )
    if about.payment is not None and kind.startswith(("payment.", "order.")):
        payment = payment_of(about.payment.entity, about.order.entity if about.order else None)
        return Event(
            kind=EventKind.PAYMENT, event_type=kind, payment=payment, created_at=body.created_at
        )
    return Event(kind=EventKind.UNKNOWN, event_type=kind, created_at=body.created_at)


class Events:
    """The operations on webhooks."""

    @hookimpl
    def handle_event(self, request: HandleEventRequest, account: RazorpayAccount) -> Flow[Event]:
        """https://razorpay.com/docs/webhooks/validate-test: the HMAC-SHA256 of the body, in
        hexadecimal. No time is signed; after a change of the secret, older events have the old
        one."""
        yield from ()
        secrets = signatures.secrets_of(account.webhook_secret)
        given = signatures.from_hex(request.header(HEADER) or "")
        signatures.verify(secrets, request.body, [given])
        return event_of(account.decode(HttpResponse(200, body=request.body), EventBody))

    @hookimpl
    def sign_event(
        self, request: HandleEventRequest, account: RazorpayAccount
    ) -> Mapping[str, str]:
        """https://razorpay.com/docs/webhooks/validate-test"""
        secret, *_ = signatures.secrets_of(account.webhook_secret)
        return {HEADER: signatures.signed(secret, request.body).hex()}
