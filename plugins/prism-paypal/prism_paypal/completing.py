"""Completing: what becomes of an order once its payer was asked to authenticate."""

from __future__ import annotations

import msgspec

from prism_core import (
    CompletePaymentRequest,
    Flow,
    Payment,
    PaymentStatus,
    PrismError,
    expect_same,
    hookimpl,
    needs,
)
from prism_paypal.account import PayPalAccount
from prism_paypal.answers import payment
from prism_paypal.errors import about
from prism_paypal.lookups import order_of
from prism_paypal.parts import request_id
from prism_paypal.payments import finish
from prism_paypal.shapes import AuthenticationResult, Order, ThreeDSecure

COMPLETING = "-resumed"
"""What the key of the call that pays ends in."""

_OPEN = ("CREATED", "SAVED", "APPROVED", "PAYER_ACTION_REQUIRED")
_INTENTS = ("AUTHORIZE", "CAPTURE")
# https://developer.paypal.com/docs/checkout/advanced/customize/3d-secure/response-parameters
_SHIFTED = ("POSSIBLE", "YES")
_NOT_NEEDED = ("N", "U", "B")
_FAILED = ("N", "R")


class Completing:
    """The operation that completes a payment."""

    @hookimpl
    def complete(self, request: CompletePaymentRequest, account: PayPalAccount) -> Flow[Payment]:
        """https://developer.paypal.com/api/orders-v2/expanded/3d-secure: the order tells how the
        payer authenticated; where that suffices, it is authorized or captured once more, with
        the card that it has."""
        known = request.connector_transaction_id
        order_id = needs("connector_transaction_id", known, "to complete a payment")
        again = request_id(request.idempotency_key, COMPLETING)
        order = yield from order_of(account, order_id)
        found = payment(order)
        if found.merchant_transaction_id is not None:
            own = request.merchant_transaction_id
            expect_same("merchant_transaction_id", own, found.merchant_transaction_id)
        if order.status not in _OPEN or found.authorized_amount or found.captured_amount:
            return found
        status = _verdict(order)
        if status is not None:
            return msgspec.structs.replace(found, status=status)
        try:
            paid = yield from finish(account, order_id, order.intent or "", again)
            return paid if isinstance(paid, Payment) else payment(paid)
        except PrismError as error:
            raise about(order_id, error) from None


def _verdict(order: Order) -> PaymentStatus | None:
    """The status of an order that is not to be paid as it is; None for one that is."""
    source = order.payment_source.card if order.payment_source else None
    result = source.authentication_result if source else None
    if order.intent not in _INTENTS:
        return PaymentStatus.UNRESOLVED
    if result is None:
        return None if order.status == "APPROVED" else payment(order).status
    if result.liability_shift == "UNKNOWN" and order.status == "PAYER_ACTION_REQUIRED":
        return PaymentStatus.AUTHENTICATION_PENDING
    return _judged(result)


def _judged(result: AuthenticationResult) -> PaymentStatus | None:
    letters = result.three_d_secure or ThreeDSecure()
    if result.liability_shift in _SHIFTED:
        return None
    if result.liability_shift == "NO" and letters.enrollment_status in _NOT_NEEDED:
        return None
    if result.liability_shift == "NO" and letters.authentication_status in _FAILED:
        return PaymentStatus.AUTHENTICATION_FAILED
    return PaymentStatus.UNRESOLVED
