"""What Adyen answers: the fields used, and what they mean in Prism's words."""

from __future__ import annotations

import re

import msgspec
from msgspec import UNSET

from prism_adyen.amounts import Amount, money_of
from prism_adyen.declines import NOT_AUTHENTICATED, unified_code
from prism_core import (
    CaptureMethod,
    ConnectorDetails,
    ErrorAnswer,
    ErrorDetails,
    ErrorKind,
    HttpResponse,
    IssuerError,
    NetworkError,
    Payment,
    PaymentStatus,
    RedirectionData,
    Told,
    UnifiedCode,
    told,
    unified_error,
)


class Action(msgspec.Struct, rename="camel"):
    """What the shopper must do: a redirect, or work for Adyen's own library."""

    type: str
    method: str | None = None
    url: str | None = None
    data: dict[str, str] | None = None
    subtype: str | None = None
    token: str | None = None
    payment_data: str | None = None
    authorisation_token: str | None = None
    payment_method_type: str | None = None
    native_redirect_data: str | None = None


class AdditionalData(
    msgspec.Struct,
    rename={
        "refusal_reason_raw": "refusalReasonRaw",
        "merchant_advice_code": "merchantAdviceCode",
        "network_tx_reference": "networkTxReference",
        "avs_result": "avsResult",
        "cvc_result": "cvcResult",
        "shopper_reference": "shopperReference",
        "stored_for": "tokenization.shopperReference",
        "recurring_for": "recurring.shopperReference",
        "stored_as": "tokenization.storedPaymentMethodId",
        "detail_reference": "recurring.recurringDetailReference",
    },
):
    """https://docs.adyen.com/development-resources/additional-data: what the account is set up
    to be told besides."""

    refusal_reason_raw: str | None = None
    merchant_advice_code: str | None = None
    network_tx_reference: str | None = None
    avs_result: str | None = None
    cvc_result: str | None = None
    shopper_reference: Told[str] = UNSET
    stored_for: Told[str] = UNSET
    recurring_for: Told[str] = UNSET
    stored_as: Told[str] = UNSET
    detail_reference: Told[str] = UNSET

    @property
    def shopper(self) -> Told[str]:
        """The shopper, under the first of the names that tells of one."""
        return _first(self.shopper_reference, self.stored_for, self.recurring_for)

    @property
    def stored(self) -> Told[str]:
        """The stored card, under either of its names."""
        return _first(self.stored_as, self.detail_reference)


class PaymentBody(msgspec.Struct, rename="camel"):
    """https://docs.adyen.com/api-explorer/Checkout/71/post/payments#responses-200"""

    result_code: str
    psp_reference: Told[str] = UNSET
    merchant_reference: Told[str] = UNSET
    amount: Amount | None = None
    action: Action | None = None
    refusal_reason: str | None = None
    refusal_reason_code: str | None = None
    additional_data: AdditionalData | None = None


class ServiceError(msgspec.Struct, rename="camel"):
    """The body of an error answer: https://docs.adyen.com/development-resources/error-codes. What
    has no status or no errorCode was not written by Adyen."""

    status: int
    error_code: str
    message: str | None = None
    error_type: str | None = None


# https://docs.adyen.com/online-payments/payment-result-codes. AuthenticationNotRequired belongs to
# payments that only authenticate, which are never asked for here; no meaning is documented for
# Success.
_STATUS = {
    "Authorised": PaymentStatus.AUTHORIZED,
    "PartiallyAuthorised": PaymentStatus.PARTIALLY_AUTHORIZED,
    "Refused": PaymentStatus.AUTHORIZATION_FAILED,
    "Error": PaymentStatus.FAILURE,
    "Cancelled": PaymentStatus.VOIDED,
    "RedirectShopper": PaymentStatus.AUTHENTICATION_PENDING,
    "IdentifyShopper": PaymentStatus.AUTHENTICATION_PENDING,
    "ChallengeShopper": PaymentStatus.AUTHENTICATION_PENDING,
    "AuthenticationFinished": PaymentStatus.AUTHENTICATION_SUCCESSFUL,
    "Pending": PaymentStatus.PENDING,
    "Received": PaymentStatus.PENDING,
    "PresentToShopper": PaymentStatus.PENDING,
}
_APPROVED = ("Authorised", "PartiallyAuthorised")
# What is said of a failure whose refusal code is missing or new.
_FAILED = {
    "Refused": UnifiedCode.DECLINED,
    "Error": UnifiedCode.PROCESSING_ERROR,
    "Cancelled": None,
}
# Error codes that say more than their HTTP status does.
_KINDS = {
    "704": ErrorKind.CONFLICT,
    "167": ErrorKind.NOT_FOUND,
    "800": ErrorKind.NOT_FOUND,
    "803": ErrorKind.NOT_FOUND,
}


def payment(body: PaymentBody, capture: object) -> Payment:
    """The payment that an answer tells of.

    https://docs.adyen.com/api-explorer/Checkout/71/post/payments#responses-200-pspReference: where
    the shopper must act first, the payment's reference comes with /payments/details. One that is
    told before is that of the request.
    """
    more = body.additional_data or AdditionalData()
    amount, status = money_of(body.amount), _status(body, capture)
    is_authorized = body.result_code in _APPROVED and status is not PaymentStatus.UNRESOLVED
    is_begun = status is not PaymentStatus.AUTHENTICATION_PENDING
    return Payment(
        status=status,
        connector_transaction_id=told(body.psp_reference) if is_begun else None,
        merchant_transaction_id=told(body.merchant_reference),
        connector_customer_id=told(more.shopper),
        connector_payment_method_id=told(more.stored),
        amount=amount,
        authorized_amount=amount if is_authorized else None,
        redirection_data=redirection(body.action),
        network_transaction_id=more.network_tx_reference,
        avs_code=_number(more.avs_result),
        cvc_code=_number(more.cvc_result),
        error=failure(body),
    )


def _first(*values: Told[str]) -> Told[str]:
    """The first value that is told: null only where nothing else is."""
    nothing = None if None in values else UNSET
    return next((value for value in values if isinstance(value, str)), nothing)


def _number(result: str | None) -> str | None:
    """Of "4 AVS not supported for this card type", the code: the words are no part of it.
    https://docs.adyen.com/risk-management/avs-checks"""
    found = re.match(r"[0-9]{1,2}(?!\S)", result or "")
    return found and found.group()


def _status(body: PaymentBody, capture: object) -> PaymentStatus:
    """With automatic capture, Authorised means that the capture follows: Adyen reports it by
    webhook (https://docs.adyen.com/online-payments/capture). An approval of no payment is not
    believed. Cancelled for a reason that refuses a payment is a refusal: Adyen cancels what its
    risk rules stop after the issuer approved."""
    if body.result_code in _APPROVED and not body.psp_reference:
        return PaymentStatus.UNRESOLVED
    if body.result_code == "Authorised" and capture is not CaptureMethod.MANUAL:
        return PaymentStatus.CAPTURE_INITIATED
    if body.result_code in ("Refused", "Cancelled"):
        if body.refusal_reason_code in NOT_AUTHENTICATED:
            return PaymentStatus.AUTHENTICATION_FAILED
        if unified_code(body.refusal_reason_code) is not None:
            return PaymentStatus.AUTHORIZATION_FAILED
    return _STATUS.get(body.result_code, PaymentStatus.UNRESOLVED)


def redirection(action: Action | None) -> RedirectionData | None:
    """https://docs.adyen.com/online-payments/3d-secure: a page to open or to post to, or an
    action for Adyen's library, under the names that it knows."""
    if action is None:
        return None
    if action.type == "redirect" and action.url is not None:
        posted = action.data if action.method == "POST" else None
        return RedirectionData(uri=action.url, form=posted)
    parts = msgspec.to_builtins(action)
    return RedirectionData(sdk={k: v for k, v in parts.items() if isinstance(v, str)})


def failure(body: PaymentBody) -> ErrorDetails | None:
    """https://docs.adyen.com/development-resources/refusal-reasons: code 0 is none. A reason beside
    an approval is told, too."""
    reason = body.refusal_reason_code or body.refusal_reason
    if body.result_code not in _FAILED and reason in (None, "", "0"):
        return None
    more = body.additional_data or AdditionalData()
    code = unified_code(body.refusal_reason_code) or _FAILED.get(body.result_code)
    return ErrorDetails(
        unified=None if code is None else unified_error(code),
        issuer=_issuer(more),
        connector=ConnectorDetails(
            code=body.refusal_reason_code or body.result_code,
            message=body.refusal_reason,
            reason=body.result_code,
        ),
    )


def _issuer(more: AdditionalData) -> IssuerError | None:
    """https://docs.adyen.com/development-resources/raw-acquirer-responses: "05 : Do not honor",
    the network's code and its words; or words alone, such as "DECLINED Expiry Incorrect"."""
    code, words = _coded(more.refusal_reason_raw)
    advice, _ = _coded(more.merchant_advice_code)
    if code is None and words is None and advice is None:
        return None
    network = NetworkError(advice_code=advice, decline_code=code)
    return IssuerError(code=code, message=words, network=network)


def _coded(text: str | None) -> tuple[str | None, str | None]:
    """A code, and the words behind its colon. Words alone have no code."""
    whole = (text or "").strip()
    code, _, words = (part.strip() for part in whole.partition(":"))
    if re.fullmatch(r"[0-9A-Z]{1,6}", code) and (words or re.search(r"[0-9]", code)):
        return code, words or None
    return None, whole or None


def error_answer(response: HttpResponse) -> ErrorAnswer | None:
    """What an error answer means. https://docs.adyen.com/development-resources/api-idempotency:
    704 is a key whose first request is still being worked on, or is done.
    https://docs.adyen.com/development-resources/error-codes: 167 is what a change to a payment
    gets that Adyen does not know; 800 and 803 are stored cards that it does not know."""
    error = response.decode(ServiceError) if response.status_code >= 400 else None
    if error is None:
        return None
    return ErrorAnswer(
        kind=_KINDS.get(error.error_code, ErrorKind.OTHER),
        details=ErrorDetails(
            connector=ConnectorDetails(
                code=error.error_code, message=error.message, reason=error.error_type
            )
        ),
        retryable=_is_transient(response),
        unknown=True if error.error_code == "704" else None,
    )


def _is_transient(response: HttpResponse) -> bool | None:
    """https://docs.adyen.com/development-resources/api-idempotency#transient-errors: only an
    answer that says so may be repeated with its key; too many requests are another matter."""
    said = response.headers.get("transient-error")
    if said is None and response.status_code == 429:
        return None
    return said == "true"
