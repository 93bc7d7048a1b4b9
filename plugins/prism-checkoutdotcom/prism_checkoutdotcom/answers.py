"""What an answer of Checkout.com means: payments, refunds, mandates."""

from msgspec import UnsetType

from prism_core import (
    NULL,
    Mandate,
    MandateStatus,
    Nullable,
    Payment,
    PaymentStatus,
    RedirectionData,
    Refund,
    RefundStatus,
    expect_same,
    nullable,
)
from prism_core.connector.values import mandate_of_payment

from .errors import why
from .fields import money
from .methods import DEBITS, info_of
from .shapes import Accepted, Action, Balances, HostedBody, Links, PaymentBody, Source

# https://api-reference.checkout.com/#operation/getPaymentDetails, `status`
STATUSES = {
    "Pending": PaymentStatus.PENDING,
    "Authorized": PaymentStatus.AUTHORIZED,
    "Card Verified": PaymentStatus.AUTHORIZED,
    "Voided": PaymentStatus.VOIDED,
    "Partially Captured": PaymentStatus.PARTIAL_CHARGED_AND_CHARGEABLE,
    "Captured": PaymentStatus.CHARGED,
    "Partially Refunded": PaymentStatus.CHARGED,
    "Refunded": PaymentStatus.CHARGED,
    "Declined": PaymentStatus.AUTHORIZATION_FAILED,
    "Canceled": PaymentStatus.VOIDED,
    "Expired": PaymentStatus.EXPIRED,
}
WAITS = {PaymentStatus.AUTHENTICATION_PENDING}
AGAIN = {"Declined", "Canceled"}  # what a customer can try again in an order
# After these words, a part may be captured, and the rest held or released.
PARTS = {"Partially Captured", "Captured", "Partially Refunded", "Voided", "Canceled", "Expired"}
NOTHING = {PaymentStatus.VOIDED, PaymentStatus.AUTHORIZATION_FAILED}
GIVEN = {"Card Verified", "Authorized", "Captured", "Partially Captured"}
REFUNDED = {True: RefundStatus.REFUND_SUCCESS, False: RefundStatus.REFUND_FAILURE}


def of_debit(status: PaymentStatus) -> PaymentStatus:
    """https://www.checkout.com/docs/payments/add-payment-methods/sepa-direct-debit-core: accepted
    by the bank is not yet collected, and nothing of it can be captured."""
    if status is PaymentStatus.AUTHORIZED:
        return PaymentStatus.PENDING
    return PaymentStatus.FAILURE if status is PaymentStatus.AUTHORIZATION_FAILED else status


def by_amounts(status: PaymentStatus, known: Balances | None) -> PaymentStatus:
    """https://www.checkout.com/docs/payments/manage-payments/authorize-a-payment, `balances`: the
    word does not tell whether a part was released."""
    captured, held = (known or Balances()).total_captured, (known or Balances()).total_authorized
    if known is None or captured is None or held is None or not 0 < captured < held:
        return status
    if known.available_to_capture:
        return PaymentStatus.PARTIAL_CHARGED_AND_CHARGEABLE
    return PaymentStatus.PARTIAL_CHARGED


def status_of(body: PaymentBody) -> PaymentStatus:
    """https://api-reference.checkout.com/#operation/getPaymentDetails"""
    status = STATUSES.get(body.status, PaymentStatus.UNRESOLVED)
    if body.status in PARTS:
        status = by_amounts(status, body.balances)
    if body.source is not None and body.source.type in DEBITS:
        return of_debit(status)
    if status is PaymentStatus.PENDING and body.links.redirect is not None:
        return PaymentStatus.AUTHENTICATION_PENDING
    if body.status in AGAIN and status in NOTHING and is_order(body):
        return PaymentStatus.PAYMENT_METHOD_AWAITED
    return status


def is_order(body: PaymentBody) -> bool:
    """Whether the customer may try again: this connector marks the payments of its orders."""
    return body.metadata is not None and body.metadata.prism_order is not None


def customer_of(body: PaymentBody) -> str | None:
    """The customer's id; a customer without one is a difference."""
    return None if body.customer is None else nullable(body.customer.id)


def page_of(links: Links) -> RedirectionData | None:
    """Where the customer goes."""
    return None if links.redirect is None else RedirectionData(uri=links.redirect.href)


def payment_of(body: PaymentBody) -> Payment:
    """https://api-reference.checkout.com/#operation/getPaymentDetails"""
    status = status_of(body)
    sums, known = body.balances or Balances(), body.source or Source(type="")
    return Payment(
        status=status,
        connector_transaction_id=body.id,
        merchant_transaction_id=nullable(body.reference),
        connector_customer_id=customer_of(body),
        connector_payment_method_id=nullable(known.id),
        payment_method=info_of(body.source),
        amount=money(body.amount, body.currency),
        authorized_amount=money(sums.total_authorized, body.currency),
        capturable_amount=money(sums.available_to_capture, body.currency),
        captured_amount=money(sums.total_captured, body.currency),
        refunded_amount=money(sums.total_refunded, body.currency),
        network_transaction_id=body.scheme_id,
        avs_code=known.avs_check,
        cvc_code=known.cvv_check,
        redirection_data=page_of(body.links) if status in WAITS else None,
        error=why(body.response_code, body.response_summary) if body.status == "Declined" else None,
    )


def named(links: Links) -> str | None:
    """The payment that an acknowledgement is about: only its link names it."""
    link = links.payment or links.self_
    return None if link is None else link.href.rsplit("/payments/", 1)[-1].partition("/")[0]


def echoed(field: str, asked: str | None, found: Nullable[str]) -> None:
    """An acknowledgement with another reference is about another request."""
    if not isinstance(found, UnsetType):
        expect_same(field, asked, found)


def refund_accepted(body: Accepted) -> Refund:
    """https://api-reference.checkout.com/#operation/refundAPayment"""
    return Refund(
        status=RefundStatus.REFUND_PENDING,
        connector_refund_id=body.action_id,
        merchant_refund_id=nullable(body.reference),
        connector_transaction_id=named(body.links),
    )


def refund_of(body: Action, currency: str | None) -> Refund:
    """https://api-reference.checkout.com/#operation/getPaymentActions"""
    approved = body.approved
    status = RefundStatus.REFUND_MANUAL_REVIEW if approved is None else REFUNDED[approved]
    return Refund(
        status=status,
        connector_refund_id=body.id,
        merchant_refund_id=nullable(body.reference),
        amount=money(body.amount, currency),
        error=why(body.response_code, body.response_summary) if approved is False else None,
    )


def hosted_of(body: HostedBody) -> Payment:
    """https://api-reference.checkout.com/#operation/getHostedPaymentsPageDetails, of a page that
    nobody has paid on."""
    status = PaymentStatus.PAYMENT_METHOD_AWAITED
    if body.status == "Expired":
        status = PaymentStatus.EXPIRED
    elif body.status not in (None, "Payment Pending"):
        status = PaymentStatus.UNRESOLVED
    open_ = status is PaymentStatus.PAYMENT_METHOD_AWAITED
    return Payment(
        status=status,
        connector_order_id=body.id,
        merchant_transaction_id=nullable(body.reference),
        amount=money(body.amount, body.currency),
        redirection_data=page_of(body.links) if open_ else None,
    )


def mandate_of(body: PaymentBody) -> Mandate:
    """https://www.checkout.com/docs/payments/accept-payments/pay-with-stored-card-details: what is
    charged later is the stored card, so its id is the mandate's."""
    stored = None if body.source is None else nullable(body.source.id)
    status = MandateStatus.MANDATE_PENDING
    if body.status == "Declined":
        status = MandateStatus.MANDATE_INACTIVE
    elif body.status in GIVEN and stored is not None and stored is not NULL:
        status = MandateStatus.ACTIVE
    waits = status is MandateStatus.MANDATE_PENDING
    page = page_of(body.links) if waits else None
    found = payment_of(body)
    return mandate_of_payment(found, status, connector_mandate_id=stored, redirection_data=page)
