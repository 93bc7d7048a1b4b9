"""What an answer of Square means: payments, orders, refunds, cards."""

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
    StoredPaymentMethod,
    codes_by_word,
    nullable,
)
from prism_core.connector.values import stored_payment_method

from .errors import why
from .shapes import (
    AchDetails,
    Amount,
    BankBody,
    BankDetails,
    CardBody,
    OrderBody,
    PaidCard,
    PaymentBody,
    RefundBody,
)

# https://developer.squareup.com/reference/square/objects/Payment
STATUSES = {
    "APPROVED": PaymentStatus.AUTHORIZED,
    "PENDING": PaymentStatus.PENDING,
    "COMPLETED": PaymentStatus.CHARGED,
    "CANCELED": PaymentStatus.VOIDED,
    "FAILED": PaymentStatus.AUTHORIZATION_FAILED,
}
FAILED = {PaymentStatus.AUTHORIZATION_FAILED, PaymentStatus.FAILURE}
# https://developer.squareup.com/docs/checkout-api/quick-pay-checkout: a draft until it is paid.
# What has paid an order is in its tenders.
ORDERS = {
    "DRAFT": PaymentStatus.PAYMENT_METHOD_AWAITED,
    "OPEN": PaymentStatus.PAYMENT_METHOD_AWAITED,
    "CANCELED": PaymentStatus.VOIDED,
}
# https://developer.squareup.com/reference/square/objects/PaymentRefund
REFUNDS = codes_by_word(
    {
        RefundStatus.REFUND_PENDING: "PENDING",
        RefundStatus.REFUND_SUCCESS: "COMPLETED",
        RefundStatus.REFUND_FAILURE: "REJECTED FAILED",
    }
)
# https://developer.squareup.com/reference/square/objects/BankAccountStatus
MANDATES = {
    "VERIFICATION_IN_PROGRESS": MandateStatus.MANDATE_PENDING,
    "VERIFIED": MandateStatus.ACTIVE,
    "DISABLED": MandateStatus.MANDATE_INACTIVE,
}
# `source_type` of a payment, and the brands of wallets
TYPES = {
    "CARD": PaymentMethodType.CARD,
    "BANK_ACCOUNT": PaymentMethodType.ACH,
    "CASH_APP": PaymentMethodType.CASHAPP,
    "AFTERPAY": PaymentMethodType.AFTERPAY_CLEARPAY,
    "CLEARPAY": PaymentMethodType.AFTERPAY_CLEARPAY,
}


def money(known: Amount | None) -> Money | None:
    """https://developer.squareup.com/docs/build-basics/working-with-monetary-amounts"""
    return None if known is None else Money(known.amount, known.currency)


def status_of(body: PaymentBody) -> PaymentStatus:
    """https://developer.squareup.com/docs/payments-api/take-payments/ach-payments for debits."""
    status = STATUSES.get(body.status, PaymentStatus.UNRESOLVED)
    if status is PaymentStatus.AUTHORIZATION_FAILED and body.source_type == "BANK_ACCOUNT":
        return PaymentStatus.FAILURE
    return status


def why_failed(body: PaymentBody) -> ErrorDetails | None:
    """https://developer.squareup.com/docs/payments-api/error-codes"""
    if body.status != "FAILED":
        return None
    wallet = body.wallet_details or body.buy_now_pay_later_details
    details = body.card_details or body.bank_account_details or wallet
    return why((details and details.errors) or [])


def card_info(card: PaidCard) -> PaymentMethodInfo:
    """https://developer.squareup.com/reference/square/objects/Card"""
    return PaymentMethodInfo(
        payment_method_type=PaymentMethodType.CARD,
        brand=card.card_brand,
        last_four=card.last_4,
        exp_month=card.exp_month,
        exp_year=card.exp_year,
        funding=card.card_type,
    )


def bank_info(
    bank: BankDetails | BankBody, number: AchDetails | BankBody | None
) -> PaymentMethodInfo:
    """https://developer.squareup.com/reference/square/objects/BankAccount"""
    return PaymentMethodInfo(
        payment_method_type=PaymentMethodType.ACH,
        last_four=number.account_number_suffix if number else None,
        country=bank.country,
        bank_name=bank.bank_name,
    )


def info_of(body: PaymentBody) -> PaymentMethodInfo | None:
    """What a payment was paid with."""
    bank, wallet = body.bank_account_details, body.wallet_details or body.buy_now_pay_later_details
    if body.card_details and body.card_details.card:
        return card_info(body.card_details.card)
    if bank is not None:
        return bank_info(bank, bank.ach_details)
    kind = (wallet and wallet.brand) or body.source_type
    return PaymentMethodInfo(payment_method_type=TYPES[kind]) if kind in TYPES else None


def payment_of(body: PaymentBody) -> Payment:
    """https://developer.squareup.com/reference/square/objects/Payment: each has an order."""
    total = money(body.total_money or body.amount_money)
    status, card = status_of(body), body.card_details
    held = status is PaymentStatus.AUTHORIZED
    captured = status is PaymentStatus.CHARGED
    return Payment(
        status=status,
        connector_transaction_id=body.id,
        merchant_transaction_id=nullable(body.reference_id),
        connector_order_id=None if status in FAILED else body.order_id,
        connector_customer_id=nullable(body.customer_id),
        payment_method=info_of(body),
        amount=money(body.amount_money),
        authorized_amount=total if held else None,
        capturable_amount=total if held else None,
        captured_amount=total if captured else None,
        refunded_amount=money(body.refunded_money),
        avs_code=card.avs_status if card else None,
        cvc_code=card.cvv_status if card else None,
        error=why_failed(body),
    )


def order_of(body: OrderBody) -> Payment:
    """https://developer.squareup.com/reference/square/objects/Order: one that nobody has paid."""
    return Payment(
        status=ORDERS.get(body.state, PaymentStatus.UNRESOLVED),
        connector_order_id=body.id,
        merchant_transaction_id=nullable(body.reference_id),
        connector_customer_id=nullable(body.customer_id),
        amount=money(body.total_money),
    )


def refund_of(body: RefundBody) -> Refund:
    """https://developer.squareup.com/reference/square/objects/PaymentRefund"""
    return Refund(
        status=REFUNDS.get(body.status or "", RefundStatus.REFUND_MANUAL_REVIEW),
        connector_refund_id=body.id,
        connector_transaction_id=nullable(body.payment_id),
        amount=money(body.amount_money),
    )


Stored = CardBody | BankBody


def kept_info(body: Stored) -> PaymentMethodInfo:
    """What is on file."""
    if isinstance(body, CardBody):
        return card_info(body)
    return bank_info(body, body)


def stored(body: Stored) -> StoredPaymentMethod:
    """https://developer.squareup.com/reference/square/objects/Card"""
    return stored_payment_method(kept_info(body), body.id, nullable(body.customer_id))


def mandate_of(body: Stored) -> Mandate:
    """What is on file is the permission to charge it; what is disabled stays."""
    return Mandate(
        status=MANDATES.get(body.status, MandateStatus.MANDATE_PENDING),
        connector_mandate_id=body.id,
        connector_payment_method_id=body.id,
        merchant_mandate_id=nullable(body.reference_id),
        connector_customer_id=nullable(body.customer_id),
        payment_method=kept_info(body),
    )
