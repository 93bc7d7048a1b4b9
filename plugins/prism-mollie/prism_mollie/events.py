"""Webhooks: they carry an id and no signature, so the payment is looked up."""

from urllib.parse import parse_qs

from msgspec.structs import replace

from prism_core import (
    NULL,
    Dispute,
    DisputeStage,
    DisputeStatus,
    Event,
    EventKind,
    EventRejected,
    Flow,
    HandleEventRequest,
    Payment,
    expect_same,
    hookimpl,
)

from .account import MollieAccount as Account
from .answers import money, payment_of
from .payments import PAYMENT
from .shapes import ChargebackBody, PaymentBody

IDS = (
    "merchant_transaction_id",
    "connector_customer_id",
    "connector_mandate_id",
    "connector_payment_method_id",
)


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


def without_nulls(payment: Payment) -> Payment:
    """Nothing was asked for that a null could contradict, and the core's id of an event is made of
    plain values."""
    nulls = {name: None for name in IDS if getattr(payment, name) is NULL}
    return replace(payment, **nulls)


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
        payment = without_nulls(payment_of(body))
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
