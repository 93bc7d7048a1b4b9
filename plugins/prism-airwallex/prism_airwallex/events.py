"""Webhooks: signed over the time and the body."""

from typing import Any, TypeVar

import msgspec
from msgspec.structs import replace

from prism_core import (
    Dispute,
    DisputeStage,
    DisputeStatus,
    Event,
    EventKind,
    Flow,
    HandleEventRequest,
    Money,
    hookimpl,
)
from prism_core.connector import signatures
from prism_core.connector.values import unix_seconds

from .account import AirwallexAccount as Account
from .answers import mandate_of, payment_of, refund_of
from .shapes import Consent, DisputeBody, EventBody, Intent, RefundBody

T = TypeVar("T")
SIGNATURE, TIME = "x-signature", "x-timestamp"
# https://www.airwallex.com/docs/payments__disputes__handle-disputes-using-our-apis: the names of
# the events, after `payment_dispute.`
DISPUTES = {
    "requires_response": DisputeStatus.DISPUTE_OPENED,
    "pending_closure": DisputeStatus.DISPUTE_OPENED,
    "challenged": DisputeStatus.DISPUTE_CHALLENGED,
    "accepted": DisputeStatus.DISPUTE_ACCEPTED,
    "reversed": DisputeStatus.DISPUTE_CANCELLED,
    "won": DisputeStatus.DISPUTE_WON,
    "lost": DisputeStatus.DISPUTE_LOST,
}
# https://www.airwallex.com/docs/developer-tools/sandbox-environment/payments/simulate-payment-disputes
STAGES = {
    "RFI": DisputeStage.PRE_DISPUTE,
    "PRE_CHARGEBACK": DisputeStage.PRE_DISPUTE,
    "CHARGEBACK": DisputeStage.ACTIVE_DISPUTE,
    "PRE_ARBITRATION": DisputeStage.PRE_ARBITRATION,
}


def dispute_of(name: str, body: DisputeBody) -> Dispute:
    """https://www.airwallex.com/docs/payments__disputes__dispute-flow"""
    amount = None
    if body.amount is not None and body.currency is not None:
        amount = Money.from_decimal(body.amount, body.currency)
    return Dispute(
        status=DISPUTES.get(name, DisputeStatus.DISPUTE_UNRESOLVED),
        stage=STAGES.get(body.stage or "", DisputeStage.ACTIVE_DISPUTE),
        connector_dispute_id=body.id,
        connector_transaction_id=body.payment_intent_id,
        amount=amount,
        respond_by=unix_seconds(body.due_at),
    )


def told(body: EventBody, account: Account) -> Event:
    """https://www.airwallex.com/docs/payments/reference/payments-webhooks: the object is what a
    lookup answers. An attempt is told by the event of its intent."""
    event = Event(
        kind=EventKind.UNKNOWN,
        event_type=body.name,
        connector_event_id=body.id,
        created_at=unix_seconds(body.created_at),
    )
    about, _, what = body.name.lower().partition(".")

    def read(shape: type[T]) -> T:
        return account.decode_body(msgspec.json.encode(body.data.object), shape)

    if about == "payment_intent":
        return replace(event, kind=EventKind.PAYMENT, payment=payment_of(read(Intent)))
    if about == "refund":
        return replace(event, kind=EventKind.REFUND, refund=refund_of(read(RefundBody)))
    if about == "payment_consent":
        return replace(event, kind=EventKind.MANDATE, mandate=mandate_of(read(Consent)))
    if about == "payment_dispute":
        return replace(event, kind=EventKind.DISPUTE, dispute=dispute_of(what, read(DisputeBody)))
    return event


def signed_text(at: str, body: bytes) -> bytes:
    """https://www.airwallex.com/docs/developer-tools/webhooks/listen-for-webhook-events"""
    return at.encode() + body


class Events:
    """The operation on webhooks."""

    @hookimpl
    def handle_event(self, request: HandleEventRequest, account: Account) -> Flow[Event]:
        """https://www.airwallex.com/docs/developer-tools/webhooks/listen-for-webhook-events; the
        time is in milliseconds."""
        at = request.header(TIME) or ""
        signatures.within(at[:-3], request.received_at)
        message = signed_text(at, request.body)
        signatures.verify_header(request, SIGNATURE, account.webhook_secret, message=message)
        return told(account.decode_body(request.body, EventBody), account)
        yield

    @hookimpl
    def sign_event(self, request: HandleEventRequest, account: Account) -> dict[str, Any]:
        """https://www.airwallex.com/docs/developer-tools/webhooks/listen-for-webhook-events"""
        at, secret = f"{request.received_at}000", account.webhook_secret
        message = signed_text(at, request.body)
        return {TIME: at, **signatures.signed_header(request, SIGNATURE, secret, message=message)}
