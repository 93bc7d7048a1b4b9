"""Webhooks: an event names what it is about, and that is looked up."""

from msgspec.structs import replace

from prism_core import (
    NULL,
    Event,
    EventKind,
    EventRejected,
    Flow,
    HandleEventRequest,
    HttpResponse,
    Payment,
    expect_same,
    hookimpl,
)

from .account import FinixAccount as Account
from .answers import debit_of, dispute_of, refund_of, return_of
from .payments import AUTHORIZATION, TRANSFER, captured
from .shapes import AuthorizationBody, DisputeBody, EventBody, TransferBody

# https://docs.finix.com/additional-resources/developers/webhooks/webhook-events
ENTITIES = {"authorization": "authorizations", "transfer": "transfers", "dispute": "disputes"}


def named(body: bytes) -> tuple[str, str]:
    """The kind and the id of the one object that an event is about."""
    known = HttpResponse(200, body=body).decode(EventBody)
    found = known.embedded.get(ENTITIES.get(known.entity, ""), []) if known else []
    if known is None or len(found) != 1:
        raise EventRejected("the event is not about one authorization, transfer or dispute")
    return known.entity, found[0].id


def without_nulls(payment: Payment) -> Payment:
    """Nothing was asked for that a null could contradict, and the core's id of an event is made of
    plain values."""
    if payment.connector_payment_method_id is NULL:
        return replace(payment, connector_payment_method_id=None)
    return payment


def of_transfer(body: TransferBody) -> Event:
    """https://docs.finix.com/api/transfers, `type` and `subtype`: a payment, a refund, a debit that
    came back, or money that moves between Finix and the seller, which can be a DEBIT, too:
    https://support.finix.com/hc/en-us/articles/360041142671-Transfer-Types-and-Subtypes"""
    kind = f"transfer.{body.state.lower()}"
    if body.type == "DEBIT" and body.subtype in (None, "API"):
        payment = without_nulls(debit_of(body))
        return Event(kind=EventKind.PAYMENT, event_type=kind, payment=payment)
    is_return = body.subtype == "SYSTEM"
    if body.type != "REVERSAL" or (is_return and body.state != "SUCCEEDED"):
        return Event(kind=EventKind.UNKNOWN, event_type=kind)  # nothing came back, or not yet
    if is_return:
        return Event(kind=EventKind.DISPUTE, event_type=kind, dispute=return_of(body))
    refund = refund_of(body, body.parent_transfer)
    return Event(kind=EventKind.REFUND, event_type=kind, refund=refund)


class Events:
    """The operation on webhooks."""

    @hookimpl
    def handle_event(self, request: HandleEventRequest, account: Account) -> Flow[Event]:
        """https://docs.finix.com/additional-resources/developers/webhooks/webhook-events: nothing
        is taken from it but the id and the kind of object, so the state names the type."""
        entity, wanted = named(request.body)
        if entity == "authorization":
            asked = account.get(AUTHORIZATION, wanted)
            held = yield from account.fetch(asked, AuthorizationBody)
            expect_same("id", wanted, held.id)
            payment = without_nulls((yield from captured(held, account)))
            kind = f"authorization.{held.state.lower()}"
            return Event(kind=EventKind.PAYMENT, event_type=kind, payment=payment)
        if entity == "transfer":
            body = yield from account.fetch(account.get(TRANSFER, wanted), TransferBody)
            expect_same("id", wanted, body.id)
            return of_transfer(body)
        asked = account.get("/disputes/{}", wanted)
        dispute = yield from account.fetch(asked, DisputeBody)
        expect_same("id", wanted, dispute.id)
        debit = yield from account.fetch(account.get(TRANSFER, dispute.transfer), TransferBody)
        expect_same("transfer", dispute.transfer, debit.id)
        return Event(
            kind=EventKind.DISPUTE,
            event_type=f"dispute.{dispute.state.lower()}",
            payment=without_nulls(debit_of(debit)),
            dispute=dispute_of(dispute, debit),
        )
