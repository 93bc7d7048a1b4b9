"""What Stripe answers about a payment: the fields used, and what they mean in Prism's words."""

from __future__ import annotations

from typing import Literal

import msgspec
from msgspec import UNSET, UnsetType

from prism_core import (
    Account,
    HttpResponse,
    Money,
    Payment,
    PaymentStatus,
    RedirectionData,
    Told,
    told,
)
from prism_stripe.account import from_wire
from prism_stripe.errors import ErrorEnvelope, StripeError, details


class RedirectToUrl(msgspec.Struct):
    """A next action that is a page to open."""

    url: str | None = None


class NextAction(msgspec.Struct):
    """https://docs.stripe.com/api/payment_intents/object#payment_intent_object-next_action"""

    type: str
    redirect_to_url: RedirectToUrl | None = None


class Multicapture(msgspec.Struct):
    """Whether a payment may be captured in several parts."""

    status: str | None = None


class Checks(msgspec.Struct):
    """What became of the checks of address and security code: pass, fail, unavailable or
    unchecked; null where there was nothing to check."""

    address_line1_check: str | None = None
    address_postal_code_check: str | None = None
    cvc_check: str | None = None

    @property
    def avs(self) -> str | None:
        """The two checks of the address, as far as they were made."""
        both = {"line1": self.address_line1_check, "postal_code": self.address_postal_code_check}
        return ", ".join(f"{part}: {said}" for part, said in both.items() if said) or None


class CardDetails(msgspec.Struct):
    """Of a charge's card, what issuer and network gave."""

    amount_authorized: int | None = None
    checks: Checks | None = None
    multicapture: Multicapture | None = None
    network_transaction_id: str | None = None


class MethodDetails(msgspec.Struct):
    """Of a charge, what depends on the payment method."""

    card: CardDetails | None = None


class Charge(msgspec.Struct):
    """https://docs.stripe.com/api/charges/object"""

    amount_captured: int | None = None
    amount_refunded: int | None = None
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
    customer: Told[str] = UNSET
    last_payment_error: StripeError | None = None
    latest_charge: Charge | str | None = None
    metadata: dict[str, str] | UnsetType = UNSET
    next_action: NextAction | None = None
    payment_method: Told[str] = UNSET
    object: Literal["payment_intent"] = "payment_intent"
    """Another one is the answer to another call."""

    @property
    def captured(self) -> int | None:
        """What was taken, in all; the charge knows it, too."""
        return self.charge.amount_captured if self.amount_received is None else self.amount_received

    @property
    def charge(self) -> Charge:
        """The latest charge, an empty one where there is none or only its id."""
        return self.latest_charge if isinstance(self.latest_charge, Charge) else Charge()

    @property
    def card(self) -> CardDetails:
        """The latest charge's card, with nothing in it where there is none."""
        method = self.charge.payment_method_details
        return CardDetails() if method is None or method.card is None else method.card


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
_HELD = frozenset(
    {
        *(PaymentStatus.AUTHORIZED, PaymentStatus.PARTIALLY_AUTHORIZED),
        PaymentStatus.PARTIAL_CHARGED_AND_CHARGEABLE,
    }
)
_FAILED = frozenset({PaymentStatus.AUTHENTICATION_FAILED, PaymentStatus.AUTHORIZATION_FAILED})
_AUTHORIZED = _HELD | {PaymentStatus.CHARGED, PaymentStatus.PARTIAL_CHARGED}


def own_id(metadata: Told[dict[str, str]], name: str) -> str | None:
    """The caller's own id among the metadata. Metadata without it says that there is none: it is
    sent with everything that is created."""
    return told(metadata.get(name)) if isinstance(metadata, dict) else told(metadata)


def payment(intent: PaymentIntent) -> Payment:
    """The payment that a PaymentIntent is."""
    whole = from_wire(intent.amount, intent.currency)

    def money(amount: int | None) -> Money | None:
        if amount is None:
            return None
        return whole if amount == intent.amount else from_wire(amount, intent.currency)

    status, failure = _status(intent), intent.last_payment_error
    is_authorized = status in _AUTHORIZED
    checks = intent.card.checks or Checks()
    return Payment(
        status=status,
        connector_transaction_id=intent.id,
        merchant_transaction_id=own_id(intent.metadata, "merchant_transaction_id"),
        connector_customer_id=told(intent.customer),
        connector_payment_method_id=told(intent.payment_method),
        amount=whole,
        authorized_amount=money(_authorized(intent, status)) if is_authorized else None,
        capturable_amount=money(intent.amount_capturable),
        captured_amount=money(intent.captured),
        refunded_amount=money(_refunded(intent)),
        redirection_data=redirection(intent.next_action, intent.client_secret),
        network_transaction_id=intent.card.network_transaction_id,
        avs_code=checks.avs,
        cvc_code=checks.cvc_check,
        # Stripe clears it once the payment goes on: beside success it is a contradiction.
        error=None if failure is None else details(failure),
    )


def failed(account: Account, response: HttpResponse) -> Payment:
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
    found = payment(intent)
    if found.status is PaymentStatus.PAYMENT_METHOD_AWAITED:
        return msgspec.structs.replace(found, status=_failure(error), error=details(error))
    return msgspec.structs.replace(found, error=details(error))


def unchanged(account: Account, response: HttpResponse, status: PaymentStatus) -> Payment:
    """The payment that a 402 answer refuses to change, with the status that says so; it stands
    as before. One that the answer says is in another state is told as that."""
    found = failed(account, response)
    as_before = found.status in _HELD | _FAILED
    return msgspec.structs.replace(found, status=status) if as_before else found


def _held(intent: PaymentIntent) -> int | None:
    """What can still be captured, and what was."""
    if intent.amount_capturable is None or intent.captured is None:
        return None
    return intent.amount_capturable + intent.captured


def _authorized(intent: PaymentIntent, status: PaymentStatus) -> int | None:
    """What the issuer authorized: as the charge says, else all, unless a part was released."""
    if intent.card.amount_authorized is not None:
        return intent.card.amount_authorized
    return None if status is PaymentStatus.PARTIAL_CHARGED else _held(intent)


def _refunded(intent: PaymentIntent) -> int | None:
    """What of the captured money went back to the customer.

    Stripe counts as refunded what it released uncaptured, too, unless the payment could have
    been captured in several parts: https://docs.stripe.com/payments/multicapture#final-capture
    """
    refunded, captured = intent.charge.amount_refunded, intent.captured
    if refunded is None or captured is None:
        return None
    card = intent.card
    if card.multicapture is not None and card.multicapture.status == "available":
        return min(refunded, captured)
    taken = refunded - max(0, intent.amount - captured)
    return taken if taken >= 0 else refunded


def _status(intent: PaymentIntent) -> PaymentStatus:
    status = _STATUS.get(intent.status, PaymentStatus.UNRESOLVED)
    if status is PaymentStatus.PAYMENT_METHOD_AWAITED and intent.last_payment_error is not None:
        return _failure(intent.last_payment_error)
    if status is PaymentStatus.AUTHORIZED and intent.captured:
        return PaymentStatus.PARTIAL_CHARGED_AND_CHARGEABLE
    if status is PaymentStatus.AUTHORIZED and (_held(intent) or intent.amount) < intent.amount:
        return PaymentStatus.PARTIALLY_AUTHORIZED
    if status is PaymentStatus.CHARGED and intent.captured is not None:
        return status if intent.captured >= intent.amount else PaymentStatus.PARTIAL_CHARGED
    return status


def _failure(error: StripeError) -> PaymentStatus:
    if error.code in _AUTHENTICATION:
        return PaymentStatus.AUTHENTICATION_FAILED
    return PaymentStatus.AUTHORIZATION_FAILED


def redirection(action: NextAction | None, client_secret: str | None) -> RedirectionData | None:
    """https://docs.stripe.com/payments/3d-secure/authentication-flow: a page to open when a
    return_url was given, else work for Stripe.js, which needs the client secret."""
    if action is None:
        return None
    if action.redirect_to_url is not None and action.redirect_to_url.url is not None:
        return RedirectionData(uri=action.redirect_to_url.url)
    return RedirectionData(sdk={"type": action.type, "client_secret": client_secret or ""})
