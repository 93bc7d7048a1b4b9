"""Webhooks: they are not signed, so the event is looked up by its id."""

import msgspec
from msgspec.structs import replace

from prism_core import (
    Dispute,
    DisputeStage,
    DisputeStatus,
    Event,
    EventKind,
    EventRejected,
    Flow,
    HandleEventRequest,
    HttpResponse,
    Money,
    expect_same,
    hookimpl,
)

from .account import Shift4Account as Account
from .answers import payment_of, refund_of
from .shapes import ChargeBody, DisputeBody, EventBody, Named, RefundBody

ACTIVE, EARLY = DisputeStage.ACTIVE_DISPUTE, DisputeStage.PRE_DISPUTE
# https://dev.shift4.com/docs/api#dispute-object, `status`
DISPUTES = {
    "retrieval_request_new": (EARLY, DisputeStatus.DISPUTE_OPENED),
    "retrieval_request_response_under_review": (EARLY, DisputeStatus.DISPUTE_CHALLENGED),
    "retrieval_request_represented": (EARLY, DisputeStatus.DISPUTE_CHALLENGED),
    "chargeback_new": (ACTIVE, DisputeStatus.DISPUTE_OPENED),
    "chargeback_response_under_review": (ACTIVE, DisputeStatus.DISPUTE_CHALLENGED),
    "chargeback_represented_successfully": (ACTIVE, DisputeStatus.DISPUTE_WON),
    "chargeback_represented_unsuccessfully": (ACTIVE, DisputeStatus.DISPUTE_LOST),
    "chargeback_prevented": (ACTIVE, DisputeStatus.DISPUTE_CANCELLED),
}


class Hook(msgspec.Struct):
    """What is believed of a webhook: https://dev.shift4.com/docs/webhooks"""

    id: str


def named(body: bytes) -> str:
    """The id of the event, and nothing else."""
    found = HttpResponse(200, body=body).decode(Hook)
    if found is None or not found.id:
        raise EventRejected("the body names no event of Shift4")
    return found.id


def dispute_of(body: DisputeBody) -> Dispute:
    """https://dev.shift4.com/docs/api#dispute-object"""
    stage, status = DISPUTES.get(body.status, (ACTIVE, DisputeStatus.DISPUTE_UNRESOLVED))
    until = body.evidence_details
    return Dispute(
        status=DisputeStatus.DISPUTE_ACCEPTED if body.accepted_as_lost else status,
        stage=stage,
        connector_dispute_id=body.id,
        connector_transaction_id=body.charge.id if body.charge else None,
        amount=Money(body.amount, body.currency),
        reason_code=body.reason,
        respond_by=until.due_by if until else None,
    )


def event_of(body: EventBody, account: Account) -> Event:
    """https://dev.shift4.com/docs/api#event-types: by the object that the event is about."""
    data = bytes(body.data)
    about = account.decode_body(data, Named)
    event = Event(
        kind=EventKind.UNKNOWN,
        event_type=body.type,
        connector_event_id=body.id,
        created_at=body.created,
    )
    if about.object_type == "charge":
        payment = payment_of(account.decode_body(data, ChargeBody))
        return replace(event, kind=EventKind.PAYMENT, payment=payment)
    if about.object_type == "refund":
        refund = refund_of(account.decode_body(data, RefundBody))
        return replace(event, kind=EventKind.REFUND, refund=refund)
    if about.object_type == "dispute":
        dispute = dispute_of(account.decode_body(data, DisputeBody))
        return replace(event, kind=EventKind.DISPUTE, dispute=dispute)
    if about.object_type == "customer":
        return replace(event, kind=EventKind.CUSTOMER, connector_customer_id=about.id)
    if about.object_type in ("card", "paymentMethod"):
        ids = {"connector_payment_method_id": about.id, "connector_customer_id": about.customer_id}
        return replace(event, kind=EventKind.PAYMENT_METHOD, **ids)
    return event


class Events:
    """The operation on webhooks."""

    @hookimpl
    def handle_event(self, request: HandleEventRequest, account: Account) -> Flow[Event]:
        """https://dev.shift4.com/docs/webhooks, and https://dev.shift4.com/docs/api#event-retrieve"""
        known = named(request.body)
        body = yield from account.fetch(account.get("/events/{}", known), EventBody)
        expect_same("id", known, body.id)
        return event_of(body, account)
