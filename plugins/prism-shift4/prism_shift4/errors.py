"""What went wrong: error answers, and why a charge failed."""

from msgspec import Struct
from msgspec.structs import replace

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
    decline_details,
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


def refused(code: str | None, message: str | None, issuer: str | None) -> ErrorDetails:
    """Why a payment failed; a code that is not in the table is a decline, too."""
    why = decline_details(DECLINES, code, message)
    by_network = IssuerError(network=NetworkError(decline_code=issuer)) if issuer else None
    return replace(why, issuer=by_network)


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
    error = response.decode(Problem, member="error") if response.status_code >= 400 else None
    if error is None:
        return None
    if error.type == "card_error" and response.status_code in (400, 402):
        return ErrorAnswer(
            kind=ErrorKind.DECLINED,
            details=refused(error.code, error.message, error.issuer_decline_code),
            connector_transaction_id=error.charge_id,
        )
    said = ConnectorDetails(code=error.code or error.type, message=error.message)
    return ErrorAnswer(
        kind=kind_of(response.status_code, error),
        details=ErrorDetails(connector=said),
        connector_transaction_id=error.charge_id,
    )
