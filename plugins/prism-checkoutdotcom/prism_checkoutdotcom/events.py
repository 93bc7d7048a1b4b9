"""Webhooks of a workflow: signed, and with the payment, refund or dispute in them."""

from collections.abc import Mapping

from prism_core import (
    Dispute,
    DisputeStage,
    DisputeStatus,
    Event,
    EventKind,
    Flow,
    HandleEventRequest,
    HttpResponse,
    Money,
    Payment,
    PaymentStatus,
    Refund,
    RefundStatus,
    hookimpl,
    nullable,
)
from prism_core.connector import signatures

from .account import CheckoutDotComAccount
from .answers import by_amounts, of_debit
from .errors import why
from .fields import money
from .methods import DEBITS, info_of
from .shapes import Balances, EventBody, EventData

# https://www.checkout.com/docs/reporting-and-insights/events-api/event-types and
# https://www.checkout.com/docs/workflows
PAYMENTS = {
    "payment_approved": PaymentStatus.AUTHORIZED,
    "payment_pending": PaymentStatus.PENDING,
    "payment_declined": PaymentStatus.AUTHORIZATION_FAILED,
    "payment_expired": PaymentStatus.EXPIRED,
    "payment_canceled": PaymentStatus.VOIDED,
    "payment_voided": PaymentStatus.VOIDED,
    "payment_void_declined": PaymentStatus.VOID_FAILED,
    "payment_captured": PaymentStatus.CHARGED,
    "payment_capture_pending": PaymentStatus.CAPTURE_INITIATED,
    "payment_capture_declined": PaymentStatus.CAPTURE_FAILED,
}
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
}
ENDED = (PaymentStatus.AUTHORIZATION_FAILED, PaymentStatus.EXPIRED)


def status_of(kind: str, data: EventData) -> PaymentStatus:
    """What the newest action makes of the payment."""
    status = PAYMENTS[kind]
    if data.source is not None and data.source.type in DEBITS:
        failed = status is PaymentStatus.CAPTURE_FAILED
        return PaymentStatus.FAILURE if failed else of_debit(status)
    if status in ENDED and data.metadata is not None and data.metadata.prism_order is not None:
        return PaymentStatus.PAYMENT_METHOD_AWAITED
    return by_amounts(status, data.balances) if status is PaymentStatus.CHARGED else status


def total(data: EventData, kind: str) -> Money | None:
    """The payment's amount: that of a capture or a void may be a part of it."""
    if data.balances is not None:
        return money(data.balances.total_authorized, data.currency)
    whole = kind in ("payment_approved", "payment_pending", "payment_declined")
    return money(data.amount, data.currency) if whole else None


def payment_of(kind: str, data: EventData) -> Payment:
    """https://www.checkout.com/docs/workflows/webhook-event-types/payment_approved"""
    sums, declined = data.balances or Balances(), kind.endswith("_declined")
    return Payment(
        status=status_of(kind, data),
        connector_transaction_id=data.id,
        merchant_transaction_id=data.reference or None,
        connector_customer_id=(data.customer.id or None) if data.customer else None,
        connector_payment_method_id=(data.source.id or None) if data.source else None,
        payment_method=info_of(data.source),
        amount=total(data, kind),
        captured_amount=money(sums.total_captured, data.currency),
        refunded_amount=money(sums.total_refunded, data.currency),
        network_transaction_id=data.scheme_id,
        error=why(data.response_code, data.response_summary) if declined else None,
    )


def refund_of(kind: str, data: EventData) -> Refund:
    """https://www.checkout.com/docs/workflows/webhook-event-types/payment_refunded"""
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
    """https://www.checkout.com/docs/workflows/webhook-event-types; a debit that its bank returned,
    https://www.checkout.com/docs/payments/add-payment-methods/sepa-direct-debit-core"""
    until, returned = data.evidence_required_by, kind == "payment_returned"
    return Dispute(
        status=DisputeStatus.DISPUTE_LOST if returned else DISPUTES[kind],
        stage=DisputeStage.ACTIVE_DISPUTE,
        connector_dispute_id=data.action_id if returned else data.id,
        connector_transaction_id=data.id if returned else data.payment_id,
        amount=money(data.amount, data.currency),
        reason_code=data.response_code if returned else data.reason_code,
        respond_by=None if until is None else int(until.timestamp()),
    )


class Events:
    """The operations on webhooks."""

    @hookimpl
    def handle_event(
        self, request: HandleEventRequest, account: CheckoutDotComAccount
    ) -> Flow[Event]:
        """https://www.checkout.com/docs/developer-resources/webhooks/manage-webhooks/set-up-your-webhook-receiver:
        `Cko-Signature` is the hexadecimal HMAC-SHA256 of the body. No time is signed."""
        yield from ()
        secrets = signatures.secrets_of(account.webhook_secret)
        given = signatures.from_hex(request.header("cko-signature") or "")
        signatures.verify(secrets, request.body, [given])
        body = account.decode(HttpResponse(200, body=request.body), EventBody)
        kind, data, when = body.type, body.data, body.created_on or body.timestamp
        what: dict[str, object] = {}
        if kind in PAYMENTS:
            what = {"kind": EventKind.PAYMENT, "payment": payment_of(kind, data)}
        elif kind in REFUNDS:
            what = {"kind": EventKind.REFUND, "refund": refund_of(kind, data)}
        elif kind in DISPUTES or kind == "payment_returned":
            what = {"kind": EventKind.DISPUTE, "dispute": dispute_of(kind, data)}
        return Event(
            **{"kind": EventKind.UNKNOWN, **what},  # type: ignore[arg-type]
            event_type=kind,
            connector_event_id=body.id,
            created_at=None if when is None else int(when.timestamp()),
        )

    @hookimpl
    def sign_event(
        self, request: HandleEventRequest, account: CheckoutDotComAccount
    ) -> Mapping[str, str]:
        """The same page."""
        secret, *_ = signatures.secrets_of(account.webhook_secret)
        return {"cko-signature": signatures.signed(secret, request.body).hex()}
