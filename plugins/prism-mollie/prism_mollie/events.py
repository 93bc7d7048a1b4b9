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
    hookimpl,
)

from .account import MollieAccount
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
    def handle_event(self, request: HandleEventRequest, account: MollieAccount) -> Flow[Event]:
        """https://docs.mollie.com/reference/webhooks; the types are those of
        https://docs.mollie.com/reference/webhooks-new"""
        asked = account.get(PAYMENT, named(request.body), query={"embed": "chargebacks"})
        body = yield from account.fetch(asked, PaymentBody)
        payment = payment_of(body)
        if not body.embedded.chargebacks:
            kind = f"payment.{body.status}"
            return Event(kind=EventKind.PAYMENT, event_type=kind, payment=payment)
        latest = body.embedded.chargebacks[0]
        done = "reversed" if latest.reversed_at else "received"
        return Event(
            kind=EventKind.DISPUTE,
            event_type=f"chargeback.{done}",
            payment=payment,
            dispute=dispute_of(latest),
        )
