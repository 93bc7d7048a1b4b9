"""What Authorize.Net's answers about payments mean in Prism's words, and every error.

Their shapes are in `shapes.py`. Empty texts stand for nothing.
"""

from __future__ import annotations

import re
from decimal import Decimal

from prism_authorizedotnet.codes import (
    DONE_ALREADY,
    is_decline,
    kind_of_message,
    kind_of_reason,
    unified_code,
)
from prism_authorizedotnet.shapes import (
    AnyAnswer,
    Message,
    Reason,
    TransactionAnswer,
    TransactionDetails,
    TransactionResponse,
)
from prism_core import (
    ConnectorDetails,
    ErrorAnswer,
    ErrorDetails,
    ErrorKind,
    Money,
    Payment,
    PaymentStatus,
    unified,
)
from prism_core.http import HttpResponse

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
_FAILED = (PaymentStatus.AUTHORIZATION_FAILED, PaymentStatus.FAILURE)
_DUPLICATE = re.compile(r"A duplicate record with ID ([0-9]+) already exists\.")
_DIRECT = re.compile(r"\W?([0-9])\W+[0-9]+\W+([0-9]+)\W")


def authorized(
    answer: TransactionAnswer, currency: str, failure: ErrorAnswer | None, *, manual: bool = False
) -> Payment:
    """The payment that a transaction is; `failure` says that it was declined, and why."""
    done, kept = answer.transaction_response, answer.profile_response
    profile = done.profile or kept
    partly = done.pre_paid_card
    return Payment(
        status=PaymentStatus.AUTHORIZATION_FAILED if failure is not None else _made(done, manual),
        connector_transaction_id=id_of(done.trans_id),
        merchant_transaction_id=answer.ref_id,
        connector_customer_id=profile.customer_profile_id if profile is not None else None,
        # The answer names no currency; another than the account's would have been refused.
        authorized_amount=Money.from_decimal(partly.approved_amount, currency)
        if partly is not None and failure is None
        else None,
        network_transaction_id=done.network_trans_id or None,
        avs_code=_code(done.avs_result_code),
        cvc_code=_code(done.cvv_result_code),
        error=failure.details if failure is not None else None,
    )


def _made(done: TransactionResponse, manual: bool) -> PaymentStatus:
    """Where a transaction stands that was not refused."""
    if done.response_code not in ("1", "4") or id_of(done.trans_id) is None:
        return PaymentStatus.UNRESOLVED  # an account in test mode approves what is never made
    partly = done.pre_paid_card
    if partly is not None and partly.approved_amount < partly.requested_amount:
        return PaymentStatus.PARTIALLY_AUTHORIZED
    if done.response_code == "4":
        return PaymentStatus.PENDING
    return PaymentStatus.AUTHORIZED if manual else PaymentStatus.CHARGED


def id_of(given: str | None) -> str | None:
    """A transaction's id; one that was never made has none, or 0."""
    return given if given not in ("", "0") else None


def _code(given: str | None) -> str | None:
    """What a check came to, which is one letter; a sentence is none."""
    return given if given and len(given) == 1 else None


def found(details: TransactionDetails, currency: str | None) -> Payment:
    """The payment that was looked up."""

    def money(amount: Decimal | None) -> Money | None:
        if amount is None or currency is None:
            return None
        return Money.from_decimal(amount, currency)

    asked = details.requested_amount or details.auth_amount
    status = _stands(details, asked)
    captured = status in (PaymentStatus.CHARGED, PaymentStatus.PARTIAL_CHARGED)
    held = captured or status in (PaymentStatus.AUTHORIZED, PaymentStatus.PARTIALLY_AUTHORIZED)
    reason = str(details.response_reason_code or "")
    return Payment(
        status=status,
        connector_transaction_id=details.trans_id,
        merchant_transaction_id=details.order.invoice_number if details.order else None,
        connector_customer_id=details.profile.customer_profile_id if details.profile else None,
        amount=money(asked),
        authorized_amount=money(details.auth_amount) if held else None,
        captured_amount=money(details.settle_amount) if captured else None,
        network_transaction_id=details.network_trans_id or None,
        avs_code=_code(details.avs_response),
        cvc_code=_code(details.card_code_response),
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


def error_answer(response: HttpResponse) -> ErrorAnswer | None:
    """What an answer means, if it is an error: one about the transaction, or about the request.
    Authorize.Net's own answers have HTTP status 200; any other is judged by its status."""
    answer = response.decode(AnyAnswer) if response.status_code < 400 else None
    if answer is None:
        return None
    done = answer.transaction_response
    if done is not None and done.response_code in ("2", "3"):
        return _refused(done)
    if answer.messages.result_code == "Ok":
        return _done_already(done)
    said = answer.messages.message[0] if answer.messages.message else Message()
    checked = checks(answer.validation_direct_response or answer.direct_response)
    if said.code == "E00027" and checked is not None and checked[0] in ("2", "3"):
        reason = Reason(error_code=checked[1], error_text=said.text)
        return _refused(TransactionResponse(response_code=checked[0], errors=[reason]))
    existing = _DUPLICATE.fullmatch(said.text) if said.code == "E00039" else None
    return ErrorAnswer(
        kind=kind_of_message(said.code),
        details=details_of(said.code, said.text, _kept_already(said, answer)),
        # Refused, and yet a transaction: whoever says both does not know.
        unknown=done is not None and bool(done.response_code),
        connector_customer_id=existing[1] if existing is not None else None,
    )


def _kept_already(said: Message, answer: AnyAnswer) -> str | None:
    """Which payment profile holds the card already: E00039 has its id beside the message."""
    known = answer.customer_payment_profile_id if said.code == "E00039" else None
    return f"customerPaymentProfileId {known}" if known else None


def checks(direct: str | None) -> tuple[str, str] | None:
    """Of a direct response, which is values with a delimiter that the merchant chooses, the
    response code and the reason code."""
    found = _DIRECT.match(direct or "")
    return (found[1], found[2]) if found is not None else None


def _done_already(done: TransactionResponse | None) -> ErrorAnswer | None:
    """The approval of a capture or void that was made before: nothing was done this time."""
    for note in (done.messages or ()) if done is not None else ():
        if note.code in DONE_ALREADY:
            said = details_of(note.code, note.description)
            return ErrorAnswer(kind=ErrorKind.CONFLICT, details=said)
    return None


def _refused(done: TransactionResponse) -> ErrorAnswer:
    """What became of a transaction with response code 2 or 3."""
    reason = done.errors[0] if done.errors else Reason()
    if is_decline(done.response_code, reason.error_code):
        why = declined(reason.error_code, reason.error_text)
        return ErrorAnswer(kind=ErrorKind.DECLINED, details=why)
    kind = kind_of_reason(reason.error_code)
    return ErrorAnswer(
        kind=kind or ErrorKind.OTHER,
        details=details_of(reason.error_code, reason.error_text),
        unknown=kind in (None, ErrorKind.CONFLICT),
    )


def declined(reason: str, text: str) -> ErrorDetails:
    """Why a transaction was declined."""
    found = details_of(reason, text)
    return ErrorDetails(unified=unified(unified_code(reason)), connector=found.connector)


def details_of(code: str, text: str, reason: str | None = None) -> ErrorDetails:
    """What Authorize.Net said."""
    said = ConnectorDetails(code=code or None, message=text or None, reason=reason)
    return ErrorDetails(connector=said)
