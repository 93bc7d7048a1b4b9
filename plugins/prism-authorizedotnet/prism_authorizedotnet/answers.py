"""What Authorize.Net answers: the fields used, and what they mean in Prism's words.

The shapes are those of https://developer.authorize.net/api/reference/index.html. Empty texts
stand for nothing, amounts are JSON numbers or texts and read as decimals, never as floats.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Literal

import msgspec

from prism_authorizedotnet.codes import is_decline, kind_of_message, kind_of_reason, unified_code
from prism_core import (
    AuthorizeRequest,
    CaptureMethod,
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


class Message(msgspec.Struct):
    """One message about a request, or a note about a transaction (which has no `text`)."""

    code: str = ""
    text: str = ""


class Messages(msgspec.Struct, rename="camel"):
    """What became of a request."""

    result_code: Literal["Ok", "Error"]
    message: list[Message] = []


class Answer(msgspec.Struct, rename="camel", kw_only=True):
    """Every answer; `ref_id` is the request's."""

    messages: Messages
    ref_id: str | None = None


class Reason(msgspec.Struct, rename="camel"):
    """Why a transaction was not approved."""

    error_code: str = ""
    error_text: str = ""


class PrePaidCard(msgspec.Struct, rename="camel"):
    """What of the amount a prepaid card approved."""

    requested_amount: Decimal
    approved_amount: Decimal


class Profile(msgspec.Struct, rename="camel"):
    """The profile that a transaction belongs to, or that its card was put in."""

    customer_profile_id: str | None = None


class TransactionResponse(msgspec.Struct, rename="camel"):
    """A transaction that was made, or not."""

    response_code: str = ""
    trans_id: str | None = None
    avs_result_code: str | None = None
    cvv_result_code: str | None = None
    network_trans_id: str | None = None
    errors: list[Reason] | None = None
    pre_paid_card: PrePaidCard | None = None
    profile: Profile | None = None


class AnyAnswer(Answer):
    """An answer to any request, to see whether it is an error."""

    transaction_response: TransactionResponse | None = None


class TransactionAnswer(Answer):
    """createTransactionResponse"""

    transaction_response: TransactionResponse
    profile_response: Profile | None = None


class OkMessages(msgspec.Struct, rename="camel"):
    """That a request was carried out."""

    result_code: Literal["Ok"]


class ProfileAnswer(msgspec.Struct, rename="camel", kw_only=True):
    """createCustomerProfileResponse"""

    messages: OkMessages
    ref_id: str | None = None
    customer_profile_id: str


class Order(msgspec.Struct, rename="camel"):
    """Of a transaction's order, the caller's id."""

    invoice_number: str | None = None


class TransactionDetails(msgspec.Struct, rename="camel", kw_only=True):
    """A transaction as it stands now."""

    trans_id: str
    transaction_status: str
    response_reason_code: int | str | None = None
    response_reason_description: str | None = None
    avs_response: str | None = msgspec.field(name="AVSResponse", default=None)
    card_code_response: str | None = None
    order: Order | None = None
    requested_amount: Decimal | None = None
    auth_amount: Decimal | None = None
    settle_amount: Decimal | None = None
    profile: Profile | None = None
    network_trans_id: str | None = None


class TransactionFound(msgspec.Struct):
    """getTransactionDetailsResponse"""

    messages: OkMessages
    transaction: TransactionDetails


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


def authorized(
    answer: TransactionAnswer, request: AuthorizeRequest, failure: ErrorAnswer | None
) -> Payment:
    """The payment that a transaction is; `failure` says that it was declined, and why."""
    done, kept = answer.transaction_response, answer.profile_response
    profile = done.profile or kept
    partly = done.pre_paid_card
    return Payment(
        status=PaymentStatus.AUTHORIZATION_FAILED if failure is not None else _made(done, request),
        connector_transaction_id=_id(done.trans_id),
        merchant_transaction_id=answer.ref_id,
        connector_customer_id=profile.customer_profile_id if profile is not None else None,
        # The answer names no currency; another than the account's would have been refused.
        authorized_amount=Money.from_decimal(partly.approved_amount, request.amount.currency)
        if partly is not None and failure is None
        else None,
        network_transaction_id=done.network_trans_id or None,
        avs_code=_code(done.avs_result_code),
        cvc_code=_code(done.cvv_result_code),
        error=failure.details if failure is not None else None,
    )


def _made(done: TransactionResponse, request: AuthorizeRequest) -> PaymentStatus:
    """Where a transaction stands that was not refused."""
    if done.response_code not in ("1", "4") or _id(done.trans_id) is None:
        return PaymentStatus.UNRESOLVED  # an account in test mode approves what is never made
    partly = done.pre_paid_card
    if partly is not None and partly.approved_amount < partly.requested_amount:
        return PaymentStatus.PARTIALLY_AUTHORIZED
    if done.response_code == "4":
        return PaymentStatus.PENDING
    manual = request.capture_method is CaptureMethod.MANUAL
    return PaymentStatus.AUTHORIZED if manual else PaymentStatus.CHARGED


def _id(given: str | None) -> str | None:
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
        error=_declined(reason, details.response_reason_description or "")
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
        return None
    said = answer.messages.message[0] if answer.messages.message else Message()
    existing = _DUPLICATE.fullmatch(said.text) if said.code == "E00039" else None
    return ErrorAnswer(
        kind=kind_of_message(said.code),
        details=_details(said.code, said.text),
        # Refused, and yet a transaction: whoever says both does not know.
        unknown=done is not None and bool(done.response_code),
        connector_customer_id=existing[1] if existing is not None else None,
    )


def _refused(done: TransactionResponse) -> ErrorAnswer:
    """What became of a transaction with response code 2 or 3."""
    reason = done.errors[0] if done.errors else Reason()
    if is_decline(done.response_code, reason.error_code):
        declined = _declined(reason.error_code, reason.error_text)
        return ErrorAnswer(kind=ErrorKind.DECLINED, details=declined)
    kind = kind_of_reason(reason.error_code)
    return ErrorAnswer(
        kind=kind or ErrorKind.OTHER,
        details=_details(reason.error_code, reason.error_text),
        unknown=kind in (None, ErrorKind.CONFLICT),
    )


def _declined(reason: str, text: str) -> ErrorDetails:
    found = _details(reason, text)
    return ErrorDetails(unified=unified(unified_code(reason)), connector=found.connector)


def _details(code: str, text: str) -> ErrorDetails:
    return ErrorDetails(connector=ConnectorDetails(code=code or None, message=text or None))
