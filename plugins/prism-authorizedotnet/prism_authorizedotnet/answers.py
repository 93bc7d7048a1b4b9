"""What Authorize.Net's answers about payments mean in Prism's words.

Their shapes are in `shapes.py`, single values are read in `values.py`, errors in `errors.py`.
"""

from __future__ import annotations

from decimal import Decimal

from prism_authorizedotnet.errors import declined, details_of, first_error, has_failed
from prism_authorizedotnet.shapes import TransactionAnswer, TransactionDetails, TransactionResponse
from prism_authorizedotnet.values import (
    check_code,
    echoed,
    id_of,
    link,
    money,
    network_id,
)
from prism_core import (
    AuthorizeRequest,
    ChargeRecurringRequest,
    Discrepancy,
    ErrorAnswer,
    ErrorDetails,
    Payment,
    PaymentStatus,
    told,
)

# transactionStatus, as the reference of getTransactionDetailsRequest lists it. The other words
# (refunds, chargebacks, eChecks returned, batches refused, and generalError, which stands for any
# status without a name) say nothing certain of a payment by card.
_STATUS = {
    "authorizedPendingCapture": PaymentStatus.AUTHORIZED,
    "capturedPendingSettlement": PaymentStatus.CHARGED,
    "settledSuccessfully": PaymentStatus.CHARGED,
    "FDSPendingReview": PaymentStatus.PENDING,
    "FDSAuthorizedPendingReview": PaymentStatus.PENDING,
    "underReview": PaymentStatus.PENDING,
    "declined": PaymentStatus.AUTHORIZATION_FAILED,
    "failedReview": PaymentStatus.AUTHORIZATION_FAILED,
    "communicationError": PaymentStatus.FAILURE,
    "expired": PaymentStatus.EXPIRED,
    "voided": PaymentStatus.VOIDED,
}
REFUND = "refundTransaction"
_FAILED = (PaymentStatus.AUTHORIZATION_FAILED, PaymentStatus.FAILURE)
_HELD = (PaymentStatus.AUTHORIZED, PaymentStatus.PARTIALLY_AUTHORIZED, PaymentStatus.CHARGED)


def authorized(
    answer: TransactionAnswer,
    request: AuthorizeRequest | ChargeRecurringRequest,
    failure: ErrorAnswer | None,
    *,
    manual: bool = False,
) -> Payment:
    """The payment that a transaction is; `failure` says that it was declined, and why."""
    done, currency = answer.transaction_response, request.amount.currency
    status = PaymentStatus.AUTHORIZATION_FAILED if failure is not None else _made(done, manual)
    partly = done.pre_paid_card
    customer, method = links(answer, owed=status in _HELD and bool(request.connector_customer_id))
    wrong = beside(answer) if failure is None else None
    # The answer names no currency; another than the account's would have been refused.
    return Payment(
        status=status,
        connector_transaction_id=id_of(done.trans_id),
        merchant_transaction_id=echoed(answer.ref_id),
        connector_customer_id=customer,
        connector_payment_method_id=method,
        connector_mandate_id=method if isinstance(request, ChargeRecurringRequest) else None,
        amount=money(partly.requested_amount, currency) if partly is not None else None,
        authorized_amount=money(partly.approved_amount, currency)
        if partly is not None and failure is None
        else None,
        network_transaction_id=network_id(done.network_trans_id),
        avs_code=check_code(done.avs_result_code),
        cvc_code=check_code(done.cvv_result_code),
        error=failure.details if failure is not None else wrong,
        discrepancies=error_beside(wrong, status),
    )


def _made(done: TransactionResponse, manual: bool) -> PaymentStatus:
    """Where a transaction stands that was not refused."""
    code = str(done.response_code)
    if code not in ("1", "4") or id_of(done.trans_id) is None:
        return PaymentStatus.UNRESOLVED  # an account in test mode approves what is never made
    if is_partial(done):
        return PaymentStatus.PARTIALLY_AUTHORIZED
    if code == "4":
        return PaymentStatus.PENDING
    return PaymentStatus.AUTHORIZED if manual else PaymentStatus.CHARGED


def is_partial(done: TransactionResponse) -> bool:
    """Whether a prepaid card had less than was asked for."""
    if done.pre_paid_card is None:
        return False
    return done.pre_paid_card.approved_amount < done.pre_paid_card.requested_amount


def links(answer: TransactionAnswer, *, owed: bool) -> tuple[str | None, str | None]:
    """The customer's profile and the payment profile that a transaction belongs to.

    https://developer.authorize.net/api/reference/features/customer_profiles.html: an answer to a
    charge of a profile names it in `profile`, and one that put the card in a profile in
    `profileResponse`. With neither it belongs to none, which is told of what is `owed`: asked for,
    of money that is held or taken.
    """
    profile, kept = answer.transaction_response.profile, answer.profile_response
    missing = told(None) if owed else None
    if profile is not None:
        customer = link(profile.customer_profile_id)
        return customer or missing, link(profile.customer_payment_profile_id)
    if kept is not None:
        listed = kept.customer_payment_profile_id_list
        return link(kept.customer_profile_id) or missing, id_of(listed[0]) if listed else None
    return missing, missing


def beside(answer: TransactionAnswer) -> ErrorDetails | None:
    """The error that an answer has beside a transaction that was not refused."""
    reasons, kept = answer.transaction_response.errors, answer.profile_response
    if reasons:
        return details_of(str(reasons[0].error_code), reasons[0].error_text)
    for messages in (answer.messages, kept.messages if kept is not None else None):
        if messages is not None and has_failed(messages):
            said = first_error(messages)
            return details_of(said.code, said.text)
    return None


def error_beside(error: ErrorDetails | None, status: object = None) -> tuple[Discrepancy, ...]:
    """The discrepancy that an error beside an approval is. Of money that is held or taken the core
    makes it."""
    if (
        error is None
        or error.connector is None
        or status in (*_HELD, PaymentStatus.PARTIAL_CHARGED)
    ):
        return ()
    said = error.connector.code or error.connector.message or "an error"
    return (Discrepancy("error", "null", said),)


def found(details: TransactionDetails, currency: str | None) -> Payment:
    """The payment that was looked up. A refund is none, whatever became of it."""
    asked = details.requested_amount or details.auth_amount
    is_refund = details.transaction_type == REFUND
    status = PaymentStatus.UNRESOLVED if is_refund else _stands(details, asked)
    captured = status in (PaymentStatus.CHARGED, PaymentStatus.PARTIAL_CHARGED)
    held = captured or status in _HELD
    reason = str(details.response_reason_code or "")
    profile = details.profile
    return Payment(
        status=status,
        connector_transaction_id=id_of(details.trans_id),
        merchant_transaction_id=(details.order.invoice_number or None) if details.order else None,
        connector_customer_id=id_of(profile.customer_profile_id) if profile else None,
        connector_payment_method_id=id_of(profile.customer_payment_profile_id) if profile else None,
        amount=money(asked, currency),
        authorized_amount=money(details.auth_amount, currency) if held else None,
        captured_amount=money(details.settle_amount, currency) if captured else None,
        network_transaction_id=network_id(details.network_trans_id),
        avs_code=check_code(details.avs_response),
        cvc_code=check_code(details.card_code_response),
        error=declined(reason, details.response_reason_description or "")
        if status in _FAILED
        else None,
    )


def _stands(details: TransactionDetails, asked: Decimal | None) -> PaymentStatus:
    """The status, and whether it holds for a part of the amount only."""
    status = _STATUS.get(details.transaction_status, PaymentStatus.UNRESOLVED)
    held, taken = details.auth_amount, details.settle_amount
    if asked is None:
        return status
    if status is PaymentStatus.AUTHORIZED and held is not None and held < asked:
        return PaymentStatus.PARTIALLY_AUTHORIZED
    if status is PaymentStatus.CHARGED and taken is not None and taken < asked:
        return PaymentStatus.PARTIAL_CHARGED
    return status
