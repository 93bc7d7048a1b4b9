"""What Stripe answers: the fields used, and what they mean in Prism's words."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from prism_core import (
    Account,
    ConnectorDetails,
    ErrorAnswer,
    ErrorDetails,
    ErrorKind,
    HttpResponse,
    IssuerError,
    Money,
    NetworkError,
    Payment,
    PaymentStatus,
    RedirectionData,
    unified,
)
from prism_stripe.declines import unified_code


class Customer(msgspec.Struct):
    """https://docs.stripe.com/api/customers/object"""

    id: str
    metadata: dict[str, str] = {}


class StripeError(msgspec.Struct):
    """https://docs.stripe.com/api/errors; also a PaymentIntent's last_payment_error"""

    type: str | None = None
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


class RedirectToUrl(msgspec.Struct):
    """A next action that is a page to open."""

    url: str | None = None


class NextAction(msgspec.Struct):
    """https://docs.stripe.com/api/payment_intents/object#payment_intent_object-next_action"""

    type: str
    redirect_to_url: RedirectToUrl | None = None


class CardDetails(msgspec.Struct):
    """Of a charge's card, what the network gave."""

    network_transaction_id: str | None = None


class MethodDetails(msgspec.Struct):
    """Of a charge, what depends on the payment method."""

    card: CardDetails | None = None


class Charge(msgspec.Struct):
    """https://docs.stripe.com/api/charges/object"""

    payment_method_details: MethodDetails | None = None


class Id(msgspec.Struct):
    """Of any object, what it is called."""

    id: str


class PaymentIntent(msgspec.Struct):
    """https://docs.stripe.com/api/payment_intents/object"""

    id: str
    status: str
    amount: int
    currency: str
    amount_capturable: int | None = None
    amount_received: int | None = None
    client_secret: str | None = None
    customer: str | None = None
    last_payment_error: StripeError | None = None
    latest_charge: Charge | str | None = None
    metadata: dict[str, str] = {}
    next_action: NextAction | None = None


# https://docs.stripe.com/payments/paymentintents/lifecycle
_STATUS = {
    "requires_payment_method": PaymentStatus.PAYMENT_METHOD_AWAITED,
    "requires_confirmation": PaymentStatus.CONFIRMATION_AWAITED,
    "requires_action": PaymentStatus.AUTHENTICATION_PENDING,
    "processing": PaymentStatus.PENDING,
    "requires_capture": PaymentStatus.AUTHORIZED,
    "succeeded": PaymentStatus.CHARGED,
    "canceled": PaymentStatus.VOIDED,
}
_AUTHENTICATION = frozenset({"payment_intent_authentication_failure", "authentication_not_handled"})


def payment(intent: PaymentIntent, exponents: Mapping[str, int]) -> Payment:
    """The payment that a PaymentIntent is."""

    def money(amount: int | None) -> Money | None:
        return None if amount is None else Money.from_wire(amount, intent.currency, exponents)

    status, failure = _status(intent), intent.last_payment_error
    is_authorized = status in (
        PaymentStatus.AUTHORIZED,
        PaymentStatus.PARTIALLY_AUTHORIZED,
        PaymentStatus.CHARGED,
        PaymentStatus.PARTIAL_CHARGED,
    )
    return Payment(
        status=status,
        connector_transaction_id=intent.id,
        merchant_transaction_id=intent.metadata.get("merchant_transaction_id"),
        connector_customer_id=intent.customer,
        amount=money(intent.amount),
        authorized_amount=money(_held(intent)) if is_authorized else None,
        capturable_amount=money(intent.amount_capturable),
        captured_amount=money(intent.amount_received),
        redirection_data=_redirection(intent),
        network_transaction_id=_network_transaction_id(intent),
        error=None if failure is None or is_authorized else details(failure),
    )


def failed(account: Account, response: HttpResponse, exponents: Mapping[str, int]) -> Payment:
    """The payment that a 402 answer declines; Stripe puts its PaymentIntent in the error."""
    error = account.decode(response, ErrorEnvelope).error
    body = HttpResponse(response.status_code, body=bytes(error.payment_intent))
    intent, known = body.decode(PaymentIntent), body.decode(Id)
    if intent is None:
        return Payment(
            status=_failure(error),
            connector_transaction_id=known.id if known else None,
            error=details(error),
        )
    found = payment(intent, exponents)
    if found.status is PaymentStatus.PAYMENT_METHOD_AWAITED:
        return msgspec.structs.replace(found, status=_failure(error), error=details(error))
    return msgspec.structs.replace(found, error=details(error))


def _held(intent: PaymentIntent) -> int | None:
    """What the issuer authorized: what can still be captured, and what was."""
    if intent.amount_capturable is None or intent.amount_received is None:
        return None
    return intent.amount_capturable + intent.amount_received


def _status(intent: PaymentIntent) -> PaymentStatus:
    status = _STATUS.get(intent.status, PaymentStatus.UNRESOLVED)
    if status is PaymentStatus.PAYMENT_METHOD_AWAITED and intent.last_payment_error is not None:
        return _failure(intent.last_payment_error)
    if status is PaymentStatus.AUTHORIZED and (_held(intent) or intent.amount) < intent.amount:
        return PaymentStatus.PARTIALLY_AUTHORIZED
    if status is PaymentStatus.CHARGED and intent.amount_received is not None:
        return status if intent.amount_received >= intent.amount else PaymentStatus.PARTIAL_CHARGED
    return status


def _failure(error: StripeError) -> PaymentStatus:
    if error.code in _AUTHENTICATION:
        return PaymentStatus.AUTHENTICATION_FAILED
    return PaymentStatus.AUTHORIZATION_FAILED


def _redirection(intent: PaymentIntent) -> RedirectionData | None:
    """https://docs.stripe.com/payments/3d-secure/authentication-flow: a page to open when a
    return_url was given, else work for Stripe.js, which needs the client secret."""
    action = intent.next_action
    if action is None:
        return None
    if action.redirect_to_url is not None and action.redirect_to_url.url is not None:
        return RedirectionData(uri=action.redirect_to_url.url)
    return RedirectionData(sdk={"type": action.type, "client_secret": intent.client_secret or ""})


def _network_transaction_id(intent: PaymentIntent) -> str | None:
    charge = intent.latest_charge
    if not isinstance(charge, Charge) or charge.payment_method_details is None:
        return None
    card = charge.payment_method_details.card
    return None if card is None else card.network_transaction_id


def details(error: StripeError) -> ErrorDetails:
    """Why a payment failed. https://docs.stripe.com/declines"""
    return ErrorDetails(
        unified=unified(unified_code(error.decline_code, error.code)),
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
    envelope = response.decode(ErrorEnvelope)
    if envelope is None and response.status_code == 402:
        return None
    error = StripeError() if envelope is None else envelope.error
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
        retryable=_should_retry(response, error),
        unknown=error.code == "idempotency_key_in_use",
    )


def _should_retry(response: HttpResponse, error: StripeError) -> bool | None:
    """Stripe says so in a header, where it knows. https://docs.stripe.com/error-low-level"""
    said = response.headers.get("stripe-should-retry")
    if said in ("true", "false"):
        return said == "true"
    return True if error.code in ("idempotency_key_in_use", "lock_timeout") else None
