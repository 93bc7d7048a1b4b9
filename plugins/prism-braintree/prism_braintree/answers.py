"""What an answer of Braintree means: payments, refunds, stored payment methods, mandates."""

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
    TokenSource,
    codes_by_word,
    nullable,
    whole_number,
)
from prism_core.connector.values import mandate_of_payment, stored_payment_method

from .errors import why
from .shapes import Details, MethodBody, Named, RefundBody, TransactionBody

# https://developer.paypal.com/braintree/graphql/reference/types/payment-status
STATUSES = codes_by_word(
    {
        PaymentStatus.AUTHORIZED: "AUTHORIZED",
        PaymentStatus.AUTHORIZING: "AUTHORIZING",
        PaymentStatus.EXPIRED: "AUTHORIZATION_EXPIRED",
        PaymentStatus.CHARGED: "SUBMITTED_FOR_SETTLEMENT SETTLING SETTLED",
        PaymentStatus.PARTIAL_CHARGED: "SETTLEMENT_CONFIRMED",
        PaymentStatus.PENDING: "SETTLEMENT_PENDING",
        PaymentStatus.FAILURE: "SETTLEMENT_DECLINED",
        PaymentStatus.AUTHORIZATION_FAILED: "PROCESSOR_DECLINED GATEWAY_REJECTED FAILED",
        PaymentStatus.VOIDED: "VOIDED",
    }
)
# The same, if it is of less than was asked for.
PARTLY = {
    PaymentStatus.AUTHORIZED: PaymentStatus.PARTIALLY_AUTHORIZED,
    PaymentStatus.CHARGED: PaymentStatus.PARTIAL_CHARGED,
}
FAILED = {"SETTLEMENT_DECLINED", "PROCESSOR_DECLINED", "GATEWAY_REJECTED", "FAILED"}
# A first payment that did not fail stores what it is paid with.
CHARGEABLE = {PaymentStatus.CHARGED, PaymentStatus.PENDING}
# The money of a debit is there only when it has settled.
UNDER_WAY = {"SUBMITTED_FOR_SETTLEMENT", "SETTLING"}
DEBITS = {"UsBankAccountDetails", "SEPADirectDebitTransactionDetails"}
REFUNDS = codes_by_word(
    {
        RefundStatus.REFUND_SUCCESS: "SETTLED",
        RefundStatus.REFUND_PENDING: (
            "AUTHORIZED AUTHORIZING SUBMITTED_FOR_SETTLEMENT SETTLING SETTLEMENT_PENDING "
            "SETTLEMENT_CONFIRMED"
        ),
        RefundStatus.REFUND_FAILURE: (
            "AUTHORIZATION_EXPIRED FAILED GATEWAY_REJECTED PROCESSOR_DECLINED "
            "SETTLEMENT_DECLINED VOIDED"
        ),
    }
)
# https://developer.paypal.com/braintree/graphql/reference/types/payment-method-snapshot and
# payment-method-details
TYPES = {
    "CreditCardDetails": PaymentMethodType.CARD,
    "CreditCardTransactionDetails": PaymentMethodType.CARD,
    "PayPalAccountDetails": PaymentMethodType.PAY_PAL,
    "PayPalTransactionDetails": PaymentMethodType.PAY_PAL,
    "VenmoAccountDetails": PaymentMethodType.VENMO,
    "UsBankAccountDetails": PaymentMethodType.ACH,
    "SEPADirectDebitAccountDetails": PaymentMethodType.SEPA,
    "SEPADirectDebitTransactionDetails": PaymentMethodType.SEPA,
}
# https://developer.paypal.com/braintree/graphql/reference/types/local-payment-method-type, where
# the name is another one.
LOCAL = {
    "ALIPAY": PaymentMethodType.ALI_PAY,
    "BANCONTACT": PaymentMethodType.BANCONTACT_CARD,
    "MBWAY": PaymentMethodType.MB_WAY,
    "P24": PaymentMethodType.PRZELEWY24,
    "TRUSTLY": PaymentMethodType.TRUSTLY_BANK_REDIRECT,
}
WALLETS = {"APPLE_PAY": TokenSource.APPLEPAY, "GOOGLE_PAY": TokenSource.GOOGLEPAY}


def named(known: Named | None) -> str | None:
    """The id of a part that may be missing."""
    return None if known is None else known.id


def info_of(details: Details | None) -> PaymentMethodInfo | None:
    """What was paid with: https://developer.paypal.com/braintree/graphql/reference/types/payment-method-snapshot"""
    if details is None:
        return None
    card = details.credit_card or details
    month, year = card.expiration_month, card.expiration_year
    local = PaymentMethodType.__members__.get(details.type or "")
    return PaymentMethodInfo(
        payment_method_type=TYPES.get(details.kind) or LOCAL.get(details.type or "", local),
        brand=card.brand_code.lower() if card.brand_code else None,
        last_four=card.last4,
        exp_month=None if month is None else whole_number(month),
        exp_year=None if year is None else whole_number(year),
        bank_name=details.bank_name,
        wallet=WALLETS.get((card.origin and card.origin.type) or ""),
    )


def why_failed(body: TransactionBody | RefundBody) -> ErrorDetails | None:
    """The event of the status says why; the newest comes first."""
    if body.status not in FAILED:
        return None
    for event in body.status_history or ():
        if event.status == body.status:
            return why(body.status, event.processor_response, event.gateway_rejection_reason)
    return why(body.status, None, None)


def is_debit(body: TransactionBody) -> bool:
    """Whether a bank account was debited; SEPA is one of the local payment methods, too."""
    paid = body.payment_method_snapshot
    return paid is not None and (paid.kind in DEBITS or paid.type == "SEPA")


def total_of(body: TransactionBody) -> Money:
    """The amount of the payment. After a capture of a part, `amount` is that part, and the amount
    that was authorized first has a field of its own; an increment raises only `amount`."""
    first = body.initial_requested_authorization_amount or body.amount
    return max(first.money, body.amount.money, key=lambda one: one.minor_amount)


def status_of(body: TransactionBody) -> PaymentStatus:
    """https://developer.paypal.com/braintree/graphql/reference/types/payment-status"""
    status = STATUSES.get(body.status, PaymentStatus.UNRESOLVED)
    if body.status in UNDER_WAY and is_debit(body):
        return PaymentStatus.PENDING
    if body.amount.money != total_of(body):
        return PARTLY.get(status, status)
    return status


def refunded(body: TransactionBody) -> Money | None:
    """What was refunded so far, or is under way."""
    back = [
        one.amount.money.minor_amount
        for one in body.refunds or ()
        if one.amount and REFUNDS.get(one.status or "") is not RefundStatus.REFUND_FAILURE
    ]
    return Money(sum(back), body.amount.currency_code) if back else None


def charged_back(body: TransactionBody) -> Money | None:
    """https://developer.paypal.com/braintree/graphql/reference/types/dispute: the amount is held
    from the beginning, and comes back if the dispute is won. A retrieval only asks. No sum is told
    of amounts in another currency than the transaction's."""
    currency = body.amount.currency_code
    taken = [
        one.amount_disputed.money
        for one in body.disputes or ()
        if one.amount_disputed and one.status != "WON" and one.type != "RETRIEVAL"
    ]
    if not taken or any(one.currency != currency for one in taken):
        return None
    return Money(sum(one.minor_amount for one in taken), currency)


def payment_of(body: TransactionBody) -> Payment:
    """https://developer.paypal.com/braintree/graphql/reference/types/transaction"""
    status, now, snapshot = status_of(body), body.amount.money, body.payment_method_snapshot
    held = now if body.status == "AUTHORIZED" else None
    kept = named(body.payment_method)  # only one that is stored is told
    return Payment(
        status=status,
        connector_transaction_id=body.id,
        merchant_transaction_id=nullable(body.order_id),
        connector_customer_id=nullable(named(body.customer)),
        connector_payment_method_id=kept,
        connector_mandate_id=kept,
        payment_method=info_of(snapshot),
        amount=total_of(body),
        authorized_amount=held,
        capturable_amount=held,
        captured_amount=now if status.is_paid else None,
        refunded_amount=refunded(body),
        charged_back_amount=charged_back(body),
        network_transaction_id=snapshot.network_transaction_id if snapshot else None,
        error=why_failed(body),
    )


def refund_of(body: RefundBody) -> Refund:
    """https://developer.paypal.com/braintree/graphql/reference/types/refund"""
    return Refund(
        status=REFUNDS.get(body.status, RefundStatus.REFUND_MANUAL_REVIEW),
        connector_refund_id=body.id,
        merchant_refund_id=nullable(body.order_id),
        connector_transaction_id=nullable(named(body.refunded_transaction)),
        amount=body.amount.money,
        error=why_failed(body),
    )


def stored(body: MethodBody) -> StoredPaymentMethod:
    """https://developer.paypal.com/braintree/graphql/reference/types/payment-method"""
    return stored_payment_method(info_of(body.details), body.id, named(body.customer))


def mandate_of(body: MethodBody, verified: str | None = "VERIFIED") -> Mandate:
    """A stored payment method, which can be charged: Braintree has no other mandate. One that is
    still being verified cannot."""
    ready = verified == "VERIFIED" and body.can_pay
    return Mandate(
        status=MandateStatus.ACTIVE if ready else MandateStatus.MANDATE_PENDING,
        connector_mandate_id=body.id,
        connector_customer_id=nullable(named(body.customer)),
        connector_payment_method_id=body.id,
        payment_method=info_of(body.details),
    )


def mandate_after(payment: Payment) -> Mandate:
    """The payment method of a first payment, which was stored if it succeeded."""
    status = MandateStatus.MANDATE_PENDING
    if payment.status.is_failed:
        status = MandateStatus.MANDATE_INACTIVE
    elif payment.connector_mandate_id and payment.status in CHARGEABLE:
        status = MandateStatus.ACTIVE
    return mandate_of_payment(payment, status)
