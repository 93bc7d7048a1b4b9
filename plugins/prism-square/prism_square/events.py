"""Webhooks: signed over the notification URL and the body."""

from msgspec.structs import replace

from prism_core import (
    Dispute,
    DisputeStage,
    DisputeStatus,
    Event,
    EventKind,
    Flow,
    HandleEventRequest,
    hookimpl,
    needs_setting,
)
from prism_core.connector import signatures
from prism_core.connector.values import unix_seconds

from .account import SquareAccount as Account
from .answers import money, refund_of
from .orders import after_a_try
from .shapes import DisputeBody, EventBody

SIGNATURE = "x-square-hmacsha256-signature"
# https://developer.squareup.com/reference/square/objects/DisputeState. Of a closed inquiry it says
# no more than that it is over.
DISPUTES = {
    "INQUIRY_EVIDENCE_REQUIRED": DisputeStatus.DISPUTE_OPENED,
    "INQUIRY_PROCESSING": DisputeStatus.DISPUTE_CHALLENGED,
    "INQUIRY_CLOSED": DisputeStatus.DISPUTE_CANCELLED,
    "EVIDENCE_REQUIRED": DisputeStatus.DISPUTE_OPENED,
    "PROCESSING": DisputeStatus.DISPUTE_CHALLENGED,
    "WON": DisputeStatus.DISPUTE_WON,
    "LOST": DisputeStatus.DISPUTE_LOST,
    "ACCEPTED": DisputeStatus.DISPUTE_ACCEPTED,
}


def signed_text(request: HandleEventRequest, account: Account) -> bytes:
    """https://developer.squareup.com/docs/webhooks/step3validate: URL and body, one after the
    other."""
    return needs_setting("webhook_url", account.webhook_url, "for events").encode() + request.body


def dispute_of(body: DisputeBody) -> Dispute:
    """https://developer.squareup.com/reference/square/objects/Dispute"""
    question, payment = body.state.startswith("INQUIRY"), body.disputed_payment
    return Dispute(
        status=DISPUTES.get(body.state, DisputeStatus.DISPUTE_UNRESOLVED),
        stage=DisputeStage.PRE_DISPUTE if question else DisputeStage.ACTIVE_DISPUTE,
        connector_dispute_id=body.id or body.dispute_id,
        connector_transaction_id=payment.payment_id if payment else None,
        amount=money(body.amount_money),
        reason_code=body.reason,
        respond_by=unix_seconds(body.due_at),
    )


def told(body: EventBody) -> Event:
    """The event, as far as the webhook itself tells it."""
    it, about = body.data.object, body.data.type
    event = Event(
        kind=EventKind.UNKNOWN,
        event_type=body.type,
        connector_event_id=body.event_id,
        created_at=unix_seconds(body.created_at),
    )
    if it.refund is not None:
        return replace(event, kind=EventKind.REFUND, refund=refund_of(it.refund))
    if it.dispute is not None:
        return replace(event, kind=EventKind.DISPUTE, dispute=dispute_of(it.dispute))
    if about == "card":
        card = body.data.id
        return replace(event, kind=EventKind.PAYMENT_METHOD, connector_payment_method_id=card)
    if about == "customer":
        return replace(event, kind=EventKind.CUSTOMER, connector_customer_id=body.data.id)
    return event


class Events:
    """The operation on webhooks."""

    @hookimpl
    def handle_event(self, request: HandleEventRequest, account: Account) -> Flow[Event]:
        """https://developer.squareup.com/reference/square/webhooks/payment.updated; a failed
        payment is looked up: the customer may be trying again on the page."""
        message, secret = signed_text(request, account), account.webhook_secret
        signatures.verify_header(request, SIGNATURE, secret, message=message, encoding="base64")
        body = account.decode_body(request.body, EventBody)
        event, it = told(body), body.data.object
        if it.payment is None:
            return event
        payment = yield from after_a_try(it.payment, account)
        return replace(event, kind=EventKind.PAYMENT, payment=payment)

    @hookimpl
    def sign_event(self, request: HandleEventRequest, account: Account) -> dict[str, str]:
        """https://developer.squareup.com/docs/webhooks/step3validate"""
        message, secret = signed_text(request, account), account.webhook_secret
        return signatures.signed_header(
            request, SIGNATURE, secret, message=message, encoding="base64"
        )
