"""What an answer of GoCardless means: customers, mandates, payments, refunds."""

from prism_core import (
    ErrorDetails,
    MalformedResponse,
    Mandate,
    MandateStatus,
    Money,
    Payment,
    PaymentMethodInfo,
    PaymentMethodType,
    PaymentStatus,
    Refund,
    RefundStatus,
    codes_by_word,
    nullable,
    whole_number,
)
from prism_core.connector.values import kept_id, mandate_of_payment

from .errors import why
from .shapes import (
    BankAccountBody,
    BillingRequestBody,
    Details,
    MandateBody,
    PaymentBody,
    PaymentRequest,
    RefundBody,
)

# https://developer.gocardless.com/api-reference/#core-endpoints-payments
PAYMENTS = codes_by_word(
    {
        PaymentStatus.PENDING: "pending_customer_approval pending_submission submitted",
        # Charged back is taken back later: charged_back_amount tells it.
        PaymentStatus.CHARGED: "confirmed paid_out charged_back",
        PaymentStatus.VOIDED: "cancelled",
        PaymentStatus.FAILURE: "failed customer_approval_denied",
    }
)
# https://developer.gocardless.com/api-reference/#billing-requests-billing-requests
REQUESTS = codes_by_word(
    {
        PaymentStatus.PAYMENT_METHOD_AWAITED: "pending",
        PaymentStatus.PENDING: "ready_to_fulfil fulfilling",
        PaymentStatus.VOIDED: "cancelled",
    }
)
# https://developer.gocardless.com/api-reference/#core-endpoints-mandates. Payments can be made
# before the bank has confirmed the mandate (#payments-create-a-payment); with some schemes it is
# submitted with the first one.
MANDATES = codes_by_word(
    {
        MandateStatus.ACTIVE: "pending_submission submitted active",
        MandateStatus.MANDATE_PENDING: "pending_customer_approval",
        MandateStatus.MANDATE_INACTIVE: "failed expired consumed blocked suspended_by_payer",
        MandateStatus.REVOKED: "cancelled",
    }
)
# https://developer.gocardless.com/api-reference/#core-endpoints-refunds
REFUNDS = codes_by_word(
    {
        RefundStatus.REFUND_PENDING: "created pending_submission submitted",
        RefundStatus.REFUND_SUCCESS: "paid",
        RefundStatus.REFUND_FAILURE: "cancelled bounced funds_returned",
    }
)
SCHEMES = {
    "ach": PaymentMethodType.ACH,
    "bacs": PaymentMethodType.BACS,
    "becs": PaymentMethodType.BECS,
    "faster_payments": PaymentMethodType.OPEN_BANKING_UK,
    "sepa_core": PaymentMethodType.SEPA,
}


def info_of(scheme: str | None, bank: BankAccountBody | None = None) -> PaymentMethodInfo | None:
    """The scheme, and the end of the account's number if the account is known."""
    if scheme is None:
        return None
    return PaymentMethodInfo(
        payment_method_type=SCHEMES.get(scheme),
        last_four=bank.account_number_ending if bank else None,
        bank_name=bank.bank_name if bank else None,
        country=bank.country_code if bank else None,
    )


def failed(status: str) -> ErrorDetails | None:
    """A payment does not say why it failed: the event does."""
    return why(Details(), status) if PAYMENTS.get(status) is PaymentStatus.FAILURE else None


def status_of(body: PaymentBody) -> PaymentStatus:
    """One that has failed may be tried again by GoCardless itself, if that was asked for:
    https://developer.gocardless.com/success-plus/overview. To charge again would be twice."""
    if body.status == "failed" and body.retry_if_possible:
        return PaymentStatus.UNRESOLVED
    return PAYMENTS.get(body.status, PaymentStatus.UNRESOLVED)


def payment_of(body: PaymentBody, order: BillingRequestBody | None = None) -> Payment:
    """https://developer.gocardless.com/api-reference/#core-endpoints-payments"""
    paid = Money(body.amount, body.currency)
    back = body.amount_refunded
    mark = kept_id(body.metadata, "merchant_transaction_id")
    if order is not None and mark is None:
        mark = kept_id(order.metadata, "merchant_transaction_id")
    # An instant payment has a mandate for itself alone; the one for later is the request's.
    mandate = order.links.mandate_request_mandate if order else nullable(body.links.mandate)
    return Payment(
        status=status_of(body),
        connector_transaction_id=body.id,
        merchant_transaction_id=mark,
        connector_order_id=order.id if order else None,
        connector_customer_id=nullable(order.links.customer) if order else None,
        connector_mandate_id=mandate,
        connector_payment_method_id=mandate,
        payment_method=info_of(body.scheme),
        amount=paid,
        refunded_amount=None if back is None else Money(back, body.currency),
        charged_back_amount=paid if body.status == "charged_back" else None,
        error=failed(body.status),
    )


def asked_amount(asked: PaymentRequest | None) -> Money | None:
    """What a billing request asks for."""
    if asked is None:
        return None
    minor = whole_number(str(asked.amount))
    if minor is None:
        raise MalformedResponse("the amount of the billing request is no whole number")
    return Money(minor, asked.currency)


def order_of(body: BillingRequestBody) -> Payment:
    """https://developer.gocardless.com/api-reference/#billing-requests-billing-requests: one that
    has no payment yet."""
    return Payment(
        status=REQUESTS.get(body.status, PaymentStatus.UNRESOLVED),
        connector_order_id=body.id,
        merchant_transaction_id=kept_id(body.metadata, "merchant_transaction_id"),
        connector_customer_id=nullable(body.links.customer),
        amount=asked_amount(body.payment_request),
    )


def mandate_of(body: MandateBody, bank: BankAccountBody | None = None) -> Mandate:
    """https://developer.gocardless.com/api-reference/#core-endpoints-mandates"""
    return Mandate(
        status=MANDATES.get(body.status, MandateStatus.MANDATE_PENDING),
        connector_mandate_id=body.id,
        merchant_mandate_id=kept_id(body.metadata, "merchant_mandate_id"),
        connector_customer_id=nullable(body.links.customer),
        connector_payment_method_id=body.id,
        payment_method=info_of(body.scheme, bank),
    )


def asked_mandate(body: BillingRequestBody) -> Mandate:
    """The mandate of a billing request that is not fulfilled yet."""
    ended = body.status == "cancelled"
    status = MandateStatus.MANDATE_INACTIVE if ended else MandateStatus.MANDATE_PENDING
    own_id = kept_id(body.metadata, "merchant_mandate_id")
    return mandate_of_payment(order_of(body), status, merchant_mandate_id=own_id)


def refund_of(body: RefundBody) -> Refund:
    """https://developer.gocardless.com/api-reference/#core-endpoints-refunds"""
    return Refund(
        status=REFUNDS.get(body.status, RefundStatus.REFUND_MANUAL_REVIEW),
        connector_refund_id=body.id,
        merchant_refund_id=kept_id(body.metadata, "merchant_refund_id"),
        connector_transaction_id=nullable(body.links.payment),
        amount=Money(body.amount, body.currency),
    )
