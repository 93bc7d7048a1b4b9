"""Webhooks: they carry an id and no signature, so the payment is looked up."""

from urllib.parse import parse_qs

from prism_core import (
    Dispute,
    DisputeStage,
    DisputeStatus,
    Event,
    EventKind,
    EventRejected,
    Flow,
    HandleEventRequest,
    expect_same,
    hookimpl,
)

from .account import MollieAccount as Account
from .answers import money, payment_of
from .payments import PAYMENT
from .shapes import ChargebackBody, PaymentBody


def named(body: bytes) -> str:
    """https://docs.mollie.com/reference/webhooks: `id=tr_...`, and nothing else."""
    ids = parse_qs(body.decode("ascii", "replace")).get("id", [])
    if len(ids) != 1 or not ids[0].startswith("tr_"):
        raise EventRejected("the body names no payment of Mollie")
    return ids[0]


def dispute_of(body: ChargebackBody) -> Dispute:
    """https://docs.mollie.com/reference/get-chargeback"""
    back = body.reversed_at is not None
    return Dispute(
        status=DisputeStatus.DISPUTE_WON if back else DisputeStatus.DISPUTE_OPENED,
        stage=DisputeStage.ACTIVE_DISPUTE,
        connector_dispute_id=body.id,
        connector_transaction_id=body.payment_id,
        amount=money(body.amount),
        reason_code=body.reason.code if body.reason else None,
    )


class Events:
    """The operation on webhooks."""

    @hookimpl
    def handle_event(self, request: HandleEventRequest, account: Account) -> Flow[Event]:
        """https://docs.mollie.com/reference/webhooks; the types are those of
        https://docs.mollie.com/reference/webhooks-new"""
        known = named(request.body)
        asked = account.get(PAYMENT, known, query={"embed": "chargebacks"})
        body = yield from account.fetch(asked, PaymentBody)
        expect_same("id", known, body.id)
        payment = payment_of(body)
        if not body.embedded.chargebacks:
            kind = f"payment.{body.status}"
            return Event(kind=EventKind.PAYMENT, event_type=kind, payment=payment)
        latest = max(body.embedded.chargebacks, key=lambda one: one.created_at)
        expect_same("paymentId", known, latest.payment_id)
        done = "reversed" if latest.reversed_at else "received"
        return Event(
            kind=EventKind.DISPUTE,
            event_type=f"chargeback.{done}",
            payment=payment,
            dispute=dispute_of(latest),
        )
