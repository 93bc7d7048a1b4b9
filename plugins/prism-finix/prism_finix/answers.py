"""What an answer of Finix means: payments, refunds, disputes, payment instruments."""

from typing import Any

from prism_core import (
    Dispute,
    DisputeStage,
    DisputeStatus,
    ErrorDetails,
    Money,
    Nullable,
    Payment,
    PaymentMethodInfo,
    PaymentMethodType,
    PaymentStatus,
    RedirectionData,
    Refund,
    RefundStatus,
    StoredPaymentMethod,
    TokenSource,
    codes_by_word,
    decline_details,
    nullable,
)
from prism_core.connector.values import kept_id, stored_payment_method, unix_seconds

from .errors import DECLINES
from .shapes import (
    AuthorizationBody,
    DisputeBody,
    FormBody,
    InstrumentBody,
    PaymentBody,
    TransferBody,
)

# https://docs.finix.com/api/transfers, `state`
STATES = {
    "PENDING": PaymentStatus.PENDING,
    "SUCCEEDED": PaymentStatus.CHARGED,
    "FAILED": PaymentStatus.FAILURE,
    "CANCELED": PaymentStatus.VOIDED,
}
# https://docs.finix.com/api/authorizations, `state`
HOLDS = {
    "PENDING": PaymentStatus.AUTHORIZING,
    "SUCCEEDED": PaymentStatus.AUTHORIZED,
    "FAILED": PaymentStatus.AUTHORIZATION_FAILED,
    "CANCELED": PaymentStatus.VOIDED,
}
# https://docs.finix.com/api/authorizations, `void_state` of one that `is_void`
VOIDS = {"PENDING": PaymentStatus.VOID_INITIATED, "SUCCEEDED": PaymentStatus.VOIDED}
# What the transfer of a capture says about its authorization.
CAPTURES = {
    "PENDING": PaymentStatus.CAPTURE_INITIATED,
    "SUCCEEDED": PaymentStatus.CHARGED,
    "FAILED": PaymentStatus.CAPTURE_FAILED,
    "CANCELED": PaymentStatus.CAPTURE_FAILED,
}
# https://docs.finix.com/guides/after-the-payment/refunds/api
REFUNDS = codes_by_word(
    {
        RefundStatus.REFUND_PENDING: "PENDING",
        RefundStatus.REFUND_SUCCESS: "SUCCEEDED",
        RefundStatus.REFUND_FAILURE: "FAILED CANCELED",
    }
)
# https://docs.finix.com/api/disputes, `state`: those that have ended; and, of the others,
# https://docs.finix.com/guides/after-the-payment/disputes/responding-to-disputes, `response_state`
DISPUTES = {
    "WON": DisputeStatus.DISPUTE_WON,
    "LOST": DisputeStatus.DISPUTE_LOST,
    "ACCEPTED": DisputeStatus.DISPUTE_ACCEPTED,
    "RESPONDED": DisputeStatus.DISPUTE_CHALLENGED,
}
STAGES = {"INQUIRY": DisputeStage.PRE_DISPUTE, "ARBITRATION": DisputeStage.PRE_ARBITRATION}
# https://docs.finix.com/api/payment-instruments, `instrument_type`
WALLETS = {"APPLE_PAY": TokenSource.APPLEPAY, "GOOGLE_PAY": TokenSource.GOOGLEPAY}
BANK = "BANK_ACCOUNT"


def info_of(body: InstrumentBody) -> PaymentMethodInfo:
    """https://docs.finix.com/api/payment-instruments"""
    bank = body.instrument_type == BANK
    number = body.masked_account_number if bank else body.last_four
    return PaymentMethodInfo(
        payment_method_type=PaymentMethodType.ACH if bank else PaymentMethodType.CARD,
        brand=body.brand,
        last_four=number[-4:] if number else None,
        exp_month=body.expiration_month,
        exp_year=body.expiration_year,
        funding=body.card_type,
        wallet=WALLETS.get(body.instrument_type or ""),
    )


def stored(body: InstrumentBody) -> StoredPaymentMethod:
    """https://docs.finix.com/api/payment-instruments"""
    return stored_payment_method(info_of(body), body.id, body.identity or None)


def why_failed(body: PaymentBody) -> ErrorDetails | None:
    """https://docs.finix.com/additional-resources/developers/implementation-and-testing/failure-codes"""
    if body.state != "FAILED":
        return None
    return decline_details(DECLINES, body.failure_code, body.failure_message)


def common(body: PaymentBody) -> dict[str, Any]:
    """What a charge and a hold have both."""
    return {
        "connector_transaction_id": body.id,
        "merchant_transaction_id": kept_id(body.tags, "merchant_transaction_id"),
        "connector_payment_method_id": nullable(body.source),
        "avs_code": body.address_verification,
        "cvc_code": body.security_code_verification,
    }


def debit_of(body: TransferBody) -> Payment:
    """https://docs.finix.com/api/transfers: a payment is a transfer of type DEBIT. After a returned
    debit it still says SUCCEEDED, and has a failure code:
    https://docs.finix.com/additional-resources/developers/implementation-and-testing/testing-your-integration
    """
    amount = Money(body.amount, body.currency)
    known = STATES if body.type == "DEBIT" else {}
    status = known.get(body.state, PaymentStatus.UNRESOLVED)
    paid = status is PaymentStatus.CHARGED
    return Payment(
        **common(body),
        status=status,
        amount=amount,
        captured_amount=amount if paid else None,
        charged_back_amount=amount if paid and body.failure_code else None,
        error=why_failed(body),
    )


def held_status(body: AuthorizationBody) -> PaymentStatus:
    """Voided, held, or held in part."""
    if body.is_void:
        return VOIDS.get(body.void_state or "", PaymentStatus.UNRESOLVED)
    status = HOLDS.get(body.state, PaymentStatus.UNRESOLVED)
    less = body.amount < body.amount_requested
    if less and status is PaymentStatus.AUTHORIZED:
        return PaymentStatus.PARTIALLY_AUTHORIZED
    return status


def captured_status(body: AuthorizationBody, capture: TransferBody) -> PaymentStatus:
    """Captured in whole or in part: what is left is released, because it is captured once."""
    status = CAPTURES.get(capture.state, PaymentStatus.UNRESOLVED)
    less = capture.amount < body.amount_requested
    return PaymentStatus.PARTIAL_CHARGED if less and status is PaymentStatus.CHARGED else status


def held_of(body: AuthorizationBody, capture: TransferBody | None = None) -> Payment:
    """https://docs.finix.com/api/authorizations; with `capture`, what it was captured with."""
    status = captured_status(body, capture) if capture else held_status(body)
    is_held = status in (PaymentStatus.AUTHORIZED, PaymentStatus.PARTIALLY_AUTHORIZED)
    held = Money(body.amount, body.currency) if is_held else None
    paid = capture is not None and capture.state == "SUCCEEDED"
    return Payment(
        **common(body),
        status=status,
        amount=Money(body.amount_requested, body.currency),
        authorized_amount=held,
        capturable_amount=held,
        captured_amount=Money(capture.amount, capture.currency) if capture and paid else None,
        error=why_failed(capture or body),
    )


def order_of(body: FormBody) -> Payment:
    """https://docs.finix.com/api/checkout-forms/getcheckoutform: one that nobody has paid yet."""
    asked = body.amount_details
    return Payment(
        status=PaymentStatus.PAYMENT_METHOD_AWAITED,
        connector_order_id=body.id,
        merchant_transaction_id=nullable(body.nickname),
        amount=Money(asked.total_amount, asked.currency),
        redirection_data=RedirectionData(uri=body.link_url) if body.link_url else None,
    )


def refund_of(body: TransferBody, payment: Nullable[str]) -> Refund:
    """https://docs.finix.com/guides/after-the-payment/refunds/api: a transfer of type REVERSAL."""
    known = REFUNDS if body.type == "REVERSAL" else {}
    return Refund(
        status=known.get(body.state, RefundStatus.REFUND_MANUAL_REVIEW),
        connector_refund_id=body.id,
        merchant_refund_id=kept_id(body.tags, "merchant_refund_id"),
        connector_transaction_id=nullable(payment),
        amount=Money(body.amount, body.currency),
        error=why_failed(body),
    )


def dispute_of(body: DisputeBody, payment: TransferBody) -> Dispute:
    """https://docs.finix.com/api/disputes: the currency is the payment's."""
    answered = DISPUTES.get(body.response_state or "", DisputeStatus.DISPUTE_OPENED)
    return Dispute(
        status=DISPUTES.get(body.state, answered),
        stage=STAGES.get(body.state, DisputeStage.ACTIVE_DISPUTE),
        connector_dispute_id=body.id,
        connector_transaction_id=body.transfer,
        amount=None if body.amount is None else Money(body.amount, payment.currency),
        reason_code=body.reason,
        respond_by=unix_seconds(body.respond_by),
    )


def return_of(body: TransferBody) -> Dispute:
    """https://docs.finix.com/guides/online-payments/bank-payments/ach-direct-debits: a bank took a
    debit back, by a REVERSAL that the system made. Nobody can answer it."""
    return Dispute(
        status=DisputeStatus.DISPUTE_LOST,
        stage=DisputeStage.ACTIVE_DISPUTE,
        connector_dispute_id=body.id,
        connector_transaction_id=body.parent_transfer or None,
        amount=Money(body.amount, body.currency),
        reason_code=body.failure_code,
    )
