"""What Authorize.Net's answers about payments mean in Prism's words.

Their shapes are in `shapes.py`, single values are read in `values.py`, errors in `errors.py`.
"""

from __future__ import annotations

from typing import Any

from prism_authorizedotnet.errors import declined, details_of, first_error, has_failed
from prism_authorizedotnet.methods import Paying
from prism_authorizedotnet.shapes import Profile, Reason, Transaction, TransactionAnswer
from prism_authorizedotnet.shown import ECHECK, info, paying
from prism_authorizedotnet.values import REFUSED, check_code, echoed, id_of, link, money, network_id
from prism_core import (
    Ach,
    ChargeRecurringRequest,
    Discrepancy,
    ErrorDetails,
    Payment,
    PaymentStatus,
    codes_by_word,
    nullable,
)

# transactionStatus, as the reference of getTransactionDetailsRequest lists it. The other words
# (refunds, chargebacks, the transactions that returned eChecks are, batches refused, and
# generalError, which stands for any status without a name) say nothing certain of a payment.
_WORDS = {
    PaymentStatus.AUTHORIZED: "authorizedPendingCapture",
    PaymentStatus.CHARGED: "capturedPendingSettlement settledSuccessfully",
    PaymentStatus.PENDING: "FDSPendingReview FDSAuthorizedPendingReview underReview",
    PaymentStatus.AUTHORIZATION_FAILED: "declined failedReview",
    PaymentStatus.FAILURE: "communicationError",
    PaymentStatus.EXPIRED: "expired",
    PaymentStatus.VOIDED: "voided",
}
_STATUS = codes_by_word(_WORDS)
REFUND = "refundTransaction"
_FAILED = (PaymentStatus.AUTHORIZATION_FAILED, PaymentStatus.FAILURE)
_CAPTURED = (PaymentStatus.CHARGED, PaymentStatus.PARTIAL_CHARGED)
_HELD = (*_CAPTURED, PaymentStatus.AUTHORIZED, PaymentStatus.PARTIALLY_AUTHORIZED)


def outcome(
    answer: TransactionAnswer, approved: object, declined: object, held: object, unsure: object
) -> dict[str, Any]:
    """The status of a transaction, and the error that it ends with or that stands beside it."""
    code, error = answer.transaction_response.code, _error_of(answer)
    status = {"1": approved, "2": declined, "3": declined, "4": held}.get(code, unsure)
    known: dict[str, Any] = {"status": status, "error": error}
    if code not in REFUSED and error is not None and error.connector is not None:
        said = error.connector.code or error.connector.message or "an error"
        known["discrepancies"] = (Discrepancy("error", "null", said),)
    return known


def _error_of(answer: TransactionAnswer) -> ErrorDetails | None:
    """Why a transaction was declined, or the error beside one that was not."""
    reasons, made = answer.transaction_response.errors, answer.profile_response
    if answer.transaction_response.code in REFUSED:
        return declined(reasons[0] if reasons else Reason())
    if reasons:
        return details_of(reasons[0])
    for messages in (answer.messages, made.messages if made is not None else None):
        if messages is not None and has_failed(messages):
            return details_of(first_error(messages))
    return None


def paid(
    answer: TransactionAnswer, request: Paying | ChargeRecurringRequest, approved: PaymentStatus
) -> Payment:
    """The payment that a transaction is. The answer names no currency; another than the account's
    would have been refused. An approved debit of a bank account is no money yet:
    https://account.authorize.net/help/Miscellaneous/Pop-up_Terms/ALL/Transaction_Status.htm"""
    done, held = answer.transaction_response, PaymentStatus.PENDING
    given = getattr(request, "payment_method", None)
    is_debit = done.account_type == ECHECK or isinstance(given, Ach)
    approved = PaymentStatus.PENDING if is_debit else approved
    partly, currency = done.pre_paid_card, request.amount.currency if request.amount else None
    if partly is not None and partly.approved_amount < partly.requested_amount:
        approved = held = PaymentStatus.PARTIALLY_AUTHORIZED
    took = None if partly is None or done.code in REFUSED else partly.approved_amount
    failed, unsure = PaymentStatus.AUTHORIZATION_FAILED, PaymentStatus.UNRESOLVED
    known = outcome(answer, approved, failed, held, unsure)
    is_made = known["status"] in _HELD or (is_debit and done.code == "1")
    owed = is_made and bool(request.connector_customer_id)
    customer, method = _links(answer, owed=owed)
    return Payment(
        **known,
        connector_transaction_id=id_of(done.trans_id),
        merchant_transaction_id=echoed(answer.ref_id),
        connector_customer_id=customer,
        connector_payment_method_id=method,
        connector_mandate_id=method if isinstance(request, ChargeRecurringRequest) else None,
        payment_method=paying(done.account_type, done.account_number),
        amount=money(partly.requested_amount, currency) if partly is not None else None,
        authorized_amount=money(took, currency),
        network_transaction_id=network_id(done.network_trans_id),
        avs_code=check_code(done.avs_result_code),
        cvc_code=check_code(done.cvv_result_code),
    )


def _links(answer: TransactionAnswer, *, owed: bool) -> tuple[str | None, str | None]:
    """The customer's profile and the payment profile that a transaction belongs to.

    https://developer.authorize.net/api/reference/features/customer_profiles.html: an answer to a
    charge of a profile names it in `profile`, and one that put the card in a profile in
    `profileResponse`. With neither it belongs to none, which is told of what is `owed`: asked for,
    of money that is held or taken.
    """
    profile, made = answer.transaction_response.profile, answer.profile_response
    missing = nullable(None) if owed else None
    if profile is not None:
        customer = link(profile.customer_profile_id)
        return customer or missing, link(profile.customer_payment_profile_id)
    if made is not None:
        listed = made.customer_payment_profile_id_list
        return link(made.customer_profile_id) or missing, id_of(listed[0]) if listed else None
    return missing, missing


def found(details: Transaction, currency: str | None) -> Payment:
    """The payment that was looked up. A refund is none, whatever became of it."""
    status, profile = _stands(details), details.profile or Profile()
    failed, settled = details.returned or details.reason, money(details.settle_amount, currency)
    was_returned = details.returned is not None and status is PaymentStatus.FAILURE
    return Payment(
        status=status,
        connector_transaction_id=id_of(details.trans_id),
        merchant_transaction_id=details.own_id,
        connector_customer_id=id_of(profile.customer_profile_id),
        connector_payment_method_id=id_of(profile.customer_payment_profile_id),
        amount=money(details.requested_amount or details.auth_amount, currency),
        authorized_amount=money(details.auth_amount, currency) if status in _HELD else None,
        captured_amount=settled if status in _CAPTURED else None,
        charged_back_amount=settled if was_returned else None,  # no other amount is named
        network_transaction_id=network_id(details.network_trans_id),
        avs_code=check_code(details.avs_response),
        cvc_code=check_code(details.card_code_response),
        payment_method=info(details.payment),
        error=declined(failed) if status in _FAILED else None,
    )


def _stands(details: Transaction) -> PaymentStatus:
    """The status, and whether it holds for a part of the amount only. A debit is money once it is
    settled, until the customer's bank returns it."""
    status = _STATUS.get(details.transaction_status, PaymentStatus.UNRESOLVED)
    if details.transaction_type == REFUND:
        return PaymentStatus.UNRESOLVED
    if details.is_debit and details.transaction_status == "capturedPendingSettlement":
        return PaymentStatus.PENDING
    if details.returned is not None and status is PaymentStatus.CHARGED:
        return PaymentStatus.FAILURE
    asked = details.requested_amount or details.auth_amount or 0
    held, taken = details.auth_amount, details.settle_amount
    if status is PaymentStatus.AUTHORIZED and held is not None and held < asked:
        return PaymentStatus.PARTIALLY_AUTHORIZED
    if status is PaymentStatus.CHARGED and taken is not None and taken < asked:
        return PaymentStatus.PARTIAL_CHARGED
    return status
