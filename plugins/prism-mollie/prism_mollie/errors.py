"""What went wrong: error answers, and why a payment failed."""

from msgspec import Struct

from prism_core import (
    ConnectorDetails,
    ErrorAnswer,
    ErrorDetails,
    ErrorKind,
    HttpResponse,
    UnifiedCode,
    codes_by_word,
    decline_details,
)

from .shapes import Details

KINDS = {
    # A key that was sent with other parameters: what the first request did is not told.
    400: ErrorKind.CONFLICT,
    404: ErrorKind.NOT_FOUND,
    409: ErrorKind.CONFLICT,
    410: ErrorKind.NOT_FOUND,
}
# https://docs.mollie.com/reference/extra-payment-parameters, `failureReason`; and the banks' codes
# of SEPA, `bankReasonCode`.
DECLINES = codes_by_word(
    {
        UnifiedCode.DECLINED: "card_declined refused_by_issuer unknown_reason",
        UnifiedCode.INSUFFICIENT_FUNDS: "insufficient_funds AM04",
        UnifiedCode.EXPIRED_CARD: "card_expired",
        UnifiedCode.INCORRECT_CVC: "invalid_cvv",
        UnifiedCode.INCORRECT_CARD_DATA: "invalid_card_number invalid_card_holder_name AC01",
        UnifiedCode.CARD_NOT_SUPPORTED: "invalid_card_type",
        UnifiedCode.NOT_PERMITTED: "inactive_card",
        UnifiedCode.SUSPECTED_FRAUD: "possible_fraud",
        UnifiedCode.AUTHENTICATION_REQUIRED: "authentication_required",
        UnifiedCode.AUTHENTICATION_FAILED: (
            "authentication_failed authentication_abandoned authentication_unavailable_acs"
        ),
    }
)


class Problem(Struct):
    """https://docs.mollie.com/reference/handling-errors"""

    status: int
    title: str
    detail: str | None = None
    field: str | None = None
    extra: Details | None = None


def problem_of(response: HttpResponse) -> ErrorAnswer | None:
    """https://docs.mollie.com/reference/handling-errors; and of declined cards
    https://docs.mollie.com/docs/handling-errors-with-mollie-components"""
    body = response.decode(Problem) if response.status_code >= 400 else None
    if body is None:
        return None
    if response.status_code == 422 and body.extra and body.extra.failure_reason:
        extra = body.extra
        why = decline_details(DECLINES, extra.failure_reason, extra.failure_message)
        return ErrorAnswer(kind=ErrorKind.DECLINED, details=why)
    said = ConnectorDetails(code=body.title, message=body.detail, reason=body.field)
    busy = response.status_code == 409
    # https://docs.mollie.com/reference/create-refund: another refund of the same amount within the
    # hour. To repeat this one would make a second refund. Otherwise, the first request with the key
    # is still being worked on.
    second = busy and "duplicate refund" in (body.detail or "").lower()
    return ErrorAnswer(
        kind=KINDS.get(response.status_code, ErrorKind.OTHER),
        details=ErrorDetails(connector=said),
        retryable=not second if busy else None,
        unknown=False if second else None,
    )
