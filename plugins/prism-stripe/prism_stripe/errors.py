"""What Stripe's errors mean in Prism's words. https://docs.stripe.com/api/errors"""

from __future__ import annotations

from typing import Literal

import msgspec

from prism_core import (
    ConnectorDetails,
    Declined,
    ErrorAnswer,
    ErrorDetails,
    ErrorKind,
    HttpResponse,
    IssuerError,
    NetworkError,
    unified_error,
)
from prism_stripe.declines import unified_code
from prism_stripe.intents import PaymentIntent
from prism_stripe.shapes import Envelope, Named, StripeError


class ErrorBody(StripeError, kw_only=True):
    """An error in Stripe's format: https://docs.stripe.com/api/errors#errors-type"""

    type: Literal["api_error", "card_error", "idempotency_error", "invalid_request_error"]


class OfPayment(msgspec.Struct):
    """An error that names its payment."""

    payment_intent: Named


class WithPayment(StripeError, kw_only=True):
    """An error with its whole payment, as a decline has it."""

    payment_intent: PaymentIntent


def error_answer(response: HttpResponse) -> ErrorAnswer | None:
    """What an error answer means. https://docs.stripe.com/error-low-level"""
    if response.status_code < 400:
        return None
    envelope = response.decode(Envelope[ErrorBody])
    retryable = _BOOLEANS.get(response.headers.get("stripe-should-retry", ""))
    if envelope is None:
        # Not in Stripe's format: somebody in between wrote it, unless it has Stripe's header.
        return None if retryable is None else ErrorAnswer(retryable=retryable, unknown=True)
    error, kind = envelope.error, ErrorKind.OTHER
    if error.type == "idempotency_error":
        kind = ErrorKind.CONFLICT
    elif error.code == "resource_missing":
        kind = ErrorKind.NOT_FOUND
    elif response.status_code == 402:
        kind = ErrorKind.DECLINED
    declined, of = kind is ErrorKind.DECLINED, response.decode(Envelope[OfPayment])
    return ErrorAnswer(
        kind=kind,
        details=details(error) if declined else ErrorDetails(connector=_connector(error)),
        retryable=_PASSING.get(error.code or "") if retryable is None else retryable,
        unknown=True if error.code == "idempotency_key_in_use" else None,
        connector_transaction_id=None if of is None else of.error.payment_intent.id,
    )


# https://docs.stripe.com/error-low-level: Stripe says so in a header, where it knows.
_BOOLEANS = {"true": True, "false": False}
_PASSING = {"idempotency_key_in_use": True, "lock_timeout": True}


def details(error: StripeError) -> ErrorDetails:
    """Why a payment failed. https://docs.stripe.com/declines"""
    network = NetworkError(
        advice_code=error.network_advice_code or error.advice_code,
        decline_code=error.network_decline_code,
    )
    return ErrorDetails(
        unified=unified_error(unified_code(error.decline_code, error.code)),
        issuer=IssuerError(code=error.decline_code, network=network),
        connector=_connector(error),
    )


def _connector(error: StripeError) -> ConnectorDetails:
    code = error.code or error.type
    return ConnectorDetails(code=code, message=error.message, reason=error.decline_code)


def declined_intent(declined: Declined) -> PaymentIntent:
    """The PaymentIntent that Stripe puts into the error of a decline. Without one, the decline
    goes on to the core, which makes the plain result of it."""
    answer = declined.response.decode(Envelope[WithPayment])
    if answer is None:
        raise declined
    intent = answer.error.payment_intent
    intent.failure = answer.error
    return intent
