"""What a PaymentIntent means in Prism's words."""

from __future__ import annotations

from prism_core import Money, Payment, PaymentStatus, RedirectionData, UnifiedCode, nullable
from prism_stripe.account import from_wire
from prism_stripe.declines import unified_code
from prism_stripe.errors import details
from prism_stripe.shapes import Checks, Intent, PaymentIntent

S = PaymentStatus
# https://docs.stripe.com/payments/paymentintents/lifecycle
_STATUS = {
    "requires_payment_method": S.PAYMENT_METHOD_AWAITED,
    "requires_confirmation": S.CONFIRMATION_AWAITED,
    "requires_action": S.AUTHENTICATION_PENDING,
    "processing": S.PENDING,
    "requires_capture": S.AUTHORIZED,
    "succeeded": S.CHARGED,
    "canceled": S.VOIDED,
}
HELD = (S.AUTHORIZED, S.PARTIALLY_AUTHORIZED, S.PARTIAL_CHARGED_AND_CHARGEABLE)
TAKEN = (S.CHARGED, S.PARTIAL_CHARGED)
FAILED = (S.AUTHENTICATION_FAILED, S.AUTHORIZATION_FAILED)


def payment(intent: PaymentIntent) -> Payment:
    """The payment that a PaymentIntent is."""
    whole = from_wire(intent.amount, intent.currency)

    def money(amount: int | None) -> Money | None:
        if amount is None:
            return None
        return whole if amount == intent.amount else from_wire(amount, intent.currency)

    status, checks = _status(intent), intent.card.checks or Checks()
    return Payment(
        status=status,
        connector_transaction_id=intent.id,
        merchant_transaction_id=intent.own_id("merchant_transaction_id"),
        connector_customer_id=nullable(intent.customer),
        connector_payment_method_id=nullable(intent.payment_method),
        amount=whole,
        authorized_amount=money(_authorized(intent, status)),
        capturable_amount=money(intent.amount_capturable),
        captured_amount=money(intent.captured),
        refunded_amount=money(_refunded(intent)),
        redirection_data=redirection(intent),
        network_transaction_id=intent.card.network_transaction_id,
        avs_code=checks.avs,
        cvc_code=checks.cvc_check,
        # Stripe clears it once the payment goes on: beside success it is a contradiction.
        error=None if intent.failure is None else details(intent.failure),
    )


def _status(intent: PaymentIntent) -> PaymentStatus:
    status, captured = _STATUS.get(intent.status, S.UNRESOLVED), intent.captured
    if status is S.PAYMENT_METHOD_AWAITED and intent.failure is not None:
        why = unified_code(intent.failure.decline_code, intent.failure.code)
        authentication = why is UnifiedCode.AUTHENTICATION_FAILED
        return S.AUTHENTICATION_FAILED if authentication else S.AUTHORIZATION_FAILED
    if status is S.AUTHORIZED and captured:
        return S.PARTIAL_CHARGED_AND_CHARGEABLE
    if status is S.AUTHORIZED and (_held(intent) or intent.amount) < intent.amount:
        return S.PARTIALLY_AUTHORIZED
    if status is S.CHARGED and captured is not None and captured < intent.amount:
        return S.PARTIAL_CHARGED
    return status


def _held(intent: PaymentIntent) -> int | None:
    """The amount that can still be captured, and that was."""
    if intent.amount_capturable is None or intent.captured is None:
        return None
    return intent.amount_capturable + intent.captured


def _authorized(intent: PaymentIntent, status: PaymentStatus) -> int | None:
    """The amount authorized: as the charge says, else all, unless a part was released."""
    if status not in HELD + TAKEN:
        return None
    if intent.card.amount_authorized is not None:
        return intent.card.amount_authorized
    return None if status is S.PARTIAL_CHARGED else _held(intent)


def _refunded(intent: PaymentIntent) -> int | None:
    """The captured amount that was refunded so far.

    Stripe counts as refunded what it released uncaptured, too, unless the payment could have
    been captured in several parts: https://docs.stripe.com/payments/multicapture#final-capture
    """
    refunded, captured = intent.charge.amount_refunded, intent.captured
    if refunded is None or captured is None:
        return None
    multicapture = intent.card.multicapture
    if multicapture is not None and multicapture.status == "available":
        return min(refunded, captured)
    released = max(0, intent.amount - captured)
    return refunded - released if refunded >= released else refunded


def redirection(intent: Intent) -> RedirectionData | None:
    """https://docs.stripe.com/payments/3d-secure/authentication-flow: a page to open when a
    return_url was given, else work for Stripe.js, which needs the client secret."""
    action = intent.next_action
    if action is None:
        return None
    if action.redirect_to_url is not None and action.redirect_to_url.url is not None:
        return RedirectionData(uri=action.redirect_to_url.url)
    return RedirectionData(sdk={"type": action.type, "client_secret": intent.client_secret or ""})
