"""What an answer of Mollie means: payments, refunds, mandates, and why one failed."""

from prism_core import (
    ErrorDetails,
    Mandate,
    MandateStatus,
    Money,
    Payment,
    PaymentStatus,
    RedirectionData,
    Refund,
    RefundStatus,
    codes_by_word,
    decline_details,
    nullable,
)
from prism_core.connector.values import kept_id, mandate_of_payment, unix_seconds

from .errors import DECLINES
from .methods import info_of
from .shapes import Amount, Details, MandateBody, PaymentBody, RefundBody

# https://docs.mollie.com/docs/handling-payment-status
STATUSES = {
    "open": PaymentStatus.AUTHENTICATION_PENDING,
    "pending": PaymentStatus.PENDING,
    "authorized": PaymentStatus.AUTHORIZED,
    "paid": PaymentStatus.CHARGED,
    "canceled": PaymentStatus.VOIDED,
    "expired": PaymentStatus.EXPIRED,
    "failed": PaymentStatus.FAILURE,
}
PARTLY = {
    PaymentStatus.AUTHORIZED: PaymentStatus.PARTIAL_CHARGED_AND_CHARGEABLE,
    PaymentStatus.CHARGED: PaymentStatus.PARTIAL_CHARGED,
}
# https://docs.mollie.com/docs/place-a-hold-for-a-payment#payment-method-support
CAPTURABLE = {"creditcard", "klarna", "mobilepay", "vipps"}
# https://docs.mollie.com/reference/get-refund
REFUNDS = codes_by_word(
    {
        RefundStatus.REFUND_PENDING: "queued pending processing",
        RefundStatus.REFUND_SUCCESS: "refunded",
        RefundStatus.REFUND_FAILURE: "failed canceled",
    }
)
# https://docs.mollie.com/reference/get-mandate
MANDATES = {
    "valid": MandateStatus.ACTIVE,
    "pending": MandateStatus.MANDATE_PENDING,
    "invalid": MandateStatus.MANDATE_INACTIVE,
}
ENDED = {"canceled", "expired", "failed"}


def money(known: Amount | None) -> Money | None:
    """The amount, if there is one."""
    return None if known is None else Money.from_decimal(known.value, known.currency)


def why_failed(body: PaymentBody) -> ErrorDetails | None:
    """https://docs.mollie.com/reference/extra-payment-parameters"""
    if body.status != "failed":
        return None
    found = body.details or Details()
    code = found.failure_reason or found.bank_reason_code or body.status
    return decline_details(DECLINES, code, found.failure_message or found.bank_reason)


def page_of(body: PaymentBody) -> RedirectionData | None:
    """The page, only while the customer has something to do there: a paid payment has it, too."""
    if body.status != "open" or body.links.checkout is None:
        return None
    return RedirectionData(uri=body.links.checkout.href, expires_at=unix_seconds(body.expires_at))


def status_of(body: PaymentBody, awaited: bool) -> PaymentStatus:
    """https://docs.mollie.com/docs/handling-payment-status; `paid` after a capture of a part is
    told by `amountCaptured` alone, so that one of these methods must have it."""
    if awaited and body.status == "open":
        return PaymentStatus.PAYMENT_METHOD_AWAITED
    status = STATUSES.get(body.status, PaymentStatus.UNRESOLVED)
    captured, total = money(body.amount_captured), money(body.amount)
    if captured is None or total is None:
        held = body.capture_mode == "manual" and body.method in CAPTURABLE
        return PaymentStatus.UNRESOLVED if held and status in PARTLY else status
    if 0 < captured.minor_amount < total.minor_amount:
        return PARTLY.get(status, status)
    return status


def payment_of(body: PaymentBody, *, order: bool = False) -> Payment:
    """https://docs.mollie.com/reference/get-payment; an order is a payment without a method."""
    awaited = order or body.method is None
    kept = nullable(body.mandate_id)
    for_later = body.sequence_type in ("first", "recurring")
    return Payment(
        status=status_of(body, awaited),
        connector_transaction_id=body.id,
        connector_order_id=body.id if awaited else None,
        merchant_transaction_id=kept_id(body.metadata, "merchant_transaction_id"),
        connector_customer_id=nullable(body.customer_id),
        connector_mandate_id=kept if for_later else None,
        connector_payment_method_id=None if for_later else kept,
        payment_method=info_of(body.method, body.details),
        amount=money(body.amount),
        captured_amount=money(body.amount_captured),
        refunded_amount=money(body.amount_refunded),
        charged_back_amount=money(body.amount_charged_back),
        redirection_data=page_of(body),
        error=why_failed(body),
    )


def refund_of(body: RefundBody) -> Refund:
    """https://docs.mollie.com/reference/get-refund"""
    return Refund(
        status=REFUNDS.get(body.status, RefundStatus.REFUND_MANUAL_REVIEW),
        connector_refund_id=body.id,
        merchant_refund_id=kept_id(body.metadata, "merchant_refund_id"),
        connector_transaction_id=nullable(body.payment_id),
        amount=money(body.amount),
    )


def mandate_of(body: MandateBody) -> Mandate:
    """https://docs.mollie.com/reference/get-mandate"""
    return Mandate(
        status=MANDATES.get(body.status, MandateStatus.MANDATE_PENDING),
        connector_mandate_id=body.id,
        connector_customer_id=body.customer_id,
        connector_payment_method_id=body.id,
        payment_method=info_of(body.method, body.details),
    )


def asked_mandate(body: PaymentBody) -> Mandate:
    """https://docs.mollie.com/docs/recurring-payments: the mandate of a first payment that is not
    paid. A paid one says nothing about its mandate: that is to be looked up."""
    ended = body.status in ENDED
    return mandate_of_payment(
        payment_of(body),
        MandateStatus.MANDATE_INACTIVE if ended else MandateStatus.MANDATE_PENDING,
        connector_mandate_id=nullable(body.mandate_id),
        connector_payment_method_id=None,
        merchant_mandate_id=kept_id(body.metadata, "merchant_mandate_id"),
    )
