"""Webhooks of a workflow: signed, and with the payment, refund or dispute in them."""

from collections.abc import Mapping

from msgspec.structs import replace

from prism_core import (
    Dispute,
    DisputeStage,
    DisputeStatus,
    Event,
    EventKind,
    Flow,
    HandleEventRequest,
    Payment,
    PaymentStatus,
    Refund,
    RefundStatus,
    expect_same,
    hookimpl,
    nullable,
)
from prism_core.connector import signatures
from prism_core.connector.values import unix_seconds

from .account import CheckoutDotComAccount as Account
from .answers import payment_of as answered
from .errors import why
from .fields import money
from .methods import DEBITS
from .payments import PAYMENT
from .shapes import EventBody, EventData, Facts, PaymentBody

SIGNATURE = "cko-signature"
# What the newest action makes of the payment, in the words of an answer:
# https://www.checkout.com/docs/reporting-and-insights/events-api/event-types
PAYMENTS = {
    "payment_approved": "Authorized",
    "payment_pending": "Pending",
    "payment_declined": "Declined",
    "payment_expired": "Expired",
    "payment_canceled": "Canceled",
    "payment_voided": "Voided",
    "payment_void_declined": "Authorized",
    "payment_captured": "Captured",
    "payment_capture_pending": "Authorized",
    "payment_capture_declined": "Authorized",
}
# An action that did not change the payment.
ACTIONS = {
    "payment_void_declined": PaymentStatus.VOID_FAILED,
    "payment_capture_pending": PaymentStatus.CAPTURE_INITIATED,
    "payment_capture_declined": PaymentStatus.CAPTURE_FAILED,
}
WHOLE = {"payment_approved", "payment_pending", "payment_declined"}
REFUNDS = {
    "payment_refunded": RefundStatus.REFUND_SUCCESS,
    "payment_refund_pending": RefundStatus.REFUND_PENDING,
    "payment_refund_declined": RefundStatus.REFUND_FAILURE,
}
DISPUTES = {
    "dispute_evidence_required": DisputeStatus.DISPUTE_OPENED,
    "dispute_evidence_submitted": DisputeStatus.DISPUTE_CHALLENGED,
    "dispute_canceled": DisputeStatus.DISPUTE_CANCELLED,
    "dispute_expired": DisputeStatus.DISPUTE_EXPIRED,
    "dispute_won": DisputeStatus.DISPUTE_WON,
    "dispute_lost": DisputeStatus.DISPUTE_LOST,
    "dispute_arbitration_won": DisputeStatus.DISPUTE_WON,
    "dispute_arbitration_lost": DisputeStatus.DISPUTE_LOST,
}
SECOND_ROUND = "dispute_arbitration_"


def status_of(kind: str, found: Payment, data: EventData) -> PaymentStatus:
    """A debit that could not be collected has failed; another capture can be tried again."""
    if kind == "payment_capture_declined" and data.source and data.source.type in DEBITS:
        return PaymentStatus.FAILURE
    return ACTIONS.get(kind, found.status)


def payment_of(kind: str, data: EventData) -> Payment:
    """https://www.checkout.com/docs/workflows/webhook-event-types/payment_approved. The amount of
    a capture or a void may be a part of the payment's, which the balances tell then."""
    facts = {name: getattr(data, name) for name in Facts.__struct_fields__}
    found = answered(PaymentBody(id=data.id or "", status=PAYMENTS[kind], **facts))
    refused = why(data.response_code, data.response_summary)
    return replace(
        found,
        status=status_of(kind, found, data),
        amount=found.amount if kind in WHOLE else found.authorized_amount,
        error=refused if kind.endswith("_declined") else None,
    )


def about(kind: str, data: EventData, account: Account) -> Flow[EventData]:
    """https://api-reference.checkout.com/#operation/getPaymentDetails: a capture and a void have a
    reference of their own, and do not tell what was paid with: only the payment does."""
    if kind in WHOLE:
        yield from ()
        return data
    body = yield from account.fetch(account.get(PAYMENT, data.id), PaymentBody)
    expect_same("connector_transaction_id", data.id, body.id)
    told = {name: getattr(body, name) for name in ("reference", "source", "customer", "metadata")}
    return replace(data, **told)


def refund_of(kind: str, data: EventData) -> Refund:
    """https://www.checkout.com/docs/reporting-and-insights/events-api/event-types"""
    failed = kind == "payment_refund_declined"
    return Refund(
        status=REFUNDS[kind],
        connector_refund_id=data.action_id,
        merchant_refund_id=nullable(data.reference) or None,
        connector_transaction_id=data.id,
        amount=money(data.amount, data.currency),
        error=why(data.response_code, data.response_summary) if failed else None,
    )


def dispute_of(kind: str, data: EventData) -> Dispute:
    """https://www.checkout.com/docs/reporting-and-insights/events-api/event-types; of a debit that
    its bank returned https://www.checkout.com/docs/payments/add-payment-methods/sepa-direct-debit-core"""
    returned, second = kind == "payment_returned", kind.startswith(SECOND_ROUND)
    status = DISPUTES.get(kind, DisputeStatus.DISPUTE_UNRESOLVED)
    return Dispute(
        status=DisputeStatus.DISPUTE_LOST if returned else status,
        stage=DisputeStage.PRE_ARBITRATION if second else DisputeStage.ACTIVE_DISPUTE,
        connector_dispute_id=data.action_id if returned else data.id,
        connector_transaction_id=data.id if returned else data.payment_id,
        amount=money(data.amount, data.currency),
        reason_code=data.response_code if returned else data.reason_code,
        respond_by=unix_seconds(data.evidence_required_by),
    )


class Events:
    """The operations on webhooks."""

    @hookimpl
    def handle_event(self, request: HandleEventRequest, account: Account) -> Flow[Event]:
        """https://www.checkout.com/docs/developer-resources/webhooks/manage-webhooks/set-up-your-webhook-receiver:
        `Cko-Signature` is the hexadecimal HMAC-SHA256 of the body. No time is signed."""
        signatures.verify_header(request, SIGNATURE, account.webhook_secret)
        body = account.decode_body(request.body, EventBody)
        kind, data = body.type, body.data
        what: dict[str, object] = {}
        if kind in PAYMENTS:
            data = yield from about(kind, data, account)
            what = {"kind": EventKind.PAYMENT, "payment": payment_of(kind, data)}
        elif kind in REFUNDS:
            what = {"kind": EventKind.REFUND, "refund": refund_of(kind, data)}
        elif kind.startswith("dispute_") or kind == "payment_returned":
            what = {"kind": EventKind.DISPUTE, "dispute": dispute_of(kind, data)}
        return Event(
            **{"kind": EventKind.UNKNOWN, **what},  # type: ignore[arg-type]
            event_type=kind,
            connector_event_id=body.id,
            created_at=unix_seconds(body.created_on or body.timestamp),
        )

    @hookimpl
    def sign_event(self, request: HandleEventRequest, account: Account) -> Mapping[str, str]:
        """The same page."""
        return signatures.signed_header(request, SIGNATURE, account.webhook_secret)
