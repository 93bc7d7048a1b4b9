"""What an answer of Razorpay means: payments, orders, refunds, tokens, and why one failed."""

from prism_core import (
    ErrorDetails,
    Mandate,
    MandateStatus,
    Money,
    Payment,
    PaymentMethodInfo,
    PaymentMethodType,
    PaymentStatus,
    Refund,
    RefundStatus,
    decline_details,
    nullable,
    whole_number,
)
from prism_core.connector.values import kept_id

from .errors import DECLINES, IN_DOUBT
from .shapes import CardBody, OrderBody, PaymentBody, RefundBody, TokenBody, UpiBody

# https://razorpay.com/docs/payments/payments/#payment-life-cycle
STATUSES = {
    "created": PaymentStatus.PENDING,
    "authorized": PaymentStatus.AUTHORIZED,
    "captured": PaymentStatus.CHARGED,
    "refunded": PaymentStatus.CHARGED,
}
# https://razorpay.com/docs/payments/orders/#order-states: of one that was not paid yet.
OPEN = dict.fromkeys(("created", "attempted"), PaymentStatus.PAYMENT_METHOD_AWAITED)
# https://razorpay.com/docs/api/refunds/normal-refunds-idempotent, `status`
REFUNDS = {
    "pending": RefundStatus.REFUND_PENDING,
    "processed": RefundStatus.REFUND_SUCCESS,
    "failed": RefundStatus.REFUND_FAILURE,
}
# https://razorpay.com/docs/api/payments/recurring-payments/cards/tokens, `recurring_details`
MANDATES = {
    "initiated": MandateStatus.MANDATE_PENDING,
    "confirmed": MandateStatus.ACTIVE,
    "resumed": MandateStatus.ACTIVE,
    "rejected": MandateStatus.MANDATE_INACTIVE,
    "paused": MandateStatus.MANDATE_INACTIVE,
    "cancelled": MandateStatus.REVOKED,
}
TYPES = {"card": PaymentMethodType.CARD, "netbanking": PaymentMethodType.NETBANKING}
CHARGE = "recurring"  # a note's value
UPI = {"intent": PaymentMethodType.UPI_INTENT, "collect": PaymentMethodType.UPI_COLLECT}


def info_of(
    method: str | None, card: CardBody | None, bank: str | None = None, upi: UpiBody | None = None
) -> PaymentMethodInfo | None:
    """https://razorpay.com/docs/api/payments/entity, `method`, `card`, `bank` and `upi`"""
    if method is None:
        return None
    found, flow = card or CardBody(), upi.flow if upi else None
    return PaymentMethodInfo(
        payment_method_type=UPI.get(flow or "") if method == "upi" else TYPES.get(method),
        brand=found.network,
        last_four=None if found.last4 is None else f"{found.last4:0>4}",
        exp_month=whole_number(str(found.expiry_month)),
        exp_year=whole_number(str(found.expiry_year)),
        funding=found.type,
        bank_name=bank,
    )


def why_failed(body: PaymentBody) -> ErrorDetails | None:
    """https://razorpay.com/docs/api/payments/entity, `error_reason`"""
    if body.status != "failed":
        return None
    code = body.error_reason or body.error_code or body.status
    return decline_details(DECLINES, code, body.error_description)


def status_of(body: PaymentBody, *, over: bool) -> PaymentStatus:
    """https://razorpay.com/docs/payments/payments/#payment-life-cycle: after a failed try, the
    customer can pay the order with another, unless it is `over`. Then one that only the bank's
    silence has failed can still be paid, and is no reason to charge again. A payment that was never
    captured is given back by Razorpay itself."""
    if body.status == "failed" and over:
        in_doubt = body.error_reason in IN_DOUBT
        return PaymentStatus.UNRESOLVED if in_doubt else PaymentStatus.FAILURE
    if body.status == "failed":
        return PaymentStatus.PAYMENT_METHOD_AWAITED
    if body.status == "refunded" and not body.captured:
        return PaymentStatus.AUTO_REFUNDED
    return STATUSES.get(body.status, PaymentStatus.UNRESOLVED)


def payment_of(body: PaymentBody, order: OrderBody | None = None) -> Payment:
    """https://razorpay.com/docs/api/payments/entity; the caller's own id is the order's receipt."""
    # Nobody tries again after a recurring charge, or once the order was paid with another.
    charge = kept_id((order or body).notes, "prism_charge") == CHARGE
    status = status_of(body, over=charge or bool(order and order.status == "paid"))
    total, back = Money(body.amount, body.currency), body.amount_refunded
    return Payment(
        status=status,
        connector_transaction_id=body.id,
        connector_order_id=None if charge else nullable(body.order_id),
        merchant_transaction_id=nullable(order.receipt) if order else None,
        connector_customer_id=nullable(body.customer_id),
        connector_payment_method_id=str(body.token_id) if body.token_id else None,
        payment_method=info_of(body.method, body.card, body.bank, body.upi),
        amount=total,
        capturable_amount=total if status is PaymentStatus.AUTHORIZED else None,
        captured_amount=total if status is PaymentStatus.CHARGED else None,
        refunded_amount=None if back is None else Money(back, body.currency),
        error=why_failed(body),
    )


def order_of(order: OrderBody, payments: list[PaymentBody]) -> Payment:
    """https://razorpay.com/docs/api/orders/entity: the try that counts, or the open order. An order
    that is paid, and lists failed tries alone, is neither; nor is one of a recurring charge that
    has no payment: nobody pays it on a page."""
    best = deciding(payments)
    if best is not None and (order.status != "paid" or best.status != "failed"):
        return payment_of(best, order)
    opened = {} if kept_id(order.notes, "prism_charge") == CHARGE else OPEN
    return Payment(
        status=opened.get(order.status, PaymentStatus.UNRESOLVED),
        connector_order_id=order.id,
        merchant_transaction_id=nullable(order.receipt),
        connector_customer_id=nullable(order.customer_id),
        amount=Money(order.amount, order.currency),
    )


RANKS = ("failed", "given back", "created", "refunded", "authorized", "captured")


def rank(one: PaymentBody) -> int:
    """How much a payment counts beside others. An unknown word counts most, so that it is told."""
    word = one.status if one.captured or one.status != "refunded" else "given back"
    return RANKS.index(word) if word in RANKS else len(RANKS)


def deciding(payments: list[PaymentBody]) -> PaymentBody | None:
    """https://razorpay.com/docs/payments/payments/late-authorisation/handle: one payment counts;
    another that succeeds late is refunded."""
    return max(payments, key=rank, default=None)


def refund_of(body: RefundBody) -> Refund:
    """https://razorpay.com/docs/api/refunds/entity"""
    return Refund(
        status=REFUNDS.get(body.status, RefundStatus.REFUND_MANUAL_REVIEW),
        connector_refund_id=body.id,
        merchant_refund_id=nullable(body.receipt),
        connector_transaction_id=nullable(body.payment_id),
        amount=Money(body.amount, body.currency),
    )


def mandate_of(body: TokenBody, status: MandateStatus | None = None) -> Mandate:
    """https://razorpay.com/docs/api/payments/recurring-payments/cards/tokens: a token is the
    mandate. An event tells its status by its name."""
    found = body.recurring_details
    known = MANDATES.get(found.status or "") if found else None
    why = found and found.failure_reason
    return Mandate(
        status=status or known or MandateStatus.MANDATE_PENDING,
        connector_mandate_id=body.id,
        connector_payment_method_id=body.id,
        connector_customer_id=body.customer_id,
        payment_method=info_of(body.method, body.card, body.bank),
        error=decline_details(DECLINES, why, why) if why else None,
    )
