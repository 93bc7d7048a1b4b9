"""What the sandbox's errors and declines mean in Prism's words."""

from __future__ import annotations

from prism_core import (
    ConnectorDetails,
    ErrorAnswer,
    ErrorDetails,
    ErrorKind,
    HttpResponse,
    IssuerError,
    NetworkError,
    UnifiedCode,
    unified_error,
)
from prism_sandbox.shapes import Decline, DeclinedBody, DeclinedMandate, ProblemBody

_UNIFIED = {
    "do_not_honor": UnifiedCode.DECLINED,
    "insufficient_funds": UnifiedCode.INSUFFICIENT_FUNDS,
    "expired_card": UnifiedCode.EXPIRED_CARD,
    "authentication_required": UnifiedCode.AUTHENTICATION_REQUIRED,
    "authentication_failed": UnifiedCode.AUTHENTICATION_FAILED,
    "account_closed": UnifiedCode.NOT_PERMITTED,
    "debit_not_agreed": UnifiedCode.NOT_PERMITTED,
    "wrong_code": UnifiedCode.INCORRECT_CARD_DATA,
}


def details(decline: Decline) -> ErrorDetails:
    """Why a payment was declined, or a debit bounced."""
    return ErrorDetails(
        unified=unified_error(_UNIFIED.get(decline.code, UnifiedCode.DECLINED)),
        issuer=IssuerError(
            code=decline.code,
            message=decline.message,
            network=NetworkError(
                decline_code=decline.network_code, advice_code=decline.network_advice_code
            ),
        ),
        connector=ConnectorDetails(code=decline.code, message=decline.message),
    )


def error_answer(response: HttpResponse) -> ErrorAnswer | None:
    """What an error answer means. A decline is a 402 with the payment or mandate as its body."""
    if response.status_code < 400:
        return None
    declined = response.decode(DeclinedBody) or response.decode(DeclinedMandate)
    if response.status_code == 402 and declined is not None:
        return ErrorAnswer(kind=ErrorKind.DECLINED)
    body = response.decode(ProblemBody)
    if body is None:
        return None
    problem = body.error
    message = f"{problem.message} ({problem.param})" if problem.param else problem.message
    return ErrorAnswer(
        details=ErrorDetails(
            connector=ConnectorDetails(code=problem.code, message=message, reason=problem.type)
        ),
        retryable=True if problem.code == "idempotency_in_progress" else None,
        # With a key that was used before, the first request may have been done. An invalid request
        # is refused as the payment stands, and did nothing.
        unknown=False if problem.type == "invalid_request" else None,
        connector_customer_id=problem.customer,
    )
