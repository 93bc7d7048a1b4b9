"""What PayPal's errors mean: declines, interruptions, conflicts."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from prism_core import (
    ConnectorDetails,
    ConnectorError,
    ErrorAnswer,
    ErrorDetails,
    ErrorKind,
    HttpResponse,
    codes_by_word,
    unified_error,
)
from prism_paypal.declines import CODES
from prism_paypal.shapes import ErrorDetail, Link


class PayPalError(Struct):
    """https://developer.paypal.com/api/rest/responses/; the token endpoint's has `error` (RFC
    6749), as has the answer to a token that serves no more."""

    name: Annotated[str, Meta(pattern=r"\A[A-Z][A-Z0-9_]*\Z")] | None = None
    message: str | None = None
    details: list[ErrorDetail] | None = None
    links: list[Link] | None = None
    error: str | None = None
    error_description: str | None = None

    @property
    def is_paypals(self) -> bool:
        """Whether it is in PayPal's own format: anybody in between may answer with JSON, too."""
        named = self.name is not None and (self.message is not None or bool(self.details))
        return named or (self.error in KINDS and self.error_description is not None)


# What was sent is known from before, so that it was done then, or is being done:
# https://developer.paypal.com/api/rest/reference/orders/v2/errors/
# https://developer.paypal.com/api/payment-tokens/v3/errors/paypal_request_id_previously_used
# https://developer.paypal.com/api/payment-experience/v1/errors/duplicate_request_id
# https://developer.paypal.com/api/payments/v2/errors/duplicate_invoice_id
# https://developer.paypal.com/api/payments/v2/errors/duplicate_refund
# https://developer.paypal.com/api/errors/duplicate-transactions
# OAuth's words: https://www.rfc-editor.org/rfc/rfc6749#section-5.2 and
# https://www.rfc-editor.org/rfc/rfc6750#section-3.1
KINDS = codes_by_word(
    {
        ErrorKind.CONFLICT: "ORDER_ALREADY_AUTHORIZED ORDER_ALREADY_CAPTURED RESOURCE_CONFLICT "
        "ORDER_COMPLETED_OR_VOIDED ORDER_COMPLETION_IN_PROGRESS PREVIOUS_REQUEST_IN_PROGRESS "
        "PAYPAL_REQUEST_ID_PREVIOUSLY_USED DUPLICATE_REQUEST_ID DUPLICATE_INVOICE_ID "
        "DUPLICATE_REFUND DUPLICATE_TRANSACTION",
        ErrorKind.NOT_FOUND: "TOKEN_ID_NOT_FOUND",
        ErrorKind.OTHER: "invalid_request invalid_client invalid_grant unauthorized_client "
        "unsupported_grant_type invalid_scope invalid_token insufficient_scope",
    }
)
"""The words, wherever they stand, that decide about an error more than its status does."""
_UNDER_WAY = {"ORDER_COMPLETION_IN_PROGRESS", "PREVIOUS_REQUEST_IN_PROGRESS"}


def error_answer(response: HttpResponse) -> ErrorAnswer | None:
    """What an error answer means; the status has the last word where the body says nothing."""
    error = response.decode(PayPalError) if response.status_code >= 400 else None
    if error is None or not error.is_paypals:
        return None
    first = error.details[0] if error.details else ErrorDetail("")
    words = [error.name or "", *(detail.issue for detail in error.details or ())]
    kinds = {KINDS.get(word) for word in words}
    why = CODES.get(first.issue) if response.status_code == 422 else None
    if why or (response.status_code == 422 and first.issue == "PAYER_ACTION_REQUIRED"):
        kinds.add(ErrorKind.DECLINED)
    by_rank = (ErrorKind.CONFLICT, ErrorKind.DECLINED, ErrorKind.NOT_FOUND)
    kind = next((one for one in by_rank if one in kinds), ErrorKind.OTHER)
    said = ConnectorDetails(
        code=first.issue or error.name or error.error,
        message=first.description or error.message or error.error_description,
        reason=error.name if first.issue else None,
    )
    return ErrorAnswer(
        kind=kind,
        details=ErrorDetails(unified=unified_error(why) if why else None, connector=said),
        retryable=True if _UNDER_WAY.intersection(words) else None,
        unknown=True if kind is ErrorKind.CONFLICT else None,
    )


def refusal(message: str) -> ConnectorError:
    """What the order, once looked up, shows to be impossible: nothing else was sent."""
    return ConnectorError(f"PayPal: {message}", kind=ErrorKind.INVALID_REQUEST)
