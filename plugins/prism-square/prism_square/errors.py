"""What went wrong: error answers, and why a payment failed."""

from collections.abc import Sequence

from msgspec import Struct

from prism_core import (
    ConnectorDetails,
    ErrorAnswer,
    ErrorDetails,
    ErrorKind,
    HttpResponse,
    UnifiedCode,
    codes_by_word,
    unified_error,
)

from .shapes import Problem

# https://developer.squareup.com/docs/payments-api/error-codes and
# https://developer.squareup.com/reference/square/objects/ErrorCode
DECLINES = codes_by_word(
    {
        UnifiedCode.DECLINED: (
            "GENERIC_DECLINE CARD_DECLINED CARD_DECLINED_CALL_ISSUER VOICE_FAILURE "
            "BUYER_REFUSED_PAYMENT REFUND_DECLINED RESERVATION_DECLINED"
        ),
        UnifiedCode.INSUFFICIENT_FUNDS: "INSUFFICIENT_FUNDS GIFT_CARD_AVAILABLE_AMOUNT",
        UnifiedCode.LIMIT_EXCEEDED: "TRANSACTION_LIMIT PAYMENT_LIMIT_EXCEEDED AMOUNT_TOO_HIGH",
        UnifiedCode.EXPIRED_CARD: "CARD_EXPIRED",
        UnifiedCode.INCORRECT_CVC: "CVV_FAILURE VERIFY_CVV_FAILURE",
        UnifiedCode.INCORRECT_CARD_DATA: (
            "INVALID_CARD INVALID_CARD_DATA PAN_FAILURE INVALID_ACCOUNT EXPIRATION_FAILURE "
            "BAD_EXPIRATION INVALID_EXPIRATION INVALID_EXPIRATION_DATE INVALID_EXPIRATION_YEAR"
        ),
        UnifiedCode.INCORRECT_ADDRESS: (
            "ADDRESS_VERIFICATION_FAILURE VERIFY_AVS_FAILURE INVALID_POSTAL_CODE"
        ),
        UnifiedCode.NOT_PERMITTED: (
            "CARDHOLDER_INSUFFICIENT_PERMISSIONS INSUFFICIENT_PERMISSIONS ACCOUNT_UNUSABLE"
        ),
        UnifiedCode.CARD_NOT_SUPPORTED: (
            "CARD_NOT_SUPPORTED UNSUPPORTED_CARD_BRAND UNSUPPORTED_INSTRUMENT_TYPE"
        ),
        UnifiedCode.AUTHENTICATION_REQUIRED: "CARD_DECLINED_VERIFICATION_REQUIRED",
    }
)
KINDS = codes_by_word(
    {
        ErrorKind.CONFLICT: "IDEMPOTENCY_KEY_REUSED",
        ErrorKind.NOT_FOUND: "NOT_FOUND CUSTOMER_NOT_FOUND",
        ErrorKind.DECLINED: "REFUND_DECLINED",
    }
)
# Square's own errors, after which the call can be repeated with its key:
# https://developer.squareup.com/reference/square/objects/ErrorCode
INTERNAL = {*("TEMPORARY_ERROR", "INTERNAL_SERVER_ERROR", "SERVICE_UNAVAILABLE", "GATEWAY_TIMEOUT")}


REQUEST_TIMEOUT = 408


class Failed(Struct):
    """A payment that was made and has failed."""

    id: str


class Problems(Struct):
    """https://developer.squareup.com/docs/build-basics/general-considerations/handling-errors"""

    errors: list[Problem] = []
    payment: Failed | None = None


def why(errors: Sequence[Problem]) -> ErrorDetails:
    """Why a payment failed: the first code that is more than a general one decides."""
    known = [DECLINES.get(one.code, UnifiedCode.DECLINED) for one in errors]
    best = next((code for code in known if code is not UnifiedCode.DECLINED), UnifiedCode.DECLINED)
    return ErrorDetails(unified=unified_error(best), connector=said(errors))


def said(errors: Sequence[Problem]) -> ConnectorDetails | None:
    """Square's own words: the first error, and the names of the others."""
    if not errors:
        return None
    first, *others = errors
    reason = " ".join(one.code for one in others) or first.field
    return ConnectorDetails(code=first.code, message=first.detail, reason=reason)


def kind_of(first: Problem, status: int) -> ErrorKind:
    """What an error is: the code or category says it where the status does not. Errors come with
    statuses from 400 on; what one in a success means, nobody says."""
    if status < 400 or status == REQUEST_TIMEOUT:
        return ErrorKind.OTHER
    if first.code in INTERNAL:
        return ErrorKind.UNAVAILABLE
    declined = first.category == "PAYMENT_METHOD_ERROR"
    return KINDS.get(first.code, ErrorKind.DECLINED if declined else ErrorKind.OTHER)


def problem_of(response: HttpResponse) -> ErrorAnswer | None:
    """https://developer.squareup.com/docs/build-basics/general-considerations/handling-errors; the
    status is that of the first error."""
    body = response.decode(Problems)
    if body is None or not body.errors:
        return None
    kind = kind_of(body.errors[0], response.status_code)
    declined = kind is ErrorKind.DECLINED
    return ErrorAnswer(
        kind=kind,
        details=why(body.errors) if declined else ErrorDetails(connector=said(body.errors)),
        connector_transaction_id=body.payment.id if body.payment else None,
        unknown=True if kind is ErrorKind.UNAVAILABLE else None,
    )
