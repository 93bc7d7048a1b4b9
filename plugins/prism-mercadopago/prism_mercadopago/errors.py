"""What went wrong: error answers, and why a payment was rejected."""

from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from prism_core import (
    ConnectorDetails,
    ErrorAnswer,
    ErrorDetails,
    ErrorKind,
    HttpResponse,
    UnifiedCode,
    codes_by_word,
)

# https://www.mercadopago.com/developers/en/docs/checkout-api-payments/response-handling/collection-results
DECLINES = codes_by_word(
    {
        UnifiedCode.DECLINED: "cc_rejected_card_error cc_rejected_other_reason bank_error",
        UnifiedCode.INSUFFICIENT_FUNDS: "cc_rejected_insufficient_amount",
        UnifiedCode.INCORRECT_CVC: "cc_rejected_bad_filled_security_code",
        UnifiedCode.INCORRECT_CARD_DATA: (
            "cc_rejected_bad_filled_card_number cc_rejected_bad_filled_date "
            "cc_rejected_bad_filled_other"
        ),
        UnifiedCode.NOT_PERMITTED: (
            "cc_rejected_call_for_authorize cc_rejected_card_disabled "
            "cc_rejected_invalid_installments cc_rejected_max_attempts"
        ),
        UnifiedCode.DUPLICATE: "cc_rejected_duplicated_payment",
        UnifiedCode.SUSPECTED_FRAUD: "cc_rejected_blacklist cc_rejected_high_risk",
        UnifiedCode.AUTHENTICATION_REQUIRED: "cc_rejected_3ds_mandatory",
    }
)
# https://www.mercadopago.com/developers/en/reference/customers/_customers/post
CUSTOMER_EXISTS = "101"
# https://www.mercadopago.com/developers/en/reference/payments/_payments/post: the same request was
# posted in the last minute, so that there may be a payment. 801 is its older code. With status 401,
# 2001 is about the access token.
REPEATED = {"2001", "801"}
GATEWAY_FAILED = "2004"
"""Mercado Pago asked its gateway for the payment, and the request failed."""
LOCKED = 423
# A 404 of a payment that is there: it is too old to be refunded, or not in parts.
# https://www.mercadopago.com/developers/en/reference/chargebacks/_payments_id_refunds/post
NO_REFUND = {"2024", "15016", "3024"}


class Problem(Struct):
    """https://github.com/mercadopago/openapi/blob/main/schemas/common.yaml: `cause` is a list of
    codes, or of lists, or one code."""

    message: str
    error: str
    cause: Any = None


def problem_of(response: HttpResponse) -> ErrorAnswer | None:
    """https://www.mercadopago.com/developers/en/reference/payments/_payments/post"""
    body = response.decode(Problem) if response.status_code >= 400 else None
    if body is None:
        return None
    causes = body.cause if isinstance(body.cause, list) else [body.cause]
    cause = next((one for one in causes if isinstance(one, dict)), {})
    code, reason = str(cause.get("code") or body.error), cause.get("description")
    reason = reason if isinstance(reason, str) else None
    said = ConnectorDetails(code=code, message=body.message, reason=reason)
    return replace(meaning(response.status_code, code), details=ErrorDetails(connector=said))


def meaning(status: int, code: str) -> ErrorAnswer:
    """The kind of an error, where the code says more than the status."""
    if status == 400 and code == CUSTOMER_EXISTS:
        return ErrorAnswer(kind=ErrorKind.CONFLICT, unknown=False)
    if status == LOCKED or (code in REPEATED and status != 401):
        return ErrorAnswer(kind=ErrorKind.CONFLICT, unknown=True)
    if status == 404 and code in NO_REFUND:
        return ErrorAnswer(kind=ErrorKind.INVALID_REQUEST)
    if code == GATEWAY_FAILED:
        return ErrorAnswer(kind=ErrorKind.UNAVAILABLE)
    return ErrorAnswer(kind=ErrorKind.OTHER)
