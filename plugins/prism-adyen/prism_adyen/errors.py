"""Errors: what Adyen's error answers mean. A refusal is none: it is a 200 with a result code."""

from __future__ import annotations

from prism_adyen.shapes import ServiceError
from prism_core import (
    ConnectorDetails,
    ErrorAnswer,
    ErrorDetails,
    ErrorKind,
    HttpResponse,
    MalformedResponse,
    codes_by_word,
)

# Codes that say more than their HTTP status does.
# https://docs.adyen.com/development-resources/api-idempotency: 704 is a key whose first request is
# still being worked on, or is done. https://docs.adyen.com/development-resources/error-codes: 167
# is a change to a payment that Adyen does not know; 800 and 803 are stored cards that it does not.
_KINDS = codes_by_word({ErrorKind.CONFLICT: "704", ErrorKind.NOT_FOUND: "167 800 803"})


def error_answer(response: HttpResponse) -> ErrorAnswer | None:
    """https://docs.adyen.com/development-resources/error-codes"""
    if response.status_code < 400 and b'"errorCode"' in response.body:
        raise MalformedResponse("the answer is a success, and has the code of an error")
    error = response.decode(ServiceError) if response.status_code >= 400 else None
    if error is None:
        return None
    code, said = error.error_code, response.headers.get("transient-error")
    # https://docs.adyen.com/development-resources/api-idempotency#transient-errors: only an answer
    # that says so may be repeated with its key; too many requests are another matter.
    unsaid = said is None and response.status_code == 429
    return ErrorAnswer(
        kind=_KINDS.get(code, ErrorKind.OTHER),
        details=ErrorDetails(
            connector=ConnectorDetails(code=code, message=error.message, reason=error.error_type)
        ),
        retryable=None if unsaid else said == "true",
        unknown=True if code == "704" else None,
    )
