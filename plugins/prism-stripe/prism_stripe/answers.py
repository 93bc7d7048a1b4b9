"""What a PaymentIntent means in Prism's words."""

from __future__ import annotations

from prism_core import Money, Payment, PaymentStatus, RedirectionData, UnifiedCode, nullable
from prism_stripe.account import from_wire
from prism_stripe.declines import unified_code
from prism_stripe.errors import details
from prism_stripe.intents import Intent, PaymentIntent
from prism_stripe.kinds import DEBITS, GENERATING, info
from prism_stripe.shapes import Checks

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
FAILED = (S.AUTHENTICATION_FAILED, S.AUTHORIZATION_FAILED, S.FAILURE)


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
        connector_order_id=intent.id if intent.order == "page" else None,
        connector_customer_id=nullable(intent.customer),
        connector_payment_method_id=_generated(intent) or nullable(intent.method_id),
        connector_mandate_id=chargeable_again(intent) if _is_kept(intent, status) else None,
        payment_method=info(intent.method),
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
        return S.PAYMENT_METHOD_AWAITED if intent.order else _failed(intent)
    if status is S.AUTHORIZED and captured:
        return S.PARTIAL_CHARGED_AND_CHARGEABLE
    if status is S.AUTHORIZED and (_held(intent) or intent.amount) < intent.amount:
        return S.PARTIALLY_AUTHORIZED
    if status is S.CHARGED and captured is not None and captured < intent.amount:
        return S.PARTIAL_CHARGED
    return status


def _failed(intent: PaymentIntent) -> PaymentStatus:
    """How a payment failed: a debit fails days after it was accepted."""
    if intent.kind in DEBITS.values():
        return S.FAILURE
    failure = intent.failure
    why = failure and unified_code(failure.decline_code, failure.code)
    authentication = why is UnifiedCode.AUTHENTICATION_FAILED
    return S.AUTHENTICATION_FAILED if authentication else S.AUTHORIZATION_FAILED


def _generated(intent: Intent) -> str | None:
    """https://docs.stripe.com/payments/ideal/save-during-payment: the bank account behind a
    redirect, to be debited from now on."""
    return intent.method.about.generated_sepa_debit


def chargeable_again(intent: Intent) -> str | None:
    """The PaymentMethod by which the customer can be charged again, if there is one."""
    known = _generated(intent) if intent.kind in GENERATING else intent.method_id
    return known if isinstance(known, str) else None


def _is_kept(intent: PaymentIntent, status: PaymentStatus) -> bool:
    """https://docs.stripe.com/payments/save-during-payment: attached to the customer, for later."""
    usage, owned = intent.setup_future_usage, isinstance(intent.customer, str)
    return usage == "off_session" and owned and status in HELD + TAKEN


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
    """https://docs.stripe.com/api/payment_intents/object#payment_intent_object-next_action: a page
    to open (the bank's, or Stripe's with a voucher), or nothing to open where an app asks the
    customer. What else there is needs Stripe.js with the client secret, as 3-D Secure without a
    return_url: https://docs.stripe.com/payments/3d-secure/authentication-flow"""
    action = intent.next_action
    if action is None:
        return None
    todo = action.about
    if todo is None:
        secret = intent.client_secret or ""
        return RedirectionData(sdk={"type": action.type, "client_secret": secret})
    shown = {"entity": todo.entity, "reference": todo.reference, "number": todo.number}
    return RedirectionData(
        uri=todo.page,
        display={name: text for name, text in shown.items() if text} or None,
        expires_at=todo.expires_at or todo.expires_after,
    )
