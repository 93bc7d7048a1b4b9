"""What Stripe's errors mean in Prism's words. https://docs.stripe.com/api/errors"""

from __future__ import annotations

import msgspec

from prism_core import (
    ConnectorDetails,
    ErrorAnswer,
    ErrorDetails,
    ErrorKind,
    HttpResponse,
    IssuerError,
    NetworkError,
    unified_error,
)
from prism_stripe.declines import unified_code


class StripeError(msgspec.Struct):
    """https://docs.stripe.com/api/errors; also a PaymentIntent's last_payment_error"""

    type: str | None = None
    """Of an error answer it is always there; not so of what is told in another object."""
    code: str | None = None
    decline_code: str | None = None
    message: str | None = None
    advice_code: str | None = None
    network_advice_code: str | None = None
    network_decline_code: str | None = None
    payment_intent: msgspec.Raw = msgspec.Raw(b"null")
    """Read apart from the rest: a decline is one, even if this is not as expected."""


class ErrorEnvelope(msgspec.Struct):
    """The body of every error answer."""

    error: StripeError


def details(error: StripeError) -> ErrorDetails:
    """Why a payment failed. https://docs.stripe.com/declines"""
    return ErrorDetails(
        unified=unified_error(unified_code(error.decline_code, error.code)),
        issuer=IssuerError(
            code=error.decline_code,
            network=NetworkError(
                advice_code=error.network_advice_code or error.advice_code,
                decline_code=error.network_decline_code,
            ),
        ),
        connector=_connector(error),
    )


def _connector(error: StripeError) -> ConnectorDetails:
    code = error.code or error.type
    return ConnectorDetails(code=code, message=error.message, reason=error.decline_code)


def error_answer(response: HttpResponse) -> ErrorAnswer | None:
    """What an error answer means. https://docs.stripe.com/error-low-level"""
    if response.status_code < 400:
        return None
    envelope, retryable = response.decode(ErrorEnvelope), _should_retry(response)
    if envelope is None or envelope.error.type not in _TYPES:
        # Not in Stripe's format: somebody in between wrote it, unless it has Stripe's header.
        return None if retryable is None else ErrorAnswer(retryable=retryable, unknown=True)
    error = envelope.error
    kind = ErrorKind.DECLINED if response.status_code == 402 else ErrorKind.OTHER
    if error.type == "idempotency_error":
        kind = ErrorKind.CONFLICT
    elif error.code == "resource_missing":
        kind = ErrorKind.NOT_FOUND
    return ErrorAnswer(
        kind=kind,
        details=details(error)
        if kind is ErrorKind.DECLINED
        else ErrorDetails(connector=_connector(error)),
        retryable=_PASSING.get(error.code or "") if retryable is None else retryable,
        unknown=True if error.code == "idempotency_key_in_use" else None,
    )


# https://docs.stripe.com/api/errors#errors-type
_TYPES = ("api_error", "card_error", "idempotency_error", "invalid_request_error")
_PASSING = {"idempotency_key_in_use": True, "lock_timeout": True}


def _should_retry(response: HttpResponse) -> bool | None:
    """Stripe says so in a header, where it knows. https://docs.stripe.com/error-low-level"""
    said = response.headers.get("stripe-should-retry")
    return said == "true" if said in ("true", "false") else None
