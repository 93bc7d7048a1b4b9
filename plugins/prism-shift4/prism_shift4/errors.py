"""What went wrong: error answers, and why a charge failed."""

from msgspec import Struct

from prism_core import (
    ConnectorDetails,
    ErrorAnswer,
    ErrorDetails,
    ErrorKind,
    HttpResponse,
    IssuerError,
    NetworkError,
    UnifiedCode,
    codes_by_word,
    unified_error,
)

# https://dev.shift4.com/docs/api#error-object, `code`; the names are those of
# https://github.com/shift4developer/shift4-java/blob/master/src/main/java/com/shift4/enums/ErrorCode.java
DECLINES = codes_by_word(
    {
        UnifiedCode.DECLINED: "card_declined payment_method_declined",
        UnifiedCode.INSUFFICIENT_FUNDS: "insufficient_funds",
        UnifiedCode.LIMIT_EXCEEDED: "limit_exceeded amount_too_high",
        UnifiedCode.EXPIRED_CARD: "expired_card",
        UnifiedCode.INCORRECT_CVC: "invalid_cvc incorrect_cvc",
        UnifiedCode.INCORRECT_CARD_DATA: (
            "invalid_number invalid_expiry_month invalid_expiry_year invalid_account"
        ),
        UnifiedCode.INCORRECT_ADDRESS: "incorrect_zip incorrect_address",
        UnifiedCode.LOST_OR_STOLEN: "lost_or_stolen",
        UnifiedCode.SUSPECTED_FRAUD: "suspected_fraud blacklisted blocked",
        UnifiedCode.NOT_PERMITTED: "do_not_try_again amount_too_low",
        UnifiedCode.CARD_NOT_SUPPORTED: "currency_not_supported brand_not_supported",
        UnifiedCode.AUTHENTICATION_REQUIRED: "authentication_required",
        UnifiedCode.PROCESSING_ERROR: "processing_error",
    }
)
# The only sign of a key that was used before:
# https://github.com/shift4developer/shift4-python/blob/main/tests/integration/test_charges.py
KEY_OF_ANOTHER = "Idempotent key used for request with different parameters"


class Problem(Struct, rename="camel"):
    """https://dev.shift4.com/docs/api#error-object"""

    type: str
    code: str | None = None
    message: str | None = None
    charge_id: str | None = None
    issuer_decline_code: str | None = None


class ProblemBody(Struct):
    """An error answer."""

    error: Problem


def refused(code: str | None, message: str | None, issuer: str | None) -> ErrorDetails:
    """Why a payment failed; a code that is not in the table is a decline, too."""
    by_network = NetworkError(decline_code=issuer) if issuer else None
    return ErrorDetails(
        unified=unified_error(DECLINES.get(code or "", UnifiedCode.DECLINED)),
        issuer=IssuerError(network=by_network) if by_network else None,
        connector=ConnectorDetails(code=code, message=message),
    )


def kind_of(status: int, error: Problem) -> ErrorKind:
    """By the type where the status says too little: https://dev.shift4.com/docs/api#errors"""
    if status == 404:
        return ErrorKind.NOT_FOUND
    if error.type == "gateway_error":
        return ErrorKind.UNAVAILABLE
    if (error.message or "").startswith(KEY_OF_ANOTHER):
        return ErrorKind.CONFLICT
    return ErrorKind.OTHER


def problem_of(response: HttpResponse) -> ErrorAnswer | None:
    """https://dev.shift4.com/docs/api#errors: a declined card is a 402 with the charge's id."""
    body = response.decode(ProblemBody) if response.status_code >= 400 else None
    if body is None:
        return None
    error = body.error
    if error.type == "card_error" and response.status_code in (400, 402):
        return ErrorAnswer(
            kind=ErrorKind.DECLINED,
            details=refused(error.code, error.message, error.issuer_decline_code),
            connector_transaction_id=error.charge_id,
        )
    said = ConnectorDetails(code=error.code or error.type, message=error.message)
    return ErrorAnswer(
        kind=kind_of(response.status_code, error), details=ErrorDetails(connector=said)
    )
